"""What the cells of form 6 (安全教育及安规考试成绩表) say: kind and level, class hours, score, passed or not."""

from __future__ import annotations

import re
from functools import lru_cache

from svclib.codes import SafetyKind
from svclib.i18n import gettext as _
from svclib.tabular.model import Flaw
from svclib.tabular.texts import half_width
from svclib.tabular.words import SAFETY_WORDS, code_of

SCORE_MAX = 100.0
HOURS_MAX = 1000.0

_FOREVER_WORDS = frozenset({"长期", "长期有效", "永久", "永久有效"})
_YES = frozenset({"是", "合格", "通过", "及格", "已通过", "考试合格", "优秀", "良好", "优", "良", "YES", "Y", "√", "✓"})
_YES |= {"TRUE", "1"}
_NO = frozenset({"否", "不合格", "未通过", "不及格", "不通过", "未合格", "NO", "N", "×", "✗", "X", "FALSE", "0"})
_ABSENT = frozenset({"缺考", "未考", "未参加", "缺席", "未参考"})
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_SCORE_UNIT = re.compile(r"\s*分$")
_HOUR_UNIT = re.compile(r"\s*(?:个?学时|个?课时|个?小时|H|h)$")

_KIND = re.compile("|".join(sorted((word for words in SAFETY_WORDS.values() for word in words.split()), key=len)[::-1]))
_LEVEL = re.compile(r"(?:省公司|公司|厂局|厂|局|单位|部门|车间|工区|班组|供电所|班|所|岗位)级")
_SPECIALITY = re.compile(
    r"(?:变电|输电|线路|配电|输配电|电气|营销|信息|通信|调度|基建|建设|动力|水电|火电|农电)(?:部分|专业|类)?"
)
_OCCASION = re.compile(
    r"(?:20)?\d{2}年度?|年度|[上下]半年|第[一二三四1-4]季度|[春秋]季|新员工|新入职|入职|上岗前|岗前|上岗|复工|补考|补学"
)
_MARKS = re.compile(r"[()\[\]【】/、,，:：+—_\s-]+")


def kind_and_level(text: str) -> tuple[SafetyKind | None, str, Flaw | None]:
    """Read a cell like 安规考试(配电), 公司级安全教育, 三级安全教育/班组级, 厂级: what it was, and the level in the
    office's own words, "" where none is told."""
    kind, level = _split(text)
    if kind is not None:
        return kind, level, None
    code, flaw = code_of("safety_kind", text)
    return (None if code is None else SafetyKind(code)), "", flaw


@lru_cache(maxsize=1024)
def _split(text: str) -> tuple[SafetyKind | None, str]:
    rest = _OCCASION.sub("", _MARKS.sub("|", half_width(text)))
    found = _KIND.search(rest)
    if found is not None:
        rest = f"{rest[: found.start()]}|{rest[found.end() :]}"
    level = "|".join(part for part in rest.split("|") if part)
    if found is None:
        return (SafetyKind.EDUCATION, level) if _LEVEL.fullmatch(level) else (None, "")
    kind = next(one for one, words in SAFETY_WORDS.items() if found[0] in words.split())
    fitting = _LEVEL if kind is SafetyKind.EDUCATION else _SPECIALITY
    return (kind, level) if not level or fitting.fullmatch(level) else (None, "")


def kind_in_title(title: str) -> SafetyKind | None:
    """What a table without a column of kinds is about, by its title; None where that is neither or both."""
    exam = "安规" in title or "规程" in title or "考试" in title
    education = "安全教育" in title or "安全培训" in title
    if exam == education:
        return None
    return SafetyKind.EXAM if exam else SafetyKind.EDUCATION


def read_score(text: str) -> tuple[float | None, Flaw | None]:
    """Read points of 100."""
    return _number(_SCORE_UNIT.sub("", half_width(text)), SCORE_MAX, _("A score is a number from 0 to 100."))


def read_hours(text: str) -> tuple[float | None, Flaw | None]:
    """Read class hours."""
    return _number(_HOUR_UNIT.sub("", half_width(text)), HOURS_MAX, _("Class hours are a number, like 24."))


def _number(text: str, limit: float, wrong: str) -> tuple[float | None, Flaw | None]:
    if text in _ABSENT:
        return None, _absent(text)
    if not _NUMBER.fullmatch(text):
        return None, Flaw(wrong)
    number = float(text)
    if not 0 <= number <= limit:
        return None, Flaw(_("The number lies between 0 and {limit}.").format(limit=round(limit)))
    return number, None


def _absent(text: str) -> Flaw:
    return Flaw(_("“{text}”: who was absent has taken nothing.").format(text=text), _("Leave this row out."))


def read_passed(text: str) -> tuple[bool | None, Flaw | None]:
    """Read whether it was passed."""
    plain = "".join(half_width(text).upper().split())
    if plain in _YES or plain in _NO:
        return plain in _YES, None
    if plain in _ABSENT:
        return None, _absent(text)
    return None, Flaw(_("“{text}” does not say whether it was passed.").format(text=text), "合格 / 不合格")


def is_result(text: str) -> bool:
    """Whether a cell for points holds a word for passed or not passed instead."""
    plain = "".join(half_width(text).split())
    return not plain.isascii() and (plain in _YES or plain in _NO)


def is_forever(text: str) -> bool:
    """Whether a last day says that there is none."""
    return half_width(text) in _FOREVER_WORDS
