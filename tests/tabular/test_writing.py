"""What we write: proper types, no formula by accident; refused rows that can be mended and sent again."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svclib.errors import BadFile
from svclib.tabular import ColumnSpec, Form, read_tables, rejects_workbook, write_table
from tests.examples import examples
from tests.tabular.people import people, styles
from tests.tabular.styles import HEADINGS, Style, write, xlsx_bytes

COLUMNS = [
    ColumnSpec("人员编码"),
    ColumnSpec("姓名"),
    ColumnSpec("单位"),
    ColumnSpec("入职时间", "date"),
    ColumnSpec("年龄", "number"),
]


def _sheet(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_a_written_table_has_dates_as_dates_numbers_as_numbers_and_codes_as_text() -> None:
    content = write_table(
        COLUMNS, [["00012345", "张三", "绵阳供电公司", date(2020, 7, 1), 30]], sheet="名册", title="花名册"
    )
    sheet = _sheet(content)
    cells = list(sheet[3])
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "d", "n"]
    assert cells[3].number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:E3"
    (table,) = read_tables(("名册.xlsx", content))
    assert table.rows[0].cells["employee_no"].value == "00012345"
    assert table.rows[0].cells["hired_on"].value == date(2020, 7, 1)


def test_columns_are_wide_enough_for_chinese_text() -> None:
    sheet = _sheet(write_table(COLUMNS, [["1", "张三", "国家电网四川电力绵阳供电公司", None, None]], sheet="名册"))
    assert sheet.column_dimensions["C"].width >= 28


@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_nothing_written_can_be_read_as_a_formula(start: str, rest: str) -> None:
    content = write_table(COLUMNS[:3], [["1", start + rest, "绵阳"]], sheet="名册", title=None)
    cell = _sheet(content)["B2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_leaves_a_blank_cell(nothing: Any) -> None:
    sheet = _sheet(write_table(COLUMNS, [[nothing] * 5], sheet="名册"))
    assert [cell.value for cell in sheet[2]] == [None] * 5


def test_an_empty_table_and_an_impossible_sheet_name_still_make_a_workbook() -> None:
    sheet = _sheet(write_table(COLUMNS, [], sheet="2026/7:名册[人资]" + "长" * 40))
    assert sheet.title.startswith("2026 7")
    assert len(sheet.title) == 31


@dataclass(frozen=True)
class Refusal:
    sheet: str
    row: int
    field: str
    reason: str
    suggestion: str | None = None
    column: str = ""


HEADING = ["序号", "单位", "服务队", "姓名", "人员编码", "入队时间", "政治面貌"]
ROWS: list[list[Any]] = [
    ["队员名册", None, None, None, None, None, None],
    HEADING,
    [1, "绵阳供电公司", "一队", "张三", "00000001", date(2020, 7, 1), "群众"],
    [2, None, "一队", "李四", "00000002", "98.7", "党圆"],
    [3, None, "一队", "王五", None, 36000, "群众"],
]
SOURCE = "名册.xlsx", xlsx_bytes({"甲": (ROWS, [(0, 0, 0, 6), (2, 1, 4, 1)])})
REFUSED = [
    Refusal("甲", 4, "status", "“党圆”不是政治面貌。", "中共党员"),
    Refusal("甲", 4, "joined_team_on", "年份只有两位。"),
    Refusal("甲", 5, "employee_no", "缺少人员编码。"),
]


def test_refused_rows_come_back_as_they_were_with_bad_cells_coloured_and_the_reason_beside() -> None:
    sheet = _sheet(rejects_workbook(SOURCE, REFUSED))
    assert sheet.title == "甲"
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[0][0] == "队员名册"
    assert values[1] == [*HEADING, "原行号", "原因"]
    assert values[2][:2] == [2, "绵阳供电公司"]
    assert values[2][7:] == [4, "“党圆”不是政治面貌。建议：中共党员；年份只有两位。"]
    assert values[3][7:] == [5, "缺少人员编码。"]
    coloured = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFD6D6"}
    assert coloured == {"F3", "G3", "E4"}


def test_mended_refused_rows_are_read_like_any_other_table() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rejects_workbook(SOURCE, REFUSED)))
    sheet = book["甲"]
    sheet["F3"], sheet["G3"], sheet["E4"] = "1998-07", "党员", "00000003"
    out = io.BytesIO()
    book.save(out)
    (table,) = read_tables(("退回.xlsx", out.getvalue()))
    assert table.form is Form.MEMBERS
    assert [row.cells["employee_no"].value for row in table.rows] == ["00000002", "00000003"]
    assert {row.cells["unit"].value for row in table.rows} == {"绵阳供电公司"}
    assert all(cell.flaw is None for row in table.rows for cell in row.cells.values())


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(persons=people("people"), style=styles)
def test_refused_rows_of_any_style_read_back_the_same(persons: list[dict[str, Any]], style: Style) -> None:
    source, numbers = write(persons, "people", style)
    (table,) = read_tables(source)
    again = rejects_workbook(source, [Refusal(table.sheet, number, "name", "原因") for number in numbers])
    (back,) = read_tables(("退回.xlsx", again))
    assert back.form is table.form
    assert back.columns == table.columns
    read = [{field: cell.value for field, cell in row.cells.items()} for row in back.rows]
    assert read == [{field: cell.value for field, cell in row.cells.items()} for row in table.rows]


def test_a_damaged_number_stays_damaged_in_the_workbook_of_refused_rows() -> None:
    rows = [["姓名", "身份证号", "单位"], ["张三", 510199199807012345, "绵阳"]]
    source = "表.xlsx", xlsx_bytes({"表": (rows, [])})
    (back,) = read_tables(("退回.xlsx", rejects_workbook(source, [Refusal("表", 2, "id_number", "损坏")])))
    assert back.rows[0].cells["id_number"].value is None
    assert back.rows[0].cells["id_number"].flaw is not None


def test_without_refused_rows_the_workbook_says_so_and_an_unknown_sheet_is_named() -> None:
    assert _sheet(rejects_workbook(SOURCE, [])).title == "没有被退回的行"
    with pytest.raises(BadFile, match="乙"):
        rejects_workbook(SOURCE, [Refusal("乙", 2, "name", "原因")])


def test_every_heading_of_the_styles_is_one_that_the_reader_knows() -> None:
    from svclib.tabular.headers import header_words

    words = header_words(None)
    assert all(words.is_known(word) for headings in HEADINGS.values() for word in headings)
