"""What can be done in the import wizard."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.inputs import OffsetInput
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import ActionInput, ImportChoiceInput, RunInput


class ImportEvents(Frame):
    """Events of the import wizard; the file itself arrives through `Transfer`."""

    def uploaded(self, name: str, content: bytes) -> None:
        self.incoming.take(name, content)
        self.show()

    @event()
    def vue_restart_import(self) -> None:
        self.incoming.restart()
        self.show()

    @event(ImportChoiceInput)
    def vue_set_import_choice(self, data: ImportChoiceInput) -> None:
        self.incoming.choose(data.key, data.value)
        self.show()

    @event(ActionInput)
    def vue_filter_preview(self, data: ActionInput) -> None:
        self.incoming.filter(data.action)
        self.show()

    @event(OffsetInput)
    def vue_turn_preview(self, data: OffsetInput) -> None:
        self.incoming.turn(data.offset)
        self.show()

    @event()
    def vue_confirm_import(self) -> None:
        self.incoming.confirm()
        self.show()

    @event()
    def vue_download_rejects(self) -> None:
        name, content = self.incoming.rejects()
        self.download(name, content)
        self.show()

    @event(RunInput)
    def vue_undo_import(self, data: RunInput) -> None:
        self.incoming.undo(data.run)
        self.tell(_("The import is undone; the register is as it was before."), icon="mdi-undo")
        self.show()
