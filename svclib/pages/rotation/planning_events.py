"""What can be done in the planning panel."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.inputs import SearchInput


class PlanningEvents(Frame):
    """Events of the planning panel."""

    @event(SearchInput)
    def vue_start_search(self, data: SearchInput) -> None:
        """Begin to search; the page goes on answering."""
        self.search.start(data.preset, data.seconds)
        self.view = "planning"
        self.show(_("The search has begun."))

    @event()
    def vue_stop_search(self) -> None:
        """End the search at once with the best so far."""
        self.search.stop()
        self.show()

    @event()
    def vue_show_proposal(self) -> None:
        """Look at what was found while something else was looked at."""
        self.view = "planning"
        self.show()

    @event()
    def vue_accept_proposal(self) -> None:
        """Keep what was found as the plan's draft and look at it."""
        placements = self.search.accept()
        self.view = "people"
        self.board.clear()
        self.tell(_("{n} placements are in the draft. Nothing counts before it is published.").format(n=placements))
        self.show()

    @event()
    def vue_discard_proposal(self) -> None:
        """Forget what was found."""
        self.search.discard()
        self.show()
