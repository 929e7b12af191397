"""What is answered before any handler is asked: too much at once, and what is no request at all.

What is too large is read past and answered, not cut off in its middle: whoever is still sending when the connection is
closed never sees the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from tornado import httputil
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

from svclib.server.headers import SECURITY_HEADERS

FORM_BYTES_MAX = 1024 * 1024
"""The largest form that is taken. Files come and go over websockets: what arrives otherwise is a form."""
_READ_PAST_BYTES_MAX = 16 * 1024 * 1024
"""Whoever sends more than this is cut off."""
SILENT_SECONDS, FORM_SECONDS = 75, 60
"""How long a connection may take to ask for something, and then to send its form. Tornado would wait an hour, or for
ever: whoever opens connections and says nothing would leave no descriptor for anybody else. A proxy that keeps its
connections for a minute does not find them closed."""
_LAST_ANSWER = httputil.HTTPHeaders({"Content-Length": "0", "Connection": "close", **SECURITY_HEADERS})
_TORNADOS_REFUSAL = b"HTTP/1.1 400 Bad Request\r\n\r\n"
_REFUSAL = (
    _TORNADOS_REFUSAL[:-2] + "".join(f"{name}: {value}\r\n" for name, value in _LAST_ANSWER.items()).encode() + b"\r\n"
)


class BoundedServer(HTTPServer):
    """Answers a form that is too large with 413, none of which reaches a handler."""

    def initialize(self, *args: Any, **options: Any) -> None:
        bounds = {"max_body_size": _READ_PAST_BYTES_MAX}
        bounds |= {"idle_connection_timeout": SILENT_SECONDS, "body_timeout": FORM_SECONDS}
        super().initialize(*args, **options | bounds)

    def handle_stream(self, stream: IOStream, address: tuple[object, ...]) -> None:
        write = stream.write
        # What is no HTTP tornado refuses with a line of its own, past everything that adds headers to an answer.
        stream.write = lambda data: write(  # type: ignore[method-assign]
            _REFUSAL if data == _TORNADOS_REFUSAL else data
        )
        super().handle_stream(stream, address)

    def start_request(self, server_conn: object, request_conn: httputil.HTTPConnection) -> httputil.HTTPMessageDelegate:
        return _Bounded(super().start_request(server_conn, request_conn), request_conn)


class _Bounded(httputil.HTTPMessageDelegate):
    """Passes a request on as long as it is small; of a larger one nothing is kept."""

    def __init__(self, delegate: httputil.HTTPMessageDelegate, connection: httputil.HTTPConnection) -> None:
        self.delegate, self.connection, self.received = delegate, connection, 0

    def headers_received(
        self, start_line: httputil.RequestStartLine | httputil.ResponseStartLine, headers: httputil.HTTPHeaders
    ) -> Awaitable[None] | None:
        return self.delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        before, self.received = self.received, self.received + len(chunk)
        if self.received <= FORM_BYTES_MAX:
            return self.delegate.data_received(chunk)
        if before <= FORM_BYTES_MAX:
            self.delegate.on_connection_close()
        return None

    def finish(self) -> None:
        if self.received <= FORM_BYTES_MAX:
            self.delegate.finish()
            return
        told = httputil.ResponseStartLine("HTTP/1.1", 413, "Content Too Large")
        self.connection.write_headers(told, _LAST_ANSWER.copy())
        self.connection.finish()

    def on_connection_close(self) -> None:
        if self.received <= FORM_BYTES_MAX:
            self.delegate.on_connection_close()
