"""Units, party bodies, crews, teams and stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from svclib.models import (
    Crew,
    Employment,
    Intake,
    Membership,
    Office,
    PartyBody,
    Person,
    Station,
    Team,
    TeamOffice,
    Trainee,
    Unit,
    table,
)
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.register.days import day_of
from svclib.workspace.register.sight import Sight
from svclib.workspace.validity import covers, stands

if TYPE_CHECKING:
    import pandas as pd

UNIT_COLUMNS = {
    "id": "id",
    "name": "text",
    "short_name": "text",
    "kind": "text",
    "parent_id": "id",
    "people": "int",
    "teams": "int",
    "version": "int",
}
BODY_COLUMNS = {"id": "id", "unit_id": "id", "unit": "text", "parent_id": "id", "kind": "text", "name": "text"}
CREW_COLUMNS = {"id": "id", "unit_id": "id", "unit": "text", "kind": "text", "name": "text"}
TEAM_COLUMNS = {
    "id": "id",
    "official_name": "text",
    "short_name": "text",
    "unit": "text",
    "unit_id": "id",
    "parent_id": "id",
    "crew": "text",
    "crew_id": "id",
    "party_body": "text",
    "party_body_id": "id",
    "level": "text",
    "setting": "text",
    "captain": "text",
    "captain_id": "id",
    "party_head": "text",
    "party_head_id": "id",
    "admin_head": "text",
    "admin_head_id": "id",
    "supervision_phone": "text",
    "members": "int",
    "stations": "int",
    "latitude": "float",
    "longitude": "float",
    "founded_on": "day",
    "closed_on": "day",
    "version": "int",
}
STATION_COLUMNS = {
    "id": "id",
    "name": "text",
    "team": "text",
    "team_id": "id",
    "unit_id": "id",
    "address": "text",
    "latitude": "float",
    "longitude": "float",
    "members": "int",
    "opened_on": "day",
    "closed_on": "day",
}
INTAKE_COLUMNS = {"id": "id", "year": "int", "kind": "text", "trainees": "int"}

_UNIT = table(Unit)
_BODY = table(PartyBody)
_CREW = table(Crew)
_TEAM = table(Team)
_STATION = table(Station)
_STAY = table(Membership)
_OFFICE = table(TeamOffice)
_PERSON = table(Person)
_WORK = table(Employment)


@dataclass(frozen=True)
class Choice:
    """A unit or a team to choose from: as people say it, a team with its unit's short name."""

    id: int
    name: str
    unit: str = ""


