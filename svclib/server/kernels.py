"""The pages that are open: a process for each, whose it is, and when it ends.

A page ends when its tab says so, when its connection has been gone for a while, when nobody has used it for long, when
its owner's login ends, and when its process dies. Whatever the reason, `PageKernels.end` is the one way out.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from jupyter_server.utils import ApiPath
from tornado.ioloop import PeriodicCallback
from traitlets import default

from svclib.logs import log_unexpected
from svclib.server.forking.provisioner import ForkingProvisioner
from svclib.settings import SERVED, TICKET, Settings

WATCH_SECONDS = 1.0
# How many ended pages are remembered, so that the second word of a tab that closes is no error.
_REMEMBERED = 1000


class Owner(Protocol):
    """Who opened a page, as far as this module must know."""

    @property
    def session_id(self) -> int: ...

    @property
    def account_id(self) -> int: ...


class Listener(Protocol):
    """A browser's connection to a page."""

    def page_ended(self) -> None:
        """Tell the browser that the page's process is gone."""


class Full(Exception):
    """No further page may be opened now: `own` when this person has too many, else the server has."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("too many pages of one person" if own else "too many pages")
        self.own = own


class PageGone(Exception):
    """The page has ended before it was open, or its kernel does not answer."""


@dataclass
class OpenPage:
    """What the server knows of a page. Times are of the monotonic clock."""

    owner: Owner | None
    ticketed: bool = False
    lonely_since: float | None = None
    """Since when no browser has been connected; None while one is, or while the page is being sent to it."""
    reached: bool = False
    """Whether a browser has ever been connected."""
    listeners: set[Listener] = field(default_factory=set)
    connections: int = 0
    """How many of its browser's connections stand or are being made."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the page has ended."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when its kernel has started, or will not."""
    line: Callable[[], bool] = field(default=lambda: True)
    """Whether the connection over which the page itself was sent still stands."""


class PageKernel(ServerKernelManager):
    """One page's kernel, forked from the warm process."""

    # Whether it lives is watched for all pages in one place, and none is started again behind its page's back: the new
    # one would know nothing of the page.
    autorestart = False

    @property
    def office(self) -> Settings:
        assert isinstance(self.parent, PageKernels)
        return self.parent.office

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.provisioner = ForkingProvisioner(
                kernel_id=kwargs.get("kernel_id", ""), kernel_spec=self.kernel_spec, parent=self
            )
            self.provisioner.memory_bytes = self.office.page_memory_mb * 1024**2
        return await super()._async_pre_start_kernel(**kwargs)

    def last_used(self) -> datetime | None:
        """When the page last did anything; None while it starts."""
        return self.last_activity if self.trait_has_value("last_activity") else None

    def exit_code(self) -> int | None:
        """How the process ended, negative for a signal; None while it runs, or has not begun."""
        process = getattr(self.provisioner, "process", None)
        return process.poll() if process else None


