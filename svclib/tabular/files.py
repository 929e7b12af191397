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
from svclib.tabular.looks import Looks, PlainLooks, XlsLooks, XlsxBook, XlsxLooks

Raw = str | int | float | bool | date | datetime | time | timedelta
Source = Path | tuple[str, bytes]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_FILEPASS = 0x2F
_UNPACKED_BYTES_MAX = 400_000_000
_CELLS_MAX = 20_000_000


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
    if isinstance(source, tuple):
        file_name, content = source
    else:
        file_name, content = source.name, _read(source)
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadFile(_("There is no file {file}.").format(file=path)) from error
    except OSError as error:
        raise BadFile(_("{file} can't be opened: {reason}.").format(file=path, reason=error.strerror)) from error


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
    from xlrd.compdoc import CompDoc, CompDocError

    try:
        container = CompDoc(content, logfile=io.StringIO())
        names = {entry.name for entry in container.dirlist}
        if names & {"EncryptedPackage", "EncryptionInfo"}:
            raise _locked(file_name)
        name = next((name for name in ("Workbook", "Book") if name in names), None)
        if name is None:
            raise BadFile(
                _("{file} is an Office or WPS document, but no .xls workbook. Open it and save it as .xlsx.").format(
                    file=file_name
                )
            )
        memory, offset, length = container.locate_named_stream(name)
    except (CompDocError, IndexError, ValueError, AssertionError) as error:
        raise _unreadable(file_name) from error
    if _has_filepass(bytes(memory[offset : offset + min(length, 4096)])):
        raise _locked(file_name)
    return _open_calamine(file_name, content, lambda sheet: XlsLooks(content, sheet))


def _has_filepass(stream: bytes) -> bool:
    """Whether a FILEPASS record stands near the start of a BIFF stream ([MS-XLS] 2.4.117: right behind BOF)."""
    position = 0
    while position + 4 <= len(stream):
        kind, length = (
            int.from_bytes(stream[position : position + 2], "little"),
            int.from_bytes(stream[position + 2 : position + 4], "little"),
        )
        if kind == _FILEPASS:
            return True
        position += 4 + length
    return False


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
    book = XlsxBook(content)
    return _open_calamine(file_name, content, lambda sheet: XlsxLooks(book, sheet))


def _open_calamine(file_name: str, content: bytes, looks: Callable[[str], Looks]) -> Book:
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
    except calamine.PasswordError as error:
        raise _locked(file_name) from error
    except calamine.CalamineError as error:
        raise _unreadable(file_name) from error
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = tuple(sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible)

    def grid(name: str) -> Grid:
        try:
            sheet = workbook.get_sheet_by_name(name)
        except calamine.CalamineError as error:
            raise _unreadable(file_name) from error
        if sheet.total_height * sheet.total_width > _CELLS_MAX:
            sentence = _(
                "The sheet {sheet} is too big: {rows} rows × {columns} columns. Delete what is outside the table."
            )
            raise BadFile(sentence.format(sheet=name, rows=sheet.total_height, columns=sheet.total_width))
        rows = sheet.to_python(skip_empty_area=False)
        merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
        return Grid(name, rows, merged, looks(name))

    return Book(file_name, visible, tuple(sheet.name for sheet in sheets if sheet.name not in visible), grid)


def _open_text(file_name: str, content: bytes) -> Book:
    rows = read_delimited(content)
    name = PurePath(file_name).stem or file_name
    return Book(file_name, (name,), (), lambda _name: Grid(name, rows, (), PlainLooks(), plain_text=True))
