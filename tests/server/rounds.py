"""Opening and closing pages over and over, and what that leaves behind in the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from tests.server.client import PageClient, run
from tests.serving import Server

_WARM_ROUNDS = 3


@dataclass(frozen=True)
class Held:
    """What the server and its helpers hold: processes, open descriptors, private memory."""

    processes: int
    descriptors: int
    memory_mb: float


def held(server: Server) -> Held:
    """What the server, its fork server and whatever else it started hold now."""
    own = psutil.Process(server.process.pid)
    family = [own, *own.children(recursive=True)]
    memory = sum(process.memory_full_info().uss for process in family) / 1024**2
    return Held(len(family), sum(process.num_fds() for process in family), memory)


def open_and_close(
    server: Server, browse: Callable[[], PageClient], rounds: int, *, rest_seconds: float = 0
) -> tuple[Held, Held]:
    """What the server holds before and after so many pages have been opened and closed, one after the other.

    `rest_seconds` is how long to wait after the last one: what a timer keeps of a page goes when its time is over.
    """
    run(_rounds(server, browse, _WARM_ROUNDS))
    before = held(server)
    run(_rounds(server, browse, rounds))
    time.sleep(rest_seconds)
    return before, held(server)


async def _rounds(server: Server, browse: Callable[[], PageClient], rounds: int) -> None:
    for _ in range(rounds):
        async with browse():
            pass
    while server.kernels():
        await asyncio.sleep(0.1)
    # The last connections are let go of by the server's loop.
    await asyncio.sleep(1)
