"""What a day means: who belongs to the register on it, and which period of a history covers it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.workspace.base import Transaction


def day_of(tx: Transaction, on: date | str | None) -> date:
    """The day asked for: a date, an ISO text, or today. Raises RuleBroken for a text that is no day."""
    return tx.today if on is None else as_day(on, field="on")


def as_day(value: date | str, *, field: str) -> date:
    """A date or an ISO text as a date. Raises RuleBroken, naming the field, for anything else."""
    # A moment is a date to Python, but has no place in a history of days.
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise RuleBroken(_("{text} is not a day. Write it like 2026-07-01.").format(text=value), field=field) from error


def covers(periods: Any, day: date) -> ColumnElement[bool]:
    """The condition that a period of this table holds on the day."""
    return and_(periods.c.valid_from <= day, or_(periods.c.valid_to.is_(None), periods.c.valid_to > day))


def trains(trainees: Any, day: date) -> ColumnElement[bool]:
    """The condition that a trainee row holds on the day."""
    return and_(trainees.c.starts_on <= day, trainees.c.ends_on > day)


def stands(place: Table, day: date, *, since: str) -> ColumnElement[bool]:
    """The condition that a team (since founded_on) or station (since opened_on) is there on the day."""
    return and_(place.c[since] <= day, or_(place.c.closed_on.is_(None), place.c.closed_on > day))
