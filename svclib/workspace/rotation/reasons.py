"""Pairs and absences: the planner is told that they are, hardly anybody why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Table, delete, select, update

from svclib.errors import Duplicate, Forbidden, NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Absence, Employment, Person, Role, RotationPair, table
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.policy import SYSTEM
from svclib.workspace.register.card import person_row
from svclib.workspace.register.days import as_day
from svclib.workspace.rotation.asking import member_of
from svclib.workspace.rotation.learning import trainees
from svclib.workspace.rotation.plans import PlanRef, plan_row, touch
from svclib.workspace.validity import covers

if TYPE_CHECKING:
    import pandas as pd

PAIR_COLUMNS = {
    "id": "id",
    "person_id": "id",
    "name": "text",
    "other_id": "id",
    "other": "text",
    "apart": "flag",
    "has_reason": "flag",
    "readable": "flag",
    "written_by": "text",
}
ABSENCE_COLUMNS = {
    "id": "id",
    "person_id": "id",
    "name": "text",
    "starts_on": "day",
    "ends_on": "day",
    "has_reason": "flag",
    "readable": "flag",
    "written_by": "text",
}
"""`ends_on` is the first day after. `readable`: there is a reason, and who lists this may read it."""
REASON_LENGTH = 200
FIELD = "reason"

_PAIR = table(RotationPair)
_ABSENCE = table(Absence)
_PERSON = table(Person)
_WORK = table(Employment)


class Reasons(Area):
    """Pairs and absences, and why."""

    @verb("rotation.pair", writes=True)
    def pair(
        self, tx: Transaction, plan: PlanRef, person_id: int, other_id: int, *, apart: bool, reason: str | None = None
    ) -> int:
        """Have two trainees kept apart in every stage, or together, and return the pair's id.

        The reason is stored encrypted; only who writes it can read it again. Raises RuleBroken, Duplicate where the two
        are a pair already, NotFound for somebody who takes no part or is not in scope.
        """
        first, second = sorted((person_id, other_id))
        if first == second:
            raise RuleBroken(_("A pair are two people."), field="other_id")
        stored = member_of(tx, plan, first)
        member_of(tx, plan, second)
        people = (_PAIR.c.person_id == first) & (_PAIR.c.other_id == second)
        if tx.scalar(select(_PAIR.c.id).where(_PAIR.c.plan_id == stored["id"], people)) is not None:
            raise Duplicate(_("These two are a pair already."))
        values = {"plan_id": stored["id"], "person_id": first, "other_id": second, "apart": apart}
        pair_id = _insert(tx, _PAIR, values, sealed(tx, reason))
        touch(tx, stored)
        return pair_id

    @verb("rotation.unpair", writes=True)
    def unpair(self, tx: Transaction, plan: PlanRef, pair_id: int) -> int:
        """Forget a pair and return the plan's version. Raises NotFound, also where one of them is not in scope."""
        stored = plan_row(tx, plan, lock=True)
        rows = [row for row in _pairs(tx, stored["id"]) if row["id"] == pair_id]
        if not rows:
            raise NotFound(_("There is no such pair in the plan."))
        _forget(tx, _PAIR, pair_id)
        return touch(tx, stored)

    @verb("rotation.pairs", writes=False)
    def pairs(self, tx: Transaction, plan: PlanRef, *, person_id: int | None = None) -> pd.DataFrame:
        """List the pairs of which both are in scope, or this person's; whether there is a reason, never which."""
        return frame(_pairs(tx, plan_row(tx, plan)["id"], person_id), PAIR_COLUMNS)

    @verb("rotation.absence", writes=True)
    def absence(
        self,
        tx: Transaction,
        person_id: int,
        starts_on: date | str,
        ends_on: date | str,
        *,
        reason: str | None = None,
    ) -> int:
        """Write down that somebody is not available, `ends_on` being the first day after, and return its id.

        The reason is stored encrypted; who plans is not told. Raises RuleBroken, NotFound for somebody not in scope.
        """
        person_row(tx, person_id)
        return note_absence(tx, person_id, absence_days(starts_on, ends_on), sealed(tx, reason), tx.actor.name)

    @verb("rotation.edit_absence", writes=True)
    def edit_absence(self, tx: Transaction, absence_id: int, starts_on: date | str, ends_on: date | str) -> None:
        """Give an absence other days, `ends_on` being the first day after; its reason stays as it was written.

        Raises RuleBroken, NotFound, also where the person is not in scope.
        """
        row = _absence(tx, absence_id)
        days = absence_days(starts_on, ends_on)
        wanted = {"starts_on": days[0], "ends_on": days[1]}
        before = {name: row[name] for name in wanted}
        if before != wanted:
            tx.connection.execute(update(_ABSENCE).where(_ABSENCE.c.id == absence_id).values(**wanted))
            tx.record(_ABSENCE, absence_id, before=before, after=wanted)

    @verb("rotation.end_absence", writes=True)
    def end_absence(self, tx: Transaction, absence_id: int) -> None:
        """Forget an absence. Raises NotFound, also where the person is not in scope."""
        _forget(tx, _ABSENCE, _absence(tx, absence_id)["id"])

    @verb("rotation.absences", writes=False)
    def absences(self, tx: Transaction, plan: PlanRef | None = None, *, person_id: int | None = None) -> pd.DataFrame:
        """List the absences of the people in scope: of a plan's trainees, of this person, or of all; never why."""
        has_reason = _ABSENCE.c.reason.is_not(None).label("has_reason")
        columns = _ABSENCE.c["id", "person_id", "starts_on", "ends_on", "written_by"]
        listed = select(*columns, has_reason, _PERSON.c.name).join(_PERSON, _PERSON.c.id == _ABSENCE.c.person_id)
        listed = listed.where(*tx.scope.standing(_ABSENCE.c.person_id, tx.today))
        if plan is not None:
            listed = listed.where(_ABSENCE.c.person_id.in_(trainees(tx, plan_row(tx, plan)["id"])))
        if person_id is not None:
            listed = listed.where(_ABSENCE.c.person_id == person_id)
        rows = tx.rows(listed.order_by(_ABSENCE.c.starts_on, _ABSENCE.c.id))
        own = _own_people(tx)
        return frame([_judged(tx, row, hr=row["person_id"] in own) for row in rows], ABSENCE_COLUMNS)

    @verb("rotation.reason", writes=True)
    def reason(self, tx: Transaction, kind: Literal["pair", "absence"], row_id: int) -> str | None:
        """Read why two are a pair or somebody is away; the trail tells that it was read.

        A pair's reason is read by who wrote it, an absence's by who wrote it and by HR of the unit that employs the
        person. Raises Forbidden for all others, NotFound.
        """
        place = {"pair": _PAIR, "absence": _ABSENCE}[kind]
        mine = tx.scope.standing(place.c.person_id, tx.today)
        rows = tx.rows(select(place).where(place.c.id == row_id, *mine))
        if not rows:
            raise NotFound(_("There is no such record, or it is not in your scope."))
        row = rows[0]
        if not (wrote(tx, row["written_by"]) or (kind == "absence" and is_own_hr(tx, row["person_id"]))):
            raise Forbidden(_("Only who wrote the reason, or the own unit's HR for an absence, may read it."))
        return reveal(tx, place, row)


