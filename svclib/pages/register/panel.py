"""The panel at the side: one person or one team, and the form that is open in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svclib.errors import Duplicate, Forbidden, NotFound, RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.pages.parts.forms import Form
from svclib.pages.parts.texts import text
from svclib.pages.register.facts import badges, fact_groups, fact_word, field_words, timeline
from svclib.pages.register.person_forms import PROTECTED, action_views, actions, blocker, make_form, save
from svclib.pages.register.scope import Scope
from svclib.pages.register.team_forms import PHONE, save_team, team_actions, team_form
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
        self.form: Form | None = None
        self.version = 0
        self.before: dict[str, Any] = {}
        self.stale: StaleRecord | None = None
        self.shown: dict[str, str] = {}
        self._restore()

    # Opening and closing ---------------------------------------------------------------------------------------

    def close(self) -> None:
        self.person_id = self.card = self.team = self.form = self.stale = None
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
        if self.form is not None:
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
    def _draft_key(self) -> str:
        assert self.form is not None
        place = f"team/{self.team.team_id}" if self.team else f"person/{self.person_id or 'new'}"
        return f"{place}/{self.form.name}"

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
        make = team_form if self.team else make_form
        self.form = make(name, self.scope, self.facts)
        self.version = self.card.version if self.card else int(self.facts.get("version", 0))
        self.before = dict(self.form.values)
        draft = self.scope.ws.drafts.load(self._draft_key)
        if draft:
            content, saved_at = draft
            self.form.take({**self.form.values, **content["values"]})
            self.version, self.before = content["version"], content["before"]
            self.form.say_kept(saved_at, self.scope.ws.settings.timezone)

    def close_form(self) -> None:
        """Back to the person or the team; what was typed stays as a draft."""
        self.form = self.stale = None
        self.scope.ws.drafts.discard(OPEN)
        if self.card is None and self.team is None:
            self.close()

    def keep(self, token: int, values: Mapping[str, Any]) -> None:
        """Keep what has been typed so far."""
        if self.form is None or self.form.token != token:
            return
        self.form.take(values)
        drafts = self.scope.ws.drafts
        saved_at = drafts.save(
            self._draft_key, {"values": self.form.values, "version": self.version, "before": self.before}
        )
        team_id = self.team.team_id if self.team else None
        drafts.save(OPEN, {"person": self.person_id, "team": team_id, "form": self.form.name})
        self.form.say_kept(saved_at, self.scope.ws.settings.timezone)

    def discard_draft(self) -> None:
        """Forget what was typed and start the form anew."""
        if self.form is None:
            return
        self._forget_draft()
        name = self.form.name
        self._reopen()
        self.open_form(name)

    def _forget_draft(self) -> None:
        self.scope.ws.drafts.discard(self._draft_key)
        self.scope.ws.drafts.discard(OPEN)

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

    def check(self, token: int, field: str, values: Mapping[str, Any]) -> None:
        """Judge a field that was left."""
        if self.form is not None:
            self.form.left(token, field, values)

    def save(self, token: int, values: Mapping[str, Any]) -> str | None:
        """Save the open form. Return the sentence that tells it, or None: the form then says what is wrong."""
        if self.form is None:
            return None
        read = self.form.submitted(token, values)
        if read is None:
            return None
        try:
            said = self._do(read)
        except StaleRecord as error:
            self.version = error.version
            if not contested(error):
                # Somebody else saved other fields: both changes stand.
                return self.save(token, values)
            self.keep(token, values)
            self.stale = error
            return None
        except RuleBroken as error:
            self.form.refuse(str(error), error.field)
            return None
        except (Duplicate, NotFound) as error:
            self.form.refuse(str(error))
            return None
        self._forget_draft()
        self.form = None
        self.scope.forget()
        self._reopen()
        return said

    def _reopen(self) -> None:
        """Read anew what the form was about."""
        if self.person_id is not None:
            self.open_person(self.person_id)
        elif self.team is not None:
            self.open_team(self.team.team_id, self.team.rule)

    def _do(self, read: Mapping[str, Any]) -> str:
        assert self.form is not None
        register = self.scope.ws.register
        if self.form.name == "add":
            self.person_id = register.add_person(
                {key: value for key, value in read.items() if value is not None}, on=self.scope.on
            )
            return _("{name} is in the register.").format(name=read["name"])
        if self.team is not None:
            return save_team(self.form.name, self.scope, self.team.team, self.version, read)
        assert self.person_id is not None
        if self.form.name == "edit":
            register.edit_person(self.person_id, self._changes(read), version=self.version)
            return _("Saved: {name}.").format(name=read["name"])
        return save(self.form.name, self.scope, self.person_id, self.facts, read)

    def _changes(self, read: Mapping[str, Any]) -> dict[str, Any]:
        """What differs from what stood in the form at first; an empty protected field means no change."""
        return {
            key: value
            for key, value in read.items()
            if text(value) != text(self.before.get(key)) and (value is not None or key not in PROTECTED)
        }

    # Stale saves -----------------------------------------------------------------------------------------------

    def settle(self, choices: Mapping[str, str]) -> str | None:
        """Save again after somebody else did: for each field in conflict what was typed, or what is stored."""
        if self.stale is None or self.form is None:
            return None
        values = dict(self.form.values)
        for key, (_read, theirs, _mine) in contested(self.stale).items():
            if choices.get(key) == "theirs":
                self.before[key] = values[key] = None if key in PROTECTED else text(theirs) or None
        self.stale = None
        return self.save(self.form.token, values)

    def leave_stale(self) -> None:
        """Back to the form with everything that was typed."""
        self.stale = None

    # What it shows ---------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any] | None:
        """Everything that the screen shows of the panel; None when it is closed."""
        if self.team is not None:
            return self.team.view() | {"form": self.form.view() if self.form else None, "stale": self._stale_view()}
        if self.card is None and self.form is None:
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
            "form": self.form.view() if self.form else None,
            "stale": self._stale_view(),
        }

    def _stale_view(self) -> dict[str, Any] | None:
        if self.stale is None:
            return None
        words = field_words() | {PHONE: _("Supervision phone")}
        return {
            "title": _("Somebody has saved this record in the meantime"),
            "text": _("Nothing is lost. Choose for each field what shall stand; your other changes are kept."),
            "fields": [
                {
                    "key": key,
                    "label": words.get(key, key),
                    "read": fact_word(key, before) or _("(empty)"),
                    "theirs": fact_word(key, now) or _("(empty)"),
                    "mine": fact_word(key, mine) or _("(empty)"),
                }
                for key, (before, now, mine) in contested(self.stale).items()
            ],
        }


def contested(error: StaleRecord) -> dict[str, tuple[Any, Any, Any]]:
    """The fields that somebody else changed, too: what was read, what is stored now, what was typed."""
    return {key: values for key, values in error.conflicts.items() if text(values[0]) != text(values[1])}
