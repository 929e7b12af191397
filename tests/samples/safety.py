"""Results of safety education and examinations: a list that goes in whole, and one with a flaw in each row."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from svclib.models import SafetyKind
from tests.samples.province import Row, Sight
from tests.samples.sheets import Workbook

_HEAD = (
    ("", "序号"), ("", "单位"), ("", "姓名"), ("教育或考试", "类别"), ("教育或考试", "日期"), ("教育或考试", "学时"),
    ("教育或考试", "成绩"), ("教育或考试", "是否合格"), ("教育或考试", "有效期至"), ("", "备注"),
)  # fmt: skip
_EDUCATED, _EXAMINED = (date(2026, 8, 17), date(2026, 8, 18), date(2026, 8, 19)), date(2026, 8, 19)
CREATED, UPDATED = 5, 1


def results(path: Path, demo: Sight) -> None:
    """Three units in which somebody was not ready for a placement: nobody has a number, people are known by name in
    their unit; who was educated has one name merged over three rows; one score is corrected."""
    book = Workbook(path)
    sheet = book.sheet("安规成绩", [6, 18, 14, 22, 14, 8, 8, 10, 14, 12])
    sheet.title("2026年新入职员工安全教育及安规考试成绩表", len(_HEAD))
    sheet.line("填报单位：安全监察部    填报日期：2026年8月20日")
    sheet.two_row_head(_HEAD)
    listed = sorted(short_of_something(demo), key=lambda who: demo.unit_of(who["id"])["id"])
    number, corrected = 0, False
    for unit_id, people in groupby(listed, key=lambda who: demo.unit_of(who["id"])["id"]):
        top = sheet.row
        for who in people:
            rows = _exams(who, demo)
            if rows and not corrected and rows[-1][4] == "合格":
                rows[-1][3] = _other(float(str(rows[-1][3])))
                corrected = True
            educated = not any(one["kind"] is SafetyKind.EDUCATION for one in _records(who, demo))
            first = sheet.row
            for row in rows:
                number += 1
                sheet.values([number, None, who["name"], *row])
            first = sheet.row
            for level, day in zip(("公司级", "部门级", "班组级"), _EDUCATED, strict=True) if educated else ():
                number += 1
                last = day.replace(year=day.year + 1) - timedelta(days=1)
                sheet.values([number, None, None, f"三级安全教育（{level}）", day, "8学时", None, "合格", last, None])
            if educated:
                sheet.merge_down(2, first, who["name"])
        sheet.merge_down(1, top, demo.get("unit", unit_id)["short_name"])
    sheet.line("填表：安全监察部        审核：唐建国        日期：2026年8月20日")
    book.close()


def _records(who: Row, demo: Sight) -> list[Row]:
    return [one for one in demo.rows["safety_record"] if one["person_id"] == who["id"]]


def short_of_something(demo: Sight) -> list[Row]:
    """The graduates of the units in which somebody has not both education and a passed examination."""
    graduates = demo.trainees(2026, "graduate")
    units = {
        demo.unit_of(who["id"])["id"]
        for who in graduates
        if {one["kind"] for one in _records(who, demo) if one["passed"]} != set(SafetyKind)
    }
    return [who for who in graduates if demo.unit_of(who["id"])["id"] in units]


def _exams(who: Row, demo: Sight) -> list[list[object]]:
    """What the demo knows already; and for who has not passed, the examination that was."""
    rows: list[list[object]] = []
    passed = False
    for one in _records(who, demo):
        if one["kind"] is SafetyKind.EXAM:
            passed |= one["passed"]
            said = "合格" if one["passed"] else "不合格"
            rows.append(["安规考试", one["taken_on"], None, one["score"], said, one["valid_until"], None])
    if not passed:
        last = _EXAMINED.replace(year=_EXAMINED.year + 1) - timedelta(days=1)
        rows.append(["安规补考" if rows else "安规考试", f"{_EXAMINED:%Y.%m.%d}", None, 86, "合格", last, "补考"])
    return rows


def _other(score: float) -> float:
    return score - 1 if score > 90 else score + 1


EXPECTED = {
    4: "姓名",
    5: "人员编码",
    6: "人员编码",
    7: "类别",
    8: "类别",
    9: "日期",
    10: "日期",
    11: "日期",
    12: "学时",
    13: "成绩",
    14: "成绩",
    15: "成绩",
    16: "是否合格",
    17: "是否合格",
    18: "有效期至",
    19: "日期",
}
"""Which column of which row of the list with flaws is refused; rows as the spreadsheet numbers them."""


def flawed(path: Path, demo: Sight) -> None:
    """Results in which each row after the first is wrong in its own way."""
    book = Workbook(path)
    sheet = book.sheet("成绩表", [14, 14, 20, 14, 8, 8, 10, 14, 36])
    sheet.title("安全教育及安规考试成绩表（练习用：每行一种问题）", 9)
    sheet.head(["人员编码", "姓名", "类别", "日期", "学时", "成绩", "是否合格", "有效期至", "备注"])
    for row in _flaws(demo):
        sheet.values(row)
    book.close()


def _flaws(demo: Sight) -> list[list[object]]:
    people = [who for who in demo.ordinary(demo.unit("成都供电公司")["id"]) if who["employee_no"]]
    taken = iter(people)

    def row(note: str, **changes: object) -> list[object]:
        who = next(taken)
        usual: dict[str, object] = {
            "no": who["employee_no"],
            "name": who["name"],
            "kind": "安规考试",
            "day": date(2026, 8, 12),
            "hours": None,
            "score": 92,
            "passed": "合格",
            "until": date(2027, 8, 11),
        }
        return [*(usual | changes).values(), note]

    first = row("无问题")
    return [
        first,
        row("缺姓名", name=None),
        row("花名册中没有此人", no="05999999"),
        row("编码是另一人的", no=people[0]["employee_no"]),
        row("类别写错（名称相近）", kind="安轨考试"),
        row("缺类别", kind=None),
        row("日期在将来", day=date(2026, 9, 30), until=None),
        row("日期不存在", day="2026-02-30"),
        row("只写了年月", day="2026.08"),
        row("学时不是数字", kind="公司级安全教育", hours="三天", score=None),
        row("成绩超过100分", score=192),
        row("成绩低于合格线却写着合格", score=72),
        row("缺考", score="缺考"),
        row("看不出是否合格", passed="待定"),
        row("成绩、是否合格都没有写", score=None, passed=None),
        row("有效期早于当日", until=date(2026, 8, 11)),
        row("同一记录重复（与第3行）", no=first[0], name=first[1]),
    ]