def wrote(tx: Transaction, written_by: str) -> bool:
    """Whether the actor is the account that wrote something, or this machine's own user."""
    return tx.actor == SYSTEM or (tx.actor.account_id is not None and written_by == tx.actor.name)


def is_own_hr(tx: Transaction, person_id: int) -> bool:
    """Whether the actor is HR of the unit itself that employs the person today: not of the one above, no planner."""
    here = (_WORK.c.person_id == person_id) & covers(_WORK, tx.today)
    return is_hr_of(tx, tx.scalar(select(_WORK.c.unit_id).where(here)))


def _own_people(tx: Transaction) -> set[int]:
    """Whom the very unit employs today of which the actor is HR."""
    if tx.actor.role != Role.HR or tx.actor.unit_id is None:
        return set()
    here = select(_WORK.c.person_id).where(_WORK.c.unit_id == tx.actor.unit_id, covers(_WORK, tx.today))
    return set(tx.connection.execute(here).scalars())


def _judged(tx: Transaction, row: dict[str, Any], *, hr: bool = False) -> dict[str, Any]:
    """The row, and whether the actor may read its reason."""
    return row | {"readable": bool(row["has_reason"]) and (hr or wrote(tx, row["written_by"]))}


def is_hr_of(tx: Transaction, unit_id: int | None) -> bool:
    """Whether the actor is HR of this very unit."""
    return tx.actor.role == Role.HR and unit_id is not None and tx.actor.unit_id == unit_id


