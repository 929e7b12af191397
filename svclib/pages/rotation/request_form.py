"""The form of a request: for whom, leave or another placement, when, where to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import RequestKind
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import options, present, records, text
from svclib.pages.rotation.board import stage_words
from svclib.pages.rotation.chosen import Chosen, Row

REQUEST = "request"
ANYWHERE = "any"


class _Asking:
    """Who asks for what about the chosen plan: each list to choose from is read once for a form."""

    def __init__(self, chosen: Chosen) -> None:
        self.ws, self.plan = chosen.ws, chosen.plan
        listed = records(self.ws.rotation.people_to_ask(self.plan.id))
        if chosen.unit_id is not None:
            here = {one for one, row in self.plan.people.items() if row["unit_id"] == chosen.unit_id}
            listed = [row for row in listed if int(row["person_id"]) in here]
        self.people = [{"id": int(row["person_id"]), "label": _person(row)} for row in listed]
        self._ids = {one["id"] for one in self.people}
        self._places: dict[int, list[dict[str, Any]]] = {}

    @cached_property
    def stages(self) -> list[dict[str, Any]]:
        today = self.ws.today
        left = [one for one in self.plan.stages if one["ends_on"].date() > today]
        return [{"id": int(one["number"]), "label": stage_words(one)} for one in left]

    def places(self, person_id: Any) -> list[dict[str, Any]]:
        """Where somebody may ask to go; anywhere alone as long as nobody is chosen."""
        anywhere = {"id": ANYWHERE, "label": _("Any other team")}
        if not isinstance(person_id, int) or person_id not in self._ids:
            return [anywhere]
        if person_id not in self._places:
            rows = records(self.ws.rotation.places_to_ask(self.plan.id, person_id))
            self._places[person_id] = [anywhere, *({"id": _place_id(row), "label": _place(row)} for row in rows)]
        return self._places[person_id]


def request_form(chosen: Chosen) -> Form:
    """An empty form for a request about the chosen plan."""
    asking = _Asking(chosen)
    values: dict[str, Any] = {"kind": RequestKind.ABSENCE.value, "asker": "person"}
    if len(asking.people) == 1:
        values["person_id"] = asking.people[0]["id"]
    return Form(
        REQUEST,
        _("New request"),
        _("File the request"),
        lambda typed: _fields(asking, typed),
        values,
        lead=_("Nothing of the plan changes before somebody has approved it and a new version is published."),
    )


def _fields(asking: _Asking, typed: Mapping[str, Any]) -> list[Field]:
    change = typed.get("kind") == RequestKind.CHANGE.value
    fields = [
        Field("person_id", _("Trainee"), "choice", required=True, options=asking.people),
        Field("kind", _("Kind of request"), "choice", required=True, options=options(RequestKind)),
    ]
    if change:
        fields += [
            Field("stage", _("Stage"), "choice", required=True, options=asking.stages),
            Field(
                "team_id",
                _("Place asked for"),
                "choice",
                required=True,
                options=asking.places(typed.get("person_id")),
            ),
        ]
    else:
        fields += [
            Field("starts_on", _("First day"), "day", required=True),
            Field("ends_on", _("Last day"), "day", required=True),
        ]
    fields.append(
        Field(
            "reason",
            _("Reason"),
            "long",
            help=_("Kept encrypted. Only the person, who files this and the own unit's HR can read it."),
        )
    )
    if asking.ws.may("rotation.approve_request"):
        askers = [
            {"id": "person", "label": _("The trainee, on paper or by word")},
            {"id": "unit", "label": _("The unit, by me: somebody else decides then")},
        ]
        fields.append(Field("asker", _("Asked by"), "choice", required=True, options=askers))
    return fields


def _person(row: Row) -> str:
    return " ".join(filter(None, (text(row["name"]), text(row["employee_no"]))))


def _place_id(row: Row) -> str:
    station = int(row["station_id"]) if present(row["station_id"]) else 0
    return f"{int(row['team_id'])}-{station}"


def _place(row: Row) -> str:
    return " ".join(part for part in (text(row["team"]), text(row["station"])) if part)


def asked_for(read: Mapping[str, Any], me: str) -> tuple[int, str, dict[str, Any]]:
    """What the form asks for, as the verb takes it: for whom, which kind, and the rest. `me`: who files it."""
    asked: dict[str, Any] = {"reason": read.get("reason")}
    if read.get("asker") == "unit":
        asked["asked_by"] = me
    if read["kind"] == RequestKind.CHANGE.value:
        asked["stage"] = read["stage"]
        if read["team_id"] != ANYWHERE:
            team, station = (int(part) for part in str(read["team_id"]).split("-"))
            asked |= {"team_id": team, "station_id": station or None}
    else:
        last: date = read["ends_on"]
        asked |= {"starts_on": read["starts_on"], "ends_on": last + timedelta(days=1)}
    return int(read["person_id"]), str(read["kind"]), asked
