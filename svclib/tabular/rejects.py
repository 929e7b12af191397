"""Refused rows as a workbook: the office's own header and cells, the bad ones coloured, the reason beside."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Protocol

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.i18n import run_on
from svclib.tabular.cells import shown_number
from svclib.tabular.files import Grid, Raw, Source, open_book
from svclib.tabular.headers import header_words
from svclib.tabular.layout import Layout, find_layout
from svclib.tabular.model import suggested
from svclib.tabular.rows import filled_down
from svclib.tabular.writing import CellWriter, new_workbook, sheet_name, width_of

_BAD = "#FFD6D6"


class Refused(Protocol):
    """What is known of one refused cell: the row as the spreadsheet numbers it, and why."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def field(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def suggestion(self) -> str | None: ...


def rejects_workbook(source: Source, rejections: Sequence[Refused], *, extra_words: Path | None = None) -> bytes:
    """Write the refused rows of a file as .xlsx that can be corrected and imported again.

    Each sheet has its lines down to the header as they were, the refused rows as they were (merged cells filled down),
    bad cells coloured, then the columns 原行号 and 原因. Raises BadFile when the source can't be read any more.
    """
    words = header_words(extra_words)
    origin = open_book(source)
    out = io.BytesIO()
    by_sheet: dict[str, list[Refused]] = {}
    for rejection in rejections:
        by_sheet.setdefault(rejection.sheet, []).append(rejection)
    first = next((name for name in by_sheet if name in origin.visible + origin.hidden), None)
    # A bare day number must mean the same day in the new workbook.
    book = new_workbook(out, epoch_1904=first is not None and origin.grid(first).looks.epoch_1904)
    taken: list[str] = []
    for name, refused in by_sheet.items():
        if name not in origin.visible + origin.hidden:
            raise BadFile(_("{file} has no sheet “{sheet}”.").format(file=origin.file_name, sheet=name))
        grid = origin.grid(name)
        layout = find_layout(grid, words)
        if not isinstance(layout, Layout):
            raise BadFile(_("The sheet “{sheet}” holds no known table and was not read.").format(sheet=name))
        taken.append(sheet_name(name, taken))
        _write_sheet(book, taken[-1], grid, layout, refused)
    if not taken:
        book.add_worksheet(sheet_name(_("No row was refused")))
    book.close()
    return out.getvalue()


def _write_sheet(book: Any, name: str, grid: Grid, layout: Layout, refused: Sequence[Refused]) -> None:
    page = book.add_worksheet(name)
    writer = CellWriter(book, page)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    top = layout.header[-1]
    width = max((len(row) for row in grid.rows), default=0)
    for number in range(top + 1):
        for column, heading in enumerate(grid.rows[number]):
            if heading != "":
                page.write_string(number, column, _as_text(grid, number, column, heading), bold)
    for first, left, last, right in grid.merged:
        if last <= top and (first, left) != (last, right):
            text = grid.rows[first][left] if left < len(grid.rows[first]) else ""
            page.merge_range(first, left, last, right, _as_text(grid, first, left, text), bold)
    for offset, added in enumerate((_("Original row"), _("Reason"))):
        # In the upper of two header rows: the lower one may hold nothing but known words.
        page.write_string(layout.header[0], width + offset, added, bold)

    widths = [6.0] * width
    for number in layout.header:
        for column, heading in enumerate(grid.rows[number]):
            widths[column] = max(widths[column], width_of(str(heading)))
    filled, errors = filled_down(grid, layout, top + 1), grid.looks.errors
    by_row: dict[int, list[Refused]] = {}
    for rejection in refused:
        by_row.setdefault(rejection.row - 1, []).append(rejection)
    longest = 12.0
    for line, number in enumerate(sorted(by_row), start=top + 1):
        bad = {layout.columns[r.field] for r in by_row[number] if r.field in layout.columns}
        row = grid.rows[number] if number < len(grid.rows) else []
        for column in range(width):
            value: Raw = row[column] if column < len(row) else ""
            if value == "":
                value = errors.get((number, column), "") or filled.get((number, column), "")
            shown = _write(writer, grid, (number, column), value, line, column, _BAD if column in bad else None)
            widths[column] = max(widths[column], width_of(shown))
        reasons = "；".join(dict.fromkeys(_sentence(rejection) for rejection in by_row[number]))
        writer.write(line, width, number + 1, kind="number")
        writer.write(line, width + 1, reasons)
        longest = max(longest, width_of(reasons))
    for column, needed in enumerate(widths):
        page.set_column(column, column, min(needed + 2, 40))
    page.set_column(width, width, 10)
    page.set_column(width + 1, width + 1, min(longest + 2, 90))
    page.freeze_panes(top + 1, 0)


def _sentence(rejection: Refused) -> str:
    return run_on(rejection.reason, suggested(rejection.suggestion))


def _as_text(grid: Grid, row: int, column: int, value: Raw) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool) and value == int(value) and abs(value) < 10**15:
        return shown_number(int(value), grid.looks.number_format((row, column)))
    return str(value)


def _write(
    writer: CellWriter, grid: Grid, at: tuple[int, int], value: Raw, line: int, column: int, colour: str | None
) -> str:
    """Write an original cell: dates as dates, numbers as they were shown, so that no leading zero is lost."""
    if value == "":
        return writer.write(line, column, None, colour=colour)
    if isinstance(value, bool | time | timedelta):
        return writer.write(line, column, str(value), colour=colour)
    if isinstance(value, int | float):
        shown = _as_text(grid, *at, value)
        if shown != f"{value:.15g}":
            return writer.write(line, column, shown, colour=colour)
        return writer.write(line, column, value, kind="number", colour=colour)
    assert isinstance(value, str | date)
    return writer.write(line, column, value, colour=colour)
