"""What a day means when somebody asks for it."""

from __future__ import annotations

from datetime import date

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
