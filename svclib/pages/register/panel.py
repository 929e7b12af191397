"""The panel at the side: one person or one team, and the form that is open in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svclib.errors import Forbidden, NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.forms import Form
from svclib.pages.parts.open_form import OpenForm, Standing
from svclib.pages.parts.texts import text
from svclib.pages.register.facts import badges, fact_groups, timeline
from svclib.pages.register.person_forms import PROTECTED, action_views, actions, blocker, make_form, save
from svclib.pages.register.scope import Scope
from svclib.pages.register.team_forms import save_team, team_actions, team_form
from svclib.pages.register.team_panel import TeamPanel
from svclib.workspace.register.card import PersonCard

OPEN = "register/open"
"""Where it is kept which form has a draft, so that a refresh of the page opens it again."""
LEAD = 3
"""How many actions stand as buttons; the others are in the menu behind them."""


class PanelState:
    """What is open at the side: nothing, a person, a team, or the form for a new person."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.person_id: int | None = None
        self.card: PersonCard | None = None
        self.team: TeamPanel | None = None
        self.opened: OpenForm | None = None
        self.shown: dict[str, str] = {}
        self._restore()

    # Opening and closing ---------------------------------------------------------------------------------------

    def close(self) -> None:
        self.person_id = self.card = self.team = self.opened = None
        self.shown = {}

    def open_person(self, person_id: int) -> None:
        """Show a person. Raises NotFound."""
        card = self.scope.ws.register.person(person_id, self.scope.on)
        self.close()
        self.person_id, self.card = person_id, card

    def open_team(self, team_id: int, rule: str | None) -> None:
        """Show a team, with the people behind one of its figures. Raises NotFound."""
        team = TeamPanel(self.scope, team_id, rule)
        self.close()
        self.team = team

    def scope_changed(self) -> None:
        """Another day or unit: read anew what is open; an open form stays as it is."""
        if self.opened is not None:
            return
        try:
            self._reopen()
        except NotFound:
            self.close()

    def reveal(self, field: str) -> None:
        """Show one protected value in clear; the register remembers who asked."""
        if self.person_id is None:
            raise NotFound(_("Open a person first."))
        value = self.scope.ws.register.reveal(self.person_id, field)
        if value:
            self.shown[field] = value

    # Forms and their drafts ------------------------------------------------------------------------------------

    @property
    def facts(self) -> Mapping[str, Any]:
        if self.team is not None:
            return self.team.team
        return self.card.facts if self.card else {}

    @property
    def form(self) -> Form | None:
        return self.opened.form if self.opened else None

    def open_form(self, name: str) -> None:
        """Open a form, with what was typed into it and not saved. Raises RuleBroken where it cannot be used now."""
        if name == "add":
            if not self.scope.ws.may("register.add_person"):
                raise RuleBroken(_("There is no such form."))
            self.close()
        elif self.card is None and self.team is None:
            raise NotFound(_("Open a person first."))
        else:
            offered = team_actions(self.scope.ws) if self.team else actions(self.scope.ws)
            if reason := blocker(name, offered, self.facts):
                raise RuleBroken(reason)
        team_id = self.team.team_id if self.team else None
        place = f"team/{team_id}" if self.team else f"person/{self.person_id or 'new'}"
        about = {"person": self.person_id, "team": team_id, "form": name}
        self.opened = OpenForm(
            self.scope.ws,
            f"{place}/{name}",
            lambda: self._made(name),
            self._do,
            standing=Standing(OPEN, about),
            secret=PROTECTED,
        )

    def _made(self, name: str) -> Form:
        form = (team_form if self.team else make_form)(name, self.scope, self.facts)
        form.version = self.card.version if self.card else int(self.facts.get("version", 0))
        return form

    def close_form(self) -> None:
        """Back to the person or the team; what was typed stays as a draft."""
        if self.opened is not None:
            self.opened.leave()
        self.opened = None
        if self.card is None and self.team is None:
            self.close()

    def discard_draft(self) -> None:
        """Forget what was typed and start the form anew."""
        if self.opened is None:
            return
        self.opened.forget()
        name = self.opened.form.name
        self._reopen()
        self.open_form(name)

    def _restore(self) -> None:
        """After a refresh of the page: the form with a draft is open again."""
        kept = self.scope.ws.drafts.load(OPEN)
        if kept is None:
            return
        try:
            if kept[0]["person"] is not None:
                self.open_person(kept[0]["person"])
            elif kept[0].get("team") is not None:
                self.open_team(kept[0]["team"], None)
            self.open_form(kept[0]["form"])
        except (Forbidden, NotFound, RuleBroken):
            # The person or team has gone, or the form has no place any more, or not for this role: nothing to open.
            self.scope.ws.drafts.discard(OPEN)

    def save(self, token: int, values: Mapping[str, Any]) -> str | None:
        """Save the open form. Return the sentence that tells it, or None: the form then says what is wrong."""
        return self._saved(None if self.opened is None else self.opened.save(token, values))

    def settle(self, choices: Mapping[str, str]) -> str | None:
        """Save again after somebody else did; see `OpenForm.settle`."""
        return self._saved(None if self.opened is None else self.opened.settle(choices))

    def _saved(self, said: str | None) -> str | None:
        if said is not None:
            self.opened = None
            self.scope.forget()
            self._reopen()
        return said

    def _reopen(self) -> None:
        """Read anew what the form was about."""
        if self.person_id is not None:
            self.open_person(self.person_id)
        elif self.team is not None:
            self.open_team(self.team.team_id, self.team.rule)

    def _do(self, form: Form, read: Mapping[str, Any]) -> str:
        register = self.scope.ws.register
        if form.name == "add":
            self.person_id = register.add_person(
                {key: value for key, value in read.items() if value is not None}, on=self.scope.on
            )
            return _("{name} is in the register.").format(name=read["name"])
        if self.team is not None:
            return save_team(form.name, self.scope, self.team.team, form.version, read)
        assert self.person_id is not None
        if form.name == "edit":
            # An empty protected field means no change.
            changes = {
                key: value for key, value in form.changes(read).items() if value is not None or key not in PROTECTED
            }
            register.edit_person(self.person_id, changes, version=form.version)
            return _("Saved: {name}.").format(name=read["name"])
        return save(form.name, self.scope, self.person_id, self.facts, read)

    # What it shows ---------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any] | None:
        """Everything that the screen shows of the panel; None when it is closed."""
        if self.team is not None:
            return self.team.view() | self._form_view()
        if self.card is None and self.opened is None:
            return None
        facts = self.facts
        name = str(facts.get("name", ""))
        subtitle = " · ".join(str(facts[key]) for key in ("unit", "post", "employee_no") if text(facts.get(key)))
        return {
            "kind": "person",
            "id": self.person_id or "new",
            "title": name or _("New person"),
            "mark": name[:1] or "+",
            "subtitle": subtitle,
            "badges": badges(facts, self.scope.on) if self.card else [],
            "actions": action_views(actions(self.scope.ws), facts),
            "lead": LEAD,
            "facts": fact_groups(facts, self.shown, reveals=self.scope.ws.may("register.reveal")) if self.card else [],
            "history": timeline(self.card.history, self.scope.on) if self.card else None,
            **self._form_view(),
        }

    def _form_view(self) -> dict[str, Any]:
        opened = self.opened
        return {"form": opened.form.view() if opened else None, "stale": opened.stale_view() if opened else None}
