"""Finding the sheets of an archive: as Excel writes them, as openpyxl does, and as neither does."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from svclib.tabular.looks import XlsxBook
from svclib.tabular.parts import find_parts


def written(*names: str, **options: object) -> bytes:
    """A workbook of these sheets, each holding its own name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        for name in names:
            book.add_worksheet(name).write(0, 0, name)
    return out.getvalue()


def altered(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new)
            after.writestr(name, data)
    return out.getvalue()


def test_sheets_are_found_by_name_in_their_own_order() -> None:
    parts = find_parts(written("花名册", "说明 & 备注"))
    assert parts is not None
    assert dict(parts.sheets) == {"花名册": "xl/worksheets/sheet1.xml", "说明 & 备注": "xl/worksheets/sheet2.xml"}
    assert not parts.epoch_1904


def test_targets_from_the_archives_root_are_understood() -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = "花名册"
    book.save(out)
    parts = find_parts(out.getvalue())
    assert parts is not None
    assert parts.sheets["花名册"] == "xl/worksheets/sheet1.xml"


def test_the_epoch_of_an_old_mac_is_seen() -> None:
    parts = find_parts(written("花名册", date_1904=True))
    assert parts is not None
    assert parts.epoch_1904


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_broken_part_is_left_to_openpyxl(part: str) -> None:
    assert find_parts(altered(written("花名册"), part, b"</", b"<")) is None


def test_an_archive_built_otherwise_is_read_by_openpyxl() -> None:
    content = written("花名册")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            renamed = name.replace("workbook.xml", "book.xml")
            after.writestr(renamed, before.read(name).replace(b"workbook.xml", b"book.xml"))
    assert find_parts(out.getvalue()) is None
    assert XlsxBook(out.getvalue()).sheet_xml("花名册") == XlsxBook(content).sheet_xml("花名册")
