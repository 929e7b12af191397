"""The register opened and closed 300 times: what stays behind; ten at once; a page's memory, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psutil

from svclib.demo import make_demo
from svclib.settings import Settings
from tests.benchmarks.measure import Figure, Measure, seconds
from tests.server.rounds import open_and_close
from tests.serving import Server, browse, serve, svc
from tests.stores import postgres

ROUNDS = 300
TIMES = 3
"""What is kept of the last pages has its bounds: it grows until they are reached, a leak grows each time."""
AT_ONCE = 10
REST_SECONDS = 70
"""Jupyter's timer that gives up on a kernel keeps a little of its page for a minute."""


def run(folder: Path) -> Iterator[Measure | Figure]:
    svc("demo", data_dir=folder / "data")
    server = serve(folder / "data", None, folder / "serve.log", settings={"SVC_PAGES_PER_USER": str(AT_ONCE)})
    try:
        for time in range(1, TIMES + 1):
            before, after = open_and_close(
                server, lambda: browse(server, "register"), ROUNDS, rest_seconds=REST_SECONDS
            )
            when = f"before, and a minute after {ROUNDS} rounds ({time} of {TIMES})"
            yield Figure(f"processes {when}", before.processes, after.processes)
            yield Figure(f"descriptors {when}", before.descriptors, after.descriptors)
            yield Figure(f"private memory {when} (MB)", before.memory_mb, after.memory_mb)
        yield Measure(f"{AT_ONCE} pages opened at the same instant", seconds(lambda: asyncio.run(_at_once(server))))
        opened, used = asyncio.run(memory_mb(server))
        yield Figure("private memory of an open page, and of one in use (MB)", opened, used)
    finally:
        server.stop()
    with postgres() as address:
        settings = Settings(data_dir=folder / "keys", database_url=address.format(name="postgres"))
        make_demo(settings)
        server = serve(settings, None, folder / "postgres.log")
        opened, used = asyncio.run(memory_mb(server))
        server.stop()
        yield Figure("the same on PostgreSQL", opened, used)


async def _at_once(server: Server) -> None:
    pages = [browse(server, "register") for _ in range(AT_ONCE)]
    await asyncio.gather(*(page.__aenter__() for page in pages))
    await asyncio.gather(*(page.__aexit__() for page in pages))


async def memory_mb(server: Server) -> tuple[float, float]:
    """The private memory of a register page once it is open, and after somebody has looked around in it."""
    others = server.kernels()
    async with browse(server, "register") as page:
        (kernel,) = server.kernels() - others
        opened = psutil.Process(kernel).memory_full_info().uss
        await page.event("search_list", {"text": "王"})
        await page.event("clear_filters")
        await page.event("turn_page", {"offset": 10})
        await page.event("open_person", {"id": 1})
        assert page.state["problem"] == ""
        return opened / 1024**2, psutil.Process(kernel).memory_full_info().uss / 1024**2
