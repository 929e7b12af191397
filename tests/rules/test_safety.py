"""The safety gate: open on exactly the days on which both education and examination are valid."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from svclib.models import SafetyKind
from svclib.rules.safety import Taken, safe_times

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
