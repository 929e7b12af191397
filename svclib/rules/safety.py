"""The safety gate: when somebody has both valid safety education and a passed examination.

Expiring soon is not expired: a record counts up to and including its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from svclib.models import SafetyKind

FOREVER = date(2099, 12, 31)
"""The last day of what has none (长期), as systems here write it."""
Times = tuple[tuple[date, date], ...]
"""Spans of days, each end exclusive, in order and without overlap."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One safety education or examination; `valid_until` is the last day on which it counts."""

    kind: SafetyKind
    taken_on: date
    passed: bool
    valid_until: date | None = None


def safe_times(records: Iterable[Taken], *, valid_days: int) -> Times:
    """When both are valid; one without a last day counts for `valid_days` from the day on which it was taken."""
    spans: dict[SafetyKind, list[tuple[date, date]]] = {kind: [] for kind in SafetyKind}
    for one in records:
        if one.passed:
            last = last_day(one.taken_on, one.valid_until, valid_days=valid_days)
            spans[one.kind].append((one.taken_on, last + timedelta(days=1)))
    education, exam = (_joined(spans[kind]) for kind in (SafetyKind.EDUCATION, SafetyKind.EXAM))
    both = ((max(one[0], other[0]), min(one[1], other[1])) for one in education for other in exam)
    return tuple(sorted(span for span in both if span[0] < span[1]))


def last_day(taken_on: date, valid_until: date | None, *, valid_days: int) -> date:
    """The last day on which a record counts."""
    return valid_until or taken_on + timedelta(days=valid_days - 1)


def result_of(kind: SafetyKind, passed: bool | None, score: float | None, *, pass_score: float) -> bool | None:
    """Whether somebody has passed: as told, else by the points; an education without either was attended.

    None for an examination of which neither is told.
    """
    if passed is not None:
        return passed
    if score is not None:
        return score >= pass_score
    return True if kind is SafetyKind.EDUCATION else None


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
