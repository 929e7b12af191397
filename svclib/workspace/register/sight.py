"""The register as seen on one day: each person with the one period of each history that covers the day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, null, or_, select, union_all
from sqlalchemy.sql.selectable import FromClause
from sqlmodel import SQLModel

from svclib.models import (
    BranchMembership,
    Crew,
    DevelopmentPeriod,
    DevelopmentStage,
    Employment,
    Intake,
    Membership,
    PartyBody,
    Person,
    PoliticalStatus,
    Station,
    StatusPeriod,
    Team,
    Trainee,
    Unit,
    table,
)
from svclib.workspace.base import Transaction
from svclib.workspace.policy import FIELDS, Shown
from svclib.workspace.register.days import day_of
from svclib.workspace.scope import people_of_units
from svclib.workspace.validity import covers, trains

HIDDEN = "*" * 11
"""What lists show for a phone: that there is one. Lists never decrypt; the person's card shows 138****5678."""

COLUMNS = {
    "id": "id",
    "employee_no": "text",
    "name": "text",
    "sex": "text",
    "birth_date": "day",
    "status": "text",
    "stage": "text",
    "unit": "text",
    "team": "text",
    "hired_on": "day",
    "phone": "text",
    "unit_id": "id",
    "team_id": "id",
    "crew": "text",
    "post": "text",
    "branch": "text",
    "station": "text",
    "duty": "text",
    "joined_team_on": "day",
    "intake": "int",
    "trainee_kind": "text",
    "ethnicity": "text",
    "education": "text",
    "degree": "text",
    "school": "text",
    "major": "text",
    "graduated_on": "day",
    "work_started_on": "day",
    "party_joined_on": "day",
    "origin": "text",
    "skill_level": "text",
}
"""Columns of `people()` and `page()` with their kinds; codes stay codes. What the role is not shown is empty."""

_PERSON = table(Person)
_UNIT = table(Unit)
_TEAM = table(Team)
_CREW = table(Crew)
_STATION = table(Station)
_BODY = table(PartyBody)
_INTAKE = table(Intake)
_STATUS_ORDER = {code.value: place for place, code in enumerate(PoliticalStatus)}
_STAGE_ORDER = {code.value: place for place, code in enumerate(DevelopmentStage)}


