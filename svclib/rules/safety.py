"""The safety gate: when somebody has both valid safety education and a passed examination.

Expiring soon is not expired: a record counts up to and including its last day. The examination is taken yearly, and
again after three months away.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from svclib.codes import SafetyKind

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


def safe_times(
    records: Iterable[Taken], *, valid_days: int, away: Iterable[tuple[date, date]] = (), away_months: int = 0
) -> Times:
    """When both are valid; one without a last day counts for `valid_days` from the day on which it was taken.

    Who has been `away` (ends exclusive) for `away_months` on end passes the examination again: from that day on only
    one counts that was taken on it or later (电力安全工作规程: whoever has not worked for three months on end). 0:
    never for that.
    """
    spans: dict[SafetyKind, list[tuple[date, date]]] = {kind: [] for kind in SafetyKind}
    lapses = _lapses(away, away_months) if away_months else []
    for one in records:
        if one.passed:
            end = last_day(one.taken_on, one.valid_until, valid_days=valid_days) + timedelta(days=1)
            if one.kind is SafetyKind.EXAM:
                end = min([end, *(lapse for lapse in lapses if lapse > one.taken_on)])
            spans[one.kind].append((one.taken_on, end))
    education, exam = (_joined(spans[kind]) for kind in (SafetyKind.EDUCATION, SafetyKind.EXAM))
    both = ((max(one[0], other[0]), min(one[1], other[1])) for one in education for other in exam)
    return tuple(sorted(span for span in both if span[0] < span[1]))


def _lapses(away: Iterable[tuple[date, date]], months: int) -> list[date]:
    """The days on which an absence, joined with those that touch it, has lasted so long."""
    reached = ((_months_after(start, months), end) for start, end in _joined(list(away)))
    return [lapse for lapse, end in reached if lapse <= end]


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


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
