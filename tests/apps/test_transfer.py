"""Files on their way to a browser arrive whole, however large, and are saved under their names."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, WebSocket, expect

from svclib.server.connection import MESSAGE_BYTES_MAX
from tests.serving import Server, serve, small_suite

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
DEPOT = Path(__file__).parent / "depot"


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose one app hands out files."""
    home = tmp_path_factory.mktemp("depot")
    data, apps = small_suite(home, {"depot": ["from depot_page import DepotPage", "DepotPage()"]}, DEPOT)
    running = serve(data, apps, home / "serve.log")
    yield running
    running.stop()


def test_forty_megabytes_arrive_whole_in_small_messages(page_at: Open, depot: Server) -> None:
    sizes: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: sizes.append(len(payload)))

    page = page_at("depot", server=depot, prepare=lambda page: page.on("websocket", listen))
    with page.expect_download(timeout=180_000) as coming:
        page.locator("#large").click()
    assert coming.value.suggested_filename == "40.zip"
    assert coming.value.path().read_bytes() == random.Random(40).randbytes(40_000_000)
    assert max(sizes) < MESSAGE_BYTES_MAX
    # The page goes on as before.
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("1")


def test_two_files_of_one_moment_are_both_saved(page_at: Open, depot: Server) -> None:
    page = page_at("depot", server=depot)
    files: list[Download] = []
    with page.expect_event("download", predicate=lambda file: files.append(file) or len(files) == 2):
        page.locator("#two").click()
    assert [file.path().read_bytes() for file in files] == [
        random.Random(number).randbytes(number * 1_000_000) for number in (2, 3)
    ]
    expect(page.locator("#problem")).to_be_empty()
