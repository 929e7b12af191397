"""How much a visitor may send at once: what is too large is read past and answered, not cut off in its middle.

Whoever is still sending when the connection is closed never sees the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from tornado import httputil
from tornado.httpserver import HTTPServer

FORM_BYTES_MAX = 1024 * 1024
"""The largest form that is taken. Files come and go over websockets: what arrives otherwise is a form."""
_READ_PAST_BYTES_MAX = 16 * 1024 * 1024
"""Whoever sends more than this is cut off."""


class BoundedServer(HTTPServer):
    """Answers a form that is too large with 413, none of which reaches a handler."""

    def initialize(self, *args: Any, **options: Any) -> None:
        super().initialize(*args, **options | {"max_body_size": _READ_PAST_BYTES_MAX})

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
        answer = httputil.HTTPHeaders({"Content-Length": "0", "Connection": "close"})
        self.connection.write_headers(httputil.ResponseStartLine("HTTP/1.1", 413, "Content Too Large"), answer)
        self.connection.finish()

    def on_connection_close(self) -> None:
        if self.received <= FORM_BYTES_MAX:
            self.delegate.on_connection_close()
