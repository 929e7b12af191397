"""Servers without a browser: small apps on an empty database, with settings of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat
import pytest

from svclib.demo import DEMO_PASSWORD
from svclib.settings import Settings
from svclib.workspace.filling import fill_accounts
from tests.apps.conftest import HELLO, Server, serve, svc
from tests.server.client import PageClient

NOTEBOOKS = {
    "hello": ["from hello_page import HelloPage", "HelloPage()"],
    "broken": ["secret = 'a secret value'", "1 / 0"],
    "slow": ["import time", "time.sleep(20)"],
    "dying": ["import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"],
}

ServeWith = Callable[..., Server]


def browse(server: Server, app: str = "hello", username: str = "hr") -> PageClient:
    """A scripted browser of somebody who is logged in, about to open an app."""
    cookies = server.visitor(username).cookies.jar
    return PageClient(server.address, app, cookie="; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies))


@pytest.fixture(scope="session")
def small_apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of apps: one that works, one that raises, one that takes long, one that dies."""
    folder = tmp_path_factory.mktemp("apps")
    for file in HELLO.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    for name, cells in NOTEBOOKS.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


@pytest.fixture(scope="session")
def empty_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two accounts and nothing else."""
    data_dir = tmp_path_factory.mktemp("empty")
    assert svc("init", data_dir=data_dir).returncode == 0
    accounts = [{"username": name, "role": "hr", "display_name": "人资专责"} for name in ("hr", "other")]
    fill_accounts(Settings(data_dir=data_dir), accounts, DEMO_PASSWORD)
    return data_dir


@pytest.fixture(scope="module")
def pages(small_apps: Path, empty_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small apps, with the settings that an office begins with."""
    running = serve(empty_data, small_apps, tmp_path_factory.mktemp("log") / "serve.log")
    yield running
    running.stop()


@pytest.fixture
def serve_with(small_apps: Path, empty_data: Path, tmp_path: Path) -> Iterator[ServeWith]:
    """Start the small apps with other settings: `serve_with(SVC_PAGES_MAX="2")`."""
    with ExitStack() as stack:

        def start(**settings: str) -> Server:
            running = serve(empty_data, small_apps, tmp_path / "serve.log", settings=settings)
            stack.callback(running.stop)
            return running

        yield start
