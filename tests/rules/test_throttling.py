"""How long somebody who tries to log in must wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.rules.throttling import (
    ADDRESS_FREE,
    PAIR_FREE,
    WAIT_MAX,
    Tally,
    growing_wait,
    network_of,
    wait_left,
)

NOW = datetime(2026, 8, 20, 8, 0, tzinfo=UTC)
COUNTS = st.integers(min_value=0, max_value=10**6)
PAUSES = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=3))


@given(COUNTS, st.integers(min_value=1, max_value=50))
def test_waits_never_shrink_with_failures_and_never_exceed_the_most(failures: int, free: int) -> None:
    wait = growing_wait(failures, free)
    assert timedelta() <= wait <= growing_wait(failures + 1, free) <= WAIT_MAX
    assert bool(wait) == (failures >= free)


@given(COUNTS, COUNTS, PAUSES)
def test_whoever_waits_as_long_as_told_is_let_try(pair: int, everybody: int, pause: timedelta) -> None:
    tallies = (Tally(pair, NOW), Tally(everybody, NOW))
    left = wait_left(*tallies, NOW + pause)
    assert left <= WAIT_MAX
    assert not wait_left(*tallies, NOW + pause + left)


@given(COUNTS)
def test_a_name_known_at_its_address_waits_for_its_own_failures_only(others: int) -> None:
    known = Tally(0, NOW, succeeded_at=NOW)
    assert not wait_left(known, Tally(others, NOW), NOW)
    assert not wait_left(Tally(), Tally(ADDRESS_FREE - 1, NOW), NOW)
    assert wait_left(Tally(), Tally(ADDRESS_FREE, NOW), NOW)
    assert not wait_left(Tally(PAIR_FREE - 1, NOW), Tally(), NOW)
    assert wait_left(Tally(PAIR_FREE, NOW, succeeded_at=NOW), Tally(), NOW)


def test_a_day_of_steady_guessing_from_one_address_gets_at_most_some_hundred_tries() -> None:
    now, tally, tries = NOW, Tally(), 0
    while now < NOW + timedelta(days=1):
        left = wait_left(tally, Tally(), now)
        if left:
            now += left
            continue
        tries += 1
        tally = Tally(tally.failures_at(now) + 1, now)
    assert tries <= 120


def test_failures_are_forgotten_after_a_day_of_rest() -> None:
    tally = Tally(40, NOW)
    assert tally.failures_at(NOW + timedelta(hours=23)) == 40
    assert tally.failures_at(NOW + timedelta(hours=24)) == 0


@pytest.mark.parametrize(
    ("origin", "counted_as"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("not an address", "not an address"),
    ],
)
def test_what_counts_as_one_address(origin: str, counted_as: str) -> None:
    assert network_of(origin) == counted_as
