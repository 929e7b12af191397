"""A search for a plan that runs while the page answers."""

from __future__ import annotations

from collections.abc import Callable

from svclib.pages.parts.background import Background
from svclib.planning.rotation import Progress
from svclib.workspace.rotation import Proposal, Search


class Running(Background):
    """One search on its way: how far it is, and what it has found at the end."""

    name = "rotation search"

    def __init__(self, search: Search, tell: Callable[[], None]) -> None:
        super().__init__(tell)
        self.search = search
        self.progress = Progress(0.0, None, None)
        self.proposal: Proposal | None = None
        self.begin()

    def work(self) -> None:
        with self.search:
            for progress in self.search.progress():
                self.progress = progress
                self.heard()
            self.proposal = self.search.proposal()

    def stop(self) -> None:
        """End it at once, with the best so far."""
        self.search.stop()
