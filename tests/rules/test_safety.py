"""The safety gate: open on exactly the days on which both education and examination are valid."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from svclib.models import SafetyKind
from svclib.rules.safety import Taken, Times, safe_times

FIRST = date(2026, 8, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(60)]
days = st.sampled_from(DAYS)


@st.composite
def records(draw: st.DrawFn) -> Taken:
    taken_on = draw(days)
    until = draw(st.none() | days.filter(lambda day: day >= taken_on))
    return Taken(draw(st.sampled_from(SafetyKind)), taken_on, draw(st.booleans()), until)


@given(st.lists(records(), max_size=6), st.integers(1, 30))
def test_the_gate_is_open_on_the_days_on_which_both_count(taken: list[Taken], valid_days: int) -> None:
    def counts(kind: SafetyKind, day: date) -> bool:
        return any(
            one.kind == kind
            and one.passed
            and one.taken_on <= day <= (one.valid_until or one.taken_on + timedelta(days=valid_days - 1))
            for one in taken
        )

    times = safe_times(taken, valid_days=valid_days)
    assert all(first[1] <= second[0] for first, second in pairwise(times))
    for day in DAYS:
        assert any(start <= day < end for start, end in times) == all(counts(kind, day) for kind in SafetyKind)


def test_expiring_today_is_not_expired() -> None:
    today = date(2026, 9, 1)
    taken = [Taken(kind, date(2026, 8, 1), passed=True, valid_until=today) for kind in SafetyKind]
    assert safe_times(taken, valid_days=365) == ((date(2026, 8, 1), date(2026, 9, 2)),)


def test_a_failed_examination_opens_nothing() -> None:
    taken = [Taken(SafetyKind.EDUCATION, FIRST, passed=True), Taken(SafetyKind.EXAM, FIRST, passed=False)]
    assert safe_times(taken, valid_days=365) == ()


@given(st.lists(records(), max_size=6), st.lists(st.tuples(days, st.integers(1, 400)), max_size=3), st.integers(0, 400))
def test_after_three_months_away_only_an_examination_taken_since_counts(
    taken: list[Taken], leaves: list[tuple[date, int]], later: int
) -> None:
    away = [(start, start + timedelta(days=length)) for start, length in leaves]
    gone = {start + timedelta(days=n) for start, end in away for n in range((end - start).days)}
    lapses = []
    for start in gone:
        lapse = (pd.Timestamp(start) + pd.DateOffset(months=3)).date()
        whole = all(start + timedelta(days=n) in gone for n in range((lapse - start).days))
        if start - timedelta(days=1) not in gone and whole:
            lapses.append(lapse)
    day = FIRST + timedelta(days=later)

    def counts(one: Taken) -> bool:
        last = one.valid_until or one.taken_on + timedelta(days=364)
        lapsed = one.kind is SafetyKind.EXAM and any(one.taken_on < lapse <= day for lapse in lapses)
        return one.passed and one.taken_on <= day <= last and not lapsed

    times = safe_times(taken, valid_days=365, away=away, away_months=3)
    is_open = all(any(counts(one) for one in taken if one.kind == kind) for kind in SafetyKind)
    assert any(start <= day < end for start, end in times) == is_open


def test_three_months_away_are_counted_by_the_calendar_over_leaves_that_touch() -> None:
    both = [Taken(kind, date(2026, 8, 1), passed=True, valid_until=date(2027, 7, 31)) for kind in SafetyKind]
    year = (date(2026, 8, 1), date(2027, 8, 1))
    september = date(2026, 9, 1)

    def times(*away: tuple[date, date], months: int = 3) -> Times:
        return safe_times(both, valid_days=365, away=away, away_months=months)

    assert times((september, date(2026, 11, 30))) == (year,), "a day less than three months"
    assert times((september, date(2026, 12, 1))) == ((year[0], date(2026, 12, 1)),)
    assert times((september, date(2026, 10, 5)), (date(2026, 10, 5), date(2027, 1, 4))) == (
        (year[0], date(2026, 12, 1)),
    )
    assert times((september, date(2026, 10, 5)), (date(2026, 10, 6), date(2026, 12, 1))) == (year,), "a day in between"
    assert times((september, date(2027, 3, 1)), months=0) == (year,)
    assert times((date(2026, 11, 30), date(2027, 3, 1))) == ((year[0], date(2027, 2, 28)),), "a shorter month"
    again = Taken(SafetyKind.EXAM, date(2027, 1, 10), passed=True, valid_until=date(2028, 1, 9))
    assert safe_times([*both, again], valid_days=365, away=[(september, date(2027, 1, 4))], away_months=3) == (
        (year[0], date(2026, 12, 1)),
        (date(2027, 1, 10), year[1]),
    )
