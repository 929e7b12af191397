"""Invented people, as hypothesis draws them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from svclib.models import PoliticalStatus, Recommendation, SafetyKind, Sex
from svclib.rules.identity import check_digit
from tests.tabular.styles import CSV_ENCODINGS, DAY_STYLES, FORMS, KIND_WORDS, Style

_HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
# Characters that make footers, units of measure or header words are left to the examples.
_PLAIN_HAN = st.sampled_from("安博晨达恩芳刚海佳凯兰敏宁鹏琴瑞松涛伟霞扬泽珍志")
_days = st.dates(date(1930, 1, 1), date(2026, 8, 1))
_han_names = st.builds(lambda first, rest: first + "".join(rest), _HAN, st.lists(_PLAIN_HAN, min_size=1, max_size=2))
_yi_names = st.sampled_from(["吉克·阿依木呷", "阿苏·拉则", "扎西·次仁卓玛"])
_latin_names = st.sampled_from(["Anna Maria Berg", "O'Neil"])
names = st.one_of(_han_names, _yi_names, _latin_names)


def _words(*suffixes: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda middle, suffix: "".join(middle) + suffix,
        st.lists(_PLAIN_HAN, min_size=2, max_size=4),
        st.sampled_from(suffixes),
    )


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """An ID number that no person has: the place code does not exist."""
    born = draw(_days)
    first = f"51{draw(st.integers(9000, 9999))}{born:%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return first + check_digit(first)


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "employee_no": st.one_of(
        st.from_regex(r"[0-9]{8}", fullmatch=True).filter(lambda number: number.isascii()),
        st.from_regex(r"SC[0-9]{6}", fullmatch=True).filter(lambda number: number.isascii()),
    ),
    "name": names,
    "id_number": id_numbers(),
    "sex": st.sampled_from(Sex),
    "ethnicity": st.sampled_from(["汉族", "彝族", "藏族", "羌族"]),
    "unit": _words("供电公司", "供电分公司"),
    "crew": _words("运维班", "供电所"),
    "post": _words("工", "专责"),
    "status": st.sampled_from(PoliticalStatus),
    "branch": _words("党支部", "支部"),
    "team": _words("共产党员服务队", "(成都高新)连心桥服务队"),
    "station": _words("社区服务站"),
    "duty": st.sampled_from(["队长", "副队长", "队员"]),
    "education": st.sampled_from(["大学本科", "硕士研究生", "大专"]),
    "degree": st.sampled_from(["工学学士", "工学硕士", None]),
    "school": _words("大学", "学院"),
    "major": st.sampled_from(["电气工程及其自动化", "会计学"]),
    "origin": _words("市"),
    "phone": st.one_of(
        st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(lambda number: number.isascii()),
        st.just("028-81234567"),
    ),
    "address": _words("路12号", "街3栋1单元"),
    "skill_level": st.sampled_from(["高级工", "技师", None]),
    "note": st.one_of(st.none(), st.just("3月起借调，已报备")),
    "recommended_by": st.sampled_from(Recommendation),
    "contact": names,
    "hours": st.one_of(st.none(), st.integers(1, 72).map(float)),
    "score": st.one_of(st.none(), st.integers(0, 200).map(lambda halves: halves / 2)),
    "passed": st.booleans(),
}
_REQUIRED = frozenset({"name", "employee_no", "id_number", "education", "school"})


def _safety_record(kind: tuple[SafetyKind, str]) -> st.SearchStrategy[dict[str, Any]]:
    """Somebody's result of this kind and level; who it is, the day and the result are always told."""
    told: dict[str, st.SearchStrategy[Any]] = {"safety_kind": st.just(kind[0])}
    if kind[1]:
        told["safety_level"] = st.just(kind[1])
    always = {"name", "employee_no", "taken_on", "passed"}
    for field in FORMS["safety"]:
        strategy = FIELDS.get(field, _days)
        told.setdefault(field, strategy if field in always else st.one_of(strategy, st.none()))
    return st.fixed_dictionaries(told)


def people(form: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A table of people of one form; facts other than name and key may be missing."""
    if form == "safety":
        return st.lists(st.sampled_from(list(KIND_WORDS)).flatmap(_safety_record), min_size=1, max_size=6)
    facts = {}
    for field in FORMS[form]:
        strategy = FIELDS.get(field, _days)
        facts[field] = strategy if field in _REQUIRED else st.one_of(strategy, strategy, st.none())
    return st.lists(st.fixed_dictionaries(facts), min_size=1, max_size=6)


_flags = st.booleans()
styles = st.builds(
    Style,
    kind=st.sampled_from(["xlsx", "xls", "csv"]),
    encoding=st.sampled_from(CSV_ENCODINGS),
    separator=st.sampled_from(",;\t"),
    titles=st.integers(0, 3),
    two_header_rows=_flags,
    serial=_flags,
    empty_rows=_flags,
    footers=_flags,
    repeated_header=_flags,
    pair_columns=_flags,
    hidden_sheet=_flags,
    epoch_1904=_flags,
    words=st.integers(0, 11),
    day=st.sampled_from(DAY_STYLES),
    employee_no=st.sampled_from(["text", "number"]),
    wide_digits=_flags,
    spaced_names=_flags,
    phone=st.sampled_from(["plain", "blanks", "dashes"]),
    lower_x=_flags,
)
