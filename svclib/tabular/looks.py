"""What cells look like, beside their values: number formats, error values, the epoch of dates.

Values of .xlsx come from python-calamine, which gives neither the format of a number nor the name of an error. The
formats come from openpyxl; which cell has which, from the cells' attributes alone: for 10,000 rows × 12 columns that
takes 0.2 s, where openpyxl takes 1.7 s to make cell objects, and only sheets that need it pay for it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Protocol
from xml.parsers import expat

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.parts import Parts, find_parts

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


# Patterns that begin with plain letters are found several times as fast.
_COLUMNS = re.compile(rb"""r=["']([A-Z]{1,3})[0-9]""")
_FAR_COLUMNS = re.compile(rb"""r=["']([A-Z]{2,3})[0-9]""")
_NEAR_COLUMNS = 26
_MANY_ROWS = 50_000
_ERROR_CELL = re.compile(rb"""t=["']e["']""")
_ROW_NUMBERS = re.compile(rb"""<(?:\w+:)?row\s[^>]*?r=["']([0-9]{1,7})["']""")

# What openpyxl lets through when a part of the archive is missing, damaged or unusual.
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def damaged() -> BadFile:
    """The refusal of a workbook that breaks off or holds nonsense."""
    return BadFile(_("The workbook is damaged. Open it in Excel or WPS and save it again as .xlsx."))


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
        # openpyxl takes longer to load than a roster to read: asked only where a number's format is in question.
        self._parts = find_parts(content)

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
            sheets = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        except UNREADABLE as error:
            raise BadFile(
                _("The formats of this workbook can't be read. Open it in Excel or WPS and save it again as .xlsx.")
            ) from error
        own = reader.wb._number_formats
        self._formats = [
            BUILTIN_FORMATS.get(style.numFmtId) or (own[style.numFmtId - 164] if style.numFmtId >= 164 else "General")
            for style in reader.wb._cell_styles
        ]
        self._parts = Parts(sheets, reader.wb.epoch == CALENDAR_MAC_1904)

    @property
    def parts(self) -> Parts:
        """Where the sheets stand."""
        if self._parts is None:
            self._load()
        assert self._parts is not None
        return self._parts

    @property
    def epoch_1904(self) -> bool:
        """Whether day numbers count from 1904."""
        return self.parts.epoch_1904

    @property
    def formats(self) -> list[str]:
        """Number format by style index."""
        if self._formats is None:
            self._load()
        return self._formats or []

    def sheet_xml(self, sheet: str) -> bytes:
        """The part of the archive that holds a sheet."""
        if sheet not in self.parts.sheets:
            self._load()
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
                return archive.read(self.parts.sheets[sheet])
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise damaged() from error


class XlsxLooks:
    """Number formats and errors of one sheet of an .xlsx file."""

    def __init__(self, book: XlsxBook, sheet: str) -> None:
        self._book = book
        self._sheet = sheet
        self._xml: bytes | None = None
        self._parsed: tuple[dict[Position, int], dict[Position, str]] | None = None

    @property
    def epoch_1904(self) -> bool:
        return self._book.epoch_1904

    @property
    def errors(self) -> Mapping[Position, str]:
        # Most sheets hold no error at all: one look at the bytes saves parsing them.
        if not _ERROR_CELL.search(self.xml):
            return {}
        return self._cells()[1]

    @property
    def xml(self) -> bytes:
        """The sheet as it stands in the archive."""
        if self._xml is None:
            self._xml = self._book.sheet_xml(self._sheet)
        return self._xml

    def extent(self) -> Position:
        """Rows and columns up to the last cell that the file mentions; of a short sheet at least the columns to Z.

        Values are kept as a full rectangle: a single cell far outside would fill the memory before anybody is asked.
        """
        rows = max(map(int, _ROW_NUMBERS.findall(self.xml)), default=0)
        letters = (_FAR_COLUMNS if rows < _MANY_ROWS else _COLUMNS).findall(self.xml)
        return rows, max((_column_index(one.decode()) + 1 for one in set(letters)), default=_NEAR_COLUMNS)

    def number_format(self, position: Position) -> str:
        style = self._cells()[0].get(position, 0)
        formats = self._book.formats
        return formats[style] if style < len(formats) else "General"

    def _cells(self) -> tuple[dict[Position, int], dict[Position, str]]:
        if self._parsed is None:
            self._parsed = _cell_attributes(self.xml)
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
        raise damaged() from error
    return styles, {position: name or "#N/A" for position, name in errors.items()}


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
