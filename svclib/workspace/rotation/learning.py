"""Who takes part in a plan, as the planner needs them: unit, home, safety, absences, wishes. Reasons are never read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from svclib.models import (
    Absence,
    Employment,
    Person,
    RequestKind,
    RequestState,
    RotationException,
    RotationRequest,
    RotationTrainee,
    RotationWish,
    SafetyKind,
    SafetyRecord,
    table,
)
from svclib.rules.rotation import Learner
from svclib.rules.rotation.problem import Position
from svclib.rules.safety import Taken, Times, safe_times
from svclib.settings import Settings
from svclib.workspace.base import Transaction

NOWHERE = 0
"""The unit of somebody who is employed nowhere: it has no team."""
_FOREVER = date(date.max.year, 1, 1)
_PERSON = table(Person)
_WORK = table(Employment)
_TRAINEE = table(RotationTrainee)
_EXCEPTION = table(RotationException)
_WISH = table(RotationWish)
_ABSENCE = table(Absence)
_SAFETY = table(SafetyRecord)
_REQUEST = table(RotationRequest)

Span = tuple[date, date]


@dataclass
class Known:
    """What is known of the trainees, by person."""

    units: dict[int, int] = field(default_factory=dict)
    safe: dict[int, Times] = field(default_factory=dict)
    lapsed: dict[int, Times] = field(default_factory=dict)
    away: defaultdict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    wishes: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    exceptions: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    barred: defaultdict[int, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))


def trainees(tx: Transaction, plan_id: int) -> Select[Any]:
    """Ids of the people of a plan who are in scope today."""
    mine = tx.scope.standing(_TRAINEE.c.person_id, tx.today)
    return select(_TRAINEE.c.person_id).where(_TRAINEE.c.plan_id == plan_id, *mine)


def read_own(tx: Transaction, plan_id: int, person_id: int | None = None) -> frozenset[int]:
    """The same ids, read; of everybody, or this person's where it is one of them."""
    wanted = trainees(tx, plan_id)
    if person_id is not None:
        wanted = wanted.where(_TRAINEE.c.person_id == person_id)
    return frozenset(tx.connection.execute(wanted).scalars())


def read_learners(tx: Transaction, plan_id: int, seats: Mapping[int, Position]) -> list[Learner]:
    """The plan's trainees in scope, by name. A home that is not known is taken to be the unit's seat."""
    people = trainees(tx, plan_id)
    known = read_known(tx, plan_id, people)
    listed = (
        select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.major, _TRAINEE.c.home_latitude, _TRAINEE.c.home_longitude)
        .join(_TRAINEE, _TRAINEE.c.person_id == _PERSON.c.id)
        .where(_TRAINEE.c.plan_id == plan_id, _PERSON.c.id.in_(people))
        .order_by(_PERSON.c.pinyin, _PERSON.c.id)
    )
    found = []
    for row in tx.connection.execute(listed):
        unit_id = known.units.get(row.id, NOWHERE)
        told = row.home_latitude is not None and row.home_longitude is not None
        home = (row.home_latitude, row.home_longitude) if told else seats.get(unit_id)
        found.append(
            Learner(
                id=row.id,
                name=row.name,
                unit_id=unit_id,
                home=home,
                group=row.major or "",
                safe=known.safe.get(row.id, ()),
                lapsed=known.lapsed.get(row.id, ()),
                away=tuple(sorted(known.away[row.id])),
                wishes=tuple(known.wishes[row.id]),
                exceptions=frozenset(known.exceptions[row.id]),
                barred=frozenset(known.barred[row.id]),
            )
        )
    return found


def read_known(tx: Transaction, plan_id: int, people: Select[Any]) -> Known:
    """What is known of these people for this plan."""
    known = Known()
    _read_work(tx, people, known)
    absences = select(_ABSENCE.c.person_id, _ABSENCE.c.starts_on, _ABSENCE.c.ends_on)
    missed: defaultdict[int, list[Span]] = defaultdict(list)
    for person_id, starts_on, ends_on in tx.connection.execute(absences.where(_ABSENCE.c.person_id.in_(people))):
        missed[person_id].append((starts_on, ends_on))
        known.away[person_id].append((starts_on, ends_on))
    for person_id, records in read_taken(tx, people).items():
        known.safe[person_id], known.lapsed[person_id] = safety_of(tx.settings, records, missed.get(person_id, ()))
    wishes = select(_WISH.c.person_id, _WISH.c.team_id).where(_WISH.c.plan_id == plan_id)
    for person_id, team_id in tx.connection.execute(wishes.where(_WISH.c.person_id.in_(people)).order_by(_WISH.c.rank)):
        known.wishes[person_id].append(team_id)
    exceptions = select(_EXCEPTION.c.person_id, _EXCEPTION.c.unit_id).where(_EXCEPTION.c.plan_id == plan_id)
    for person_id, unit_id in tx.connection.execute(exceptions.where(_EXCEPTION.c.person_id.in_(people))):
        known.exceptions[person_id].add(unit_id)
    _read_barred(tx, plan_id, people, known)
    return known


