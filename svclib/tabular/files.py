"""Opening what was sent: told by its content, not by its ending; what can't be read is named with what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePath

import python_calamine as calamine

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.delimited import read_delimited
from svclib.tabular.looks import Looks, PlainLooks, XlsxBook, XlsxLooks

Raw = str | int | float | bool | date | datetime | time | timedelta
Source = Path | tuple[str, bytes]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_UNPACKED_BYTES_MAX = 400_000_000
_CELLS_MAX = 6_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as it stands: rows of raw values from the top left corner, merged ranges (0-based, inclusive)."""

    name: str
    rows: Sequence[Sequence[Raw]]
    merged: tuple[tuple[int, int, int, int], ...]
    looks: Looks
    plain_text: bool = False
    """Whether the file is a text file, in which numbers and texts can't be told apart."""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its visible sheets, its hidden ones, and a way to read one."""

    file_name: str
    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    grid: Callable[[str], Grid]


def open_book(source: Source) -> Book:
    """Open a workbook or text file. Raises BadFile with the reason and what to do."""
    file_name, content = content_of(source)
    ending = PurePath(file_name).suffix.lower()
    if not content:
        raise BadFile(_("{file} is empty.").format(file=file_name))
    if ending in (".et", ".ett"):
        raise BadFile(_("{file} is a WPS table (.et). Open it in WPS and save it as .xlsx.").format(file=file_name))
    if content.startswith(_OLE):
        return _open_ole(file_name, content)
    if content.startswith(_ZIP):
        return _open_zip(file_name, content)
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")):
        raise _unreadable(file_name)
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"<"):
        raise BadFile(
            _(
                "{file} is a web page or XML, whatever its ending says. Open it in Excel or WPS and save it as .xlsx."
            ).format(file=file_name)
        )
    return _open_text(file_name, content)


def content_of(source: Source) -> tuple[str, bytes]:
    """File name and content. Raises BadFile when the file can't be read."""
    if isinstance(source, tuple):
        return source
    try:
        return source.name, source.read_bytes()
    except FileNotFoundError as error:
        raise BadFile(_("There is no file {file}.").format(file=source)) from error
    except OSError as error:
        raise BadFile(_("{file} can't be opened: {reason}.").format(file=source, reason=error.strerror)) from error


def _unreadable(file_name: str) -> BadFile:
    return BadFile(
        _("{file} can't be read as a spreadsheet. Open it where it was made and save it as .xlsx.").format(
            file=file_name
        )
    )


def _locked(file_name: str) -> BadFile:
    return BadFile(
        _("{file} is protected by a password. Open it, remove the password and save it as .xlsx.").format(
            file=file_name
        )
    )


def _open_ole(file_name: str, content: bytes) -> Book:
    from svclib.tabular.xls import XlsSheet, open_xls, stream_names

    names, protected = stream_names(content)
    if protected or names & {"EncryptedPackage", "EncryptionInfo"}:
        raise _locked(file_name)
    if not names & {"Workbook", "Book"}:
        raise BadFile(
            _("{file} is an Office or WPS document, but no .xls workbook. Open it and save it as .xlsx.").format(
                file=file_name
            )
        )
    visible, hidden, sheets, book = open_xls(content)

    def grid(name: str) -> Grid:
        sheet = XlsSheet(book, sheets[name])
        return Grid(name, sheet.rows, sheet.merged, sheet)

    return Book(file_name, tuple(visible), tuple(hidden), grid)


def _open_zip(file_name: str, content: bytes) -> Book:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFile(
            _(
                "{file} is damaged: its archive can't be unpacked. Ask for it again, or open it and save it as .xlsx."
            ).format(file=file_name)
        ) from error
    if unpacked > _UNPACKED_BYTES_MAX:
        raise BadFile(_("{file} is too big once unpacked. Split it into several files.").format(file=file_name))
    if "[Content_Types].xml" not in names or not any(
        name.startswith("xl/") and name.endswith(".xml") for name in names
    ):
        raise _unreadable(file_name)
    parts = XlsxBook(content)
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
    except calamine.PasswordError as error:
        raise _locked(file_name) from error
    except calamine.CalamineError as error:
        raise _unreadable(file_name) from error
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = tuple(sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible)

    def grid(name: str) -> Grid:
        looks = XlsxLooks(parts, name)
        height, width = looks.extent()
        if height * width > _CELLS_MAX:
            sentence = _(
                "The sheet {sheet} is too big: {rows} rows × {columns} columns. Delete what is outside the table."
            )
            raise BadFile(sentence.format(sheet=name, rows=height, columns=width))
        try:
            sheet = workbook.get_sheet_by_name(name)
        except calamine.CalamineError as error:
            raise _unreadable(file_name) from error
        rows = sheet.to_python(skip_empty_area=False)
        merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
        return Grid(name, rows, merged, looks)

    return Book(file_name, visible, tuple(sheet.name for sheet in sheets if sheet.name not in visible), grid)


def _open_text(file_name: str, content: bytes) -> Book:
    rows = read_delimited(content)
    name = PurePath(file_name).stem or file_name
    return Book(file_name, (name,), (), lambda _name: Grid(name, rows, (), PlainLooks(), plain_text=True))
