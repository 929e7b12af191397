"""What a browser's connection to its page may carry, how much of it, and how many there may be."""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import Sequence

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from svclib.server.connection import CONNECTIONS_MAX, MESSAGE_BYTES_MAX, taken_apart
from tests.server.client import PageClient, PageEnded, run
from tests.server.opened.conftest import ServeWith
from tests.serving import Server, browse

pytestmark = pytest.mark.xdist_group("opened")

HEADER = json.dumps({"msg_type": "comm_msg", "msg_id": "1"}).encode()
PARTS = (HEADER, b"{}", b"{}", b"{}")


def cut_at(offsets: Sequence[int], rest: bytes = b"shell" + b"".join(PARTS), *, count: int | None = None) -> bytes:
    """A message that says it is cut at these places; `count` is how many it says there are."""
    head = (len(offsets) if count is None else count, *offsets)
    return b"".join(number.to_bytes(8, "little") for number in head) + rest


WHOLE = len(cut_at([0] * 6))
TORN = {
    "no part at all": b"",
    "less than a count": b"\x06\x00",
    "no place": cut_at([]),
    "a part too few": serialize_msg_to_ws_v1(PARTS[:3], "shell"),
    "a thousand parts": serialize_msg_to_ws_v1([*PARTS, *[b""] * 1000], "shell"),
    "parts that are not there": cut_at([], count=3_000_000),
    "places in the head": cut_at([0, 8, 16, 24, 32, 40]),
    "parts that overlap": cut_at([56, WHOLE] * 15),
    "an end beyond the end": cut_at([56, 61, 61, 61, 61, 2**63]),
    "a channel that is no text": serialize_msg_to_ws_v1(PARTS, "shell").replace(b"shell", b"\xff\xfe\xff\xfe\xff"),
    "a header that is no JSON": serialize_msg_to_ws_v1((b"nonsense", *PARTS[1:]), "shell"),
    "a header that is a list": serialize_msg_to_ws_v1((b"[]", *PARTS[1:]), "shell"),
    "a header without a type": serialize_msg_to_ws_v1((b"{}", *PARTS[1:]), "shell"),
    "a type that is a list": serialize_msg_to_ws_v1((b'{"msg_type": []}', *PARTS[1:]), "shell"),
    "a type that is a number": serialize_msg_to_ws_v1((b'{"msg_type": 7}', *PARTS[1:]), "shell"),
    "a header of brackets": serialize_msg_to_ws_v1((b"[" * 2_000 + b"]" * 2_000, *PARTS[1:]), "shell"),
    "a header of ever more brackets": serialize_msg_to_ws_v1((b"[" * 200_000, *PARTS[1:]), "shell"),
    "a text": json.dumps({"channel": "shell", "header": {"msg_type": "comm_msg"}, "content": {}}),
}


@given(st.sampled_from(["shell", "control", "通道", ""]), st.lists(st.binary(max_size=20), min_size=4, max_size=30))
def test_a_message_is_taken_apart_as_it_was_put_together(channel: str, parts: list[bytes]) -> None:
    assert taken_apart(serialize_msg_to_ws_v1(parts, channel)) == (channel, parts)


