"""The safety gate: when somebody has both valid safety education and a passed examination.

Expiring soon is not expired: a record counts up to and including its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from svclib.models import SafetyKind

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
            last = one.valid_until or one.taken_on + timedelta(days=valid_days - 1)
            spans[one.kind].append((one.taken_on, last + timedelta(days=1)))
    education, exam = (_joined(spans[kind]) for kind in (SafetyKind.EDUCATION, SafetyKind.EXAM))
    both = ((max(one[0], other[0]), min(one[1], other[1])) for one in education for other in exam)
    return tuple(sorted(span for span in both if span[0] < span[1]))


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
