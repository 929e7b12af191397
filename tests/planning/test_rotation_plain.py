"""The plain yearly model: as cheap as the textbook's, and every rule of it kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.errors import Infeasible
from svclib.planning.rotation import solve_plain
from tests.examples import examples
from tests.planning.bare import solve_bare


@settings(max_examples=examples(60))
@given(st.data())
def test_it_costs_what_the_textbook_model_costs_and_keeps_its_rules(data: st.DataObject) -> None:
    trainees, teams = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    stages = data.draw(st.integers(1, 3))
    rows = st.lists(st.integers(0, 9), min_size=teams, max_size=teams)
    cost = np.array(data.draw(st.lists(rows, min_size=trainees, max_size=trainees)), dtype=float)
    kind = np.array(data.draw(st.lists(st.integers(0, 2), min_size=teams, max_size=teams)))
    lower = data.draw(st.integers(0, 1))
    upper = data.draw(st.integers(lower, 6))
    truth = solve_bare(cost, kind, lower, upper, stages)
    if truth is None:
        with pytest.raises(Infeasible):
            solve_plain(cost, kind, lower, upper, stages)
        return
    plan = solve_plain(cost, kind, lower, upper, stages)
    assert plan.objective == pytest.approx(truth)
    assert plan.objective == pytest.approx(sum(cost[person, plan.teams[person]].sum() for person in range(trainees)))
    for person in range(trainees):
        assert len(set(plan.teams[person].tolist())) == stages
        assert set(kind[plan.teams[person]]) == set(kind)
    for stage in range(stages):
        loads = np.bincount(plan.teams[:, stage], minlength=teams)
        assert loads.min() >= lower
        assert loads.max() <= upper


def test_where_there_is_no_room_it_says_so_with_the_figures() -> None:
    with pytest.raises(Infeasible, match="5 名学员"):
        solve_plain(np.zeros((5, 2)), [0, 0], 0, 2, 1)
