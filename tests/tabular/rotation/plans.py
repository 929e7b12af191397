"""Invented plans, and workbooks as offices send them back."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from svclib.tabular.rotation import (
    Choice,
    Choices,
    PlanDiff,
    PlanRow,
    PlanSheet,
    compare,
    plan_workbook,
    read_plan,
)
from tests.tabular.people import names
from tests.tabular.styles import csv_bytes, xls_bytes, xlsx_bytes

HEADINGS = ["姓名", "人员编码", "派出单位", "阶段", "起止日期", "服务队", "服务站", "师傅", "住宿", "备注", "行标识"]
FIRST_ROW = 4
"""The first row of data in our own workbook, as a spreadsheet counts."""
STAGES = {
    1: (date(2026, 9, 1), date(2026, 10, 16)),
    2: (date(2026, 10, 16), date(2026, 12, 1)),
    3: (date(2027, 1, 4), date(2027, 3, 1)),
}
CHOICES = Choices(
    teams=(
        Choice(1, "高新连心桥服务队", ("国家电网四川电力(成都高新)连心桥共产党员服务队",)),
        Choice(2, "郫都春风服务队", ("国家电网四川电力(成都郫都)春风共产党员服务队",)),
        Choice(3, "都江堰应急服务队"),
    ),
    stations=(
        Choice(11, "和平社区服务站", team_id=1, detail="高新连心桥服务队"),
        Choice(12, "和平社区服务站", team_id=2, detail="郫都春风服务队"),
        Choice(13, "石羊社区服务站", team_id=1),
    ),
    mentors=(
        Choice(21, "王强", team_id=1, detail="00000021"),
        Choice(22, "王强", team_id=1, detail="00000022"),
        Choice(23, "扎西·次仁", team_id=2, detail="00000023"),
        Choice(24, "李敏", team_id=3, detail="00000024"),
    ),
)
UNIT = "国网四川省电力公司成都供电公司"


def row(person_id: int, stage: int, **values: Any) -> PlanRow:
    """A row of an invented plan."""
    known: dict[str, Any] = {"name": f"学员{'一二三四五六七八九'[person_id % 9]}", "employee_no": f"{person_id:08d}"}
    return PlanRow(
        person_id,
        stage=stage,
        starts_on=STAGES[stage][0],
        ends_on=STAGES[stage][1],
        unit=UNIT,
        **(known | values),
    )


ROWS = (
    row(101, 1, name="张三", team_id=1, station_id=13, mentor_id=21, lodging="公司宿舍"),
    row(101, 2, name="张三", team_id=2, station_id=12, mentor_id=23),
    row(102, 1, name="吉克·阿依木呷", employee_no=None, team_id=2),
    row(102, 2, name="吉克·阿依木呷", employee_no=None),
)


def sheet(rows: tuple[PlanRow, ...] = ROWS, choices: Choices = CHOICES, **values: Any) -> PlanSheet:
    """What goes out."""
    known: dict[str, Any] = {"plan": "2026", "version": 3, "unit": "成都供电公司", "exported_on": date(2026, 8, 20)}
    return PlanSheet(rows=rows, choices=choices, **(known | values))


def page_of(content: bytes) -> Any:
    """The visible sheet of a workbook."""
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def table_of(content: bytes) -> list[list[Any]]:
    """Headings and rows of our own workbook, without its title and signatures."""
    values = [[_seen(cell.value) for cell in cells] for cells in page_of(content).iter_rows(min_row=FIRST_ROW - 1)]
    return [line for line in values if len([value for value in line if value is not None]) > 1]


def _seen(value: Any) -> Any:
    """A cell as it is seen: openpyxl leaves characters escaped that a workbook can only hold so."""
    return unescape(value) if isinstance(value, str) else value


def returned(edit: Callable[[Any], None], rows: tuple[PlanRow, ...] = ROWS, choices: Choices = CHOICES) -> PlanDiff:
    """The diff of a workbook that somebody has edited in a spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(sheet(rows, choices))))
    edit(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return diff_of(("安排.xlsx", out.getvalue()), rows, choices)


def rewritten(lines: list[list[Any]], *, kind: str = "xlsx", merges: Any = ()) -> PlanDiff:
    """The diff of a table that an office has written anew."""
    if kind == "csv":
        return diff_of(("安排.csv", csv_bytes(lines)), ROWS, CHOICES)
    write = xls_bytes if kind == "xls" else xlsx_bytes
    return diff_of((f"安排.{kind}", write({"Sheet1": (lines, list(merges))})), ROWS, CHOICES)


def diff_of(source: tuple[str, bytes], rows: tuple[PlanRow, ...], choices: Choices, **values: Any) -> PlanDiff:
    """The diff of any file with the plan 2026."""
    return compare(rows, read_plan(source), choices, plan="2026", **values)


_ODD = ["无", "=1+1", "#N/A", "1998.1", "00012", "宿舍 3 栋", "备注：", "合计"]
_texts = st.one_of(st.none(), st.sampled_from(_ODD), st.text(max_size=30))
_labels = st.text(st.sampled_from("安博晨达恩芳刚海（）() 12=+-@ＡｂＣ·"), min_size=1, max_size=12).filter(str.strip)


@st.composite
def _kind(draw: st.DrawFn, first: int, teams: list[int] | None) -> tuple[Choice, ...]:
    written = draw(st.lists(_labels, min_size=1, max_size=5))
    return tuple(
        Choice(
            first + number,
            name,
            team_id=draw(st.sampled_from(teams)) if teams else None,
            detail=draw(st.sampled_from(["", f"{first + number:08d}"])),
        )
        for number, name in enumerate(written)
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[tuple[PlanRow, ...], Choices]:
    """Any plan: names that collide, texts that look like something else, people without numbers or places."""
    teams = draw(_kind(1, None))
    ids = [one.id for one in teams]
    choices = Choices(teams, draw(_kind(100, ids)), draw(_kind(200, ids)))
    rows = []
    for person_id in range(1, draw(st.integers(1, 4)) + 1):
        name, number = draw(names), draw(st.sampled_from([None, f"{person_id:08d}", f"SC{person_id:06d}"]))
        for stage in draw(st.sets(st.sampled_from(list(STAGES)), min_size=1)):
            days = timedelta(days=draw(st.integers(0, 20)))
            placed = {
                field: draw(st.sampled_from([None, *[one.id for one in kind]]))
                for field, kind in (("station_id", choices.stations), ("mentor_id", choices.mentors))
            }
            known = row(person_id, stage, name=name, employee_no=number, lodging=draw(_texts), note=draw(_texts))
            placed |= {"team_id": draw(st.sampled_from([None, *ids])), "starts_on": known.starts_on + days}
            rows.append(replace(known, **placed))
    return tuple(rows), choices
