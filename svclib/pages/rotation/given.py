"""What is given to a plan beside the plan itself, at the side: of a person wishes, days away, home, exceptions, pairs.

Each part tells what stands there and which form changes it, as far as the role may know and do it; why somebody is away
or two are a pair is shown when asked for alone.
"""

from __future__ import annotations

from typing import Any, Literal

from svclib.i18n import gettext as _
from svclib.pages.parts.texts import present, records, text
from svclib.pages.rotation.chosen import Chosen, Plan, Row
from svclib.pages.rotation.given_words import (
    bound_words,
    bounds_of,
    days_words,
    home_words,
    pair_words,
    placement_words,
    stations_of,
    town_words,
)
from svclib.workspace.audit.words import actor_word

ReasonKind = Literal["pair", "absence"]


class Given:
    """What is given about who, or which team, is shown at the side."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.reason: tuple[ReasonKind, int, str] | None = None
        """Why, of which row: shown until something else is."""

    def hide(self) -> None:
        """Show no reason any more."""
        self.reason = None

    def read_reason(self, kind: ReasonKind, row_id: int) -> None:
        """Show why; the trail tells that it was read. Raises Forbidden, NotFound."""
        told = self.chosen.ws.rotation.reason(kind, row_id)
        self.reason = kind, row_id, told or _("No reason was written down.")

    def of_person(self, plan: Plan, person_id: int) -> list[dict[str, Any]]:
        """The parts about somebody who takes part."""
        parts = (self._wishes, self._absences, self._home, self._exceptions, self._pairs)
        return [part for make in parts for part in [make(plan, person_id)] if part is not None]

    def of_placement(self, placed: Row | None) -> list[dict[str, Any]]:
        """Mentor, lodging and note of a placement that may be changed."""
        if placed is None:
            return []
        lines = [_line(n, f"{label}：{said}") for n, (label, said) in enumerate(placement_words(placed))]
        act, empty = _act("details", _("Choose the mentor"), "mdi-pencil-outline"), _("No mentor is named yet.")
        return [_part("details", "mdi-account-tie-outline", _("Mentor, lodging, note"), lines, empty, act)]

    def of_team(self, plan: Plan, team_id: int) -> list[dict[str, Any]]:
        """The places of a team and its stations, in each stage."""
        ws = plan.ws
        if not ws.may("rotation.bounds") or team_id not in plan.team_units:
            return []
        own = bounds_of(plan, team_id)
        stations = stations_of(plan, team_id)
        changes = ws.may("rotation.bound")
        lines = []
        for row in sorted(own, key=lambda one: present(one["station_id"])):
            station = int(row["station_id"]) if present(row["station_id"]) else 0
            name = stations.get(station, "") if station else _("Whole team")
            act = _act("bound", _("Change these places"), "mdi-pencil-outline", station)
            lines.append(_line(station, f"{name}：{bound_words(row)}") | {"acts": [act] * changes})
        if not lines or lines[0]["id"]:
            act = _act("bound", _("Set the team's places"), "mdi-pencil-outline")
            usual = _line(0, _("Whole team: as the plan's figures say"))
            lines.insert(0, usual | {"acts": [act] * changes})
        add = _act("station_bound", _("Set a station's places"), "mdi-plus") if changes and stations else None
        label = _("Places in each stage")
        return [_part("bound", "mdi-account-group-outline", label, lines, "", add)]

    def _wishes(self, plan: Plan, person_id: int) -> dict[str, Any] | None:
        if not plan.ws.may("rotation.wishes"):
            return None
        rows = records(plan.ws.rotation.wishes(plan.id, person_id=person_id))
        lines = [_line(row["rank"], f"{int(row['rank'])}. {row['team']}") for row in rows]
        act = _act("wish", _("Edit the wishes"), "mdi-pencil-outline") if plan.ws.may("rotation.wish") else None
        return _part("wish", "mdi-heart-outline", _("Wishes"), lines, _("No wishes yet."), act)

    def _absences(self, plan: Plan, person_id: int) -> dict[str, Any] | None:
        ws = plan.ws
        if not ws.may("rotation.absences"):
            return None
        lines = []
        for row in records(ws.rotation.absences(plan.id, person_id=person_id)):
            acts = []
            if ws.may("rotation.edit_absence"):
                acts.append(_act("edit_absence", _("Change these days"), "mdi-pencil-outline", int(row["id"])))
            if ws.may("rotation.end_absence"):
                acts.append(_act("end_absence", _("Delete this absence"), "mdi-trash-can-outline", int(row["id"])))
            lines.append(self._with_reason("absence", row, days_words(row), _written(row), acts))
        act = _act("absence", _("Note an absence"), "mdi-plus") if ws.may("rotation.absence") else None
        empty = _("No absence is noted.")
        return _part("absence", "mdi-calendar-remove-outline", _("Days away"), lines, empty, act)

    def _home(self, plan: Plan, person_id: int) -> dict[str, Any] | None:
        if not plan.ws.may("rotation.home"):
            return None
        row = plan.people[person_id]
        lines = [_line(0, home_words(row), town_words(plan, row))] if present(row["home_latitude"]) else []
        act = _act("home", _("Say where home is"), "mdi-pencil-outline")
        empty = _("Not known: the unit's seat is taken.")
        return _part("home", "mdi-home-map-marker", _("Home"), lines, empty, act)

    def _exceptions(self, plan: Plan, person_id: int) -> dict[str, Any] | None:
        if not plan.ws.may("rotation.exceptions"):
            return None
        rows = records(plan.ws.rotation.exceptions(plan.id, person_id=person_id))
        lines = [_line(int(row["unit_id"]), str(row["unit"])) for row in rows]
        act = (
            _act("exception", _("Edit the exceptions"), "mdi-pencil-outline")
            if plan.ws.may("rotation.except")
            else None
        )
        empty = _("Inside the own unit only.")
        return _part("exception", "mdi-map-marker-path", _("Other units allowed"), lines, empty, act)

    def _pairs(self, plan: Plan, person_id: int) -> dict[str, Any] | None:
        ws = plan.ws
        if not ws.may("rotation.pairs"):
            return None
        lines = []
        for row in records(ws.rotation.pairs(plan.id, person_id=person_id)):
            acts = [_act("unpair", _("Undo this pair"), "mdi-trash-can-outline", int(row["id"]))]
            lines.append(self._with_reason("pair", row, pair_words(row, person_id), _written(row), acts))
            if not ws.may("rotation.unpair"):
                lines[-1]["acts"] = []
        act = _act("pair", _("Add a pair"), "mdi-plus") if ws.may("rotation.pair") else None
        return _part("pair", "mdi-account-multiple-outline", _("Pairs"), lines, _("No pairs."), act)

    def _with_reason(
        self, kind: ReasonKind, row: Row, said: str, hint: str, acts: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """A line about which there may be a reason, that this role may read or not."""
        shown = self.reason is not None and self.reason[:2] == (kind, int(row["id"]))
        told = self.reason[2] if self.reason is not None and shown else None
        locked = bool(row["readable"]) and not shown
        return _line(int(row["id"]), said, hint) | {"acts": acts, "locked": kind if locked else "", "reason": told}


def _written(row: Row) -> str:
    return _("written by {who}").format(who=actor_word(text(row["written_by"])))


def _part(
    key: str, icon: str, label: str, lines: list[dict[str, Any]], empty: str, act: dict[str, Any] | None
) -> dict[str, Any]:
    return {"key": key, "icon": icon, "label": label, "lines": lines, "empty": empty, "act": act}


def _line(line_id: Any, said: str, hint: str = "") -> dict[str, Any]:
    return {"id": int(line_id), "text": said, "hint": hint, "acts": [], "locked": "", "reason": None}


def _act(form: str, label: str, icon: str, row_id: int = 0) -> dict[str, Any]:
    return {"form": form, "row": row_id, "label": label, "icon": icon}
