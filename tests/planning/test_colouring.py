"""Sharing out edges by stages: everybody once in each, every team as evenly as whole numbers allow."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.planning.rotation.colouring import colour_edges

EDGES = st.integers(1, 5).flatmap(
    lambda colours: st.tuples(
        st.just(colours),
        st.lists(st.lists(st.integers(0, 6), unique=True, max_size=colours), max_size=12),
    )
)


@given(EDGES)
def test_nobody_meets_a_colour_twice_and_teams_meet_all_alike(drawn: tuple[int, list[list[int]]]) -> None:
    colours, teams_of = drawn
    left = np.array([person for person, teams in enumerate(teams_of) for _team in teams], dtype=np.int64)
    right = np.array([team for teams in teams_of for team in teams], dtype=np.int64)
    colour = colour_edges(left, right, colours)
    assert set(colour.tolist()) <= set(range(colours))
    assert len(set(zip(left.tolist(), colour.tolist(), strict=True))) == len(left)
    loads = Counter(zip(right.tolist(), colour.tolist(), strict=True))
    for team, degree in Counter(right.tolist()).items():
        each = [loads[team, one] for one in range(colours)]
        assert min(each) >= degree // colours
        assert max(each) <= -(-degree // colours)


def test_more_edges_than_colours_at_one_person_are_refused() -> None:
    with pytest.raises(ValueError, match="more edges"):
        colour_edges(np.array([0, 0]), np.array([0, 1]), 1)
