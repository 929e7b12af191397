"""Work that goes on in a thread while the page answers; the page is told in its own turn."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from svclib.pages.problems import problem_of

_EVERY_SECONDS = 0.2
"""How often the page is told at most: as often as is readable."""


def is_answering() -> bool:
    """Whether an event loop runs that will tell of the end of work in a thread: on a page, not in a plain call."""
    return _running_loop() is not None


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Background:
    """One piece of work. `tell` is called in the page's own thread when there is something new, and at the end.

    No event of the page's calls it, so a page declares it with `@aside`: else what it raised would be seen by nobody.

    Without an event loop, as in a test, nobody is called: who asks looks at the work's state, and waits with `wait`.
    """

    name = "work"

    def __init__(self, tell: Callable[[], None]) -> None:
        self.problem = ""
        self.ended = False
        self.began = time.monotonic()
        self._tell = tell
        self._told = 0.0
        self._loop = _running_loop()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def begin(self) -> None:
        """Start the work."""
        self._thread.start()

    def work(self) -> None:
        """Do it, and call `heard` where there is something new. What it raises becomes the sentence `problem`."""
        raise NotImplementedError

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.began

    def wait(self, seconds: float | None = None) -> None:
        """Wait for its end."""
        self._thread.join(seconds)

    def heard(self) -> None:
        """Tell the page that there is something new, unless it has just been told."""
        if time.monotonic() - self._told >= _EVERY_SECONDS:
            self._call()

    def _run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.problem = problem_of(error, where=self.name)
        self.ended = True
        self._call()

    def _call(self) -> None:
        self._told = time.monotonic()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell)
