"""The addresses that name a kernel: a browser's connection to its page, and the end of a page.

All of them know only the pages of the login that asks; anybody else's do not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
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

# A browser that has vanished without a word, as in a cut network, is noticed after the second of these (milliseconds).
# It counts from the last answer, which is already one interval old when it is looked at: equal figures would cut off
# every browser sooner or later.
PINGS = {"ws_ping_interval": 10_000, "ws_ping_timeout": 30_000}
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
            # Jupyter pings (PINGS); tornado would take the same figures for seconds.
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
