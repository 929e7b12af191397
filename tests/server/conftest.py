"""A running `svc serve` without a browser: real process, real sockets, one small app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from svclib.models import LoginAttempt, table
from svclib.settings import Settings
from svclib.workspace import open_workspace
from tests import serving
from tests.serving import Server, small_suite

ROLES = ("hr", "auditor", "administrator")
Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three accounts, and a folder of two small apps beside it."""
    home = tmp_path_factory.mktemp("served")
    cells = ["from svclib import open_workspace\nws = open_workspace()", "print(ws.access.me().username)"]
    small_suite(home, {"first": cells, "second": cells}, roles={name: name for name in ROLES})
    return home


@pytest.fixture(scope="session")
def serve(folder: Path) -> Iterator[Serve]:
    """Start `svc serve` with further options and settings, once for the same ones; all are stopped at the end."""
    running: list[Server] = []
    known: dict[tuple[Any, ...], Server] = {}

    def start(*options: str, **settings: str) -> Server:
        key = (options, tuple(sorted(settings.items())))
        if key in known and known[key].process.poll() is None:
            return known[key]
        log = folder / f"serve{len(running)}.log"
        made = serving.serve(folder / "data", folder / "apps", log, *options, settings=settings)
        if options or settings:
            # Set up for how it answers, mostly to somebody who opens no page.
            made.drop_forks()
        running.append(made)
        known[key] = made
        return made

    yield start
    for made in running:
        made.stop()


@pytest.fixture(autouse=True)
def _no_waiting(folder: Path) -> None:
    """What another test has guessed wrong makes nobody wait in this one."""
    ws = open_workspace(Settings(data_dir=folder / "data"))
    with ws.engine.begin() as connection:
        connection.execute(delete(table(LoginAttempt)))
    ws.close()


@pytest.fixture(scope="session")
def served(serve: Serve) -> Server:
    """A server with nothing special about it."""
    return serve()
