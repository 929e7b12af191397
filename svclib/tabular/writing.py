"""Writing workbooks: proper types and widths, and nothing that a spreadsheet could take for a formula."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

DATE_FORMAT = "yyyy-mm-dd"
_RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDTH_MIN, _WIDTH_MAX = 6, 48
_SHEET_NAME_MAX = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_CELL_TEXT_MAX = 32_767
# Characters that XML cannot hold; a spreadsheet would refuse the file.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _blank(value: Any) -> bool:
    """None, not a number, or one of pandas' marks for what is missing, told by name: pandas costs half a second."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column to write: its heading and the type of its cells; `width` in characters, from the content if None."""

    heading: str
    kind: Literal["text", "date", "number"] = "text"
    width: float | None = None


def write_table(
    columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Any]], *, sheet: str, title: str | None = None
) -> bytes:
    """Write one sheet as .xlsx: title line if given, frozen header with filter, dates as dates, codes as text.

    A row holds a value per column; None, NaN and NaT leave the cell blank. Texts that start like a formula carry the
    mark that keeps them texts.
    """
    out = io.BytesIO()
    book = new_workbook(out)
    page = book.add_worksheet(sheet_name(sheet))
    writer = CellWriter(book, page)
    heading = heading_format(book)
    first = 0
    if title is not None:
        write_title(book, page, title, len(columns))
        first = 1
    for column, spec in enumerate(columns):
        page.write_string(first, column, spec.heading, heading)
    widths = [width_of(spec.heading) for spec in columns]
    number = first
    for number, row in enumerate(rows, start=first + 1):
        for column, (spec, value) in enumerate(zip(columns, row, strict=True)):
            shown = writer.write(number, column, value, kind=spec.kind)
            widths[column] = max(widths[column], width_of(shown))
    for column, spec in enumerate(columns):
        page.set_column(column, column, spec.width or min(max(widths[column] + 2, _WIDTH_MIN), _WIDTH_MAX))
    page.freeze_panes(first + 1, 0)
    page.autofilter(first, 0, max(number, first), len(columns) - 1)
    book.close()
    return out.getvalue()


def new_workbook(out: io.BytesIO, *, epoch_1904: bool = False) -> Any:
    """A workbook in which no text becomes a formula, a link or a number."""
    # Only who writes pays for it: every page's kernel imports this module.
    import xlsxwriter

    return xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "date_1904": epoch_1904,
        },
    )


def heading_format(book: Any) -> Any:
    """How the heading of a column looks."""
    return book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "bg_color": "#E8EEF4", "border": 1}
    )


def write_title(book: Any, page: Any, title: str, width: int) -> None:
    """Write the title into the first row, over so many columns."""
    page.set_row(0, 28)
    look = {"bold": True, "font_size": 15, "align": "center", "valign": "vcenter"}
    big = book.add_format(look | {"quote_prefix": title.startswith(_RISKY_STARTS)})
    if width > 1:
        page.merge_range(0, 0, 0, width - 1, "", big)
    page.write_string(0, 0, writable(title), big)


def writable(text: str) -> str:
    """The text as a cell can hold it: at most 32,767 characters, and none that XML forbids."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:_CELL_TEXT_MAX]


class CellWriter:
    """Writes values with their types; formats are made once. `look` is part of each of them, blank cells too."""

    def __init__(self, book: Any, page: Any, look: Mapping[str, Any] | None = None) -> None:
        self._book = book
        self._page = page
        self._look = dict(look or {})
        self._formats: dict[tuple[str, str | None, bool], Any] = {}

    def _format(self, number_format: str, colour: str | None, quoted: bool) -> Any:
        key = number_format, colour, quoted
        if key not in self._formats:
            look: dict[str, Any] = {**self._look, "num_format": number_format}
            if colour is not None:
                look |= {"bg_color": colour, "border": 1, "border_color": "#C62828"}
            if quoted:
                look["quote_prefix"] = True
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def write(self, row: int, column: int, value: Any, *, kind: str = "text", colour: str | None = None) -> str:
        """Write one value and give back the text that is seen."""
        if _blank(value):
            if colour is not None or self._look:
                # As text: what is typed into it later must not become a day or a number.
                self._page.write_blank(
                    row, column, None, self._format("@" if self._look else "General", colour, quoted=False)
                )
            return ""
        if isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            if day.year >= 1900:
                self._page.write_datetime(row, column, day, self._format(DATE_FORMAT, colour, quoted=False))
                return day.isoformat()
            value = day.isoformat()
        if kind == "number" and not isinstance(value, str | bool):
            self._page.write_number(row, column, value, self._format("General", colour, quoted=False))
            return str(value)
        text = writable(str(value))
        quoted = text.startswith(_RISKY_STARTS)
        self._page.write_string(row, column, text, self._format("@", colour, quoted))
        return text


def width_of(text: str) -> float:
    """Width of a text in columns of a sheet: a Chinese character takes two; of several lines the longest."""
    return max(
        (
            sum(2.0 if unicodedata.east_asian_width(character) in "WF" else 1.0 for character in line)
            for line in text.split("\n")
        ),
        default=0.0,
    )


def sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """A name that a sheet may have, and that no other has yet."""
    clean = _NOT_IN_SHEET_NAMES.sub(" ", name).strip().strip("'")[:_SHEET_NAME_MAX] or "Sheet1"
    used = {other.casefold() for other in taken}
    free, number = clean, 1
    while free.casefold() in used:
        number += 1
        suffix = f" {number}"
        free = clean[: _SHEET_NAME_MAX - len(suffix)] + suffix
    return free
