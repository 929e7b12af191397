"""Small rotations of every sort, and the truth about them by trying everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from hypothesis import strategies as st

from svclib.models import TeamSetting
from svclib.rules.rotation import (
    ALWAYS_HARD,
    Judgement,
    Learner,
    Pair,
    Placement,
    Problem,
    Rule,
    Site,
    Stage,
    Team,
    Terms,
    judge,
)

START = date(2026, 9, 1)
YEAR = ((date(2026, 8, 1), date(2027, 8, 1)),)
KINDS = tuple(TeamSetting)


def stages(count: int) -> tuple[Stage, ...]:
    """Stages of 60 days, one after the other."""
    days = timedelta(days=60)
    return tuple(Stage(number + 1, START + number * days, START + (number + 1) * days) for number in range(count))


def all_plans(problem: Problem) -> Iterator[tuple[Placement, ...]]:
    """Every way to give each learner one site, or none, in each stage."""
    slots = [(learner.id, stage.number) for learner in problem.learners for stage in problem.stages]
    for choice in product([None, *(site.id for site in problem.sites)], repeat=len(slots)):
        yield tuple(
            Placement(person, stage, site)
            for (person, stage), site in zip(slots, choice, strict=True)
            if site is not None
        )


def best(problem: Problem) -> Judgement | None:
    """The cheapest of all plans that keep the rules that must hold; None where there is none."""
    judged = (judge(problem, plan) for plan in all_plans(problem))
    return min((one for one in judged if one.feasible), key=lambda one: one.cost, default=None)


@st.composite
def problems(
    draw: st.DrawFn,
    learners_max: int = 3,
    sites_max: int = 3,
    stages_max: int = 2,
    units: tuple[int, ...] = (1, 1, 1, 2),
) -> Problem:
    """A problem small enough to try every plan: at most 2 units, few teams, some rules hard and some weighed.

    `units` are drawn from: the more often two differ, the more exceptions tie them together.
    """
    unit = st.sampled_from(units)
    place = st.tuples(st.sampled_from((30.0, 30.5, 31.5)), st.just(104.0))
    teams = tuple(
        Team(
            number,
            f"{number}队",
            draw(unit),
            draw(st.frozensets(st.sampled_from(KINDS), max_size=2)),
            draw(st.sampled_from((0, 0, 0, 1))),
            draw(st.sampled_from((3, 2, 1))),
            draw(st.none() | st.integers(1, 3)),
            draw(st.booleans()),
            draw(st.sampled_from((frozenset(),) * 9 + (frozenset({1}),))),
        )
        for number in range(1, draw(st.integers(1, 2)) + 1)
    )
    sites = tuple(
        Site(
            number,
            team.id,
            draw(st.sampled_from((f"team {team.id}", f"site {number}"))),
            draw(st.none() | place),
            draw(st.sampled_from((0,) * 9 + (1,))),
            draw(st.sampled_from((None, None, 2, 1))),
            f"{number}站",
        )
        for number in range(1, draw(st.integers(1, sites_max)) + 1)
        for team in [draw(st.sampled_from(teams))]
    )
    plan_stages = stages(draw(st.integers(1, stages_max)))
    some_days = st.sampled_from(
        ((START, START + timedelta(days=50)), (START + timedelta(days=70), START + timedelta(days=75)))
    )
    learners = tuple(
        Learner(
            number,
            f"学员{number}",
            draw(unit),
            draw(st.none() | place),
            draw(st.sampled_from(("", "电气", "自动化"))),
            draw(st.sampled_from((*[YEAR] * 9, ((START, START + timedelta(days=30)),)))),
            away=tuple(draw(st.lists(some_days, max_size=1))),
            wishes=tuple(draw(st.lists(st.sampled_from(teams), max_size=2, unique_by=lambda team: team.id).map(_ids))),
            exceptions=draw(st.frozensets(unit, max_size=1)),
            barred=draw(st.sampled_from((frozenset[tuple[int, int]](),) * 9 + (frozenset({(1, 1)}),))),
        )
        for number in range(1, draw(st.integers(1, learners_max)) + 1)
    )
    numbers = [learner.id for learner in learners]
    pairs = tuple(
        Pair(first, second, draw(st.booleans()))
        for first, second in draw(st.lists(st.sampled_from([(1, 2), (2, 3), (1, 3)]), max_size=2, unique=True))
        if first in numbers and second in numbers
    )
    anywhere = st.builds(
        Placement,
        st.sampled_from(numbers),
        st.sampled_from([stage.number for stage in plan_stages]),
        st.sampled_from([site.id for site in sites]),
    )
    once = st.lists(anywhere, max_size=2, unique_by=lambda one: (one.person_id, one.stage))
    pins = draw(st.just([]) | once)
    weighed = st.sampled_from(sorted(set(Rule) - ALWAYS_HARD))
    terms = Terms(
        hard=ALWAYS_HARD | draw(st.frozensets(weighed)),
        weights=dict.fromkeys(Rule, draw(st.sampled_from((7.0, 200.0)))),
        far_stages_max=draw(st.integers(0, 1)),
        group_share_max=draw(st.sampled_from((0.0, 0.3, 0.7))),
        change_cost=draw(st.sampled_from((0.0, 50.0))),
    )
    return Problem(plan_stages, teams, sites, learners, pairs, tuple(pins), tuple(draw(once)), terms)


def _ids(teams: list[Team]) -> list[int]:
    return [team.id for team in teams]
