"""What holds on a day: conditions on periods, trainings and places."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_


def covers(periods: Any, day: date) -> ColumnElement[bool]:
    """The condition that a period of this table holds on the day."""
    return and_(periods.c.valid_from <= day, or_(periods.c.valid_to.is_(None), periods.c.valid_to > day))


def trains(trainees: Any, day: date) -> ColumnElement[bool]:
    """The condition that a trainee row holds on the day."""
    return and_(trainees.c.starts_on <= day, trainees.c.ends_on > day)


def stands(place: Table, day: date, *, since: str) -> ColumnElement[bool]:
    """The condition that a team (since founded_on) or station (since opened_on) is there on the day."""
    return and_(place.c[since] <= day, or_(place.c.closed_on.is_(None), place.c.closed_on > day))
