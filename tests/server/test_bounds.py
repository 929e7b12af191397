"""Connections that open and say nothing, or never come to an end."""

from __future__ import annotations

import asyncio

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from svclib.server import bounds
from svclib.server.bounds import BoundedServer
from tests.server.client import run

LOGIN = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"


class Form(RequestHandler):
    def post(self) -> None:
        self.finish("taken")


@pytest.mark.parametrize(
    ("said", "told"),
    [(b"", b""), (b"GET / HTTP/1.1\r\nHost: ", b""), (LOGIN + b"x", b""), (LOGIN + b"x" * 10, b"taken")],
    ids=["nothing", "half a request", "half a form", "a form and nothing more"],
)
def test_whoever_says_no_more_is_cut_off(said: bytes, told: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(bounds, "FORM_SECONDS", 0.2)

    async def visit() -> bytes:
        (socket,) = bind_sockets(0, "127.0.0.1")
        server = BoundedServer(Application([("/", Form)]))
        server.add_socket(socket)
        reader, writer = await asyncio.open_connection(*socket.getsockname())
        writer.write(said)
        try:
            return await asyncio.wait_for(reader.read(), 5)
        except TimeoutError:
            pytest.fail("the connection is kept for whoever says nothing")
        finally:
            writer.close()
            server.stop()

    assert run(visit()).rpartition(b"\r\n")[2] == told
