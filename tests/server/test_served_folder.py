"""Whatever is done on a served suite, nothing is ever written below the folder that is served."""

from __future__ import annotations

import base64
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from svclib.server.catalogue import default_folder
from tests.server.client import PageClient, run
from tests.serving import HELLO, HELLO_APPS, Server, browse, serve, small_suite, wait_for
from tests.visits import form_token, log_in, stranger, visitor
from tests.workspace.import_files import PEOPLE, row, table_file

pytestmark = pytest.mark.xdist_group("served folder")
# What may keep Python from writing byte code, and so hide that it would.
AS_IN_AN_OFFICE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""}
ServeHere = Callable[..., Server]
Tree = dict[str, tuple[int, int, str]]


def tree(folder: Path) -> Tree:
    """Everything in a folder and the folder itself: mode, moment of the last change, content."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        content = "a folder" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(folder))] = (path.stat().st_mode, path.stat().st_mtime_ns, content)
    return found


@pytest.fixture
def home(tmp_path: Path) -> tuple[Path, Path]:
    """A data folder; and a folder of apps with the suite's own, one with a module of its own, one that fails."""
    data, apps = small_suite(tmp_path, HELLO_APPS, HELLO, {"hr": "hr"})
    for notebook in default_folder().glob("*.ipynb"):
        (apps / notebook.name).write_bytes(notebook.read_bytes())
    for left in apps.rglob("__pycache__"):
        for file in left.iterdir():
            file.unlink()
        left.rmdir()
    return data, apps


@pytest.fixture
def serve_here(home: tuple[Path, Path], tmp_path: Path) -> Iterator[ServeHere]:
    """Serve the apps as an office would, with further settings."""
    with ExitStack() as stack:

        def start(**settings: str) -> Server:
            running = serve(*home, tmp_path / "serve.log", settings=AS_IN_AN_OFFICE | settings)
            stack.callback(running.stop)
            return running

        yield start


def changed(before: Tree, after: Tree) -> set[str]:
    """What is new, gone or otherwise."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


async def work(page: PageClient) -> None:
    """Bring a list in, have its refused rows sent back, and take lists away."""
    name, content = table_file(PEOPLE, row(), row(工号="", 姓名="<b>"))
    piece = {"name": name, "size": len(content), "offset": 0, "content": base64.b64encode(content).decode()}
    await page.event("choose_view", {"view": "import"})
    await page.event("upload", piece)
    assert page.state["problem"] == ""
    await page.event("confirm_import")
    for event in ("download_rejects", "export_list"):
        await page.event(event)
        assert page.state["file_sent"].get("content"), f"{event}: {page.state['problem']}"
        await page.event("file_saved")


def test_nothing_that_people_do_writes_below_the_served_folder(home: tuple[Path, Path], serve_here: ServeHere) -> None:
    served = home[1]
    before, office = tree(served), serve_here()

    async def act() -> None:
        async with browse(office, "hello") as hello:
            await hello.event("add", 2)
            await hello.event("fail")
            await hello.event("print")
            assert hello.state["count"] == 2
        for app in ("broken", "audit", "rotation"):
            await browse(office, app).open()
        async with browse(office, "register") as page:
            await work(page)
        dying = browse(office, "hello")
        at_first = office.kernels()
        await dying.open()
        await dying.connect()
        (kernel,) = office.kernels() - at_first
        assert psutil.Process(kernel).cwd() == str(served)
        assert psutil.Process(kernel).rlimit(psutil.RLIMIT_CORE)[0] == 0, "a page that crashes leaves its memory here"
        os.kill(kernel, signal.SIGABRT)
        assert wait_for(lambda: kernel not in office.kernels(), 10)

    assert log_in(stranger(office.address), "hr", "wrong").status_code == 401
    run(act())
    client = visitor(office.address)
    for path in ("", "password", "nothing", "voila/render/nothing.ipynb", "voila/render/hello.py"):
        client.get(path)
    client.post("logout", data={"_xsrf": form_token(client, "logout")})
    office.stop()
    assert changed(before, tree(served)) == set()


def test_nor_does_a_page_that_is_an_ordinary_process(
    home: tuple[Path, Path], serve_here: ServeHere, tmp_path: Path
) -> None:
    hindrance = "import sys\nif any('forkserver' in word for word in sys.orig_argv):\n    raise SystemExit(1)\n"
    (tmp_path / "sitecustomize.py").write_text(hindrance)
    before = tree(home[1])
    office = serve_here(PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))

    async def act() -> None:
        async with browse(office, "hello") as hello:
            await hello.event("add", 2)
            assert hello.state["count"] == 2

    run(act())
    office.stop()
    assert "page not forked" in office.log.read_text()
    assert changed(before, tree(home[1])) == set()
