"""The frame of the register's page: its state in traits, and what all its parts share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from traitlets import Dict

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.listed import ListedPage
from svclib.pages.register.composition import CompositionState
from svclib.pages.register.importing import ImportState
from svclib.pages.register.inputs import ScopeInput, View, ViewInput
from svclib.pages.register.listing import ListState, cards
from svclib.pages.register.panel import PanelState
from svclib.pages.register.scope import Scope
from svclib.pages.register.words import WORDS

_HERE = Path(__file__).parent
_VIEWS = {
    "ui-panel": _HERE / "panel.vue",
    "ui-import": _HERE / "importing.vue",
    "ui-preview": _HERE / "preview.vue",
    "ui-composition": _HERE / "composition.vue",
}


class Frame(ListedPage):
    """The register of a province: people, teams, what breaks a rule, and what comes in from workbooks.

    What the role of whoever acts cannot do is not shown.

    The view holds no state and no words. After each event the page shows anew what its parts say.
    """

    template_file = (__file__, "register.vue")
    WORDS = WORDS
    VIEWS = _VIEWS

    panel: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    composition = Dict().tag(sync=True)
    importing = Dict().tag(sync=True)

    def start(self) -> None:
        """Everybody, today, in the language that this person chose last."""
        self.speak_as_chosen()
        self.view: View = "people"
        self.scope = Scope(self.ws)
        self.people = ListState(self.scope)
        self.side = PanelState(self.scope)
        self.judged = CompositionState(self.scope)
        self.incoming = ImportState(self.scope)
        self.incoming.tell = self.show_progress
        me = self.ws.policy.actor.person_id
        if self.scope.of_one and me is not None and self.side.form is None:
            self.side.open_person(me)
        self.show()
        # The first screen does not wait for it.
        self.scope.spelt = True

    @property
    def listed(self) -> ListState:
        return self.people

    def show(self, said: str = "") -> None:
        """Show what is chosen now: only what the present view needs is read.

        `said` is read out by a screen reader; else what was told, else what is listed. What was told stands until the
        next thing is shown.
        """
        said = self.told(said)
        unit_id = self.scope.unit_id
        if not self._views():
            self.frame = self._frame(said)
            return
        if self.view == "people":
            if self.ws.may("register.summary"):
                summary = self.ws.register.summary(self.scope.on, unit_id=unit_id)
                # A branch may have no team of its own: figures about teams would be nothing but zeros.
                with_teams = bool(summary.teams) or self.ws.policy.reaches_all("register.summary")
                self.cards = cards(summary, self.people.card, with_teams=with_teams)
            self.listing = self.people.view()
            said = said or self.listing["sentence"]
        elif self.view == "composition":
            self.composition = self.judged.view()
            said = said or self.composition["title"]
        else:
            self.importing = self.incoming.view()
        self.panel = self.side.view()
        self.frame = self._frame(said)

    def show_list(self) -> None:
        """Show another part of the same list: the figures above it are not counted again."""
        self.notice = None
        self.listing = self.people.view()
        self.frame = self._frame(self.listing["sentence"] + " · " + self.listing["range"])

    def show_panel(self) -> None:
        """Show the panel alone anew."""
        self.panel = self.side.view()

    def show_progress(self) -> None:
        """Show how far a long piece of work is while it is still going on."""
        self.importing = self.importing | {"busy": self.incoming.busy}
        self.send_state("importing")

    def require(self, verb: str) -> None:
        """Raise Forbidden unless whoever acts has the verb: for what the page makes from what it was let read."""
        if not self.ws.may(verb):
            raise Forbidden(_("Your role may not do this."))

    def _views(self) -> dict[str, tuple[str, str]]:
        """The views that the role has something in; none at all for one that has nothing to do with people."""
        views = {
            "people": (_("People"), "mdi-account-group-outline", "register.page"),
            "composition": (_("Composition of teams"), "mdi-chart-bar", "register.composition"),
            "import": (_("Import"), "mdi-file-upload-outline", "register.import"),
        }
        at_all = self.ws.may("register.page")
        return {name: (word, icon) for name, (word, icon, verb) in views.items() if at_all and self.ws.may(verb)}

    def _frame(self, said: str) -> dict[str, Any]:
        views = self._views()
        if not views:
            return self.closed_frame(
                _("Your role does not work with the register"),
                _("What your role is for stands in its own pages. If this is wrong, ask the administrator."),
            )
        return self.framed(
            self.view,
            said,
            views=[{"id": name, "label": word, "icon": icon} for name, (word, icon) in views.items()],
            navigation=_("Views of the register"),
            search=self.people.search,
            unit_id=self.scope.unit_id,
            units=self.scope.unit_options(everything=True),
            on=self.scope.on.isoformat(),
            on_label=self.scope.on_label,
            days=self.scope.days(),
        )

    @event(ScopeInput)
    def vue_choose_scope(self, data: ScopeInput) -> None:
        """Another day, or another unit: all that is shown is of that day and unit from here on."""
        unit_id = data.unit_id if "unit_id" in data.model_fields_set else self.scope.unit_id
        self.scope.choose(on=data.on, unit_id=unit_id)
        self.people.scope_changed()
        self.judged.scope_changed()
        self.side.scope_changed()
        self.show()

    @event(ViewInput)
    def vue_choose_view(self, data: ViewInput) -> None:
        if data.view not in self._views():
            raise Forbidden(_("Your role may not do this."))
        self.view = data.view
        self.side.close()
        self.show()

    @event()
    def vue_close_notice(self) -> None:
        self.notice = None
        self.frame = self._frame("")
