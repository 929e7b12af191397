"""What cells look like, beside their values: number formats, error values, the epoch of dates.

Values come from python-calamine, which gives neither the format of a number nor the name of an error. openpyxl and xlrd
do; they are slower, so they are asked only when a sheet needs it, and of an .xlsx sheet only the cells' attributes are
parsed (openpyxl takes 1.7 s for the cells of 10,000 rows × 12 columns, this 0.2 s).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Protocol
from xml.parsers import expat

from svclib.errors import BadFile
from svclib.i18n import gettext as _

Position = tuple[int, int]
"""Row and column, both from 0."""


class Looks(Protocol):
    """How the cells of one sheet look."""

    def number_format(self, position: Position) -> str:
        """Give the number format of a cell, "General" where it has none."""

    @property
    def errors(self) -> Mapping[Position, str]:
        """Cells that show an error value such as #N/A."""

    @property
    def epoch_1904(self) -> bool:
        """Whether day numbers count from 1904, as old workbooks from a Mac do."""


class PlainLooks:
    """A text file: nothing but text."""

    epoch_1904 = False

    @property
    def errors(self) -> Mapping[Position, str]:
        return {}

    def number_format(self, position: Position) -> str:
        return "General"


class XlsxBook:
    """Styles and sheet parts of an .xlsx file, read once when first asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._formats: list[str] | None = None
        self._parts: dict[str, str] = {}
        self.epoch_1904 = False

    def _load(self) -> None:
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.numbers import BUILTIN_FORMATS
        from openpyxl.styles.stylesheet import apply_stylesheet
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        try:
            reader: Any = ExcelReader(io.BytesIO(self._content), read_only=True, keep_links=False)
            reader.read_manifest()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            self._parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        except (ValueError, TypeError, KeyError, AttributeError, OSError, zipfile.BadZipFile, SyntaxError) as error:
            raise BadFile(
                _("The formats of this workbook can't be read. Open it in Excel or WPS and save it again as .xlsx.")
            ) from error
        own = reader.wb._number_formats
        self._formats = [
            BUILTIN_FORMATS.get(style.numFmtId) or (own[style.numFmtId - 164] if style.numFmtId >= 164 else "General")
            for style in reader.wb._cell_styles
        ]
        self.epoch_1904 = reader.wb.epoch == CALENDAR_MAC_1904

    @property
    def formats(self) -> list[str]:
        """Number format by style index."""
        if self._formats is None:
            self._load()
        return self._formats or []

    def sheet_xml(self, sheet: str) -> bytes:
        """The part of the archive that holds a sheet."""
        assert self.formats is not None
        with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
            try:
                return archive.read(self._parts[sheet])
            except KeyError:
                return b""


class XlsxLooks:
    """Number formats and errors of one sheet of an .xlsx file."""

    def __init__(self, book: XlsxBook, sheet: str) -> None:
        self._book = book
        self._sheet = sheet
        self._xml: bytes | None = None
        self._parsed: tuple[dict[Position, int], dict[Position, str]] | None = None

    @property
    def epoch_1904(self) -> bool:
        assert self._book.formats is not None
        return self._book.epoch_1904

    @property
    def errors(self) -> Mapping[Position, str]:
        if self._xml is None:
            self._xml = self._book.sheet_xml(self._sheet)
        # Most sheets hold no error at all: one look at the bytes saves parsing them.
        if not re.search(rb"""\st=["']e["']""", self._xml):
            return {}
        return self._cells()[1]

    def number_format(self, position: Position) -> str:
        style = self._cells()[0].get(position, 0)
        formats = self._book.formats
        return formats[style] if style < len(formats) else "General"

    def _cells(self) -> tuple[dict[Position, int], dict[Position, str]]:
        if self._parsed is None:
            if self._xml is None:
                self._xml = self._book.sheet_xml(self._sheet)
            self._parsed = _cell_attributes(self._xml)
        return self._parsed


def _cell_attributes(xml: bytes) -> tuple[dict[Position, int], dict[Position, str]]:
    """Style index and error text of the cells of a sheet, where they have one."""
    styles: dict[Position, int] = {}
    errors: dict[Position, str] = {}
    letters: dict[str, int] = {}
    row, column, broken = -1, -1, False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, broken
        if tag == "c" or tag.endswith(":c"):
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                name = reference.rstrip("0123456789")
                known = letters.get(name)
                column = letters.setdefault(name, _column_index(name)) if known is None else known
            style = attributes.get("s")
            if style is not None and style != "0":
                styles[row, column] = int(style)
            broken = attributes.get("t") == "e"
            if broken:
                errors[row, column] = ""
        elif tag == "row" or tag.endswith(":row"):
            row = int(attributes["r"]) - 1 if "r" in attributes else row + 1
            column = -1

    def text(data: str) -> None:
        # The formula of a broken cell comes before its value; only the value starts with #.
        if broken and (errors[row, column] or data.startswith("#")):
            errors[row, column] += data

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise BadFile(_("The workbook is damaged. Open it in Excel or WPS and save it again as .xlsx.")) from error
    return styles, {position: name or "#N/A" for position, name in errors.items()}


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


class XlsLooks:
    """Number formats and errors of one sheet of an .xls file."""

    def __init__(self, content: bytes, sheet: str) -> None:
        self._content = content
        self._name = sheet
        self._opened: tuple[Any, Any] | None = None
        self._errors: dict[Position, str] | None = None

    def _book_and_sheet(self) -> tuple[Any, Any]:
        if self._opened is None:
            import xlrd

            try:
                book = xlrd.open_workbook(
                    file_contents=self._content, formatting_info=True, on_demand=True, logfile=io.StringIO()
                )
                self._opened = book, book.sheet_by_name(self._name)
            except (xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, ValueError, IndexError) as error:
                raise BadFile(
                    _("The workbook is damaged. Open it in Excel or WPS and save it again as .xlsx.")
                ) from error
        return self._opened

    @property
    def epoch_1904(self) -> bool:
        return bool(self._book_and_sheet()[0].datemode)

    @property
    def errors(self) -> Mapping[Position, str]:
        if self._errors is None:
            import xlrd

            sheet = self._book_and_sheet()[1]
            self._errors = {}
            for row in range(sheet.nrows):
                kinds = sheet.row_types(row)
                if xlrd.XL_CELL_ERROR in kinds:
                    for column, kind in enumerate(kinds):
                        if kind == xlrd.XL_CELL_ERROR:
                            code = sheet.cell_value(row, column)
                            self._errors[row, column] = xlrd.error_text_from_code.get(code, "#N/A")
        return self._errors

    def number_format(self, position: Position) -> str:
        book, sheet = self._book_and_sheet()
        row, column = position
        if row >= sheet.nrows or column >= sheet.row_len(row):
            return "General"
        style = book.xf_list[sheet.cell_xf_index(row, column)]
        return str(book.format_map[style.format_key].format_str)
