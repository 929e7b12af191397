"""Scans are told by their content; their names can be used on every system."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib import BadFile
from svclib.tabular.scans import read_scan

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR picture \x00\x00\x00\x00IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [(PDF, "application/pdf", ".pdf"), (JPEG, "image/jpeg", ".jpg"), (PNG, "image/png", ".png")],
)
def test_a_scan_is_told_by_its_content_and_gets_a_true_ending(content: bytes, media_type: str, ending: str) -> None:
    scan = read_scan(("通知.xlsx", content), max_mb=1)
    assert (scan.media_type, scan.file_name, scan.content) == (media_type, f"通知.xlsx{ending}", content)
    assert read_scan((f"通知{ending}", content), max_mb=1).file_name == f"通知{ending}"


def test_an_ending_that_is_true_already_stays_as_it_was_written() -> None:
    assert read_scan(("签字.JPEG", JPEG), max_mb=1).file_name == "签字.jpeg"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 workbook", b"<html>%PDF-</html>", b"GIF89a", b"MZ\x90\x00"])
def test_whatever_is_no_scan_is_refused_whatever_its_ending_says(content: bytes) -> None:
    with pytest.raises(BadFile, match="PDF、JPEG"):
        read_scan(("签字.pdf", content), max_mb=1)


@pytest.mark.parametrize("content", [PDF, JPEG, PNG])
def test_a_scan_without_its_end_is_refused(content: bytes) -> None:
    cut = content[: len(content) // 2]
    with pytest.raises(BadFile, match="不完整"):
        read_scan(("签字.pdf", cut), max_mb=1)


def test_a_scan_may_be_as_large_as_the_limit_and_no_larger(tmp_path: Path) -> None:
    largest = PDF[:9] + b" " * (1_000_000 - 9 - 6) + b"%%EOF\n"
    path = tmp_path / "签字.pdf"
    path.write_bytes(largest)
    assert len(read_scan(path, max_mb=1).content) == 1_000_000
    path.write_bytes(largest + b"\n")
    for source in (path, ("签字.pdf", largest + b"\n")):
        with pytest.raises(BadFile, match="1 MB"):
            read_scan(source, max_mb=1)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="签字"):
        read_scan(tmp_path / "签字.pdf", max_mb=1)


@given(name=st.text(max_size=200))
def test_no_given_name_leads_anywhere_else_or_past_what_is_stored(name: str) -> None:
    made = read_scan((name, PDF), max_mb=1).file_name
    assert 5 <= len(made) <= 120
    assert made.endswith(".pdf")
    assert not made.startswith(".")
    assert not re.search(r'[\x00-\x1f\x7f<>:"/\\|?*]', made)


@given(content=st.binary(max_size=4000))
def test_whatever_is_taken_begins_and_ends_like_one_of_the_three_kinds(content: bytes) -> None:
    try:
        scan = read_scan(("签字", content), max_mb=1)
    except BadFile:
        return
    assert scan.content == content
    assert content.startswith((PDF[:5], JPEG[:3], PNG[:8]))
