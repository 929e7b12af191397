"""The panel of one team: its rules, the people behind a figure, and what would be if some of them left."""

from __future__ import annotations

from datetime import date
from typing import Any

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext, run_on
from svclib.models import Office, PoliticalStatus, TeamSetting, label
from svclib.pages.parts.forms import read_day
from svclib.pages.parts.texts import present, records, text, word
from svclib.pages.register.columns import mark
from svclib.pages.register.person_forms import action_views
from svclib.pages.register.scope import Scope
from svclib.pages.register.structure import GOOD, TROUBLE, rule_word, since_words, standing_mark
from svclib.pages.register.team_forms import team_actions
from svclib.rules.composition import Rule

LEAD = 2
"""How many actions stand as buttons; the others are in the menu behind them."""


class TeamPanel:
    """One team of the day. Raises NotFound when it is not there."""

    def __init__(self, scope: Scope, team_id: int, rule: str | None) -> None:
        self.scope = scope
        self.team_id = team_id
        self.leaving: set[int] = set()
        self.change_on: date = scope.on
        teams = scope.teams
        found = teams[teams["id"] == team_id]
        if found.empty:
            raise NotFound(_("There is no such team on {day}.").format(day=scope.on.isoformat()))
        self.team = records(found)[0]
        judged = scope.composition
        self.rules = records(judged[judged["team_id"] == team_id])
        broken = [row["rule"] for row in self.rules if not row["holds"]]
        for candidate in [rule] if rule else [*broken, Rule.MEMBER_SHARE.value]:
            self.choose(candidate)
            # A rule that nobody stands behind would open an empty list.
            if len(self.people):
                break

    def choose(self, rule: str) -> None:
        """Show the people behind another figure."""
        self.people = self.scope.ws.register.who(self.team_id, rule, self.scope.on)
        self.rule = rule

    def tick(self, person_id: int, *, leaving: bool) -> None:
        """Suppose that somebody leaves, or stays after all."""
        if leaving:
            self.leaving.add(person_id)
        else:
            self.leaving.discard(person_id)

    def leave_on(self, on: str) -> None:
        """Suppose that they leave on this day. Raises RuleBroken for what is no day, or a day before the one shown."""
        day = read_day(on)
        if day is None or day < self.scope.on:
            raise RuleBroken(
                _("Choose a day from {day} on, written like 2026-07-01.").format(day=self.scope.on.isoformat()),
                field="on",
            )
        self.change_on = day

    def outcome(self) -> dict[str, Any] | None:
        """Which rules would break, or mend, if those ticked left on the day."""
        if not self.leaving:
            return None
        after = self.scope.ws.register.composition(
            self.scope.on, unit=int(self.team["unit_id"]), leaving=sorted(self.leaving), change_on=self.change_on
        )
        rules = records(after[after["team_id"] == self.team_id])
        broken_now = {row["rule"] for row in self.rules if not row["holds"]}
        worse = [row for row in rules if not row["holds"] and row["rule"] not in broken_now]
        still = [row for row in rules if not row["holds"] and row["rule"] in broken_now]
        lines = [str(row["sentence"]) for row in worse + still]
        if worse:
            title = ngettext("{n} more rule would be broken", "{n} more rules would be broken", len(worse))
            return {"tone": "trouble", "icon": TROUBLE, "title": title.format(n=len(worse)), "lines": lines}
        share = next(row for row in rules if row["rule"] == Rule.MEMBER_SHARE)
        lines.insert(0, _("Share of party members then: {figure}").format(figure=share["figure_text"]))
        return {"tone": "good", "icon": GOOD, "title": _("No further rule would be broken"), "lines": lines}

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the team."""
        broken = sum(not row["holds"] for row in self.rules)
        setting = word(TeamSetting, self.team["setting"])
        return {
            "kind": "team",
            "id": self.team_id,
            "title": str(self.team["short_name"]),
            "mark": "",
            "subtitle": " · ".join(part for part in (str(self.team["unit"]), setting) if part),
            "badges": [standing_mark(broken)],
            "actions": action_views(team_actions(self.scope.ws), self.team),
            "lead": LEAD,
            "rule": self.rule,
            "rules": [self._rule(row) for row in sorted(self.rules, key=lambda row: bool(row["holds"]))],
            "people": self._people(),
            "facts": self._facts(),
            "history": None,
        }

    def _rule(self, row: dict[str, Any]) -> dict[str, Any]:
        applies = not row["holds"] or present(row["figure"])
        state = mark(GOOD, _("holds"), "good") if row["holds"] else mark(TROUBLE, _("broken"), "trouble")
        if not applies:
            state = mark("mdi-minus-circle-outline", _("not applicable"), "")
        said = text(row["sentence"])
        if applies and not said and row["figure_text"] != row["limit_text"]:
            said = _("{figure}, required: {limit}").format(figure=row["figure_text"], limit=row["limit_text"])
        since = since_words(row["since"])
        return {
            "key": row["rule"],
            "label": rule_word(row["rule"]),
            "sentence": run_on(said, since),
            "tone": state["tone"],
            "icon": state["icon"],
            "word": state["word"],
        }

    def _people(self) -> dict[str, Any]:
        rows = []
        for row in records(self.people):
            office = label(Office(row["office"])) if present(row["office"]) else ""
            counts = bool(row["counts"])
            rows.append(
                {
                    "id": int(row["id"]),
                    "name": str(row["name"]),
                    "line": " · ".join(
                        part
                        for part in (office, text(row["employee_no"]), word(PoliticalStatus, row["status"]))
                        if part
                    ),
                    "word": _("counted") if counts else _("not counted"),
                    "icon": "mdi-check" if counts else "mdi-minus",
                    "tone": "good" if counts else "",
                    "leaving": int(row["id"]) in self.leaving,
                }
            )
        counted = sum(row["tone"] == "good" for row in rows)
        tick = self.rule in {Rule.MEMBER_SHARE, Rule.SIZE} and bool(rows)
        return {
            "title": _("Behind the figure “{rule}”: {counted} of {n}").format(
                rule=rule_word(self.rule), counted=counted, n=len(rows)
            )
            if rows
            else _("Nobody stands behind “{rule}”").format(rule=rule_word(self.rule)),
            "help": _("Tick who might leave to see which rules would break.") if tick else "",
            "rows": rows,
            "opens": self.scope.ws.may("register.person"),
            "tick": tick,
            "day": self.change_on.isoformat(),
            "outcome": self.outcome(),
        }

    def _facts(self) -> list[dict[str, Any]]:
        pairs = [
            ("official_name", _("Official name")),
            ("captain", _("Captain")),
            ("party_head", _("First person responsible (party)")),
            ("admin_head", _("First person responsible (administration)")),
            ("party_body", _("Party branch or group")),
            ("crew", _("Crew")),
            ("supervision_phone", _("Supervision phone")),
            ("founded_on", _("Founded on")),
        ]
        items = [
            {"key": key, "label": name, "value": text(self.team[key]), "masked": False}
            for key, name in pairs
            if present(self.team[key])
        ]
        return [{"title": _("About the team"), "items": items}]
