"""The demo province for tests of pages: made once, copied for each test that wants it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svclib.demo import make_demo
from svclib.i18n import use_language
from svclib.pages import RegisterPage
from svclib.settings import Settings
from svclib.workspace import Workspace, init_database, open_workspace

TODAY = date(2026, 8, 20)
Send = Callable[..., None]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo province. Copy it before writing."""
    folder = tmp_path_factory.mktemp("demo-for-pages")
    make_demo(Settings(data_dir=folder, today=TODAY), size="small", seed=2026)
    return folder


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """These pages run in no event loop, also where a browser of other tests has left its own running in this thread."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a copy of the demo province."""
    folder = Path(shutil.copytree(demo_folder, tmp_path / "demo"))
    workspace = open_workspace(Settings(data_dir=folder, today=TODAY))
    yield workspace
    workspace.close()


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a database in which nobody is yet."""
    settings = Settings(data_dir=tmp_path / "empty", today=TODAY)
    init_database(settings)
    workspace = open_workspace(settings)
    yield workspace
    workspace.close()


@pytest.fixture
def page(demo: Workspace) -> RegisterPage:
    """The register's page on the demo province, without a browser."""
    use_language("zh_CN")
    opened = RegisterPage(demo)
    assert opened.problem == ""
    return opened


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    """Send an event as a browser does; a problem that the page then shows fails the test, unless `refused=True`.

    What nobody has foreseen is no refusal: it is raised as it is.
    """

    def unforeseen(error: BaseException, *, where: str) -> str:
        raise error

    monkeypatch.setattr("svclib.pages.problems.log_unexpected", unforeseen)

    def deliver(page: RegisterPage, event: str, *, refused: bool = False, **data: Any) -> None:
        page._handle_event(page, {"event": event, "data": data}, [])
        assert bool(page.problem) is refused, page.problem

    return deliver
