"""Who takes part in a plan: taken in with the intakes or by name, left out again while nothing stands on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from svclib.errors import Forbidden, NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import (
    Employment,
    Person,
    RequestState,
    RotationException,
    RotationIntake,
    RotationPair,
    RotationPin,
    RotationPlacement,
    RotationRequest,
    RotationTrainee,
    RotationWish,
    Trainee,
    Unit,
    table,
)
from svclib.workspace.base import Transaction
from svclib.workspace.bulk import insert_rows
from svclib.workspace.register.card import person_row
from svclib.workspace.scope import below

_INTAKE = table(RotationIntake)
_TRAINEE = table(RotationTrainee)
_PERSON = table(Person)
_UNIT = table(Unit)
_WORK = table(Employment)
_PAIR = table(RotationPair)
_PLACED = table(RotationPlacement)
_REQUEST = table(RotationRequest)
_NOTED = (table(RotationWish), table(RotationPin), table(RotationException), _PAIR)


def take_in(tx: Transaction, plan: Mapping[str, Any], people: Sequence[int] = ()) -> int:
    """Let everybody in scope of the plan's intakes and unit take part, and these people; return how many are new.

    Raises NotFound for somebody outside the scope, RuleBroken for whom the plan's unit does not employ.
    """
    trainee, plan_id = table(Trainee), plan["id"]
    intakes = select(_INTAKE.c.intake_id).where(_INTAKE.c.plan_id == plan_id)
    there = set(tx.connection.execute(select(_TRAINEE.c.person_id).where(_TRAINEE.c.plan_id == plan_id)).scalars())
    known = select(trainee.c.person_id).where(trainee.c.intake_id.in_(intakes), trainee.c.ends_on > tx.today)
    known = known.where(*_employed(tx, plan, trainee.c.person_id))
    mine = tx.scope.standing(trainee.c.person_id, tx.today)
    found = set(tx.connection.execute(known.where(*mine)).scalars())
    named = {person_row(tx, person_id)["id"] for person_id in people}
    _refuse_others(tx, plan, named)
    rows = [
        {"plan_id": plan_id, "person_id": person_id, "home_latitude": None, "home_longitude": None}
        for person_id in sorted((found | named) - there)
    ]
    insert_rows(tx.connection, _TRAINEE, rows)
    ids = select(_TRAINEE.c.person_id, _TRAINEE.c.id).where(_TRAINEE.c.plan_id == plan_id)
    numbers = {row.person_id: row.id for row in tx.connection.execute(ids)}
    for row in rows:
        tx.record(_TRAINEE, numbers[row["person_id"]], after={"plan_id": plan_id, "person_id": row["person_id"]})
    return len(rows)


def require_own_unit(tx: Transaction, plan: Mapping[str, Any]) -> None:
    """Raise Forbidden for a plan of a unit that is not in scope; a plan of all units is everybody's."""
    if plan["unit_id"] is not None and not _reaches(tx, plan["unit_id"]):
        name = tx.scalar(select(_UNIT.c.short_name).where(_UNIT.c.id == plan["unit_id"]))
        raise Forbidden(_("The plan {plan} is of {unit} alone.").format(plan=plan["name"], unit=name))


def leave_out(tx: Transaction, plan: Mapping[str, Any], person_id: int) -> None:
    """Let somebody take no part any more, and forget what was noted for them in this plan.

    Raises NotFound for who takes no part, or is outside the scope in a plan that is not of a unit in scope; RuleBroken
    where a placement stands or is drafted, or a request waits.
    """
    here = (_TRAINEE.c.plan_id == plan["id"]) & (_TRAINEE.c.person_id == person_id)
    found = tx.rows(select(_TRAINEE).where(here))
    mine = tx.scalar(select(_PERSON.c.id).where(_PERSON.c.id == person_id, *tx.scope.standing(_PERSON.c.id, tx.today)))
    # Whoever answers for a plan may clear it of people of other units, too.
    if not found or (mine is None and (plan["unit_id"] is None or not _reaches(tx, plan["unit_id"]))):
        told = _("Person number {person} takes no part in the plan {name}.")
        raise NotFound(told.format(person=person_id, name=plan["name"]))
    name = tx.scalar(select(_PERSON.c.name).where(_PERSON.c.id == person_id))
    placed = (_PLACED.c.plan_id == plan["id"]) & (_PLACED.c.person_id == person_id) & _PLACED.c.to_version.is_(None)
    if tx.scalar(select(_PLACED.c.id).where(placed)) is not None:
        told = _("{name} has a placement in this plan, published or drafted: take it away first.")
        raise RuleBroken(told.format(name=name), field="person_id")
    asked = (_REQUEST.c.plan_id == plan["id"]) & (_REQUEST.c.person_id == person_id)
    if tx.scalar(select(_REQUEST.c.id).where(asked, _REQUEST.c.state == RequestState.PENDING.value)) is not None:
        told = _("A request of {name} waits for a decision: decide about it first.")
        raise RuleBroken(told.format(name=name), field="person_id")
    for place in (*_NOTED, _TRAINEE):
        about = place.c.person_id == person_id
        if place is _PAIR:
            about = about | (_PAIR.c.other_id == person_id)
        of_person = (place.c.plan_id == plan["id"]) & about
        for row in tx.rows(select(place).where(of_person).order_by(place.c.id)):
            before = {name: value for name, value in row.items() if name != "id"}
            tx.record(place, row["id"], before=before, scoped=False)
        tx.connection.execute(delete(place).where(of_person))


def _reaches(tx: Transaction, unit_id: int) -> bool:
    return tx.scalar(select(_UNIT.c.id).where(_UNIT.c.id == unit_id, *tx.scope.units(_UNIT.c.id, tx.today))) is not None


def _employed(
    tx: Transaction, plan: Mapping[str, Any], person_id: ColumnElement[Any]
) -> tuple[ColumnElement[bool], ...]:
    """Those whom the plan's unit, or one below it, employs or is going to; everybody where the plan is of no unit."""
    if plan["unit_id"] is None:
        return ()
    lasts = _WORK.c.valid_to.is_(None) | (_WORK.c.valid_to > tx.today)
    units = below(tx.connection, _UNIT, plan["unit_id"])
    return (person_id.in_(select(_WORK.c.person_id).where(_WORK.c.unit_id.in_(units), lasts)),)


def _refuse_others(tx: Transaction, plan: Mapping[str, Any], people: set[int]) -> None:
    """Raise RuleBroken naming those of these people whom the plan's unit does not employ."""
    own = select(_PERSON.c.id).where(_PERSON.c.id.in_(sorted(people)), *_employed(tx, plan, _PERSON.c.id))
    others = people - set(tx.connection.execute(own).scalars())
    if others:
        listed = select(_PERSON.c.name).where(_PERSON.c.id.in_(sorted(others))).order_by(_PERSON.c.pinyin, _PERSON.c.id)
        told = _("The plan's unit does not employ: {names}.")
        raise RuleBroken(told.format(names="、".join(tx.connection.execute(listed).scalars())), field="people")
