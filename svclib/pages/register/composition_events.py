"""What can be done with the picture of the teams."""

from __future__ import annotations

from svclib.pages.base import event
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import IdInput, OffsetInput, PickInput


class CompositionEvents(Frame):
    """Events of the composition view."""

    @event(PickInput)
    def vue_pick_teams(self, data: PickInput) -> None:
        self.judged.choose(data.pick)
        self.show()

    @event(OffsetInput)
    def vue_turn_teams(self, data: OffsetInput) -> None:
        self.judged.turn(data.offset)
        self.show()

    @event(IdInput)
    def vue_open_team(self, data: IdInput) -> None:
        self.side.open_team(data.id, None)
        self.show()
