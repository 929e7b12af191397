"""Writing sheets: titles, merged cells, number formats; the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

# A workbook remembers when it was made: a fixed moment, or every writing would differ.
_MADE = datetime(2026, 8, 18, 9, 0)  # noqa: DTZ001 - workbooks know no zones
_FORMATS = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "head": {
        "bold": True,
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "bg_color": "#DCE6F1",
        "text_wrap": True,
    },
    "cell": {"border": 1, "valign": "vcenter"},
    "text": {"border": 1, "valign": "vcenter", "num_format": "@"},
    "day": {"border": 1, "valign": "vcenter", "num_format": "yyyy-mm-dd"},
    "number": {"border": 1, "valign": "vcenter", "num_format": "00000000"},
    "plain": {},
}


class Workbook:
    """An .xlsx file under way."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(str(path))
        self._book.set_properties({"title": path.stem, "author": "演示数据", "created": _MADE})
        self._formats = {name: self._book.add_format(look) for name, look in _FORMATS.items()}

    def sheet(self, name: str, widths: Sequence[int], *, hidden: bool = False) -> Sheet:
        made = self._book.add_worksheet(name)
        if hidden:
            made.hide()
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        return Sheet(made, self._formats)

    def close(self) -> None:
        self._book.close()


class Sheet:
    """A worksheet that is filled from top to bottom."""

    def __init__(self, sheet: Any, formats: dict[str, Any]) -> None:
        self._sheet = sheet
        self._formats = formats
        self.row = 0

    def title(self, text: str, columns: int) -> None:
        self._sheet.merge_range(self.row, 0, self.row, columns - 1, text, self._formats["title"])
        self._sheet.set_row(self.row, 30)
        self.row += 1

    def line(self, text: str, column: int = 0) -> None:
        self._sheet.write_string(self.row, column, text, self._formats["plain"])
        self.row += 1

    def blank(self) -> None:
        self.row += 1

    def head(self, words: Iterable[str]) -> None:
        for column, word in enumerate(words):
            self._sheet.write_string(self.row, column, word, self._formats["head"])
        self.row += 1

    def two_row_head(self, words: Sequence[tuple[str, str]]) -> None:
        """Two header rows from (group, word): groups merged across, words without a group merged down."""
        head, column = self._formats["head"], 0
        for group, listed in groupby(words, key=lambda pair: pair[0]):
            pairs = list(listed)
            if not group:
                for _group, word in pairs:
                    self._sheet.merge_range(self.row, column, self.row + 1, column, word, head)
                    column += 1
                continue
            if len(pairs) > 1:
                self._sheet.merge_range(self.row, column, self.row, column + len(pairs) - 1, group, head)
            else:
                self._sheet.write_string(self.row, column, group, head)
            for _group, word in pairs:
                self._sheet.write_string(self.row + 1, column, word, head)
                column += 1
        self.row += 2

    def values(self, values: Iterable[Any]) -> None:
        """One row: days as real dates, numbers as numbers, whole numbers in a format that shows leading zeros."""
        for column, value in enumerate(values):
            self._write(column, value)
        self.row += 1

    def _write(self, column: int, value: Any) -> None:
        if value is None:
            self._sheet.write_blank(self.row, column, None, self._formats["cell"])
        elif isinstance(value, Padded):
            self._sheet.write_number(self.row, column, int(value), self._formats["number"])
        elif isinstance(value, int | float):
            self._sheet.write_number(self.row, column, value, self._formats["cell"])
        elif isinstance(value, date):
            self._sheet.write_datetime(self.row, column, value, self._formats["day"])
        else:
            self._sheet.write_string(self.row, column, value, self._formats["text"])

    def merge_down(self, column: int, first: int, text: str) -> None:
        """Merge a column from a row down to the last one written."""
        self._sheet.merge_range(first, column, self.row - 1, column, text, self._formats["head"])


class Padded(int):
    """A number whose leading zeros only the number format shows."""
