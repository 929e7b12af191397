"""What can be done with the board: look closer, move, fix, take back."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.base import event
from svclib.pages.parts.inputs import OffsetInput, TextInput
from svclib.pages.parts.texts import number
from svclib.pages.rotation.cell import NOWHERE
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.inputs import CardInput, CellInput, PlaceInput, TeamCellInput
from svclib.workspace.rotation import Place


class BoardEvents(Frame):
    """Events of the two boards and of the panel."""

    @event(CardInput)
    def vue_press_card(self, data: CardInput) -> None:
        """List what the figure counts."""
        if data.card == "teams":
            self.view = "teams" if self.view == "people" else "people"
        elif data.card == "trainees":
            self.view = "people"
            self.board.only = None
        else:
            self.view = "people"
            self.board.press(data.card)
        self.board.turn(0)
        self.show()

    @event(TextInput)
    def vue_search_list(self, data: TextInput) -> None:
        """Search people by name, initials, number, unit and team; in the view of the teams these."""
        self.board.find(data.text)
        self.teams.turn(0)
        if self.view == "pictures":
            self._tell_found()
        elif self.view != "teams" and self.board.search:
            self.view = "people"
        self.show()

    @event()
    def vue_show_found(self) -> None:
        """List the people who were found beside the charts."""
        self.view = "people"
        self.show()

    def _tell_found(self) -> None:
        """Say beside the charts who would be listed: they show everybody of the unit as before."""
        if not self.board.search:
            return
        found = len(self.board.people())
        said = ngettext(
            "{n} person matches “{words}”. The charts are not narrowed by it.",
            "{n} people match “{words}”. The charts are not narrowed by it.",
            found,
        )
        self.tell(said.format(n=number(found), words=self.board.search), tone="plain", icon="mdi-magnify")
        assert self.notice is not None
        self.notice |= {"act": "show_found", "act_label": _("Show the list")}

    @event(OffsetInput)
    def vue_turn_teams(self, data: OffsetInput) -> None:
        self.teams.turn(data.offset)
        self.show()

    @event(CellInput)
    def vue_open_cell(self, data: CellInput) -> None:
        """Show one person in one stage at the side."""
        self.side.open_person(data.person, data.stage)
        self.show_panel()

    @event(TeamCellInput)
    def vue_open_team(self, data: TeamCellInput) -> None:
        """Show one team in one stage at the side."""
        self.side.open_team(data.team, data.stage)
        self.show_panel()

    @event()
    def vue_close_panel(self) -> None:
        self.side.close()
        self.show_panel()

    @event(PlaceInput)
    def vue_move(self, data: PlaceInput) -> None:
        """Put who is shown to another place; what that breaks is said at once."""
        self._moved(self.side.move(Place(data.team, data.station, data.crew)), _("Moved."))

    @event()
    def vue_take_away(self) -> None:
        """Take the placement of who is shown away."""
        self._moved(self.side.move(NOWHERE), _("The placement is taken away."))

    @event()
    def vue_leave_out(self) -> None:
        """Let who is shown, and has no placement, take no part in the plan any more."""
        name = self.side.leave_out()
        self.tell(_("{name} takes no part in this plan any more.").format(name=name))
        self.show()

    @event()
    def vue_undo_move(self) -> None:
        """Take the last move back."""
        broken = self.side.undo()
        self.view = "people"
        self.board.turn_to(self.side.key[0])
        self._moved(broken, _("Taken back."))

    @event()
    def vue_pin(self) -> None:
        """Fix who is shown at the place: no search moves it."""
        self.side.pin(fixed=True)
        self.tell(_("Fixed: no proposal moves it any more."), icon="mdi-pin-outline")
        self.show()

    @event()
    def vue_unpin(self) -> None:
        """Free the placement of who is shown."""
        self.side.pin(fixed=False)
        self.tell(_("Freed: a proposal may move it."), icon="mdi-pin-off-outline")
        self.show()

    def show_panel(self) -> None:
        """Show the panel anew, and nothing else, unless what is beside it has changed meanwhile."""
        shown = self.chosen.plan
        if self.chosen.read() is not shown:
            self.show()
            return
        self.show_form()
        self.panel = self.side.view()

    def _moved(self, broken: tuple[str, ...], done: str) -> None:
        if broken:
            told = " ".join((done, _("Broken now:"), *broken))
            self.tell(told, tone="attention", icon="mdi-alert-outline")
        else:
            self.tell(done)
        self.show()
