"""How many pages may be open, and how much memory one may take."""

from __future__ import annotations

import asyncio

import pytest

from tests.server.client import run
from tests.serving import Server, browse

pytestmark = pytest.mark.xdist_group("opened")


def test_beyond_the_limit_a_visitor_is_asked_to_come_back(narrow: Server) -> None:
    async def visit() -> None:
        open_pages = [browse(narrow, username=name) for name in ("hr", "other")]
        await asyncio.gather(*(page.open() for page in open_pages))
        late = browse(narrow, username="third")
        await late.open()
        assert late.status == 503
        assert int(late.headers["Retry-After"]) > 0
        assert "请半分钟后再试" in late.html
        assert len(narrow.kernels()) == 2
        await open_pages[0].leave()
        await late.open()
        assert late.status == 200
        for page in (open_pages[1], late):
            await page.leave()

    run(visit())


def test_a_page_beyond_its_memory_harms_only_itself(narrow: Server) -> None:
    async def visit() -> None:
        async with browse(narrow) as greedy, browse(narrow, username="other") as other:
            await greedy.event("fill", 50)
            assert greedy.state["count"] == 50
            await greedy.event("fill", 400)
            assert "内存" in greedy.state["problem"]
            await greedy.event("add", 1)
            assert greedy.state["count"] == 51
            await other.event("add", 2)
            assert other.state["count"] == 2

    run(visit())


def test_the_limit_for_one_account_leaves_the_others_in_peace(narrow: Server) -> None:
    async def visit() -> None:
        async with browse(narrow):
            late = browse(narrow)
            await late.open()
            assert late.status == 503
            assert "您打开的页面太多" in late.html
            async with browse(narrow, username="other") as others:
                assert others.status == 200

    run(visit())
