"""What can be done in the import wizard."""

from __future__ import annotations

from collections.abc import Callable

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.base import aside, event
from svclib.pages.parts.background import Background, is_answering
from svclib.pages.parts.inputs import OffsetInput
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import ActionInput, ImportChoiceInput, RunInput

_ICONS = {
    "good": "mdi-check-circle-outline",
    "primary": "mdi-file-upload-outline",
    "trouble": "mdi-alert-circle-outline",
}


class ImportRun(Background):
    """A file read, or an import written, while the page answers."""

    name = "import"

    def __init__(self, do: Callable[[], None], tell: Callable[[], None]) -> None:
        super().__init__(tell)
        self._do = do

    def work(self) -> None:
        self._do()


class ImportEvents(Frame):
    """Events of the import wizard; the file itself arrives through `Transfer`."""

    importing_now: ImportRun | None = None

    def uploaded(self, name: str, content: bytes) -> None:
        self._go_on(lambda: self.incoming.take(name, content), _("Reading the file …"))

    @event()
    def vue_stop_import(self) -> None:
        """Give up what goes on: nothing of it is written."""
        self.incoming.stop()
        self.show()

    @event()
    def vue_restart_import(self) -> None:
        self._require_rest()
        self.incoming.restart()
        self.show()

    @event(ImportChoiceInput)
    def vue_set_import_choice(self, data: ImportChoiceInput) -> None:
        self._go_on(lambda: self.incoming.choose(data.key, data.value), _("Reading the file …"))

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
        """Write what the preview shows; it can be stopped, and then nothing is written."""
        self._go_on(self.incoming.confirm, _("Importing …"))

    @event()
    def vue_download_rejects(self) -> None:
        name, content = self.incoming.rejects()
        self.download(name, content)
        self.show()

    @event(RunInput)
    def vue_undo_import(self, data: RunInput) -> None:
        self._require_rest()
        self.incoming.undo(data.run)
        self.tell(_("The import is undone; the register is as it was before."), icon="mdi-undo")
        self.show()

    def _require_rest(self) -> None:
        if self.importing_now is not None:
            raise RuleBroken(_("An import is going on. Wait for it or stop it first."))

    def _go_on(self, work: Callable[[], None], label: str) -> None:
        """Do it while the page answers. Where no event loop would ever tell of its end, do it at once."""
        self._require_rest()
        if not is_answering():
            work()
            self._show_end()
            return
        self.importing_now = ImportRun(work, self.show_import)
        self.incoming.begin(label)
        self.incoming.tell = self.importing_now.heard
        self.importing_now.begin()
        self.show()

    @aside
    def show_import(self) -> None:
        """Show how far it is, and at its end what has come of it."""
        self.importing = self.importing | {"busy": self.incoming.busy}
        if self.importing_now is None or not self.importing_now.ended:
            return
        problem, self.importing_now = self.importing_now.problem, None
        self.incoming.busy, self.incoming.tell = None, self.show_progress
        # First of all: what fails from here on must not leave it there as if it still went on.
        self.importing = self.importing | {"busy": None}
        self.problem = problem or self.problem
        outcome = None if self.view == "import" or problem else self.incoming.outcome()
        if outcome is not None:
            said, tone = outcome
            self.tell(said, tone=tone, icon=_ICONS[tone])
        self._show_end()

    def _show_end(self) -> None:
        # In the page's thread, not in that of the work: the page reads of the same at any time.
        self.scope.forget()
        self.show()