def reveal(tx: Transaction, place: Table, row: Mapping[str, Any]) -> str | None:
    """The reason of a row in clear; the trail tells that it was read."""
    tx.record(place, row["id"], after={"revealed": FIELD})
    return tx.vault.decrypt(FIELD, row[FIELD])


def sealed(tx: Transaction, text: str | None, *, field: str = FIELD) -> str | None:
    """The text as it is stored: nobody reads it in the database. Raises RuleBroken for one that is too long."""
    plain = (text or "").strip() or None
    if plain is not None and len(plain) > REASON_LENGTH:
        raise RuleBroken(_("At most {limit} characters fit here.").format(limit=REASON_LENGTH), field=field)
    return tx.vault.encrypt(field, plain)


def absence_days(starts_on: date | str, ends_on: date | str) -> tuple[date, date]:
    """First day, and first day after. Raises RuleBroken, naming the field, for what is no day or no span of them."""
    days = as_day(starts_on, field="starts_on"), as_day(ends_on, field="ends_on")
    if days[1] <= days[0]:
        raise RuleBroken(_("An absence ends after it begins."), field="ends_on")
    return days


def note_absence(tx: Transaction, person_id: int, days: tuple[date, date], reason: str | None, written_by: str) -> int:
    """Write an absence down and return its id; `reason` is sealed, and read again by `written_by`."""
    values = {"person_id": person_id, "starts_on": days[0], "ends_on": days[1]}
    return _insert(tx, _ABSENCE, values, reason, written_by)


def forget_leave(tx: Transaction, person_id: int, days: tuple[date, date], reason: str | None) -> bool:
    """Forget the absence that was written down for leave of these days; whether there still was one.

    Found by the reason, sealed as it was, also where it has other days by now; else by its days.
    """
    listed = select(_ABSENCE).where(_ABSENCE.c.person_id == person_id).order_by(_ABSENCE.c.id.desc())
    rows = tx.rows(listed)
    same = [row for row in rows if reason is not None and row["reason"] == reason]
    same += [row for row in rows if (row["starts_on"], row["ends_on"]) == days]
    if same:
        _forget(tx, _ABSENCE, same[0]["id"])
    return bool(same)


def _insert(
    tx: Transaction, place: Table, values: dict[str, Any], reason: str | None, written_by: str | None = None
) -> int:
    told = {**values, "reason": reason, "written_by": written_by or tx.actor.name}
    row_id = tx.insert(place, {**told, "recorded_at": tx.now})
    tx.record(place, row_id, after=told)
    return row_id


def _absence(tx: Transaction, absence_id: int) -> dict[str, Any]:
    """An absence of somebody in scope. Raises NotFound."""
    mine = tx.scope.standing(_ABSENCE.c.person_id, tx.today)
    rows = tx.rows(select(_ABSENCE).where(_ABSENCE.c.id == absence_id, *mine))
    if not rows:
        raise NotFound(_("There is no such absence."))
    return rows[0]


def _forget(tx: Transaction, place: Table, row_id: int) -> None:
    row = tx.rows(select(place).where(place.c.id == row_id))[0]
    tx.record(place, row_id, before={name: value for name, value in row.items() if name != "id"})
    tx.connection.execute(delete(place).where(place.c.id == row_id))


def _pairs(tx: Transaction, plan_id: int, person_id: int | None = None) -> list[dict[str, Any]]:
    other = _PERSON.alias()
    columns = _PAIR.c["id", "person_id", "other_id", "apart", "written_by"]
    has_reason = _PAIR.c.reason.is_not(None).label("has_reason")
    listed = (
        select(*columns, has_reason, _PERSON.c.name, other.c.name.label("other"))
        .join(_PERSON, _PERSON.c.id == _PAIR.c.person_id)
        .join(other, other.c.id == _PAIR.c.other_id)
        .where(_PAIR.c.plan_id == plan_id)
    )
    for column in (_PAIR.c.person_id, _PAIR.c.other_id):
        listed = listed.where(*tx.scope.standing(column, tx.today))
    if person_id is not None:
        listed = listed.where((_PAIR.c.person_id == person_id) | (_PAIR.c.other_id == person_id))
    return [_judged(tx, row) for row in tx.rows(listed.order_by(_PERSON.c.pinyin, _PAIR.c.id))]
