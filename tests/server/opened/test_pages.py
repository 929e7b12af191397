"""A page is opened, answers and shares nothing: no browser needed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from tests.server.client import run
from tests.server.opened.conftest import ServeWith
from tests.server.opened.pages import kernel_of
from tests.serving import Server, browse

pytestmark = pytest.mark.xdist_group("opened")


def test_a_page_opens_and_answers(pages: Server) -> None:
    told = len(pages.log.read_text())

    async def visit() -> None:
        async with browse(pages) as page:
            assert page.status == 200
            await page.event("add", 2)
            assert page.state["count"] == 2
            await page.event("fail")
            assert "告诉管理员" in page.state["problem"]

    run(visit())
    # A healthy visit is no matter of the log: whoever watches it for what is wrong must be able to trust it.
    assert "ping" not in pages.log.read_text()[told:]


def test_a_page_is_a_fork_of_the_warm_process(pages: Server) -> None:
    async def visit() -> None:
        page = browse(pages)
        process = psutil.Process(await kernel_of(pages, page))
        parent = process.parent()
        assert parent is not None
        assert "forkserver" in " ".join(parent.cmdline())
        assert process.cmdline() == parent.cmdline()
        assert str(pages.data_dir) not in " ".join(process.cmdline())
        await page.leave()

    run(visit())


def test_pages_share_no_state(pages: Server) -> None:
    async def visit() -> None:
        async with browse(pages) as one, browse(pages) as other:
            await one.event("add", 2)
            await other.event("add", 5)
            assert (one.state["count"], other.state["count"]) == (2, 5)

    run(visit())


def test_ten_pages_opened_at_the_same_instant_all_answer(pages: Server) -> None:
    async def visit(number: int) -> int:
        async with browse(pages) as page:
            await page.event("add", number)
            return int(page.state["count"])

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(visit(number) for number in range(10)))

    assert run(all_at_once()) == list(range(10))


def test_where_forking_is_not_possible_a_page_is_an_ordinary_process(serve_with: ServeWith, tmp_path: Path) -> None:
    hindrance = "import sys, threading, time\nif any('forkserver' in word for word in sys.orig_argv):\n"
    hindrance += "    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    (tmp_path / "sitecustomize.py").write_text(hindrance)
    server = serve_with(PYTHONPATH=str(tmp_path))

    async def visit() -> None:
        async with browse(server) as page:
            await page.event("add", 2)
            assert page.state["count"] == 2

    run(visit())
    assert "2 threads after its imports" in server.log.read_text()
    assert "page not forked" in server.log.read_text()


def test_a_page_that_cannot_be_rehearsed_is_logged_and_pages_are_forked_all_the_same(
    serve_with: ServeWith, tmp_path: Path
) -> None:
    hindrance = "import sys\nif any('forkserver' in word for word in sys.orig_argv):\n"
    hindrance += "    import svclib.workspace.database as database\n    database.check_database = None\n"
    (tmp_path / "sitecustomize.py").write_text(hindrance)
    server = serve_with(PYTHONPATH=str(tmp_path))

    async def visit() -> None:
        async with browse(server) as page:
            await page.event("add", 2)
            assert page.state["count"] == 2
            (kernel,) = server.kernels()
            parent = psutil.Process(kernel).parent()
            assert parent is not None
            assert "forkserver" in " ".join(parent.cmdline())

    run(visit())
    log = server.log.read_text()
    assert "page not rehearsed" in log
    assert "page not forked" not in log


def test_without_a_register_to_rehearse_on_that_is_logged_once_and_pages_open_all_the_same(
    serve_with: ServeWith, tmp_path: Path
) -> None:
    hindrance = "import sys\nif any('forkserver' in word for word in sys.orig_argv):\n"
    hindrance += "    import os\n    import svclib.server.forking.stage as stage\n"
    hindrance += "    stage.make_register = lambda _settings: os._exit(7)\n"
    (tmp_path / "sitecustomize.py").write_text(hindrance)
    server = serve_with(PYTHONPATH=str(tmp_path))

    async def visit() -> None:
        async with browse(server) as page:
            await page.event("add", 2)
            assert page.state["count"] == 2

    run(visit())
    log = server.log.read_text()
    assert "register_exit_code=7" in log
    assert "page not rehearsed" not in log
    assert "page not forked" not in log


def test_opening_a_page_writes_nothing_into_the_log(pages: Server) -> None:
    told = len(pages.log.read_text())

    async def visit() -> None:
        async with browse(pages):
            pass

    run(visit())
    assert "WARNING" not in pages.log.read_text()[told:]


@pytest.mark.parametrize("app", ["broken", "dying"])
def test_a_page_that_cannot_be_made_gives_a_number_that_the_log_knows(pages: Server, app: str) -> None:
    async def visit() -> str:
        page = browse(pages, app)
        # Shorter than the client's own patience: a page that cannot be made must not keep its browser waiting.
        await asyncio.wait_for(page.open(), 30)
        return page.html

    html = run(visit())
    for telling in ("Traceback", "ZeroDivision", "a secret value"):
        assert telling not in html
    lines = [line for line in pages.log.read_text().splitlines() if "reference=" in line]
    reference = lines[-1].split("reference='")[1].split("'")[0]
    assert reference in html
