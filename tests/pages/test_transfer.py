"""Files in pieces: what arrives is whole or refused, and a name is a name."""

from __future__ import annotations

import base64
import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from svclib.errors import RuleBroken
from svclib.pages.transfer import PIECE_BYTES, FileName, Transfer


class Desk(Transfer):
    """A page that keeps what arrives."""

    template_file = (__file__, "../apps/hello/hello.vue")
    arrived: tuple[str, bytes] | None = None

    def uploaded(self, name: str, content: bytes) -> None:
        self.arrived = (name, content)


@pytest.fixture(scope="module")
def desk() -> Desk:
    # No database: uploads do not need one.
    return Desk()


def send(desk: Desk, event: str, data: Any) -> None:
    desk._handle_msg(
        {"content": {"data": {"method": "custom", "content": {"event": event, "data": data}}}, "buffers": []}
    )


def piece(content: bytes, *, offset: int = 0, size: int, name: str = "名册.xlsx") -> dict[str, Any]:
    return {"name": name, "size": size, "offset": offset, "content": base64.b64encode(content).decode()}


@given(content=st.binary(max_size=300), cut=st.integers(min_value=1, max_value=120))
def test_a_file_in_pieces_arrives_as_it_was_sent(desk: Desk, content: bytes, cut: int) -> None:
    desk.arrived = None
    for offset in range(0, max(len(content), 1), cut):
        send(desk, "upload", piece(content[offset : offset + cut], offset=offset, size=len(content)))
    assert desk.arrived == ("名册.xlsx", content)


@pytest.mark.parametrize(
    "second",
    [
        piece(b"cd", offset=3, size=4),
        piece(b"cd", offset=1, size=4),
        piece(b"cde", offset=2, size=4),
        piece(b"", offset=2, size=4),
        piece(b"cd", offset=2, size=4, name="other.xlsx"),
        piece(b"cd", offset=2, size=4) | {"content": "c?"},
    ],
)
def test_a_piece_that_does_not_follow_is_refused_and_the_file_forgotten(desk: Desk, second: dict[str, Any]) -> None:
    desk.arrived = None
    send(desk, "upload", piece(b"ab", size=4))
    send(desk, "upload", second)
    assert "请重新选择" in desk.problem
    send(desk, "upload", piece(b"cd", offset=2, size=4))
    assert desk.arrived is None


def test_choosing_anew_starts_anew(desk: Desk) -> None:
    send(desk, "upload", piece(b"ab", size=4))
    send(desk, "upload", piece(b"xyz", size=3, name="b.csv"))
    assert desk.arrived == ("b.csv", b"xyz")


def test_a_file_over_the_limit_is_refused_before_it_is_sent(desk: Desk) -> None:
    desk.arrived = None
    send(desk, "upload", piece(b"ab", size=desk.upload_limits[""] + 1))
    assert "20 MB" in desk.problem
    assert desk.arrived is None


def test_a_browser_cannot_raise_the_limit(desk: Desk) -> None:
    desk._handle_msg(
        {"content": {"data": {"method": "update", "state": {"upload_limits": {"": 2**40}}}}, "buffers": []}
    )
    assert desk.upload_limits == {"": 20 * 1024**2}


@pytest.mark.parametrize("name", ["../a.xlsx", "/etc/passwd", "a\\b.xlsx", "C:a.xlsx", ".hidden", "", "a\n.xlsx", " a"])
def test_a_path_is_no_file_name(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(FileName).validate_python(name)


def test_a_download_goes_down_whole_and_is_forgotten_when_saved(desk: Desk) -> None:
    desk.download("名册.xlsx", b"PK\x03\x04")
    assert base64.b64decode(desk.file_sent["content"]) == b"PK\x03\x04"
    assert desk.file_sent["type"].endswith("spreadsheetml.sheet")
    send(desk, "file_saved", {})
    assert desk.file_sent == {}


def saved(desk: Desk) -> bytes:
    """What a browser puts together of the pieces that it asks for, one after the other."""
    content = b""
    while True:
        assert desk.file_sent["offset"] == len(content)
        content += base64.b64decode(desk.file_sent["content"])
        if len(content) == desk.file_sent["size"]:
            return content
        send(desk, "file_next", {"token": desk.file_sent["token"], "offset": len(content)})


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES - 1])
def test_a_download_goes_down_in_pieces_none_of_which_is_large(desk: Desk, size: int) -> None:
    content = random.Random(size).randbytes(size)
    desk.download("通知.zip", content)
    assert len(desk.file_sent["content"]) <= 1_000_000
    assert saved(desk) == content
    send(desk, "file_saved", {})
    assert desk.file_sent == {}


def test_files_go_down_one_after_the_other(desk: Desk) -> None:
    first, second = b"a" * (PIECE_BYTES + 5), b"b"
    desk.download("a.zip", first)
    desk.download("b.zip", second)
    assert (desk.file_sent["name"], saved(desk)) == ("a.zip", first)
    send(desk, "file_saved", {})
    assert (desk.file_sent["name"], saved(desk)) == ("b.zip", second)
    send(desk, "file_saved", {})
    assert desk.file_sent == {}


def test_asking_for_a_piece_of_no_file_or_beyond_its_end_sends_nothing(desk: Desk) -> None:
    desk.download("a.zip", b"a" * (PIECE_BYTES + 5))
    sent = dict(desk.file_sent)
    for token, offset in ((sent["token"] + 1, 5), (sent["token"], PIECE_BYTES + 5), (sent["token"], -1)):
        send(desk, "file_next", {"token": token, "offset": offset})
        assert desk.file_sent == sent
    send(desk, "file_saved", {})


def test_asking_for_the_next_piece_takes_no_problem_away_and_answers_nothing(desk: Desk) -> None:
    desk.download("a.zip", b"a" * (PIECE_BYTES + 5))
    send(desk, "upload", piece(b"ab", size=desk.upload_limits[""] + 1))
    problem, answered = desk.problem, desk.answered
    assert problem
    assert len(saved(desk)) == PIECE_BYTES + 5
    assert (desk.problem, desk.answered) == (problem, answered)
    send(desk, "file_saved", {})


def test_a_browser_that_takes_nothing_is_not_waited_for_and_does_not_fill_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr("svclib.pages.transfer.time.monotonic", lambda: now)
    for number in range(8):
        desk.download(f"{number}.zip", b"a")
    with pytest.raises(RuleBroken):
        desk.download("8.zip", b"a")
    monkeypatch.setattr("svclib.pages.transfer.time.monotonic", lambda: now + 61)
    desk.download("9.zip", b"z")
    assert (desk.file_sent["name"], saved(desk)) == ("9.zip", b"z")
    send(desk, "file_saved", {})
