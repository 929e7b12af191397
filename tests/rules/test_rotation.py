"""The rotation's rules, one by one: what breaks them, what does not, and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from svclib.models import TeamSetting
from svclib.rules.rotation import (
    RULE_LABELS,
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

FIRST, SECOND = Stage(1, date(2026, 9, 1), date(2026, 11, 1)), Stage(2, date(2026, 11, 1), date(2027, 1, 1))
YEAR = ((date(2026, 8, 1), date(2027, 8, 1)),)
HOME, NEAR, FAR = (30.0, 104.0), (30.1, 104.0), (31.5, 104.0)
PROBLEM = Problem(
    (FIRST, SECOND),
    (
        Team(1, "城区队", 1, frozenset({TeamSetting.URBAN}), upper=2),
        Team(2, "乡镇队", 1, frozenset({TeamSetting.RURAL}), upper=2),
        Team(3, "外单位队", 2, upper=2),
    ),
    (
        Site(1, 1, "team 1", NEAR, name="城区队"),
        Site(2, 2, "team 2", FAR, name="乡镇队"),
        Site(3, 3, "team 3", NEAR, name="外单位队"),
    ),
    (Learner(1, "王晓明", 1, HOME, safe=YEAR), Learner(2, "李芳", 1, HOME, safe=YEAR)),
    terms=Terms(far_stages_max=1),
)
GOOD = (Placement(1, 1, 1), Placement(1, 2, 2), Placement(2, 1, 2), Placement(2, 2, 1))


def told(problem: Problem, placements: Sequence[Placement]) -> dict[Rule, list[str]]:
    found: dict[Rule, list[str]] = {}
    for violation in judge(problem, placements).violations:
        found.setdefault(violation.rule, []).append(violation.sentence(problem))
    return found


def with_first(**changes: object) -> Problem:
    """The problem with another first learner."""
    return replace(PROBLEM, learners=(replace(PROBLEM.learners[0], **changes), PROBLEM.learners[1]))  # type: ignore[arg-type]


def with_team(**changes: object) -> Problem:
    """The problem with another first team."""
    return replace(PROBLEM, teams=(replace(PROBLEM.teams[0], **changes), *PROBLEM.teams[1:]))  # type: ignore[arg-type]


def test_a_good_plan_breaks_nothing() -> None:
    judged = judge(PROBLEM, GOOD)
    assert judged.violations == ()
    assert judged.feasible


def test_a_stage_without_placement_or_with_two_is_told() -> None:
    assert told(PROBLEM, GOOD[1:])[Rule.ONE] == ["王晓明第 1 阶段有 0 个岗位，应为 1 个。"]
    assert told(PROBLEM, (*GOOD, Placement(1, 1, 2)))[Rule.ONE] == ["王晓明第 1 阶段有 2 个岗位，应为 1 个。"]


def test_safety_is_asked_on_the_first_day_of_each_stage_and_expiring_soon_is_not_expired() -> None:
    until_second_day = ((date(2026, 8, 1), date(2026, 11, 2)),)
    assert Rule.SAFETY not in told(with_first(safe=until_second_day), GOOD)
    until_first_day = ((date(2026, 8, 1), date(2026, 11, 1)),)
    assert told(with_first(safe=until_first_day), GOOD)[Rule.SAFETY] == [
        "王晓明在第 2 阶段首日（2026-11-01）没有有效的安全教育和合格的安规考试。"
    ]


def test_who_is_away_for_most_of_a_stage_has_no_placement_in_it() -> None:
    away = with_first(away=((date(2026, 9, 1), date(2026, 10, 15)), (date(2026, 10, 1), date(2026, 10, 20))))
    assert told(away, GOOD)[Rule.AVAILABLE] == ["王晓明第 1 阶段大部分时间不在岗。"]
    assert judge(away, GOOD[1:]).feasible
    assert Rule.AVAILABLE not in told(with_first(away=((date(2026, 9, 1), date(2026, 9, 20)),)), GOOD)


def test_another_unit_needs_an_exception_by_name() -> None:
    crossing = (Placement(1, 1, 3), *GOOD[1:])
    assert told(PROBLEM, crossing)[Rule.OWN_UNIT] == ["外单位队属于其他单位，王晓明没有批准的例外。"]
    assert Rule.OWN_UNIT not in told(with_first(exceptions=frozenset({2})), crossing)


def test_a_pinned_stage_is_kept() -> None:
    pinned = replace(PROBLEM, pins=(Placement(1, 1, 2),))
    assert told(pinned, GOOD)[Rule.PIN] == ["王晓明第 1 阶段已固定在别处。"]


def test_the_same_place_twice_is_told_and_another_station_of_a_small_unit_is_not_the_same() -> None:
    twice = (Placement(1, 1, 1), Placement(1, 2, 1), *GOOD[2:])
    assert told(PROBLEM, twice)[Rule.NOT_TWICE] == ["王晓明到城区队共 2 次，不应重复。"]
    stations = replace(PROBLEM, sites=(*PROBLEM.sites, Site(4, 1, "station 4", NEAR, name="二站")))
    assert Rule.NOT_TWICE not in told(stations, (Placement(1, 1, 1), Placement(1, 2, 4), *GOOD[2:]))


def test_bounds_of_teams_and_sites_and_mentors_are_told_with_figures() -> None:
    assert told(with_team(lower=2), GOOD)[Rule.TEAM_BOUNDS][0] == "城区队第 1 阶段有 1 名学员，至少应有 2 名。"
    assert told(with_team(upper=0), GOOD)[Rule.TEAM_BOUNDS][0] == "城区队第 1 阶段有 1 名学员，名额只有 0 个。"
    assert told(with_team(mentees_max=0), GOOD)[Rule.MENTORS][0] == "城区队第 1 阶段有 1 名学员，师傅最多能带 0 名。"
    full = replace(PROBLEM, sites=(replace(PROBLEM.sites[0], upper=0), *PROBLEM.sites[1:]))
    assert told(full, GOOD)[Rule.SITE_BOUNDS][0] == "城区队第 1 阶段有 1 名学员，名额只有 0 个。"


def test_pairs_are_told_without_a_reason() -> None:
    together = (Placement(1, 1, 1), Placement(1, 2, 2), Placement(2, 1, 1), Placement(2, 2, 2))
    apart = replace(PROBLEM, pairs=(Pair(1, 2, apart=True),))
    assert told(apart, together)[Rule.APART] == [
        "王晓明、李芳不应同队，第 1 阶段都在城区队。",
        "王晓明、李芳不应同队，第 2 阶段都在乡镇队。",
    ]
    assert len(told(replace(PROBLEM, pairs=(Pair(1, 2, apart=False),)), GOOD)[Rule.TOGETHER]) == 2


def test_each_kind_that_the_unit_has_is_wanted() -> None:
    again = (Placement(1, 1, 1), Placement(1, 2, 1))
    assert told(PROBLEM, again)[Rule.KINDS][0] == "王晓明没有轮到这一类型的服务队：农村。"
    one_stage = replace(PROBLEM, stages=(FIRST,))
    assert Rule.KINDS not in told(one_stage, (GOOD[0], GOOD[2]))


def test_too_many_stages_far_from_home_cost_something_but_forbid_nothing() -> None:
    strict = replace(PROBLEM, terms=replace(PROBLEM.terms, far_stages_max=0))
    judged = judge(strict, GOOD)
    assert told(strict, GOOD)[Rule.FAR][0] == "王晓明有 1 个阶段离家较远，最多允许 0 个。"
    assert judged.feasible
    assert judged.parts["far"] == pytest.approx(2 * strict.terms.weights[Rule.FAR])


def test_one_group_alone_in_a_team_is_told_from_the_size_at_which_it_matters() -> None:
    learners = tuple(Learner(number, f"学员{number}", 1, group="电气", safe=YEAR) for number in range(1, 6))
    roomy = replace(PROBLEM, learners=learners, teams=(replace(PROBLEM.teams[0], upper=9), *PROBLEM.teams[1:]))
    crowd = [Placement(number, 1, 1) for number in range(1, 6)]
    assert told(roomy, crowd)[Rule.MIX] == ["城区队第 1 阶段有 5 名电气学员，为保持搭配最多 4 名。"]
    assert Rule.MIX not in told(roomy, crowd[:3])


def test_costs_are_told_by_cause_and_by_person() -> None:
    wishing = with_first(wishes=(2, 1))
    judged = judge(wishing, GOOD)
    assert judged.parts["wishes"] == pytest.approx(wishing.terms.wish_cost)
    assert judged.cost == pytest.approx(sum(judged.parts.values()))
    assert sum(judged.burdens.values()) == pytest.approx(judged.parts["distance"] + judged.parts["wishes"])
    assert judged.burdens[1] == pytest.approx(judged.burdens[2] + wishing.terms.wish_cost)


def test_every_rule_has_a_label() -> None:
    assert set(RULE_LABELS) == set(Rule)
