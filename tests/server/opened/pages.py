"""A page of a running server, and its process, watched until they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.server.client import PageClient
from tests.serving import Server


async def until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        await asyncio.sleep(0.1)
    return true()


async def told_of_its_end(page: PageClient, seconds: float) -> None:
    """The browser hears in time that its page is gone."""
    try:
        await asyncio.wait_for(page.wait_until_ended(), seconds)
    except TimeoutError:
        pytest.fail(f"after {seconds} s the browser has not been told that its page is gone")


async def gone(server: Server, kernel: int, seconds: float) -> None:
    """The page's process ends in time."""
    assert await until(lambda: kernel not in server.kernels(), seconds), f"the page is still there after {seconds} s"


async def kernel_of(server: Server, client: PageClient) -> int:
    """Open a page and return its process."""
    before = server.kernels()
    await client.open()
    await client.connect()
    (own,) = server.kernels() - before
    return own
