"""A proxy in front: what it forwards about the client is believed from its own address only."""

from __future__ import annotations

from collections.abc import Awaitable
from ipaddress import ip_address

from tornado import httputil

from svclib.server.bounds import BoundedServer

_NEVER = ("X-Real-Ip", "X-Scheme")
"""A client may send these, and a proxy that sets X-Forwarded-… passes them on."""


class ProxiedServer(BoundedServer):
    """Takes the client's address and scheme from X-Forwarded-For and X-Forwarded-Proto when the named proxy sends them.

    Of X-Forwarded-For the last address counts, which the proxy itself has added.
    """

    proxy_address = ""
    """Empty: no proxy, nothing forwarded is believed."""

    def start_request(self, server_conn: object, request_conn: httputil.HTTPConnection) -> httputil.HTTPMessageDelegate:
        # The base class reads this for each request, as it arrives.
        self.xheaders = bool(self.proxy_address) and peer_address(request_conn) == self.proxy_address
        delegate = super().start_request(server_conn, request_conn)
        return _Trimmed(delegate) if self.xheaders else delegate


class _Trimmed(httputil.HTTPMessageDelegate):
    """Drops what the client may have sent before the rest is believed."""

    def __init__(self, delegate: httputil.HTTPMessageDelegate) -> None:
        self.delegate = delegate

    def headers_received(
        self, start_line: httputil.RequestStartLine | httputil.ResponseStartLine, headers: httputil.HTTPHeaders
    ) -> Awaitable[None] | None:
        for name in _NEVER:
            headers.pop(name, None)
        return self.delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self.delegate.data_received(chunk)

    def finish(self) -> None:
        self.delegate.finish()

    def on_connection_close(self) -> None:
        self.delegate.on_connection_close()


def is_loopback(host: str) -> bool:
    """Whether only this machine itself reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def peer_address(connection: object) -> str:
    """Who is connected at the other end: the proxy where there is one, whatever headers say."""
    address = getattr(getattr(connection, "context", None), "address", None)
    return str(address[0]) if isinstance(address, tuple) else ""
