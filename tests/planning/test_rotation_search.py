"""The planner against the truth: every plan tried, and the check that knows nothing of the search."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.planning.rotation import Progress, Status
from svclib.planning.rotation.building import build
from svclib.planning.rotation.model import parts
from svclib.planning.rotation.search import Search
from svclib.rules.rotation import Learner, Pair, Placement, Problem, Rule, Site, Stage, Team, judge
from tests.examples import examples
from tests.planning.instances import YEAR, best, problems, stages
from tests.planning.province import province


def small(*, places: int = 2, learners: int = 3, stage_count: int = 1, teams: int = 1) -> Problem:
    """A unit with some teams of so many places each, and learners who may be anywhere in it."""
    return Problem(
        stages(stage_count),
        tuple(Team(number, f"绵阳{number}队", 1, upper=places) for number in range(1, teams + 1)),
        tuple(Site(number, number, f"team {number}", name=f"绵阳{number}队") for number in range(1, teams + 1)),
        tuple(Learner(number, f"学员{number}", 1, safe=YEAR) for number in range(1, learners + 1)),
    )


@settings(max_examples=examples(150))
@given(problems())
def test_what_is_proved_best_is_the_best_of_all_plans(problem: Problem) -> None:
    outcome = Search(problem, gap=0.0).run()
    truth = best(problem)
    if truth is None:
        assert outcome.status == Status.INFEASIBLE
        assert outcome.conflict is not None
        return
    assert outcome.status == Status.OPTIMAL
    judged = judge(problem, outcome.placements)
    assert judged.feasible
    assert judged.cost == pytest.approx(truth.cost, abs=1e-4)
    assert outcome.objective == pytest.approx(truth.cost, abs=1e-4)
    assert outcome.gap == pytest.approx(0, abs=1e-6)


@settings(max_examples=examples(150))
@given(problems(units=(1, 2)))
def test_what_is_proved_best_across_units_is_the_best_of_all_plans(problem: Problem) -> None:
    everywhere = tuple(replace(one, exceptions=frozenset({1, 2})) for one in problem.learners[:2])
    tied = replace(problem, learners=(*everywhere, *problem.learners[2:]))
    outcome, truth = Search(tied, gap=0.0).run(), best(tied)
    assert (outcome.status == Status.OPTIMAL) == (truth is not None)
    if truth is not None:
        assert judge(tied, outcome.placements).cost == pytest.approx(truth.cost, abs=1e-4)
        assert outcome.bound == pytest.approx(truth.cost, abs=1e-4)


@settings(max_examples=examples(60))
@given(problems(), st.randoms(use_true_random=False))
def test_a_slice_and_what_it_leaves_out_cost_together_what_the_whole_costs(problem: Problem, chance: Random) -> None:
    for part in parts(problem):
        programme = build(problem, part).programme
        free = np.array([n for n in range(programme.whole) if chance.random() < 0.5], dtype=np.int64)
        values = np.zeros(programme.whole)
        values[free] = [chance.randint(0, 1) for _ in free]
        full, cut = programme.complete(values), programme.cut(free)
        inside = float(np.array(cut.lp.col_cost_) @ full[cut.columns])
        assert inside + programme.left_out(free) + programme.constant == pytest.approx(programme.cost(full))


@settings(max_examples=examples(40))
@given(problems())
def test_the_same_seed_gives_the_same_plan(problem: Problem) -> None:
    first, second = (Search(problem, seed=5, gap=0.0).run() for _ in range(2))
    assert (first.status, first.objective, first.placements) == (second.status, second.objective, second.placements)


def test_too_few_places_are_named_with_those_who_need_them_and_how_many_are_missing() -> None:
    problem = small(places=2, learners=3)
    outcome = Search(problem).run()
    assert outcome.status == Status.INFEASIBLE
    conflict = outcome.conflict
    assert conflict is not None
    assert conflict.irreducible
    assert {subject.rule for subject in conflict.subjects} == {Rule.ONE, Rule.TEAM_BOUNDS}
    assert sum(subject.rule == Rule.ONE for subject in conflict.subjects) == 3
    assert conflict.sentences(problem) == [
        "绵阳1队第 1 阶段有 2 个名额，而有 3 名学员需要安排：学员1、学员2、学员3。",
        "如允许以下一项（代价 200）则可解：绵阳1队第 1 阶段有 3 名学员，名额只有 2 个。",
    ]


def test_who_is_to_leave_the_only_team_is_named_with_it() -> None:
    problem = small(places=3, learners=2)
    leaving = replace(problem.learners[0], barred=frozenset({(1, 1)}))
    asked = replace(problem, learners=(leaving, *problem.learners[1:]))
    outcome = Search(asked).run()
    assert outcome.status == Status.INFEASIBLE
    assert outcome.conflict is not None
    (sentence,) = outcome.conflict.sentences(asked)
    assert "学员1" in sentence
    assert "离开绵阳1队" in sentence


def test_more_pinned_trainees_than_places_are_counted_and_what_would_help_has_its_cost() -> None:
    problem = small(places=4, learners=8, stage_count=2, teams=3)
    pinned = replace(problem, pins=tuple(Placement(number, 2, 3) for number in range(1, 7)))
    conflict = Search(pinned).run().conflict
    assert conflict is not None
    assert conflict.irreducible
    first, last = conflict.sentences(pinned)
    assert first.startswith("绵阳3队第 2 阶段有 4 个名额，而固定在此的学员有 5 名：")
    assert last == "如允许以下一项（代价 400）则可解：绵阳3队第 2 阶段有 6 名学员，名额只有 4 个。"


def test_a_pin_in_another_unit_is_told_as_by_the_check_of_a_plan() -> None:
    problem = small(teams=2)
    teams = (problem.teams[0], replace(problem.teams[1], unit_id=2))
    abroad = replace(problem, teams=teams, learners=problem.learners[:1], pins=(Placement(1, 1, 2),))
    conflict = Search(abroad).run().conflict
    assert conflict is not None
    (broken,) = judge(abroad, abroad.pins).violations
    assert conflict.sentences(abroad) == [broken.sentence(abroad)] == ["绵阳2队属于其他单位，学员1没有批准的例外。"]


def test_two_kept_apart_where_there_is_one_place_are_named_without_a_reason() -> None:
    problem = replace(small(places=2, learners=2), pairs=(Pair(1, 2, apart=True),))
    conflict = Search(problem).run().conflict
    assert conflict is not None
    assert "不同队：学员1、学员2" in conflict.sentences(problem)
    assert "学员1、学员2不应同队，第 1 阶段都在绵阳1队。" in conflict.sentences(problem)[-1]


def test_a_team_that_must_have_more_than_there_are_says_how_many_it_wants() -> None:
    problem = small(places=5, learners=2)
    wanting = replace(problem, teams=(replace(problem.teams[0], lower=3),))
    conflict = Search(wanting).run().conflict
    assert conflict is not None
    assert "绵阳1队第 1 阶段至少需要 3 名学员。" in conflict.sentences(wanting)


def test_those_who_are_not_concerned_are_not_named_in_a_conflict() -> None:
    crowded = small(places=2, learners=3, teams=1)
    elsewhere = Team(9, "德阳9队", 2), Site(9, 9, "team 9"), Learner(9, "学员9", 2, safe=YEAR)
    problem = replace(
        crowded,
        teams=(*crowded.teams, elsewhere[0]),
        sites=(*crowded.sites, elsewhere[1]),
        learners=(*crowded.learners, elsewhere[2]),
    )
    conflict = Search(problem).run().conflict
    assert conflict is not None
    assert not any(9 in subject.people or subject.team_id == 9 for subject in conflict.subjects)


def test_somebody_who_could_be_nowhere_is_named_at_once() -> None:
    problem = small()
    without_teams = replace(problem.learners[0], unit_id=7)
    conflict = Search(replace(problem, learners=(without_teams,))).run().conflict
    assert conflict is not None
    assert [(subject.rule, subject.people, subject.stage) for subject in conflict.subjects] == [(Rule.ONE, (1,), 1)]
    assert conflict.sentences(problem) == ["学员1第 1 阶段需要一个岗位。"]


def test_somebody_without_a_valid_examination_has_no_placement_and_the_others_are_planned() -> None:
    problem = small(places=2, learners=3)
    unsafe = replace(problem.learners[0], safe=())
    outcome = Search(replace(problem, learners=(unsafe, *problem.learners[1:]))).run()
    assert outcome.status == Status.OPTIMAL
    assert {one.person_id for one in outcome.placements} == {2, 3}


def test_a_team_that_is_not_there_in_a_stage_takes_nobody_then() -> None:
    problem = small(places=2, learners=2, stage_count=2, teams=2)
    shut = replace(problem.teams[0], shut=frozenset({2}))
    outcome = Search(replace(problem, teams=(shut, problem.teams[1]))).run()
    assert outcome.status == Status.OPTIMAL
    assert {(one.stage, one.site_id) for one in outcome.placements} == {(1, 1), (2, 2)}


def test_published_placements_move_only_where_they_must() -> None:
    problem = small(places=2, learners=4, stage_count=2, teams=4)
    published = Search(problem).run().placements
    away = replace(problem.learners[0], away=((problem.stages[0].starts_on, problem.stages[0].ends_on),))
    again = replace(
        problem,
        learners=(away, *problem.learners[1:]),
        published=published,
        terms=replace(problem.terms, change_cost=1000.0),
    )
    kept = Search(again).run().placements
    assert set(published) - set(kept) == {one for one in published if (one.person_id, one.stage) == (1, 1)}


def test_an_exception_lets_somebody_cross_and_nobody_else() -> None:
    home, near, far = (30.0, 104.0), (30.0, 104.01), (32.0, 104.0)
    teams = (Team(1, "远队", 1), Team(2, "近队", 2))
    sites = (Site(1, 1, "a", far), Site(2, 2, "b", near))
    learners = tuple(
        Learner(number, f"学员{number}", 1, home, safe=YEAR, exceptions=frozenset({2} if number == 1 else ()))
        for number in (1, 2)
    )
    plan = Search(Problem(stages(1), teams, sites, learners)).run().placements
    assert plan == (Placement(1, 1, 2), Placement(2, 1, 1))


def test_plans_are_told_from_worse_to_better_and_bounds_never_exceed_them() -> None:
    heard: list[Progress] = []
    problem = province(trainees=120, units=4, teams=24, exceptions=0.1)
    outcome = Search(problem, gap=0.0, tell=heard.append).run()
    costs = [one.objective for one in heard if one.objective is not None]
    assert costs == sorted(costs, reverse=True)
    assert outcome.objective == pytest.approx(costs[-1])
    for one in heard:
        if one.placements is not None:
            assert judge(problem, one.placements).cost == pytest.approx(one.objective)
            assert one.bound is None or one.bound <= outcome.objective + 1e-4


def test_a_search_without_time_knows_nothing_and_says_so() -> None:
    outcome = Search(small(places=3), stopped=lambda: True).run()
    assert (outcome.status, outcome.placements, outcome.gap) == (Status.UNKNOWN, (), None)


def test_two_kept_apart_and_two_kept_together_are() -> None:
    problem = small(places=4, learners=4, stage_count=2, teams=3)
    problem = replace(problem, pairs=(Pair(1, 2, apart=True), Pair(3, 4, apart=False)))
    plan = {(one.person_id, one.stage): one.site_id for one in Search(problem, gap=0.0).run().placements}
    for stage in problem.stages:
        assert isinstance(stage, Stage)
        assert plan[1, stage.number] != plan[2, stage.number]
        assert plan[3, stage.number] == plan[4, stage.number]