def read_taken(tx: Transaction, people: Select[Any] | Collection[int]) -> dict[int, list[Taken]]:
    """The safety education and examinations of these people."""
    taken: defaultdict[int, list[Taken]] = defaultdict(list)
    columns = (_SAFETY.c.person_id, _SAFETY.c.kind, _SAFETY.c.taken_on, _SAFETY.c.passed, _SAFETY.c.valid_until)
    for row in tx.connection.execute(select(*columns).where(_SAFETY.c.person_id.in_(people))):
        taken[row.person_id].append(Taken(SafetyKind(row.kind), row.taken_on, row.passed, row.valid_until))
    return dict(taken)


def safety_of(settings: Settings, records: Collection[Taken], away: Collection[Span]) -> tuple[Times, Times]:
    """When both are valid for somebody who is away at these times; and, where that matters, when they would be."""
    days = settings.safety_valid_days
    usual = safe_times(records, valid_days=days)
    if not away:
        return usual, ()
    safe = safe_times(records, valid_days=days, away=away, away_months=settings.safety_away_months)
    return safe, usual if safe != usual else ()


def _read_barred(tx: Transaction, plan_id: int, people: Select[Any], known: Known) -> None:
    """The teams that approved changes have people leave for anywhere else; of two about one stage the later counts."""
    columns = _REQUEST.c["person_id", "stage_number", "present_team_id", "wanted_team_id"]
    asked = select(*columns).where(_REQUEST.c.plan_id == plan_id, _REQUEST.c.person_id.in_(people))
    asked = asked.where(_REQUEST.c.state == RequestState.APPROVED.value, _REQUEST.c.kind == RequestKind.CHANGE.value)
    last = {
        (row.person_id, row.stage_number): row
        for row in tx.connection.execute(asked.order_by(_REQUEST.c.decided_at, _REQUEST.c.id))
    }
    for (person_id, stage), row in last.items():
        if row.wanted_team_id is None and row.present_team_id is not None:
            known.barred[person_id].add((stage, row.present_team_id))


def _read_work(tx: Transaction, people: Select[Any], known: Known) -> None:
    """Where everybody is employed: today, else from the next day on that is known; away before and after."""
    work = select(_WORK.c.person_id, _WORK.c.unit_id, _WORK.c.valid_from, _WORK.c.valid_to)
    ends: dict[int, date | None] = {}
    hired: dict[int, date] = {}
    for row in tx.connection.execute(work.where(_WORK.c.person_id.in_(people)).order_by(_WORK.c.valid_from)):
        hired.setdefault(row.person_id, row.valid_from)
        before = ends.get(row.person_id, tx.today)
        # The first that is not over yet; later ones are transfers to come.
        if row.person_id not in known.units or (before is not None and before <= tx.today):
            known.units[row.person_id] = row.unit_id
        ends[row.person_id] = row.valid_to
    for person_id, end in ends.items():
        known.away[person_id].append((date.min, hired[person_id]))
        if end is not None:
            known.away[person_id].append((end, _FOREVER))


def read_guests(tx: Transaction, stays: Mapping[int, Collection[Span]], units: Mapping[int, set[int]]) -> list[Learner]:
    """People from elsewhere who come to teams in scope for these times: they take up a place there, and no more."""
    names = select(_PERSON.c.id, _PERSON.c.name).where(_PERSON.c.id.in_(stays)).order_by(_PERSON.c.id)
    always = ((date.min, date.max),)
    return [
        Learner(
            row.id, row.name, NOWHERE, safe=always, away=_between(stays[row.id]), exceptions=frozenset(units[row.id])
        )
        for row in tx.connection.execute(names)
    ]


def _between(stays: Collection[Span]) -> tuple[Span, ...]:
    """The times before, between and after the stays."""
    starts = [date.min, *(end for _start, end in sorted(stays))]
    ends = [*(start for start, _end in sorted(stays)), _FOREVER]
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start < end)
