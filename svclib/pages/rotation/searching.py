"""A search for a plan that runs while the page answers: listened to in a thread, told to the page in its own turn."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from svclib.errors import SvcError
from svclib.i18n import gettext as _
from svclib.logs import log_unexpected
from svclib.planning.rotation import Progress
from svclib.workspace.rotation import Proposal, Search

_EVERY_SECONDS = 0.2
"""How often the page is told at most: as often as is readable."""


class Running:
    """One search on its way. `tell` is called in the page's own thread when there is something new.

    Without an event loop, as in a test, nobody is called: who asks reads `progress`, and waits with `wait`.
    """

    def __init__(self, search: Search, tell: Callable[[], None]) -> None:
        self.search = search
        self.progress = Progress(0.0, None, None)
        self.proposal: Proposal | None = None
        self.problem = ""
        self.began = time.monotonic()
        self._tell = tell
        self._told = 0.0
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        self._thread = threading.Thread(target=self._listen, name="search", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        return self.proposal is not None or bool(self.problem)

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.began

    def stop(self) -> None:
        """End it at once, with the best so far."""
        self.search.stop()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for its end."""
        self._thread.join(seconds)

    def _listen(self) -> None:
        try:
            with self.search:
                for progress in self.search.progress():
                    self.progress = progress
                    self._call(unless_just_told=True)
                self.proposal = self.search.proposal()
        except SvcError as error:
            self.problem = str(error)
        except Exception as error:
            reference = log_unexpected(error, where="rotation search")
            self.problem = _(
                "Something unexpected happened; nothing was saved. Please try again. If it happens again, tell the "
                "administrator this number: {reference}"
            ).format(reference=reference)
        self._call()

    def _call(self, *, unless_just_told: bool = False) -> None:
        now = time.monotonic()
        if self._loop is None or (unless_just_told and now - self._told < _EVERY_SECONDS):
            return
        self._told = now
        self._loop.call_soon_threadsafe(self._tell)
