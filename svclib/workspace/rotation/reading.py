"""Who stands where in a plan: lists, for whoever may read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Select, Table, select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import (
    Crew,
    Employment,
    Person,
    RotationTrainee,
    Station,
    Team,
    Unit,
    table,
)
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.policy import Group, Reach, Shown
from svclib.workspace.rotation.learning import read_known, trainees
from svclib.workspace.rotation.places import PERSON_COLUMNS, PLACE_COLUMNS
from svclib.workspace.rotation.plans import PlanRef, plan_row, stages_of
from svclib.workspace.rotation.standing import Rows, draft_rows, overlaid, published_rows
from svclib.workspace.validity import covers

if TYPE_CHECKING:
    import pandas as pd

PLACEMENT_COLUMNS = {
    "id": "id",
    **PERSON_COLUMNS,
    "stage": "int",
    "starts_on": "day",
    "ends_on": "day",
    **PLACE_COLUMNS,
    "mentor_id": "id",
    "mentor": "text",
    "lodging": "text",
    "note": "text",
    "state": "text",
}
"""Columns of `placements()`. `state` is published or draft; days are the placement's own, else the stage's."""
TRAINEE_COLUMNS = {
    **PERSON_COLUMNS,
    "safe_until": "day",
    "home_latitude": "float",
    "home_longitude": "float",
}
"""Columns of `trainees()`. `safe_until`: the last day with valid education and examination, of those known today."""

_PERSON = table(Person)
_TEAM = table(Team)
_STATION = table(Station)
_CREW = table(Crew)
_UNIT = table(Unit)
_WORK = table(Employment)
_TRAINEE = table(RotationTrainee)
_AT_ONCE = 5_000
Which = int | Literal["draft", "published"] | None
"""A published version by number; what is published now; or, as None and "draft", what would stand with the draft."""


class Reading(Area):
    """Who stands where in a plan."""

    @verb("rotation.placements", writes=False)
    def placements(self, tx: Transaction, plan: PlanRef, *, version: Which = None) -> pd.DataFrame:
        """List who stands where, by unit, person and stage; columns as in `PLACEMENT_COLUMNS`.

        `version`: the number of a published one, "published" for the latest, else with what is drafted as far as the
        role may know it. People in scope are listed, and whoever comes to a team in scope. Raises NotFound.
        """
        stored = plan_row(tx, plan)
        return frame(placement_rows(tx, stored, rows_of(tx, stored, version)), PLACEMENT_COLUMNS)

    @verb("rotation.trainees", writes=False)
    def trainees(self, tx: Transaction, plan: PlanRef) -> pd.DataFrame:
        """List who takes part in a plan, as far as in scope, with unit and safety; columns as in `TRAINEE_COLUMNS`."""
        stored = plan_row(tx, plan)
        people = trainees(tx, stored["id"])
        known = read_known(tx, stored["id"], people)
        units = {row["id"]: row["short_name"] for row in tx.rows(select(_UNIT.c.id, _UNIT.c.short_name))}
        listed = (
            select(
                _PERSON.c.id.label("person_id"),
                *_PERSON.c["employee_no", "name"],
                *_TRAINEE.c["home_latitude", "home_longitude"],
            )
            .join(_TRAINEE, _TRAINEE.c.person_id == _PERSON.c.id)
            .where(_TRAINEE.c.plan_id == stored["id"], _PERSON.c.id.in_(people))
            .order_by(_PERSON.c.pinyin, _PERSON.c.id)
        )
        rows = []
        for row in tx.rows(listed):
            unit_id = known.units.get(row["person_id"])
            spans = known.safe.get(row["person_id"], ())
            until = spans[-1][1] - timedelta(days=1) if spans else None
            rows.append({**row, "unit_id": unit_id, "unit": units.get(unit_id or 0), "safe_until": until})
        hidden = [] if tx.shown(Group.SAFETY) == Shown.SHOWN else ["safe_until"]
        if tx.shown(Group.PLANNING) != Shown.SHOWN:
            hidden += ["home_latitude", "home_longitude"]
        return frame([row | dict.fromkeys(hidden) for row in rows], TRAINEE_COLUMNS)


def rows_of(tx: Transaction, stored: Mapping[str, Any], version: Which) -> Rows:
    """The rows that a version is made of, of everybody. Raises NotFound for a version that there is not."""
    if isinstance(version, int):
        if not 1 <= version <= stored["published_version"]:
            told = _("The plan {name} has no published version {number}.")
            raise NotFound(told.format(name=stored["name"], number=version))
        return published_rows(tx, stored["id"], number=version)
    if version not in (None, "draft", "published"):
        raise RuleBroken(_("A version is a number, draft or published."), field="version")
    published = published_rows(tx, stored["id"])
    # A draft is the planners' own: others would take it for what is going to happen.
    with_draft = version != "published" and tx.policy.allows("rotation.save_draft")
    return overlaid(published, draft_rows(tx, stored["id"]) if with_draft else {})


def placement_rows(tx: Transaction, stored: Mapping[str, Any], rows: Rows) -> list[dict[str, Any]]:
    """The rows that the actor may see, with names, by unit, person and stage."""
    people = in_scope(tx, _PERSON, {person_id for person_id, _stage in rows})
    # Whoever answers for a team is told who comes to it; a party branch is told of its own people alone.
    receives = tx.scope.reach in (Reach.UNITS, Reach.TEAM, Reach.ALL)
    teams = in_scope(tx, _TEAM, {row["team_id"] for row in rows.values()}) if receives else set()
    shown = [row for (person_id, _stage), row in rows.items() if person_id in people or row["team_id"] in teams]
    names = Names(tx, shown)
    days = {stage.number: (stage.starts_on, stage.ends_on) for stage in stages_of(tx, stored["id"])}
    note = tx.shown(Group.NOTE) == Shown.SHOWN
    told = []
    for row in shown:
        starts_on, ends_on = days[row["stage_number"]]
        told.append(
            {
                **row,
                **names.of(row),
                "stage": row["stage_number"],
                "starts_on": row["starts_on"] or starts_on,
                "ends_on": row["ends_on"] or ends_on,
                "note": row["note"] if note else None,
                "state": "draft" if row["from_version"] is None else "published",
            }
        )
    return sorted(told, key=lambda row: (row["unit_id"] or 0, row["pinyin"], row["person_id"], row["stage"]))


def in_scope(tx: Transaction, place: Table, ids: set[int]) -> set[int]:
    """Which of these people, or teams, are in scope today."""
    if tx.scope.everything:
        return ids
    conditions = tx.scope.teams() if place is _TEAM else tx.scope.standing(place.c.id, tx.today)
    return {row["id"] for row in _listed(tx, select(place.c.id).where(*conditions), place, ids)}


class Names:
    """What people and places of some placements are called."""

    def __init__(self, tx: Transaction, rows: Collection[Mapping[str, Any]]) -> None:
        def ids(*columns: str) -> set[int]:
            return {row[column] for row in rows for column in columns if row[column] is not None}

        columns = _PERSON.c["id", "name", "employee_no", "pinyin"]
        self._people = _by_id(_listed(tx, select(*columns), _PERSON, ids("person_id", "mentor_id")))
        self._teams = _by_id(_listed(tx, select(_TEAM.c.id, _TEAM.c.short_name), _TEAM, ids("team_id")))
        self._stations = _by_id(_listed(tx, select(_STATION.c.id, _STATION.c.name), _STATION, ids("station_id")))
        self._crews = _by_id(_listed(tx, select(_CREW.c.id, _CREW.c.name), _CREW, ids("crew_id")))
        self._units = _by_id(tx.rows(select(_UNIT.c.id, _UNIT.c.short_name)))
        self._unit_of = units_today(tx, ids("person_id"))

    def of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The names that go with a placement's ids."""
        person, unit_id = self._people[row["person_id"]], self._unit_of.get(row["person_id"])
        return {
            **{name: person[name] for name in ("employee_no", "name", "pinyin")},
            "unit_id": unit_id,
            "unit": self._units.get(unit_id or 0, {}).get("short_name"),
            "team": self._teams.get(row["team_id"], {}).get("short_name"),
            "station": self._stations.get(row["station_id"], {}).get("name"),
            "crew": self._crews.get(row["crew_id"], {}).get("name"),
            "mentor": self._people.get(row["mentor_id"], {}).get("name"),
        }


def units_today(tx: Transaction, people: set[int]) -> dict[int, int]:
    """The unit that employs each of these people today; who is employed nowhere has none."""
    work = select(_WORK.c.person_id, _WORK.c.unit_id).where(covers(_WORK, tx.today))
    ids = sorted(people)
    return {
        row.person_id: row.unit_id
        for start in range(0, len(ids), _AT_ONCE)
        for row in tx.connection.execute(work.where(_WORK.c.person_id.in_(ids[start : start + _AT_ONCE])))
    }


def _listed(tx: Transaction, chosen: Select[Any], place: Table, ids: set[int]) -> list[dict[str, Any]]:
    listed = sorted(ids)
    return [
        row
        for start in range(0, len(listed), _AT_ONCE)
        for row in tx.rows(chosen.where(place.c.id.in_(listed[start : start + _AT_ONCE])))
    ]


def _by_id(rows: Iterable[dict[str, Any]]) -> dict[int | None, dict[str, Any]]:
    return {row["id"]: row for row in rows}
