"""A plan as form 4 (轮岗安排表): what goes out to a unit, and what may be chosen in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.models import (
    Crew,
    Membership,
    Person,
    RotationException,
    RotationTrainee,
    Station,
    Team,
    Unit,
    table,
)
from svclib.rules.rotation import Stage
from svclib.tabular.rotation import Choice, Choices, PlanRow, PlanSheet, plan_workbook
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.rotation.learning import trainees
from svclib.workspace.rotation.places import Place
from svclib.workspace.rotation.plans import PlanRef, plan_row, stages_of
from svclib.workspace.rotation.reading import Which, rows_of, units_today
from svclib.workspace.rotation.standing import Rows
from svclib.workspace.validity import covers, stands

_PERSON = table(Person)
_TRAINEE = table(RotationTrainee)
_EXCEPTION = table(RotationException)
_TEAM = table(Team)
_STATION = table(Station)
_CREW = table(Crew)
_UNIT = table(Unit)
_STAY = table(Membership)


@dataclass(frozen=True)
class Roll:
    """Trainees of some units in a plan, and everything that may be chosen for them."""

    stages: tuple[Stage, ...]
    people: tuple[Mapping[str, Any], ...]
    choices: Choices

    def rows(self, placed: Rows) -> tuple[PlanRow, ...]:
        """A row for each of them and each stage, with what stands there. A station with an id below 0 is a crew."""
        return tuple(
            self._row(person, stage, placed.get((person["id"], stage.number)))
            for person in self.people
            for stage in self.stages
        )

    def _row(self, person: Mapping[str, Any], stage: Stage, row: Mapping[str, Any] | None) -> PlanRow:
        held = row or dict.fromkeys(
            ("team_id", "station_id", "crew_id", "mentor_id", "lodging", "note", "starts_on", "ends_on")
        )
        return PlanRow(
            person_id=person["id"],
            name=person["name"],
            employee_no=person["employee_no"],
            unit=person["unit"],
            stage=stage.number,
            starts_on=held["starts_on"] or stage.starts_on,
            ends_on=held["ends_on"] or stage.ends_on,
            team_id=held["team_id"],
            station_id=held["station_id"] or (-held["crew_id"] if held["crew_id"] else None),
            mentor_id=held["mentor_id"],
            lodging=held["lodging"],
            note=held["note"],
        )


def place_of(row: PlanRow) -> Place | None:
    """The place that a row of the form names; None where it names no team."""
    chosen = row.station_id or 0
    return None if row.team_id is None else Place(row.team_id, max(chosen, 0), max(-chosen, 0))


class Sheets(Area):
    """A plan as form 4."""

    @verb("rotation.export", writes=False)
    def workbook(self, tx: Transaction, plan: PlanRef, *, unit: int | None = None, version: Which = None) -> bytes:
        """Write a plan as form 4 (.xlsx), of one unit (id) or of everybody in scope, to be changed and brought back.

        `version` as for `placements`; left out: what is published, else the draft. Raises NotFound, also for a unit
        that has nobody in the plan in scope.
        """
        stored = plan_row(tx, plan)
        chosen = version or ("published" if stored["published_version"] else "draft")
        placed = rows_of(tx, stored, chosen)
        roll = read_roll(tx, stored["id"], None if unit is None else {unit}, [placed])
        if not roll.people:
            raise NotFound(_("The plan {name} has no trainees of this unit in your scope.").format(name=stored["name"]))
        names = list(dict.fromkeys(person["unit"] for person in roll.people))
        sheet = PlanSheet(
            plan=stored["name"],
            version=chosen if isinstance(chosen, int) else stored["published_version"],
            unit=names[0] if len(names) == 1 else _("{count} units").format(count=len(names)),
            rows=roll.rows(placed),
            choices=roll.choices,
            exported_on=tx.today,
        )
        return plan_workbook(sheet)

    @verb("rotation.export", writes=False)
    def units(self, tx: Transaction, plan: PlanRef) -> dict[int, str]:
        """The units that have trainees of the plan in scope: id → short name."""
        stored = plan_row(tx, plan)
        people = set(tx.connection.execute(trainees(tx, stored["id"])).scalars())
        found = set(units_today(tx, people).values())
        names = select(_UNIT.c.id, _UNIT.c.short_name).where(_UNIT.c.id.in_(found)).order_by(_UNIT.c.id)
        return {row.id: row.short_name for row in tx.connection.execute(names)}


def read_roll(
    tx: Transaction,
    plan_id: int,
    units: Collection[int] | None,
    held: Collection[Rows],
    *,
    only: Collection[int] | None = None,
) -> Roll:
    """The trainees in scope of these units, or of all, and what may be chosen; with whatever stands in `held`.

    `only`: no others than these people (ids).
    """
    people = set(tx.connection.execute(trainees(tx, plan_id)).scalars())
    if only is not None:
        people &= set(only)
    unit_of = units_today(tx, people)
    names = {row.id: row.short_name for row in tx.connection.execute(select(_UNIT.c.id, _UNIT.c.short_name))}
    chosen = {one for one in people if units is None or unit_of.get(one) in units}
    columns = _PERSON.c["id", "name", "employee_no"]
    listed = select(*columns).join(_TRAINEE, _TRAINEE.c.person_id == _PERSON.c.id).where(_TRAINEE.c.plan_id == plan_id)
    ordered = tx.rows(listed.order_by(_PERSON.c.pinyin, _PERSON.c.id))
    told = [{**row, "unit": names.get(unit_of.get(row["id"], 0), "")} for row in ordered if row["id"] in chosen]
    told.sort(key=lambda row: unit_of.get(row["id"], 0))
    rows = [row for one in held for (person_id, _stage), row in one.items() if person_id in chosen]
    return Roll(stages_of(tx, plan_id), tuple(told), _choices(tx, plan_id, told, unit_of, rows))


def _choices(
    tx: Transaction,
    plan_id: int,
    people: Collection[Mapping[str, Any]],
    unit_of: Mapping[int, int],
    rows: Collection[Mapping[str, Any]],
) -> Choices:
    """Teams of the people's units and exceptions, their stations, the units' crews, the teams' members as mentors."""

    def held(column: str) -> set[int]:
        return {row[column] for row in rows if row[column] is not None}

    ids = {person["id"] for person in people}
    exceptions = select(_EXCEPTION.c.person_id, _EXCEPTION.c.unit_id).where(_EXCEPTION.c.plan_id == plan_id)
    units = {unit_of[one] for one in ids if one in unit_of}
    units |= {row.unit_id for row in tx.connection.execute(exceptions) if row.person_id in ids}
    there = stands(_TEAM, tx.today, since="founded_on") & _TEAM.c.unit_id.in_(units)
    teams = tx.rows(select(_TEAM).where(there | _TEAM.c.id.in_(held("team_id"))).order_by(_TEAM.c.unit_id, _TEAM.c.id))
    team_ids = {row["id"] for row in teams}
    open_now = stands(_STATION, tx.today, since="opened_on") & _STATION.c.team_id.in_(team_ids)
    stations = select(_STATION.c.id, _STATION.c.name, _STATION.c.team_id)
    stations = stations.where(open_now | _STATION.c.id.in_(held("station_id"))).order_by(_STATION.c.id)
    crews = select(_CREW.c.id, _CREW.c.name, _UNIT.c.short_name.label("unit")).join(
        _UNIT, _UNIT.c.id == _CREW.c.unit_id
    )
    crews = crews.where(_CREW.c.unit_id.in_(units) | _CREW.c.id.in_(held("crew_id"))).order_by(_CREW.c.id)
    members = (
        select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.employee_no, _STAY.c.team_id)
        .join(_STAY, _STAY.c.person_id == _PERSON.c.id)
        .where(covers(_STAY, tx.today), _STAY.c.team_id.in_(team_ids))
        .order_by(_STAY.c.team_id, _PERSON.c.pinyin, _PERSON.c.id)
    )
    mentors = [_mentor(row, row["team_id"]) for row in tx.rows(members) if row["id"] not in ids]
    gone = held("mentor_id") - {one.id for one in mentors}
    past = select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.employee_no).where(_PERSON.c.id.in_(gone))
    named = {row["id"]: row["short_name"] for row in teams}
    return Choices(
        teams=tuple(Choice(row["id"], row["short_name"], (row["official_name"],)) for row in teams),
        stations=(
            *(
                Choice(row["id"], row["name"], team_id=row["team_id"], detail=named.get(row["team_id"], ""))
                for row in tx.rows(stations)
            ),
            *(Choice(-row["id"], row["name"], detail=row["unit"]) for row in tx.rows(crews)),
        ),
        mentors=(*mentors, *(_mentor(row, None) for row in tx.rows(past))),
        people=tuple(Choice(person["id"], person["name"], detail=person["employee_no"] or "") for person in people),
    )


def _mentor(row: Mapping[str, Any], team_id: int | None) -> Choice:
    return Choice(row["id"], row["name"], team_id=team_id, detail=row["employee_no"] or "")