class PageKernels(AsyncMappingKernelManager):
    """All pages that are open. `parent.office`, the server's settings, holds the limits."""

    withdraw_ticket: Callable[[str], Any] | None = None
    """Called with the kernel's id when a page that was given a ticket has ended; may return an awaitable."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        server: Any = self.parent
        self.office: Settings = server.office
        self.proxied: bool = server.behind_proxy
        self.pages: dict[str, OpenPage] = {}
        self._ended: OrderedDict[str, Owner | None] = OrderedDict()
        self._endings: dict[str, asyncio.Task[None]] = {}
        self._watch = PeriodicCallback(self.look, WATCH_SECONDS * 1000)
        # Connections are made before a kernel listens; by default they would try again only after 100 ms.
        self.context.reconnect_ivl = 5
        self.context.reconnect_ivl_max = 500

    @default("kernel_manager_class")
    def _own_kernel_manager_class(self) -> str:
        return f"{__name__}.PageKernel"

    def owner_of(self, kernel_id: str) -> Owner | None:
        """Whose page it is; None without login, and for a page that is not open."""
        page = self.pages.get(kernel_id)
        return page.owner if page else None

    def belongs(self, kernel_id: str, visitor: Owner | None) -> bool:
        """Whether this page, open or just ended, was opened by this visitor's login."""
        if kernel_id in self.pages:
            return _session(self.pages[kernel_id].owner) == _session(visitor)
        return kernel_id in self._ended and _session(self._ended[kernel_id]) == _session(visitor)

    def reserve(self, owner: Owner | None) -> str:
        """Take a place for one more page and return its kernel's id. Raises Full beyond the limits."""
        if owner is not None:
            own = [page for page in self.pages.values() if page.owner and page.owner.account_id == owner.account_id]
            if len(own) >= self.office.pages_per_user:
                raise Full(own=True)
        if len(self.pages) >= self.office.pages_max:
            raise Full(own=False)
        kernel_id: str = self.new_kernel_id()
        self.pages[kernel_id] = OpenPage(owner)
        if not self._watch.is_running():
            self._watch.start()
        return kernel_id

    async def start_page(
        self, kernel_id: str, *, env: Mapping[str, str], ticket: Callable[[str], Any] | None = None
    ) -> PageKernel:
        """Start the kernel of a page whose place is reserved.

        `ticket`, called with the kernel's id, returns (or awaits) what lets this kernel act for the page's owner.
        """
        page = self.pages[kernel_id]
        try:
            handed = {**env, SERVED: "1"}
            if ticket is not None:
                page.ticketed = True
                handed[TICKET] = await ensure_async(ticket(kernel_id))
            await self.start_kernel(kernel_id=kernel_id, kernel_name="python3", path=ApiPath(""), env=handed)
        except BaseException:
            page.settled.set()
            await self.end(kernel_id, "not started")
            raise
        page.settled.set()
        if page.over.is_set():
            # Its tab was closed while it started.
            raise PageGone
        kernel = self.get_kernel(kernel_id)
        assert isinstance(kernel, PageKernel)
        return kernel

    async def end(self, kernel_id: str, why: str) -> None:
        """End a page, for whatever reason and however often asked: its browser is told, nothing of it remains."""
        page = self.pages.pop(kernel_id, None)
        if page is None:
            if kernel_id in self._endings:
                await asyncio.shield(self._endings[kernel_id])
            return
        structlog.get_logger().info("page ended", kernel=kernel_id, why=why)
        self._ended[kernel_id] = page.owner
        while len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)
        page.over.set()
        for listener in list(page.listeners):
            try:
                listener.page_ended()
            except Exception as error:
                # A browser that cannot be told must not keep the process alive.
                log_unexpected(error, where="telling that a page has ended")
        self._endings[kernel_id] = asyncio.create_task(self._finish(kernel_id, page))
        await asyncio.shield(self._endings[kernel_id])

    async def end_pages(self, *, session_id: int | None = None, account_id: int | None = None) -> None:
        """End all pages of a login, or of an account; all there are when neither is named."""
        wanted = [
            kernel_id
            for kernel_id, page in self.pages.items()
            if (session_id is None or _session(page.owner) == session_id)
            and (account_id is None or (page.owner is not None and page.owner.account_id == account_id))
        ]
        await asyncio.gather(*(self.end(kernel_id, "its owner's access ended") for kernel_id in wanted))

    async def look(self) -> None:
        """End the pages whose time has come: died, left by their browser, never reached, unused."""
        due = {kernel_id: self._due(kernel_id, page) for kernel_id, page in self.pages.items()}
        await asyncio.gather(*(self.end(kernel_id, why) for kernel_id, why in due.items() if why))

    def notify_connect(self, kernel_id: str) -> None:
        """A browser has connected."""
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]
        page = self.pages.get(kernel_id)
        if page:
            page.reached, page.lonely_since = True, None

    def notify_disconnect(self, kernel_id: str) -> None:
        """A browser's connection has gone."""
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        page = self.pages.get(kernel_id)
        if page and not self._kernel_connections.get(kernel_id):
            page.lonely_since = time.monotonic()

    def sent(self, kernel_id: str) -> None:
        """The page has been sent to its browser, which is to connect now."""
        page = self.pages.get(kernel_id)
        if page and not page.reached:
            page.lonely_since = time.monotonic()

    def _due(self, kernel_id: str, page: OpenPage) -> str:
        """Why this page is to end now; "" when it is not."""
        kernel = self._kernels.get(kernel_id)
        if kernel is None or not page.settled.is_set():
            return ""
        code = kernel.exit_code()
        if code is not None:
            structlog.get_logger().warning("a page's process ended by itself", kernel=kernel_id, code=code)
            return "its process ended"
        if page.lonely_since is None and not page.reached and not page.line():
            # Tornado tells a handler of a connection that closes, but not of one that was closed before it waited.
            return "closed while it opened"
        if page.lonely_since is not None:
            alone = time.monotonic() - page.lonely_since
            if page.reached and alone > self.office.page_reconnect_seconds:
                return "its browser has gone"
            if not page.reached and alone > self._patience(page):
                return "no browser came"
        used = kernel.last_used()
        idle = timedelta(minutes=self.office.page_idle_minutes)
        if idle and used and datetime.now(UTC) - used > idle and kernel.execution_state != "busy":
            return "unused"
        return ""

    def _patience(self, page: OpenPage) -> float:
        # A browser that is still loading keeps the connection open; a proxy closes it, whatever its browser does.
        gone = not page.line() and not self.proxied
        return self.office.page_reconnect_seconds if gone else self.office.page_connect_seconds

    async def _finish(self, kernel_id: str, page: OpenPage) -> None:
        await page.settled.wait()
        try:
            if kernel_id in self._kernels:
                await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]
        except Exception as error:
            # Whoever asked can do nothing about it, and the other pages must end all the same.
            log_unexpected(error, where="ending a page")
        finally:
            del self._endings[kernel_id]
            if page.ticketed and self.withdraw_ticket is not None:
                await ensure_async(self.withdraw_ticket(kernel_id))


def _session(owner: Owner | None) -> int | None:
    return owner.session_id if owner else None
