"""The addresses that name a kernel: a browser's connection to its page, and the end of a page.

All of them know only the pages of the login that asks; anybody else's do not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import structlog
import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.call_context import CallContext
from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.iostream import IOStream, StreamBufferFullError
from tornado.websocket import WebSocketClosedError, WebSocketProtocol, WebSocketProtocol13
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from svclib.server.errors import TellsErrors

PROTOCOL = "v1.kernel.websocket.jupyter.org"
"""The binary form of messages that our pages speak (bundle/src/messages.js), and the only one that is understood."""
# What our pages say, all of it on one channel: of what else a kernel would obey, nothing is passed on.
_SAID_BY_PAGES = frozenset({"comm_open", "comm_msg", "comm_close"})
_CHANNEL = "shell"
# Channel, header, parent, metadata and content, each by its beginning, and the end of the last; then any buffers.
_OFFSETS_LEAST, _OFFSETS_MOST = 6, 32
# A piece of a file on its way up is half of it. While a message is read and passed on, nobody else is served.
MESSAGE_BYTES_MAX = 2 * 1024**2
CONNECTIONS_MAX = 8
"""To one page: each takes a dozen of the server's descriptors. A browser has one, and another that is breaking."""
# A browser that has vanished without a word, as in a cut network, is noticed after the second of these (milliseconds).
# It counts from the last answer, which is already one interval old when it is looked at: equal figures would cut off
# every browser sooner or later.
SOCKETS = {"ws_ping_interval": 10_000, "ws_ping_timeout": 30_000, "websocket_max_message_size": MESSAGE_BYTES_MAX}
# A browser that asks and does not read would fill the server's memory with answers.
UNREAD_BYTES_MAX = 32 * 1024**2
# What a page's process prints, the traces of its errors, and its code: no view shows any of it.
_NOT_FOR_BROWSERS = frozenset({"stream", "error", "execute_input"})


class PageConnection(ZMQChannelsWebsocketConnection):
    """A browser's connection to its page."""

    def connect(self) -> Any:
        connected = super().connect()
        page = self.multi_kernel_manager.pages.get(self.kernel_id)
        if page:
            page.listeners.add(self)
        return connected

    def disconnect(self) -> None:  # type: ignore[override]
        page = self.multi_kernel_manager.pages.get(self.kernel_id)
        if page:
            page.listeners.discard(self)
        super().disconnect()  # type: ignore[no-untyped-call]

    def handle_incoming_message(self, incoming_msg: str | bytes) -> None:
        """Pass on what a page says to its kernel; what no page of ours would say ends the connection or is dropped."""
        if not self.channels:
            # Closed already.
            return
        try:
            channel, parts = taken_apart(incoming_msg)
            kind = self.session.unpack(parts[0])["msg_type"]
            if not isinstance(kind, str):
                raise TypeError("a type that is no word")
        except (ValueError, TypeError, KeyError, RecursionError):
            # The last is what a header of brackets within brackets raises.
            structlog.get_logger().warning("refused", what="torn message", kernel=self.kernel_id)
            self.websocket_handler.close(1003)
            return
        if channel != _CHANNEL or kind not in _SAID_BY_PAGES:
            # What was sent is not told: it may be personal, or look like a line of the log.
            structlog.get_logger().warning("refused", what="message", kernel=self.kernel_id)
            return
        self.session.send_raw(self.channels[channel], parts)

    def handle_outgoing_message(self, stream: str, outgoing_msg: Sequence[Any]) -> None:
        """Pass on what the page's kernel says, save what is not for browsers."""
        _identities, parts = self.session.feed_identities(list(outgoing_msg))
        if self.session.unpack(parts[1])["msg_type"] not in _NOT_FOR_BROWSERS:
            try:
                super().handle_outgoing_message(stream, list(outgoing_msg))
            except StreamBufferFullError:
                structlog.get_logger().warning("a browser does not read what it asks for", kernel=self.kernel_id)
                # Without a farewell: a browser that does not read would not read that either.
                handler = self.websocket_handler
                assert isinstance(handler, PageSocketHandler)
                handler.line.close()

    def page_ended(self) -> None:
        """Tell the browser that the page's process is gone."""
        try:
            self._send_status_message("dead")  # type: ignore[no-untyped-call]
        except WebSocketClosedError:
            return


