"""What an import needs to know of names and days: when two spellings mean one thing, how far a date may be moved."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from svclib.codes import CrewKind, DevelopmentStage, IntakeKind, PoliticalStatus

PARTY = frozenset({PoliticalStatus.MEMBER, PoliticalStatus.PROBATIONARY})
STAGE_ORDER = tuple(DevelopmentStage)
"""From no application to full member: an import that only implies a stage never moves anybody back in this order."""

PROVINCE_KEY = "省公司"
_BLANKS = re.compile(r"[\s·•・.．‧∙()()\[\]【】〔〕\"'“”‘’、,,-]+")
_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
_GRID = re.compile(r"^(?:国家电网(?:有限)?(?:公司)?|国网)+")
_PROVINCE = re.compile(r"^四川(?:省电力公司|省电力|电力公司|电力|省)?(?=.)")
_COMPANY = re.compile(r"(?:供电|电力|供电局|电业)?(?:有限责任|股份有限|有限|分)?(?:公司|局)$")
_TEAM = re.compile(r"(?:共产党员|党员)?(?:服务)?(?:队|分队|总队)$")
_STATION = re.compile(r"(?:社区)?(?:服务)?站$")
_BODY = re.compile(r"(?:供电|电力)(?:有限责任|有限)?公司|(?:总支|支部|委员会|小组)$")
_BODY_WORDS = (
    ("总支部委员会", "总支"),
    ("党总支部", "总支"),
    ("党总支", "总支"),
    ("总支部", "总支"),
    ("支部委员会", "支部"),
    ("党支部", "支部"),
    ("党委员会", "委员会"),
    ("党委", "委员会"),
    ("党小组", "小组"),
)


def plain(text: str) -> str:
    """The text without blanks, brackets, dots and quotes, full width as half width, letters in lower case."""
    if _HAN_ONLY.fullmatch(text):
        return text
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).lower()


def unit_key(text: str) -> str:
    """What a unit's spellings share: 国网四川省电力公司成都供电公司, 国网成都供电公司, 成都公司 → 成都."""
    name = _GRID.sub("", plain(text)) or plain(text)
    below = _PROVINCE.sub("", name)
    if below in {"公司", "电力公司", "省公司", "省电力公司"} or name in {"省公司", "省电力公司"}:
        return PROVINCE_KEY
    name = below
    short = _COMPANY.sub("", name)
    if len(short) > 2 and short.endswith(("市", "州")):
        short = short[:-1]
    return short or name


def team_key(text: str) -> str:
    """What a team's spellings share: 国家电网四川电力(成都高新)连心桥共产党员服务队 → 成都高新连心桥."""
    name = _GRID.sub("", plain(text))
    name = _PROVINCE.sub("", name)
    return _TEAM.sub("", name) or plain(text)


def body_key(text: str) -> str:
    """What a party body's spellings share: 中共成都供电公司委员会 and 成都供电公司党委 are one."""
    name = plain(text).removeprefix("中国共产党").removeprefix("中共")
    for written, short in _BODY_WORDS:
        name = name.replace(written, short)
    return name


def team_core(text: str) -> str:
    """What tells a team from others, for a likely slip: 国家电网四川电力(成都高新)连心桥共产党员服务队 → 成都高新."""
    name = team_key(text)
    return name.removesuffix("连心桥") or name


def body_core(text: str) -> str:
    """What tells a party body from others, for a likely slip: 中共国网成都供电公司第一党支部 → 成都第一."""
    name = _PROVINCE.sub("", _GRID.sub("", body_key(text)))
    return _BODY.sub("", name) or name


def short_unit_name(name: str) -> str:
    """The short name of a unit that is known by its official one: 国网四川省电力公司成都供电公司 → 成都供电公司."""
    bare = _GRID.sub("", "".join(name.split()))
    return bare if unit_key(name) == PROVINCE_KEY else _PROVINCE.sub("", bare)


def station_key(text: str) -> str:
    """What a station's spellings share: 和平社区服务站, 和平服务站 → 和平."""
    return _STATION.sub("", plain(text)) or plain(text)


def crew_kind(name: str) -> CrewKind:
    """供电所 by its name, else 班组."""
    return CrewKind.SUPPLY_STATION if name.endswith("供电所") else CrewKind.CREW


def intake_days(year: int, kind: IntakeKind) -> tuple[date, date]:
    """First day and exclusive last day of an intake: graduates their probation year from 1 July, activists three months
    from 1 September (the year's calendar as DOMAIN describes it; the days of one person can be corrected later)."""
    if kind == IntakeKind.GRADUATE:
        return date(year, 7, 1), date(year + 1, 7, 1)
    return date(year, 9, 1), date(year, 12, 1)


def same_day(known: date | None, told: date | None, *, month_only: bool) -> bool:
    """Whether a told date says nothing new: equal, or only a month (1998.07) that holds the known day."""
    if known is None or told is None:
        return known is told
    if month_only:
        return (known.year, known.month) == (told.year, told.month)
    return known == told


def may_follow(known: str | None, told: str) -> bool:
    """Whether a stage that a file only implies may replace the known one: forwards, never back."""
    return known is None or STAGE_ORDER.index(DevelopmentStage(told)) > STAGE_ORDER.index(DevelopmentStage(known))


def contact_names(text: str) -> tuple[str, ...]:
    """The names in a cell of training contacts: one or two, with 、 or the like between."""
    return tuple(name for name in re.split(r"[、,，;；/\s]+", text) if name)
