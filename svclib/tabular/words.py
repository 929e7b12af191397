"""Words that mean a code: political status, stage, sex, kinds of things; and two facts in one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from svclib.codes import (
    BodyKind,
    CrewKind,
    DevelopmentStage,
    Office,
    PoliticalStatus,
    Recommendation,
    SafetyKind,
    Sex,
    TeamLevel,
    TeamSetting,
    UnitKind,
    label,
)
from svclib.i18n import gettext as _
from svclib.tabular.model import Flaw
from svclib.tabular.texts import half_width

# GB/T 4762-1984 with its short names (党员, 团员, 民革 …) and what offices write for them.
_STATUS_WORDS: Mapping[PoliticalStatus, str] = {
    PoliticalStatus.MEMBER: "中共党员 中国共产党党员 共产党员 党员 中共正式党员 正式党员 中共",
    PoliticalStatus.PROBATIONARY: "中共预备党员 中国共产党预备党员 预备党员 中共党员(预备) 党员(预备) 中共党员(含预备)",
    PoliticalStatus.LEAGUE: "共青团员 中国共产主义青年团团员 团员 共青团 青年团员 共青团团员",
    PoliticalStatus.REVOLUTIONARY_COMMITTEE: (
        "民革党员 民革会员 民革成员 民革 中国国民党革命委员会会员 中国国民党革命委员会党员 中国国民党革命委员会"
    ),
    PoliticalStatus.DEMOCRATIC_LEAGUE: "民盟盟员 民盟成员 民盟 中国民主同盟盟员 中国民主同盟",
    PoliticalStatus.NATIONAL_CONSTRUCTION: "民建会员 民建成员 民建 中国民主建国会会员 中国民主建国会",
    PoliticalStatus.PROMOTING_DEMOCRACY: "民进会员 民进成员 民进 中国民主促进会会员 中国民主促进会",
    PoliticalStatus.PEASANTS_WORKERS: "农工党党员 农工党成员 农工党 农工党员 中国农工民主党党员 中国农工民主党",
    PoliticalStatus.ZHI_GONG: "致公党党员 致公党成员 致公党 致公党员 中国致公党党员 中国致公党",
    PoliticalStatus.JIUSAN: "九三学社社员 九三学社成员 九三学社 九三社员 九三",
    PoliticalStatus.TAIWAN_LEAGUE: "台盟盟员 台盟成员 台盟 台湾民主自治同盟盟员 台湾民主自治同盟",
    PoliticalStatus.INDEPENDENT: "无党派人士 无党派民主人士 无党派",
    PoliticalStatus.MASSES: "群众 普通公民 普通群众 一般群众",
}
_STAGE_WORDS: Mapping[DevelopmentStage, str] = {
    DevelopmentStage.NONE: "未申请 未递交申请",
    DevelopmentStage.APPLICANT: "入党申请人 申请人 申请入党 已递交入党申请书",
    DevelopmentStage.ACTIVIST: "入党积极分子 积极分子",
    DevelopmentStage.TARGET: "发展对象 党员发展对象 入党发展对象",
    DevelopmentStage.PROBATIONARY: "预备党员 中共预备党员",
    DevelopmentStage.FULL: "正式党员 中共党员 党员 中共正式党员",
}
# Stages that the status column may hold: the other two are statuses themselves.
_STAGES_ON_THE_WAY = (DevelopmentStage.APPLICANT, DevelopmentStage.ACTIVIST, DevelopmentStage.TARGET)

SAFETY_WORDS: Mapping[SafetyKind, str] = {
    SafetyKind.EDUCATION: (
        "三级安全教育培训 三级安全教育 三级教育 安全教育培训 安全教育 安全培训 "
        "安全生产教育培训 安全生产教育 安全生产培训 入厂教育"
    ),
    SafetyKind.EXAM: (
        "电力安全工作规程考试 安全工作规程考试 安全规程考试 安全准入考试 安规准入考试 "
        "安规考试 安规考核 安规测试 安规普考 安规调考 安全考试 安规"
    ),
}
_CODE_WORDS: Mapping[str, Mapping[StrEnum, str]] = {
    "status": dict(_STATUS_WORDS.items()),
    "sex": {Sex.MALE: "男 男性 M MALE", Sex.FEMALE: "女 女性 F FEMALE"},
    "recommended_by": {
        Recommendation.MEMBERS: "党员推荐 党员 党员大会推荐 党小组推荐",
        Recommendation.LEAGUE: (
            "群团推优 群团组织推优 群团组织推荐 群团推荐 团组织推优 共青团推优 共青团组织推优 团推优 团员推优 推优"
        ),
    },
    "stage": dict(_STAGE_WORDS.items()),
    "safety_kind": dict(SAFETY_WORDS.items()),
    "kind": {
        UnitKind.PROVINCE: "省公司 省级 省电力公司 省级公司",
        UnitKind.COMPANY: "供电公司 市公司 地市公司 市级 地市级 市供电公司 市州公司 地市供电公司",
        UnitKind.COUNTY: "县公司 县级 县供电公司 县级公司 区县公司 县级供电公司 区县供电公司",
    },
    "body_kind": {
        BodyKind.COMMITTEE: "基层党委 党委",
        BodyKind.GENERAL_BRANCH: "党总支 党总支部 总支",
        BodyKind.BRANCH: "党支部 支部",
        BodyKind.GROUP: "党小组 小组",
    },
    "crew_kind": {CrewKind.CREW: "班组 班", CrewKind.SUPPLY_STATION: "供电所 所 中心供电所"},
    "setting": {
        TeamSetting.URBAN: "城区 城市 城镇 市区",
        TeamSetting.RURAL: "农村 乡村 农网",
        TeamSetting.EMERGENCY: "应急 应急型 抢险 应急抢险",
    },
    "level": {TeamLevel.GENERAL: "总队", TeamLevel.TEAM: "服务队 队 支队 大队", TeamLevel.SUBTEAM: "分队 小队"},
    "office": {
        Office.CAPTAIN: "队长 服务队队长",
        Office.PARTY_HEAD: "第一责任人(党组织) 第一责任人(党) 第一责任人(党委) 党组织第一责任人 党组织负责人 党委书记",
        Office.ADMIN_HEAD: "第一责任人(行政) 行政第一责任人 行政负责人 总经理",
    },
}
CODE_FIELDS = frozenset(_CODE_WORDS) - {"status"}

_YES = frozenset({"是", "Y", "YES", "TRUE", "√", "✓", "1"})
_NO = frozenset({"否", "N", "NO", "FALSE", "×", "✗", "X", "0", "不是", "非党员"})
_CUT = re.compile(r"[()\[\]、,，;；/+|\s]+")
_NEAR_ENOUGH = 50


@lru_cache
def _lookup(field: str) -> dict[str, StrEnum]:
    """Words to codes of one field; the words of our own exports (zh_CN) and the codes themselves are among them."""
    table: dict[str, StrEnum] = {}
    words_by_code: list[tuple[StrEnum, str]] = list(_CODE_WORDS[field].items())
    for code, words in words_by_code:
        for word in [*words.split(), code.value.upper()]:
            table.setdefault(word, code)
    return table


def _by_label(key: str, table: Mapping[str, StrEnum]) -> StrEnum | None:
    """The code whose word in the present language this is: our own exports come back."""
    return next((code for code in dict.fromkeys(table.values()) if _squeezed(label(code)) == key), None)


def _squeezed(text: str) -> str:
    return "".join(half_width(text).upper().split())


def code_of(field: str, text: str) -> tuple[StrEnum | None, Flaw | None]:
    """Find the code that a word of `field` means, or say which words are near."""
    table = _lookup(field)
    key = _squeezed(text)
    code = table.get(key) or _by_label(key, table)
    if code is not None:
        return code, None
    return None, Flaw(_("“{text}” is not known here.").format(text=text), _nearest(key, table))


StatusAndStage = tuple[PoliticalStatus | None, DevelopmentStage | None, Flaw | None]


def status_of(text: str, *, yes_or_no: bool = False) -> StatusAndStage:
    """Read a cell of the status column: the political status, and the stage of development if one stands there too.

    `yes_or_no`: the heading asks whether somebody is a party member; "no" says nothing about the status.
    """
    key = _squeezed(text)
    if yes_or_no and key in _NO:
        return None, None, None
    if yes_or_no and key in _YES:
        return PoliticalStatus.MEMBER, None, None
    statuses = _lookup("status")
    found = statuses.get(key)
    if found is None:
        found = _by_label(key, statuses)
    if found is not None:
        status = PoliticalStatus(found)
        return status, _stage_that_follows(status), None
    stages = {word: stage for word, stage in _lookup("stage").items() if stage in _STAGES_ON_THE_WAY}
    parts = [part for part in _CUT.split(key) if part]
    part_statuses = {statuses[part] for part in parts if part in statuses}
    part_stages = {stages[part] for part in parts if part in stages}
    understood = all(part in statuses or part in stages for part in parts)
    if parts and understood and len(part_statuses) <= 1 and len(part_stages) <= 1:
        known = PoliticalStatus(part_statuses.pop()) if part_statuses else None
        stage = DevelopmentStage(part_stages.pop()) if part_stages else None
        contradiction = known in (PoliticalStatus.MEMBER, PoliticalStatus.PROBATIONARY) and stage is not None
        if not contradiction:
            return known, stage or (_stage_that_follows(known) if known else None), None
    return None, None, Flaw(_("“{text}” is no political status.").format(text=text), _nearest(key, statuses))


def _stage_that_follows(status: PoliticalStatus) -> DevelopmentStage | None:
    """A probationary or full member is at that stage by definition; other statuses say nothing of the stage."""
    if status == PoliticalStatus.PROBATIONARY:
        return DevelopmentStage.PROBATIONARY
    return None


def _nearest(key: str, table: Mapping[str, StrEnum]) -> str | None:
    near = process.extract(key, table.keys(), scorer=fuzz.ratio, limit=8, score_cutoff=_NEAR_ENOUGH)
    codes = dict.fromkeys(table[word] for word, _score, _index in near)
    if not codes:
        codes = dict.fromkeys(table.values())
        return _("One of: {words}.").format(words="、".join(label(code) for code in codes))
    return " / ".join(label(code) for code in list(codes)[:2])


_DEGREE = re.compile(r"(?:[\u4e00-\u9fff]*(?:学士|硕士|博士)(?:学位)?)")
_EDUCATION_THEN_DEGREE = re.compile(
    r"(.*?(?:研究生|本科|大学|专科|大专|中专|高中|职高|技校|初中|博士后))及?"
    r"((?:[\u4e00-\u9fff]*?)(?:学士|硕士|博士)(?:学位)?)"
)
_NO_DEGREE = frozenset({"无", "无学位"})
_PARTS = re.compile(r"[/、,，;；|+()（）\s]+")


def education_and_degree(text: str) -> tuple[str | None, str | None]:
    """Cut one cell into education and degree: 大学本科/工学学士, 硕士研究生 工学硕士, 本科学士, or one."""
    parts = [part for part in _PARTS.split(text) if part]
    if len(parts) == 1:
        joined = _EDUCATION_THEN_DEGREE.fullmatch(parts[0])
        parts = [joined[1], joined[2]] if joined else parts
    education: str | None = None
    degree: str | None = None
    for part in parts:
        if part in _NO_DEGREE:
            continue
        if education is None and not (_DEGREE.fullmatch(part) and "研究生" not in part):
            education = part
        elif degree is None:
            degree = part
        else:
            degree = f"{degree}/{part}"
    return education, degree


# Universities that share a name are told apart by a place in brackets: 中国石油大学(华东).
_CAMPUS = ("北京", "华东", "武汉", "徐州", "保定", "威海", "深圳", "珠海")
_SCHOOL_THEN_MAJOR = re.compile(rf"(.*(?:大学|学院|学校|技校|中学|党校)(?:\((?:{'|'.join(_CAMPUS)})\))?)(.*)")
_BRACKETED = re.compile(r"(.+?)\(([^()]+)\)")


def school_and_major(text: str) -> tuple[str | None, str | None]:
    """Cut one cell into school and major: 四川大学 电气工程, 四川大学/电气工程, 四川大学电气工程."""
    text = text.translate({ord("（"): "(", ord("）"): ")"}).strip()
    parts = [part for part in re.split(r"[/、,，;；|\n\-—]+|\s+", text) if part]
    if len(parts) > 1:
        return parts[0], "/".join(parts[1:])
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed and bracketed[2] not in _CAMPUS:
        return bracketed[1], bracketed[2]
    found = _SCHOOL_THEN_MAJOR.fullmatch(text)
    if found:
        return found[1], found[2] or None
    return text or None, None
