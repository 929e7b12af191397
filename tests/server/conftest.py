"""A running `svc serve` without a browser: real process, real sockets, one small app."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from sqlalchemy import delete

from svclib.demo import DEMO_PASSWORD
from svclib.models import LoginAttempt, table
from svclib.settings import Settings
from svclib.workspace import Workspace, init_database, open_workspace
from svclib.workspace.filling import fill_accounts
from tests.visits import kernels_below

SVC = Path(sys.executable).with_name("svc")
ACCOUNTS = {"hr": "人资专责", "auditor": "审计员", "administrator": "管理员"}


@dataclass
class Served:
    """A running server: its address with the path it serves under, its process, its database."""

    address: str
    process: subprocess.Popen[str]
    ws: Workspace
    log: Path

    def kernels(self) -> set[int]:
        return kernels_below(self.process.pid)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three accounts, and a folder of two small apps beside it."""
    home = tmp_path_factory.mktemp("served")
    settings = Settings(data_dir=home / "data")
    init_database(settings)
    rows = [{"username": name, "role": name, "display_name": shown} for name, shown in ACCOUNTS.items()]
    fill_accounts(settings, rows, DEMO_PASSWORD)
    (home / "apps").mkdir()
    cells = ["from svclib import open_workspace\nws = open_workspace()", "print(ws.access.me().username)"]
    for name in ("first", "second"):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        nbformat.write(notebook, home / "apps" / f"{name}.ipynb")
    return home


@pytest.fixture(scope="session")
def serve(folder: Path) -> Iterator[Serve]:
    """Start `svc serve` with further options and settings, once for the same ones; all are stopped at the end."""
    running: list[Served] = []
    known: dict[tuple[Any, ...], Served] = {}

    def start(*options: str, **settings: str) -> Served:
        key = (options, tuple(sorted(settings.items())))
        if key in known and known[key].process.poll() is None:
            return known[key]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SVC_")}
        chosen = kept | {"SVC_DATA_DIR": str(folder / "data"), **settings}
        command = [str(SVC), "serve", "--port", "0", "--apps", str(folder / "apps"), *options]
        log = folder / f"serve{len(running)}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(command, env=chosen, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert process.stdout is not None
        told = re.search(r"http://\S+", process.stdout.readline())
        assert told is not None, log.read_text()
        made = Served(told.group(), process, open_workspace(Settings(data_dir=folder / "data")), log)
        running.append(made)
        known[key] = made
        return made

    yield start
    for made in running:
        made.ws.close()
        if made.process.poll() is None:
            made.stop()


@pytest.fixture(autouse=True)
def _no_waiting(folder: Path) -> None:
    """What another test has guessed wrong makes nobody wait in this one."""
    ws = open_workspace(Settings(data_dir=folder / "data"))
    with ws.engine.begin() as connection:
        connection.execute(delete(table(LoginAttempt)))
    ws.close()


@pytest.fixture(scope="session")
def served(serve: Serve) -> Served:
    """A server with nothing special about it."""
    return serve()
