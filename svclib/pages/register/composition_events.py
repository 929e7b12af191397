"""What can be done with the picture of the teams."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.inputs import OffsetInput
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import IdInput, PickInput


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

    @event()
    def vue_export_composition(self) -> None:
        self.require("register.export")
        name, content = self.judged.export()
        self.download(name, content)
        self.tell(_("Exported: {name}").format(name=name))
        self.show()

    @event(IdInput)
    def vue_open_team(self, data: IdInput) -> None:
        self.side.open_team(data.id, None)
        self.show()
