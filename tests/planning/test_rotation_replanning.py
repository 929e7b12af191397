"""Living with change: what no change touches stays, what is touched is planned as well as it can be, with reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.planning.rotation import Status
from svclib.planning.rotation.search import Search
from svclib.rules.rotation import (
    Placement,
    Problem,
    Rule,
    Team,
    judge,
    keeping_untouched,
    moves,
    touched_units,
    with_placement,
)
from tests.examples import examples
from tests.planning.instances import best, problems
from tests.planning.province import province
from tests.planning.test_rotation_search import small


def published(problem: Problem) -> Problem:
    """The problem with a good plan published, whose changes cost more than anything else."""
    plan = Search(problem).run().placements
    return replace(problem, published=plan, terms=replace(problem.terms, change_cost=5000.0))


def with_leave(problem: Problem, person_id: int) -> Problem:
    """Somebody of the plan is away for the whole first stage."""
    away = ((problem.stages[0].starts_on, problem.stages[0].ends_on),)
    changed = tuple(replace(one, away=away) if one.id == person_id else one for one in problem.learners)
    return replace(problem, learners=changed)


SMALL_PROVINCE = published(province(trainees=60, units=4, teams=24, exceptions=0.1))


@settings(max_examples=examples(100))
@given(problems(units=(1, 2)), st.data())
def test_a_re_planned_year_is_the_best_of_all_that_leave_alone_what_no_change_touches(
    problem: Problem, data: st.DataObject
) -> None:
    before = Search(problem, gap=0.0).run()
    changed = replace(
        with_leave(problem, data.draw(st.sampled_from([one.id for one in problem.learners]))),
        published=before.placements,
        terms=replace(problem.terms, change_cost=data.draw(st.sampled_from((50.0, 5000.0)))),
    )
    outcome = Search(changed, gap=0.0, only_touched=True).run()
    kept = best(keeping_untouched(changed))
    truth = kept if kept is not None else best(changed)
    if truth is None:
        assert outcome.status == Status.INFEASIBLE
        return
    assert outcome.status == Status.OPTIMAL
    assert judge(changed, outcome.placements).cost == pytest.approx(truth.cost, abs=1e-4)
    assert outcome.objective == pytest.approx(truth.cost, abs=1e-4)
    assert (outcome.kept > 0) <= (kept is not None)


@settings(max_examples=examples(60))
@given(problems(units=(1, 1, 2)), st.data())
def test_what_a_wish_costs_at_best_is_what_trying_every_plan_with_it_says(
    problem: Problem, data: st.DataObject
) -> None:
    plan = Search(problem, gap=0.0).run().placements
    wish = data.draw(
        st.builds(
            Placement,
            st.sampled_from([one.id for one in problem.learners]),
            st.sampled_from([stage.number for stage in problem.stages]),
            st.sampled_from([site.id for site in problem.sites]),
        )
    )
    units = {problem.learner[wish.person_id].unit_id, problem.team_at(wish.site_id).unit_id}
    others = {one for one in plan if problem.learner[one.person_id].unit_id not in units}
    wished = with_placement(problem, plan, wish)
    outcome, truth = Search(wished, gap=0.0).run(), best(wished)
    assert (outcome.objective is None) == (truth is None)
    if truth is not None:
        assert outcome.objective == pytest.approx(truth.cost, abs=1e-4)
        assert others <= set(outcome.placements)
        assert wish in outcome.placements or not problem.is_due(
            problem.learner[wish.person_id], problem.stage[wish.stage]
        )


def test_a_leave_moves_nobody_of_another_unit_and_as_few_as_the_whole_search() -> None:
    changed = with_leave(SMALL_PROVINCE, 5)
    assert touched_units(changed) == {changed.learner[5].unit_id}
    quick, whole = (Search(changed, only_touched=only, gap=1e-6).run() for only in (True, False))
    moved = moves(changed, quick.placements)
    assert {one.published.person_id for one in moved} <= {
        one.id for one in changed.learners if one.unit_id == changed.learner[5].unit_id
    }
    assert len(moved) == len(moves(changed, whole.placements))
    assert quick.kept > len(SMALL_PROVINCE.published) / 2
    (leave,) = [one for one in moved if (one.published.person_id, one.published.stage) == (5, 1)]
    assert leave.sentences(changed) == ["学员5第 1 阶段大部分时间不在岗。"]
    assert leave.site_id is None


def test_a_team_that_closes_moves_those_who_stand_there_and_says_so() -> None:
    crowd = [one for one in SMALL_PROVINCE.published if one.stage == 2]
    team_id = SMALL_PROVINCE.site[crowd[0].site_id].team_id
    closed = tuple(
        replace(team, shut=frozenset({2}), lower=0) if team.id == team_id else team for team in SMALL_PROVINCE.teams
    )
    changed = replace(SMALL_PROVINCE, teams=closed)
    outcome = Search(changed, only_touched=True).run()
    judged = judge(changed, outcome.placements)
    assert judged.feasible
    moved = moves(changed, outcome.placements)
    there = {one for one in crowd if SMALL_PROVINCE.site[one.site_id].team_id == team_id}
    assert there
    assert there <= {one.published for one in moved}
    for one in moved:
        assert one.sentences(changed)
        if one.published in there:
            assert {broken.rule for broken in one.reasons} >= {Rule.TEAM_BOUNDS}


def test_where_the_touched_unit_alone_has_no_room_everything_is_searched() -> None:
    crowded = small(places=1, learners=2, stage_count=1, teams=2)
    other = Team(3, "德阳3队", 2, upper=1)
    first = replace(crowded.learners[0], exceptions=frozenset({2}))
    problem = replace(
        crowded,
        teams=(*crowded.teams, other),
        sites=(*crowded.sites, replace(crowded.sites[0], id=3, team_id=3, apart="team 3")),
        learners=(first, crowded.learners[1]),
        published=(Placement(1, 1, 1), Placement(2, 1, 2)),
        terms=replace(crowded.terms, change_cost=100.0),
    )
    shut = replace(problem, teams=(replace(problem.teams[0], shut=frozenset({1})), *problem.teams[1:]))
    outcome = Search(shut, only_touched=True).run()
    assert outcome.placements == (Placement(1, 1, 3), Placement(2, 1, 2))
    assert [one.published for one in moves(shut, outcome.placements)] == [Placement(1, 1, 1)]


def test_where_nothing_is_touched_nothing_moves() -> None:
    outcome = Search(SMALL_PROVINCE, only_touched=True).run()
    assert outcome.placements == SMALL_PROVINCE.published
    assert outcome.kept == len(SMALL_PROVINCE.published) - len(
        {(one.person_id, one.stage) for one in SMALL_PROVINCE.pins}
        & {(one.person_id, one.stage) for one in SMALL_PROVINCE.published}
    )
    assert moves(SMALL_PROVINCE, outcome.placements) == []
