"""What an open page costs: bytes that its process shares with no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from svclib.demo import DEMO_PASSWORD
from svclib.settings import Settings
from svclib.workspace import open_workspace
from svclib.workspace.filling import fill_accounts
from tests.benchmarks.open_rounds import memory_mb
from tests.server.client import run
from tests.serving import Server, browse, serve
from tests.workspace import factory

pytestmark = pytest.mark.xdist_group("browser")

# Measured: 24 and 31 MB. It was 43 and 46 before anything was made ahead of the fork.
OPENED_MB, USED_MB = 25, 33


def test_an_open_register_page_takes_little_memory_of_its_own(server: Server) -> None:
    opened, used = run(memory_mb(server))
    assert opened < OPENED_MB
    assert used < USED_MB


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[Server]:
    """The suite's own apps on a small register in PostgreSQL."""
    ws = open_workspace(Settings(data_dir=tmp_path / "keys-of-postgres", database_url=postgres_url))
    factory.sound_team(ws)
    fill_accounts(ws.settings, [{"username": "hr", "role": "hr", "display_name": "人事"}], DEMO_PASSWORD)
    ws.close()
    running = serve(ws.settings, None, tmp_path / "serve.log")
    yield running
    running.stop()


def test_on_postgresql_it_takes_no_more(on_postgres: Server) -> None:
    opened, used = run(memory_mb(on_postgres))
    assert opened < OPENED_MB
    assert used < USED_MB


def test_a_browser_is_told_of_its_own_page_alone(server: Server) -> None:
    async def visit() -> None:
        async with browse(server, "register") as page:
            pages = [state for state in page.states.values() if "page_title" in state]
            assert pages == [page.state]

    run(visit())
