"""A hundred pages of the register held open at once by scripted browsers: each answers, and what that takes."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks.measure import Figure, Measure
from tests.server.client import PageClient
from tests.server.rounds import held
from tests.serving import Server, browse, serve, svc

PAGES = 100
OPENED_TOGETHER = 5


def run(folder: Path) -> Iterator[Measure | Figure]:
    svc("demo", data_dir=folder / "data")
    allowed = {"SVC_PAGES_MAX": str(PAGES), "SVC_PAGES_PER_USER": str(PAGES)}
    server = serve(folder / "data", None, folder / "serve.log", settings=allowed)
    try:
        yield from asyncio.run(_hold(server))
    finally:
        server.stop()


async def _hold(server: Server) -> list[Measure | Figure]:
    before = held(server)
    async with AsyncExitStack() as opened:
        pages: list[PageClient] = []
        start = time.perf_counter()
        while len(pages) < PAGES:
            few = [browse(server, "register") for _ in range(OPENED_TOGETHER)]
            for page in few:
                page.reads_on = True
            pages += await asyncio.gather(*(opened.enter_async_context(page) for page in few))
        opening = time.perf_counter() - start
        # One after the other, as people come back to pages that have stood open for a while.
        answers = [await _answer(page) for page in pages]
        start = time.perf_counter()
        await asyncio.gather(*(_answer(page) for page in pages))
        together = time.perf_counter() - start
        after = held(server)
    return [
        Measure(f"{PAGES} pages opened, {OPENED_TOGETHER} at a time", opening),
        Measure(f"a search in each of {PAGES} open pages in turn, median", statistics.median(answers)),
        Measure("  the slowest of these", max(answers)),
        Measure(f"a search in all {PAGES} pages at the same instant", together),
        Figure("private memory of server and pages before and with them (MB)", before.memory_mb, after.memory_mb),
        Figure("processes before and with them", before.processes, after.processes),
    ]


async def _answer(page: PageClient) -> float:
    """How long a search takes; it must have found what it was for."""
    start = time.perf_counter()
    await page.event("search_list", {"text": "王"})
    taken = time.perf_counter() - start
    if page.state["problem"] or not page.state["listing"]["total"]:
        raise RuntimeError(f"no answer: {page.state['problem']}")
    return taken