class Sight:
    """The tables of one day, joined to `person`; `hidden` columns are never read."""

    def __init__(self, day: date, hidden: Collection[str] = ()) -> None:
        self.day = day
        self.hidden = hidden
        self.person = _PERSON
        # Plain tables for subqueries; `full` joins aliases of its own, so that neither is taken for the other.
        self.employment = table(Employment)
        self.membership = table(Membership)
        self.status = table(StatusPeriod)
        self.stage = table(DevelopmentPeriod)
        self.trainee = table(Trainee)

    @cached_property
    def present(self) -> ColumnElement[bool]:
        """Employed, in a team, or a trainee on the day."""
        return or_(self._has(self.employment), self._has(self.membership), self.is_trainee)

    @cached_property
    def present_as_set(self) -> ColumnElement[bool]:
        """The same, gathered first: quicker when every row is looked at (counting, sorting by what has no index)."""
        work, stay, trainee = self.employment, self.membership, self.trainee
        return self.person.c.id.in_(
            union_all(
                select(work.c.person_id).where(covers(work, self.day)),
                select(stay.c.person_id).where(covers(stay, self.day)),
                select(trainee.c.person_id).where(trains(trainee, self.day)),
            )
        )

    @cached_property
    def is_trainee(self) -> ColumnElement[bool]:
        mine = self.trainee.c.person_id == self.person.c.id
        return exists(select(self.trainee.c.id).where(mine, trains(self.trainee, self.day)))

    def members(self, teams: Collection[int] | None = None, *, unit_id: int | None = None) -> Select[Any]:
        """Ids of people in a team on the day, in these teams or in those of the unit. Trainees are never counted."""
        stay, trainee = self.membership, self.trainee
        away = exists(select(trainee.c.id).where(trainee.c.person_id == stay.c.person_id, trains(trainee, self.day)))
        chosen = select(stay.c.person_id).where(covers(stay, self.day), ~away)
        if teams is not None:
            chosen = chosen.where(stay.c.team_id.in_(teams))
        if unit_id is not None:
            chosen = chosen.where(stay.c.team_id.in_(select(_TEAM.c.id).where(_TEAM.c.unit_id == unit_id)))
        return chosen

    def of_unit(self, unit_id: int) -> ColumnElement[bool]:
        """Employed by the unit on the day; one employed nowhere belongs to the unit of the team."""
        return self.person.c.id.in_(people_of_units([unit_id], self.day))

    def of_team(self, team_id: int) -> ColumnElement[bool]:
        """In the team on the day, trainees included."""
        stay = self.membership
        return self.person.c.id.in_(select(stay.c.person_id).where(covers(stay, self.day), stay.c.team_id == team_id))

    def with_code(self, periods: FromClause, column: str, codes: Collection[str]) -> ColumnElement[bool]:
        """People whose status or stage on the day is one of these codes."""
        chosen = select(periods.c.person_id).where(covers(periods, self.day), periods.c[column].in_(codes))
        return self.person.c.id.in_(chosen)

    def full(self) -> Select[Any]:
        """Every column of `COLUMNS`; narrow it by `.where`."""
        person, team_unit, own_unit = self.person, _UNIT.alias("team_unit"), _UNIT.alias("own_unit")
        work, stay = self.employment.alias("work"), self.membership.alias("stay")
        status, stage = self.status.alias("status"), self.stage.alias("stage")
        branch, trainee = table(BranchMembership).alias("branch"), self.trainee.alias("trainee_of_day")
        # Somebody may be in two intakes at once (a graduate who becomes an activist): the later one is shown.
        of_day = (
            select(func.max(self.trainee.c.id))
            .where(self.trainee.c.person_id == person.c.id, trains(self.trainee, self.day))
            .scalar_subquery()
        )
        source: Any = person
        for periods in (work, stay, status, stage, branch):
            source = source.outerjoin(periods, (periods.c.person_id == person.c.id) & covers(periods, self.day))
        source = (
            source.outerjoin(own_unit, own_unit.c.id == work.c.unit_id)
            .outerjoin(_CREW, _CREW.c.id == work.c.crew_id)
            .outerjoin(_TEAM, _TEAM.c.id == stay.c.team_id)
            .outerjoin(team_unit, team_unit.c.id == _TEAM.c.unit_id)
            .outerjoin(_STATION, _STATION.c.id == stay.c.station_id)
            .outerjoin(_BODY, _BODY.c.id == branch.c.party_body_id)
            .outerjoin(trainee, trainee.c.id == of_day)
            .outerjoin(_INTAKE, _INTAKE.c.id == trainee.c.intake_id)
        )
        found = {
            "status": status.c.status,
            "stage": stage.c.stage,
            "unit": func.coalesce(own_unit.c.short_name, team_unit.c.short_name),
            "unit_id": func.coalesce(own_unit.c.id, team_unit.c.id),
            "team": _TEAM.c.short_name,
            "team_id": _TEAM.c.id,
            "phone": case((person.c.phone.is_not(None), HIDDEN), else_=null()),
            "crew": _CREW.c.name,
            "post": work.c.post,
            "branch": _BODY.c.name,
            "station": _STATION.c.name,
            "duty": stay.c.duty,
            "joined_team_on": stay.c.valid_from,
            "intake": _INTAKE.c.year,
            "trainee_kind": _INTAKE.c.kind,
        }
        columns = [
            null().label(name) if name in self.hidden else found[name].label(name) if name in found else person.c[name]
            for name in COLUMNS
        ]
        return select(*columns).select_from(source)

    def ordered(self, column: str, descending: bool) -> Select[Any]:
        """Ids in the order of this column, what is not known last; narrow it by `.where`."""
        person = self.person
        if column == "name":
            # The index holds (pinyin, id): both must run in one direction for it to be walked.
            keys = (person.c.pinyin, person.c.id)
            return select(person.c.id).order_by(*(key.desc() if descending else key for key in keys))
        source: Any = person
        if column in _DATED_SORTS:
            model, code, place = _DATED_SORTS[column]
            periods = table(model).alias("sorted")
            source = source.outerjoin(periods, (periods.c.person_id == person.c.id) & covers(periods, self.day))
            key: ColumnElement[Any] = periods.c[code]
            if isinstance(place, dict):
                key = case(place, value=key)
            elif place is not None:
                named = table(place).alias("named")
                source = source.outerjoin(named, named.c.id == key)
                key = named.c.short_name if "short_name" in named.c else named.c.name
        else:
            key = person.c[column]
        key = (key.desc() if descending else key.asc()).nulls_last()
        return select(person.c.id).select_from(source).order_by(key, person.c.pinyin, person.c.id)

    def _has(self, periods: FromClause) -> ColumnElement[bool]:
        return exists(select(periods.c.id).where(periods.c.person_id == self.person.c.id, covers(periods, self.day)))


def sight_of(tx: Transaction, on: date | str | None) -> Sight:
    """The register on a day as the actor is shown it."""
    return Sight(day_of(tx, on), [name for name in COLUMNS if tx.shown(FIELDS[name]) == Shown.ABSENT])


# Column → the history that holds it, its column there, and what orders it: a place in a list of codes, or a name.
_DATED_SORTS: dict[str, tuple[type[SQLModel], str, dict[str, int] | type[SQLModel] | None]] = {
    "status": (StatusPeriod, "status", _STATUS_ORDER),
    "stage": (DevelopmentPeriod, "stage", _STAGE_ORDER),
    "unit": (Employment, "unit_id", Unit),
    "team": (Membership, "team_id", Team),
    "crew": (Employment, "crew_id", Crew),
    "post": (Employment, "post", None),
}
_PLAIN_SORTS = ("employee_no", "sex", "birth_date", "hired_on", "education", "school", "major", "party_joined_on")
SORTABLE = ("name", *_PLAIN_SORTS, *_DATED_SORTS)
"""Columns that a list can be sorted by."""
