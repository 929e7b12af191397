"""Reading .xls with xlrd: values, formats, errors and merged cells in one pass.

python-calamine reads .xls faster, but some damaged files make it abort the whole process, which no handler can catch;
and xlrd would have to be asked for formats and errors all the same.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from svclib.tabular.looks import Position, damaged

Raw = str | int | float | bool | date | datetime | time

_FILEPASS = 0x2F
# What xlrd lets through when a record is not what it should be.
_UNREADABLE = (
    xlrd.XLRDError,
    CompDocError,
    AssertionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
    struct.error,
)


def stream_names(content: bytes) -> tuple[set[str], bool]:
    """Name the streams of an OLE container, and tell whether its workbook needs a password.

    The password record FILEPASS stands right behind the first one ([MS-XLS] 2.4.117). Raises BadFile when damaged.
    """
    try:
        container = CompDoc(content, logfile=io.StringIO())
        names = {entry.name for entry in container.dirlist}
        name = next((name for name in ("Workbook", "Book") if name in names), None)
        if name is None:
            return names, False
        memory, offset, length = container.locate_named_stream(name)
        start = bytes(memory[offset : offset + min(length, 4096)])
    except _UNREADABLE as error:
        raise damaged() from error
    position = 0
    while position + 4 <= len(start):
        kind, size = struct.unpack_from("<HH", start, position)
        if kind == _FILEPASS:
            return names, True
        position += 4 + size
    return names, False


class XlsSheet:
    """The values of one sheet, and how its cells look."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self.errors: Mapping[Position, str] = {}
        self.rows: Sequence[Sequence[Raw]] = ()
        try:
            self._read()
        except _UNREADABLE as error:
            raise damaged() from error

    def _read(self) -> None:
        errors: dict[Position, str] = {}
        rows: list[list[Raw]] = []
        for row in range(self._sheet.nrows):
            values: list[Raw] = self._sheet.row_values(row)
            for column, kind in enumerate(self._sheet.row_types(row)):
                if kind == xlrd.XL_CELL_DATE:
                    values[column] = self._moment(values[column])
                elif kind == xlrd.XL_CELL_BOOLEAN:
                    values[column] = bool(values[column])
                elif kind == xlrd.XL_CELL_ERROR:
                    errors[row, column] = xlrd.error_text_from_code.get(values[column], "#N/A")
                    values[column] = ""
            rows.append(values)
        self.rows, self.errors = rows, errors

    def _moment(self, number: Any) -> Raw:
        try:
            moment: datetime = xlrd.xldate_as_datetime(number, self._book.datemode)
        except (OverflowError, ValueError):
            return float(number)
        if 0 <= number < 1:
            return moment.time()
        return moment.date() if moment.time() == time() else moment

    @property
    def merged(self) -> tuple[tuple[int, int, int, int], ...]:
        return tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in self._sheet.merged_cells)

    @property
    def epoch_1904(self) -> bool:
        return bool(self._book.datemode)

    def number_format(self, position: Position) -> str:
        row, column = position
        if row >= self._sheet.nrows or column >= self._sheet.row_len(row):
            return "General"
        try:
            style = self._book.xf_list[self._sheet.cell_xf_index(row, column)]
            return str(self._book.format_map[style.format_key].format_str)
        except _UNREADABLE:
            return "General"


def open_xls(content: bytes) -> tuple[list[str], list[str], dict[str, Any], Any]:
    """Visible and hidden sheet names, the sheets by name, and the book. Raises BadFile when damaged."""
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        sheets = {sheet.name: sheet for sheet in book.sheets()}
    except _UNREADABLE as error:
        raise damaged() from error
    visible = [name for name, sheet in sheets.items() if sheet.visibility == 0]
    return visible, [name for name in sheets if name not in visible], sheets, book
