"""Writing a plan as form 4 for one unit: lists to choose from, locked keys, ready to print."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import ceil
from typing import Any

from svclib.tabular.headers import shipped_words
from svclib.tabular.model import Form
from svclib.tabular.rotation.lists import Lists
from svclib.tabular.rotation.plan import COLUMNS, EDITABLE, KEY, Choices, PlanSheet, RowKey, plan_title, shown
from svclib.tabular.writing import CellWriter, heading_format, new_workbook, width_of, writable, write_title

_SHEET = "轮岗安排表"
_WIDTHS = {"period": 25.0, "station": 22.0, "mentor": 14.0, "lodging": 16.0, "note": 20.0, KEY: 10.0}
_WIDTH_MIN, _WIDTH_MAX = 8.0, 34.0
_LINE_HEIGHT, _ROW_HEIGHT_MAX = 16.0, 400.0
"""In points."""
_HEADER = 2
"""The row of the headings (0-based), below the title and the line that names plan and version."""
_SIGNATURES = "　　　　　　　　".join(("制表人：", "审核人：", "单位负责人（签章）：", "日期："))
_A4 = 9
# What stays possible in a protected sheet: it guards against slips, so there is no password.
_ALLOWED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}
_PERIOD_HINT = "格式如 2026-09-01 至 2026-10-31（含首尾两天）。"
_NOT_IN_LIST = "请从下拉列表中选择；列表里没有的，请写在“备注”中。"


def plan_workbook(sheet: PlanSheet) -> bytes:
    """Write a unit's part of a plan as .xlsx: a row for each person and stage, form 4's columns and the row's key.

    Teams, stations and mentors are chosen from lists on a hidden sheet (stations and mentors: those of the row's
    team). Who, where from and which stage is locked, without a password. Raises KeyError for a row whose team, station
    or mentor is not among the choices.
    """
    out = io.BytesIO()
    book = new_workbook(out)
    page = book.add_worksheet(_SHEET)
    words = shipped_words()
    headings = [words.standard(field, Form.PLACEMENTS) for field in COLUMNS]
    visible = len(COLUMNS) - 1
    write_title(book, page, f"{plan_title(sheet.plan)}轮岗安排表（{sheet.unit}）", visible)
    about = ("计划：" + sheet.plan, f"第{sheet.version}版", f"导出日期：{sheet.exported_on}", "灰底各列不能改动")
    grey = book.add_format({"align": "center", "font_color": "#555555"})
    page.merge_range(1, 0, 1, visible - 1, "", grey)
    page.write_string(1, 0, writable("　".join(about)), grey)
    look = heading_format(book)
    for column, heading in enumerate(headings):
        page.write_string(_HEADER, column, heading, look)
    last = _write_rows(book, page, sheet, headings)
    _offer_lists(book, page, sheet.choices, last)
    _lay_out(book, page, sheet, last)
    book.close()
    return out.getvalue()


def _write_rows(book: Any, page: Any, sheet: PlanSheet, headings: Sequence[str]) -> int:
    """Write the rows; the last row used."""
    cell = {"border": 1, "border_color": "#9AA5B1", "valign": "vcenter", "text_wrap": True}
    locked = CellWriter(book, page, cell | {"bg_color": "#F1F3F5"})
    unlocked = CellWriter(book, page, cell | {"locked": False})
    small = CellWriter(book, page, {"font_size": 8, "font_color": "#8A8A8A", "valign": "vcenter"})
    written = []
    for number, row in enumerate(sheet.rows, start=_HEADER + 1):
        cells = []
        for column, (field, text) in enumerate(shown(row, sheet.choices).items()):
            writer = unlocked if field in EDITABLE else locked
            cells.append(writer.write(number, column, text or None))
        small.write(number, len(cells), str(RowKey(sheet.plan, sheet.version, row.person_id, row.stage)))
        written.append(cells)
    _size(page, headings[:-1], written)
    return _HEADER + len(written)


def _size(page: Any, headings: Sequence[str], written: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their texts, rows as high: not every program finds a row's height when it opens a file."""
    widths = []
    for field, texts in zip(COLUMNS, zip(headings, *written, strict=True), strict=False):
        wanted = max(width_of(text) + 2 for text in texts)
        widths.append(min(max(wanted, _WIDTHS.get(field, _WIDTH_MIN)), _WIDTH_MAX))
    for column, width in enumerate((*widths, _WIDTHS[KEY])):
        page.set_column(column, column, width)
    for number, cells in enumerate(written, start=_HEADER + 1):
        lines = max(_lines(text, width) for text, width in zip(cells, widths, strict=True))
        page.set_row(number, min(_LINE_HEIGHT * lines + 4, _ROW_HEIGHT_MAX))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column."""
    return sum(max(1, ceil((width_of(part) + 1) / width)) for part in text.split("\n"))


def _offer_lists(book: Any, page: Any, choices: Choices, last: int) -> None:
    """Attach the lists to choose from and the hint on periods to the rows."""
    lists = Lists(book, choices, f"${_letter('team')}{_HEADER + 2}")
    if last == _HEADER:
        return
    hint = {"validate": "any", "input_title": "起止日期", "input_message": _PERIOD_HINT}
    refusal = {"validate": "list", "error_title": "不在列表中", "error_message": _NOT_IN_LIST}
    rules = {"period": hint} | {field: {**refusal, "source": source} for field, source in lists.rules.items()}
    for field, rule in rules.items():
        column = COLUMNS.index(field)
        page.data_validation(_HEADER + 1, column, last, column, rule)


def _letter(field: str) -> str:
    return chr(ord("A") + COLUMNS.index(field))


def _lay_out(book: Any, page: Any, sheet: PlanSheet, last: int) -> None:
    """Frozen header and names, filter, protection; printed on A4 across with the header on each page and signatures."""
    visible = len(COLUMNS) - 1
    page.freeze_panes(_HEADER + 1, 1)
    page.autofilter(_HEADER, 0, max(last, _HEADER + 1), visible)
    page.set_row(_HEADER, 24)
    page.protect("", _ALLOWED)
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.9)
    page.repeat_rows(_HEADER)
    page.print_area(0, 0, max(last, _HEADER + 1), visible - 1)
    page.fit_to_pages(1, 0)
    # Signatures stand at the foot of each printed page: in a row of their own they would be sorted along.
    mark = f"{sheet.plan} 第{sheet.version}版".replace("&", "&&")[:60]
    page.set_footer(f"&L{_SIGNATURES}&R{writable(mark)}　第 &P/&N 页", {"margin": 0.3})