@pytest.mark.parametrize("name", [name for name in TORN if "header" not in name and "type" not in name])
def test_what_is_not_cut_as_it_says_is_no_message(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it is that does not fit
        taken_apart(TORN[name])


@pytest.mark.parametrize("claimed", [2**64 - 1, 2**32, 33])
def test_a_claim_to_more_parts_than_a_message_has_costs_nothing(claimed: int) -> None:
    with pytest.raises(ValueError, match="more or fewer parts"):
        taken_apart(cut_at([], count=claimed))


async def ended(page: PageClient) -> bool:
    """Whether the connection is closed within a few seconds."""
    page.patience_seconds = 5
    try:
        while True:
            await page.receive()
    except PageEnded:
        return True
    except TimeoutError:
        return False


@pytest.mark.parametrize("name", TORN)
def test_a_torn_message_ends_the_connection_that_brings_it_and_harms_no_other(pages: Server, name: str) -> None:
    async def visit() -> None:
        async with browse(pages) as page, browse(pages, username="other") as other:
            await page.send_bytes(TORN[name])
            assert await ended(page), f"{name}: the server has taken it"
            # The page itself stands, and so does everybody else's.
            await page.connect()
            page.patience_seconds = other.patience_seconds = 10
            await page.event("add", 2)
            await other.event("add", 3)
            assert (page.state["count"], other.state["count"]) == (2, 3)

    run(visit())


def test_a_message_that_is_too_large_ends_the_connection_and_one_that_is_not_does_not(pages: Server) -> None:
    async def visit() -> None:
        async with browse(pages) as page:
            await page.send("comm_msg", {"comm_id": "nobody's", "data": "x" * (MESSAGE_BYTES_MAX - 1000)})
            await page.event("add", 2)
            assert page.state["count"] == 2
            await page.send("comm_msg", {"comm_id": "nobody's", "data": "x" * MESSAGE_BYTES_MAX})
            assert await ended(page)

    run(visit())


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "nothing"])
def test_of_a_kernels_channels_a_browser_has_one(pages: Server, channel: str) -> None:
    async def visit() -> str:
        async with browse(pages) as page:
            said = {"comm_id": page.page, "data": {"method": "custom", "content": {"event": "add", "data": 5}}}
            await page.send("comm_msg", said, channel=channel)
            await page.event("add", 2)
            assert page.state["count"] == 2
            return page.kernel_id

    kernel = run(visit())
    # A kernel has nothing to say to most of this: that it was not asked is told by the log alone.
    refused = [line for line in pages.log.read_text().splitlines() if kernel in line and "'refused'" in line]
    assert len(refused) == 1, f"what was said on {channel!r} has reached the kernel"


@pytest.mark.parametrize("kind", ["shutdown_request", "interrupt_request", "execute_request", "kernel_info_request"])
def test_a_browser_asks_its_kernel_for_nothing(pages: Server, kind: str) -> None:
    async def visit() -> None:
        async with browse(pages) as page:
            sent = await page.send(kind, {"restart": False, "code": "1 / 0", "silent": False})
            await page.event("add", 2)
            assert page.state["count"] == 2
            assert sent not in page.answered, f"{kind} was answered"

    run(visit())


def test_what_is_refused_is_not_told_in_the_log(pages: Server) -> None:
    async def visit() -> None:
        async with browse(pages) as page:
            for channel in ("shell", "a secret value\n2026-01-01 a line of one's own"):
                await page.send("a secret value\n2026-01-01 a line of one's own", {}, channel=channel)
            await page.event("dismiss")

    run(visit())
    assert "one's own" not in pages.log.read_text()


@pytest.mark.parametrize("form", [None, ["v2.kernel.websocket.jupyter.org"], ["xv1.kernel.websocket.jupyter.org"]])
def test_a_connection_in_another_form_than_our_pages_is_refused(pages: Server, form: list[str] | None) -> None:
    async def visit() -> None:
        async with browse(pages) as page:
            address = page.address.replace("http", "ws", 1) + f"api/kernels/{page.kernel_id}/channels?session_id=x"
            with pytest.raises(HTTPClientError, match="400"):
                await websocket_connect(HTTPRequest(address, headers={"Cookie": page.cookie}), subprotocols=form)

    run(visit())


def test_a_page_has_so_many_connections_at_once_and_no_more(pages: Server) -> None:
    async def visit() -> None:
        async with browse(pages) as page:
            twins = [page.twin() for _ in range(2 * CONNECTIONS_MAX)]
            outcomes = await asyncio.gather(*(one.join() for one in twins), return_exceptions=True)
            refused = [one for one in outcomes if isinstance(one, HTTPClientError) and one.code == 503]
            assert outcomes.count(None) == CONNECTIONS_MAX - 1
            assert len(refused) == len(twins) - outcomes.count(None)
            for one in twins:
                one.cut()
            # Those that are gone count no more.
            for _time in range(50):
                try:
                    await page.twin().join()
                    break
                except HTTPClientError:
                    await asyncio.sleep(0.1)
            else:
                pytest.fail("a connection that is gone still counts")
            await page.event("add", 2)
            assert page.state["count"] == 2

    run(visit())


def test_a_server_holds_more_connections_than_the_system_allows_unasked(serve_with: ServeWith) -> None:
    kept = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, kept[1]))
    try:
        server = serve_with()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, kept)
    # A hundred pages, with a dozen for each.
    assert psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_NOFILE)[0] >= min(kept[1], 2000)
