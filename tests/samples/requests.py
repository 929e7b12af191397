"""Form 9 (请假/调整申请表): a list that goes in whole, and one with a flaw in each row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.samples.province import Row, Sight
from tests.samples.sheets import Workbook

UNIT = "绵阳供电公司"
_HEAD = ("序号", "姓名", "人员编码", "类型", "起止", "原安排", "申请安排", "审批", "事由", "申请日期")
_WIDTHS = [6, 12, 14, 10, 28, 24, 24, 16, 24, 14]
_ASKED = date(2026, 8, 19)
CREATED = 5


def _known(demo: Sight) -> set[tuple[int, str]]:
    return {(row["person_id"], row["kind"]) for row in demo.rows["rotation_request"]}


def _people(demo: Sight, unit: str) -> list[Row]:
    """The graduates of a unit about whom the demo knows no request."""
    busy = {person_id for person_id, _kind in _known(demo)}
    here = (who for who in demo.trainees(2026, "graduate") if demo.unit_of(who["id"])["short_name"] == unit)
    return [who for who in here if who["id"] not in busy]


def _teams(demo: Sight, unit: str) -> list[str]:
    unit_id = demo.unit(unit)["id"]
    return [row["short_name"] for row in demo.rows["team"] if row["unit_id"] == unit_id]


def requests(path: Path, demo: Sight) -> None:
    """One unit's requests: leave by days and by stage, changes to a station and to anywhere; what stands in 审批 is the
    paper's. The present places are those of the plan that the demo's own seed gives: the list goes in before and after
    that plan is published."""
    book = Workbook(path)
    sheet = book.sheet("申请", _WIDTHS)
    sheet.title("2026年度轮岗请假/调整申请表", len(_HEAD))
    sheet.line(f"单位：{UNIT}    填报日期：2026年8月19日")
    sheet.head(list(_HEAD))
    people, (team, other) = _people(demo, UNIT), _teams(demo, UNIT)
    station = next(row["name"] for row in demo.rows["station"] if row["team_id"] == demo.team(team)["id"])
    asked = (
        ("婚假", "2026年10月8日—10月20日", "", "", "同意 李主任", None),
        ("病假", "第2阶段", "", "不在岗", "拟同意", "住院手术"),
        ("调整", "第3阶段", other, f"{team} {station}", "", "离家近"),
        ("换队", "4", team, "其他", "不同意", None),
        ("请假", "2027.1.11-2027.1.22", "", "", "", "参加技能比武"),
    )
    for number, (who, row) in enumerate(zip(_cycle(people), asked, strict=False), start=1):
        sheet.values([number, who["name"], who["employee_no"], *row, _ASKED])
    sheet.line("填表：人力资源部        审批：李主任        日期：2026年8月19日")
    book.close()


def _cycle(people: list[Row]) -> Iterator[Row]:
    while True:
        yield from people


EXPECTED = {
    4: "姓名",
    5: "姓名",
    6: "姓名",
    7: "类型",
    8: "类型",
    9: "起止",
    10: "起止",
    11: "起止",
    12: "起止",
    13: "起止",
    14: "起止",
    15: "申请安排",
    16: "申请安排",
    17: "申请日期",
    18: "起止",
}
"""Which column of which row of the list with flaws is refused; rows as the spreadsheet numbers them."""


def flawed(path: Path, demo: Sight) -> None:
    """Requests in which each row after the first is wrong in its own way."""
    book = Workbook(path)
    sheet = book.sheet("申请", [12, 10, 28, 24, 24, 14, 14, 36])
    sheet.title("请假/调整申请表（练习用：每行一种问题）", 8)
    sheet.head(["姓名", "类型", "起止", "原安排", "申请安排", "审批", "申请日期", "备注"])
    for row in _flaws(demo):
        sheet.values(row)
    book.close()


def _flaws(demo: Sight) -> list[list[object]]:
    who = _people(demo, UNIT)[0]["name"]
    stranger = demo.ordinary(demo.unit(UNIT)["id"])[0]["name"]

    def row(note: str, **changes: object) -> list[object]:
        usual: dict[str, object] = {
            **{"name": who, "kind": "请假", "when": "2026-09-07 至 2026-09-11", "present": None, "wanted": None},
            **{"verdict": None, "asked": _ASKED},
        }
        return [*(usual | changes).values(), note]

    change = {"kind": "调整", "when": "第2阶段"}
    return [
        row("无问题"),
        row("缺姓名", name=None),
        row("花名册中没有此人", name="查无此人"),
        row("不在轮岗计划中", name=stranger),
        row("缺类型", kind=None),
        row("看不出是请假还是调整", kind="事项"),
        row("缺起止", when=None),
        row("日期不存在", when="2026-02-30 至 2026-03-02"),
        row("止日早于起日", when="2026-09-11 至 2026-09-07"),
        row("不在计划的日期内", when="2028-09-01 至 2028-09-05"),
        row("没有这个阶段", when="第9阶段"),
        row("调整跨了两个阶段", kind="调整", when="2026-10-10 至 2026-10-20", wanted="其他"),
        row("没有写申请安排", **change),
        row("没有这支服务队", kind="调整", when="第3阶段", wanted="没有的服务队"),
        row("申请日期在将来", when="2026-09-14 至 2026-09-15", asked=date(2026, 12, 1)),
        row("与第3行重复"),
    ]
