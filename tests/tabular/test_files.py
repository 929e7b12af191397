"""Files that can't be read are named as what they are, with what to do."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from svclib.errors import BadFile
from svclib.tabular import Form, read_tables
from tests.tabular.styles import csv_bytes, xls_bytes, xlsx_bytes

ROWS: list[list[Any]] = [["姓名", "人员编码", "单位"], ["张三", "00012345", "绵阳供电公司"]]
XLSX = xlsx_bytes({"表": (ROWS, [])})
XLS = xls_bytes({"表": (ROWS, [])})
SAVE_AS = "请.*另存为 .xlsx"


def _ole_with(name: str) -> bytes:
    """An OLE container whose workbook stream has another name."""
    old = "Workbook".encode("utf-16-le")
    position = XLS.index(old)
    new = name.encode("utf-16-le")
    entry = new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2)
    return XLS[:position] + entry + XLS[position + 66 :]


def _xls_with_password() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "姓名")
    stream = book.get_biff_data()
    after_bof = 4 + struct.unpack("<H", stream[2:4])[0]
    filepass = struct.pack("<HH", 0x2F, 4) + b"\0\0\1\2"
    out = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(out, stream[:after_bof] + filepass + stream[after_bof:])
    return out.getvalue()


def _zip_with(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.xlsx", b"", "是空文件"),
        ("表.et", XLS, f"WPS.*{SAVE_AS}"),
        ("表.xls", _ole_with("WpsDocument"), f"不是 .xls 工作簿.*{SAVE_AS}"),
        ("表.xlsx", _ole_with("EncryptedPackage"), f"设有密码.*{SAVE_AS}"),
        ("表.xls", _xls_with_password(), f"设有密码.*{SAVE_AS}"),
        ("表.xlsx", XLSX[:200], f"已损坏.*{SAVE_AS}"),
        ("表.xls", XLS[:600], f"已损坏.*{SAVE_AS}"),
        ("表.zip", _zip_with("a.txt"), f"无法按表格读取.*{SAVE_AS}"),
        ("表.docx", _zip_with("[Content_Types].xml", "word/document.xml"), f"无法按表格读取.*{SAVE_AS}"),
        ("表.xlsx", _zip_with("[Content_Types].xml", "xl/workbook.xml"), SAVE_AS),
        ("表.xls", b"<html><table><tr><td>x</td></tr></table></html>", f"网页.*{SAVE_AS}"),
        ("表.pdf", b"%PDF-1.7 ...", f"无法按表格读取.*{SAVE_AS}"),
        ("表.csv", b"\x01\x00\x02\x00binary", "不是表格文件"),
        ("表.csv", b"\xff\x81\x20\xff", "GBK"),
        ("表.csv", b"\n\n", "没有数据"),
        ("表.xlsx", xlsx_bytes({"空": ([], [])}), "没有数据"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_as_what_it_is(name: str, content: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read_tables((name, content))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="找不到文件"):
        read_tables(tmp_path / "没有.xlsx")
    with pytest.raises(BadFile, match="无法打开"):
        read_tables(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("表.xls", XLSX), ("表.csv", XLSX), ("表.xlsx", XLS), ("表", XLS), ("表.xlsx", csv_bytes(ROWS, "gb18030"))],
)
def test_a_file_with_the_wrong_ending_is_read_by_its_content(name: str, content: bytes) -> None:
    assert read_tables((name, content))[0].rows[0].cells["name"].value == "张三"


def test_a_path_is_read_like_a_name_with_content(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(XLSX)
    assert read_tables(path) == read_tables((path.name, XLSX))


def test_a_text_file_keeps_record_numbers_quotes_and_the_trick_that_keeps_numbers_texts() -> None:
    text = '姓名;人员编码;单位\n\n张三;="00012345";"绵阳\n供电公司"\n李四;00012346;绵阳供电公司\n'
    (table,) = read_tables(("表.csv", text.encode()))
    assert table.sheet == "表"
    assert [row.number for row in table.rows] == [3, 4]
    assert table.rows[0].cells["employee_no"].value == "00012345"
    assert table.rows[0].cells["unit"].value == "绵阳供电公司"


def test_a_sheet_far_too_big_is_refused_before_it_fills_the_memory() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ROWS[0])
    sheet.write(1_048_575, 99, "x")
    book.close()
    with pytest.raises(BadFile, match="过大"):
        read_tables(("表.xlsx", out.getvalue()))


@pytest.mark.parametrize(("name", "content"), [("表.xlsx", XLSX), ("表.xls", XLS)])
def test_a_damaged_file_never_gives_anything_but_its_data_or_a_sentence(name: str, content: bytes) -> None:
    chance = random.Random(7)
    for _attempt in range(150):
        broken = bytearray(content)
        for _place in range(chance.randint(1, 12)):
            broken[chance.randrange(8, len(broken))] = chance.randrange(256)
        with contextlib.suppress(BadFile):
            assert all(table.form in Form for table in read_tables((name, bytes(broken))))