def taken_apart(message: str | bytes) -> tuple[str, list[bytes]]:
    """The channel of a message in the form of PROTOCOL, and its parts.

    Raises ValueError for one that is not cut as it says. Jupyter's own reader first makes a list as long as the message
    claims, which may be for ever, and cuts out of it what overlaps, which may be any multiple of what was sent.
    """
    if isinstance(message, str):
        raise ValueError("a text")
    count = int.from_bytes(message[:8], "little")
    if not _OFFSETS_LEAST <= count <= _OFFSETS_MOST:
        raise ValueError("more or fewer parts than a message has")
    head = 8 * (count + 1)
    offsets = [int.from_bytes(message[place : place + 8], "little") for place in range(8, head, 8)]
    if any(start > end for start, end in pairwise([head, *offsets, len(message)])):
        raise ValueError("parts that overlap, or are not there")
    return message[offsets[0] : offsets[1]].decode(), [message[start:end] for start, end in pairwise(offsets[1:])]


class _OwnPage:
    """For handlers of a kernel: 404 unless it is the asking login's own."""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        await ensure_async(super().prepare(*args, **kwargs))  # type: ignore[misc]
        # Jupyter notes the handler in the context, which each timer keeps that is made from here on: cancelled ones for
        # up to an hour, and with the handler all that is known of its page. Nobody asks for it.
        CallContext.set(CallContext.JUPYTER_HANDLER, None)
        handler: Any = self
        if handler._finished:
            return
        visitor = getattr(handler.current_user, "visitor", None)
        if not handler.kernel_manager.belongs(handler.path_kwargs["kernel_id"], visitor):
            raise tornado.web.HTTPError(404)

    async def end_page(self, kernel_id: str, why: str) -> None:
        handler: Any = self
        await handler.kernel_manager.end(kernel_id, why)


class PageSocketHandler(TellsErrors, _OwnPage, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The browser's connection to its page."""

    line: IOStream

    async def get(self, kernel_id: str) -> None:
        """Connect, and return when the connection is gone."""
        page = self.kernel_manager.pages.get(kernel_id)
        if page is None:
            raise tornado.web.HTTPError(404)
        if PROTOCOL not in map(str.strip, self.request.headers.get("Sec-WebSocket-Protocol", "").split(",")):
            raise tornado.web.HTTPError(400)
        if page.connections >= CONNECTIONS_MAX:
            raise tornado.web.HTTPError(503)
        page.connections += 1
        try:
            await super().get(kernel_id=kernel_id)
        finally:
            page.connections -= 1

    async def open(self, *args: str, **kwargs: str) -> None:
        """Connected: from here on no more is kept for this browser than it may leave unread."""
        self.line = self.ws_connection.stream
        self.line.max_write_buffer_size = UNREAD_BYTES_MAX
        await super().open(*args, **kwargs)

    def on_close(self) -> None:
        """The connection is gone: hold nothing of it until the next ping would have been due."""
        super().on_close()
        if self.ping_callback is not None:
            self.ping_callback.stop()

    def get_websocket_protocol(self) -> WebSocketProtocol | None:
        protocol: WebSocketProtocol | None = super().get_websocket_protocol()
        if isinstance(protocol, WebSocketProtocol13):
            # Jupyter pings (SOCKETS); tornado would take the same figures for seconds.
            protocol.params.ping_interval = protocol.params.ping_timeout = None
        return protocol


class PageInfoHandler(_OwnPage, KernelHandler):
    """What state a page's kernel is in; or its end."""

    @tornado.web.authenticated
    async def delete(self, kernel_id: str) -> None:
        await self.end_page(kernel_id, "its browser said so")
        self.set_status(204)
        await self.finish()


class ShutdownHandler(_OwnPage, APIHandler):
    """End a page that is being left.

    Told twice where a browser knows both of a page's farewells (bundle/src/frame.js): the second time is no error.
    """

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        await self.end_page(kernel_id, "its tab was closed")
        self.set_status(204)
        await self.finish()