class Organisation(Area):
    """Units, party bodies, crews, teams and stations."""

    @verb("register.units", writes=False)
    def units(self, tx: Transaction, on: date | str | None = None) -> pd.DataFrame:
        """List every unit in scope with how many people it employs and how many teams it has on a day, as far as those
        are in scope."""
        day, scope = day_of(tx, on), tx.scope
        works = (_WORK.c.unit_id == _UNIT.c.id, covers(_WORK, day), *scope.people(_WORK.c.person_id, day))
        people = select(func.count()).select_from(_WORK).where(*works).scalar_subquery()
        stand = (_TEAM.c.unit_id == _UNIT.c.id, stands(_TEAM, day, since="founded_on"), *scope.teams())
        teams = select(func.count()).select_from(_TEAM).where(*stand).scalar_subquery()
        listed = select(_UNIT, people.label("people"), teams.label("teams")).where(*scope.units(_UNIT.c.id, day))
        listed = listed.order_by(_UNIT.c.id)
        return frame(tx.rows(listed), UNIT_COLUMNS)

    @verb("register.units", writes=False)
    def unit_choices(self, tx: Transaction, on: date | str | None = None) -> list[Choice]:
        """Give the units of `units()` to choose from."""
        listed = select(_UNIT.c.id, _UNIT.c.short_name.label("name")).where(*tx.scope.units(_UNIT.c.id, day_of(tx, on)))
        return [Choice(**row) for row in tx.rows(listed.order_by(_UNIT.c.id))]

    @verb("register.bodies", writes=False)
    def bodies(self, tx: Transaction, *, unit: int | None = None) -> pd.DataFrame:
        """List every party body in scope, of one unit or of all; `parent_id` makes the tree."""
        listed = select(_BODY, _UNIT.c.short_name.label("unit")).join(_UNIT, _UNIT.c.id == _BODY.c.unit_id)
        listed = listed.where(*tx.scope.bodies())
        if unit is not None:
            listed = listed.where(_BODY.c.unit_id == unit)
        return frame(tx.rows(listed.order_by(_BODY.c.unit_id, _BODY.c.id)), BODY_COLUMNS)

    @verb("register.crews", writes=False)
    def crews(self, tx: Transaction, *, unit: int | None = None) -> pd.DataFrame:
        """List every crew in scope, of one unit or of all."""
        listed = select(_CREW, _UNIT.c.short_name.label("unit")).join(_UNIT, _UNIT.c.id == _CREW.c.unit_id)
        listed = listed.where(*tx.scope.crews())
        if unit is not None:
            listed = listed.where(_CREW.c.unit_id == unit)
        return frame(tx.rows(listed.order_by(_CREW.c.unit_id, _CREW.c.id)), CREW_COLUMNS)

    @verb("register.teams", writes=False)
    def teams(self, tx: Transaction, on: date | str | None = None, *, unit: int | None = None) -> pd.DataFrame:
        """List the teams of a day in scope with their offices and figures. `members` counts no trainees.

        A team's figure is the whole team's. Holders of offices are left out for a role that is shown no names.
        """
        day = day_of(tx, on)
        listed = (
            select(
                _TEAM,
                _UNIT.c.short_name.label("unit"),
                _CREW.c.name.label("crew"),
                _BODY.c.name.label("party_body"),
            )
            .join(_UNIT, _UNIT.c.id == _TEAM.c.unit_id)
            .outerjoin(_CREW, _CREW.c.id == _TEAM.c.crew_id)
            .outerjoin(_BODY, _BODY.c.id == _TEAM.c.party_body_id)
            .where(stands(_TEAM, day, since="founded_on"), *tx.scope.teams())
            .order_by(_TEAM.c.unit_id, _TEAM.c.id)
        )
        if unit is not None:
            listed = listed.where(_TEAM.c.unit_id == unit)
        members = _count_by(tx, Sight(day).members().with_only_columns(_STAY.c.team_id), "team_id")
        stations = _count_by(tx, select(_STATION.c.team_id).where(stands(_STATION, day, since="opened_on")), "team_id")
        rows = []
        holders = _holders(tx, day) if tx.policy.sees("name") else {}
        for row in tx.rows(listed):
            offices: dict[str, Any] = {}
            for office in Office:
                offices[f"{office}_id"], offices[office.value] = holders.get((row["id"], office.value), (None, None))
            figures = {"members": members.get(row["id"], 0), "stations": stations.get(row["id"], 0)}
            rows.append(row | offices | figures)
        return frame(rows, TEAM_COLUMNS)

    @verb("register.teams", writes=False)
    def team_choices(self, tx: Transaction, on: date | str | None = None, *, unit: int | None = None) -> list[Choice]:
        """Give the teams of `teams()` to choose from."""
        listed = (
            select(_TEAM.c.id, _TEAM.c.short_name.label("name"), _UNIT.c.short_name.label("unit"))
            .join(_UNIT, _UNIT.c.id == _TEAM.c.unit_id)
            .where(stands(_TEAM, day_of(tx, on), since="founded_on"), *tx.scope.teams())
            .order_by(_TEAM.c.unit_id, _TEAM.c.id)
        )
        if unit is not None:
            listed = listed.where(_TEAM.c.unit_id == unit)
        return [Choice(**row) for row in tx.rows(listed)]

    @verb("register.stations", writes=False)
    def stations(self, tx: Transaction, on: date | str | None = None, *, team: int | None = None) -> pd.DataFrame:
        """List the community service stations of a day in scope; coordinates in degrees (WGS-84)."""
        day = day_of(tx, on)
        listed = (
            select(_STATION, _TEAM.c.short_name.label("team"), _TEAM.c.unit_id)
            .join(_TEAM, _TEAM.c.id == _STATION.c.team_id)
            .where(stands(_STATION, day, since="opened_on"), *tx.scope.stations())
            .order_by(_STATION.c.team_id, _STATION.c.id)
        )
        if team is not None:
            listed = listed.where(_STATION.c.team_id == team)
        members = _count_by(tx, Sight(day).members().with_only_columns(_STAY.c.station_id), "station_id")
        return frame([row | {"members": members.get(row["id"], 0)} for row in tx.rows(listed)], STATION_COLUMNS)

    @verb("register.intakes", writes=False)
    def intakes(self, tx: Transaction) -> pd.DataFrame:
        """List the yearly intakes, newest first, with the number of trainees ever in them, as far as in scope today."""
        intake, trainee = table(Intake), table(Trainee)
        mine = (trainee.c.intake_id == intake.c.id, *tx.scope.standing(trainee.c.person_id, tx.today))
        count = select(func.count()).select_from(trainee).where(*mine).scalar_subquery()
        listed = select(intake, count.label("trainees")).order_by(intake.c.year.desc(), intake.c.kind)
        return frame(tx.rows(listed), INTAKE_COLUMNS)


def _count_by(tx: Transaction, rows: Any, column: str) -> dict[int, int]:
    listed = rows.subquery()
    counted = select(listed.c[column], func.count().label("n")).group_by(listed.c[column])
    return {row[column]: row["n"] for row in tx.rows(counted)}


def _holders(tx: Transaction, day: date) -> dict[tuple[int, str], tuple[int, str]]:
    """(team, office) → (person, name) on the day."""
    held = (
        select(_OFFICE.c.team_id, _OFFICE.c.office, _OFFICE.c.person_id, _PERSON.c.name)
        .join(_PERSON, _PERSON.c.id == _OFFICE.c.person_id)
        .where(covers(_OFFICE, day))
    )
    return {(row["team_id"], row["office"]): (row["person_id"], row["name"]) for row in tx.rows(held)}
