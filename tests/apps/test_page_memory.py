"""What an open page costs: bytes that its process shares with no other."""

from __future__ import annotations

from tests.benchmarks.open_rounds import memory_mb
from tests.server.client import run
from tests.serving import Server, browse

# Measured: 24 and 31 MB. It was 43 and 46 before anything was made ahead of the fork.
OPENED_MB, USED_MB = 25, 33


def test_an_open_register_page_takes_little_memory_of_its_own(server: Server) -> None:
    opened, used = run(memory_mb(server))
    assert opened < OPENED_MB
    assert used < USED_MB


def test_a_browser_is_told_of_its_own_page_alone(server: Server) -> None:
    async def visit() -> None:
        async with browse(server, "register") as page:
            pages = [state for state in page.states.values() if "page_title" in state]
            assert pages == [page.state]

    run(visit())
