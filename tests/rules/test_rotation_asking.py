"""Why here, why not there: the same answer as judging both whole plans."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.rules.rotation import Pair, Placement, Problem, Rule, alternatives, judge
from tests.examples import examples
from tests.planning.instances import problems
from tests.rules.test_rotation import FIRST, GOOD, PROBLEM


@settings(max_examples=examples(300))
@given(st.data())
def test_an_alternative_says_what_judging_both_whole_plans_says(data: st.DataObject) -> None:
    problem: Problem = data.draw(problems())
    sites = st.none() | st.sampled_from([site.id for site in problem.sites])
    slots = [(learner.id, stage.number) for learner in problem.learners for stage in problem.stages]
    plan = {slot: site for slot in slots if (site := data.draw(sites)) is not None}
    person, stage = data.draw(st.sampled_from(slots))
    asked = [None, *(site.id for site in problem.sites)]
    found = alternatives(problem, _placements(plan), person, stage, asked)
    assert {one.site_id for one in found} == set(asked)
    before = judge(problem, _placements(plan))
    for one in found:
        moved = {slot: site for slot, site in plan.items() if slot != (person, stage)}
        after = judge(problem, _placements(moved if one.site_id is None else {**moved, (person, stage): one.site_id}))
        assert one.cost == pytest.approx(after.weighed - before.weighed, abs=1e-6)
        assert Counter(one.breaks) == Counter(after.violations) - Counter(before.violations)
        assert Counter(one.mends) == Counter(before.violations) - Counter(after.violations)
        assert one.allowed == (not any(problem.terms.weight(broken.rule) is None for broken in one.breaks))


def _placements(plan: dict[tuple[int, int], int]) -> list[Placement]:
    return [Placement(person, stage, site) for (person, stage), site in plan.items()]


def test_asked_of_no_site_it_says_it_of_all_where_the_person_may_work() -> None:
    found = alternatives(PROBLEM, GOOD, 1, FIRST.number)
    assert {one.site_id for one in found} == {1, 2}
    assert found[0].site_id == 1
    assert (found[0].cost, found[0].breaks, found[0].mends) == (0, (), ())


def test_another_place_says_which_rule_it_would_break() -> None:
    apart = replace(PROBLEM, pairs=(Pair(1, 2, apart=True),))
    (there,) = alternatives(apart, GOOD, 1, FIRST.number, [2])
    assert not there.allowed
    assert {broken.rule for broken in there.breaks} == {Rule.APART, Rule.NOT_TWICE, Rule.KINDS, Rule.FAR}
    assert [broken.sentence(apart) for broken in there.breaks if broken.rule == Rule.APART] == [
        "王晓明、李芳不应同队，第 1 阶段都在乡镇队。"
    ]


def test_who_or_what_is_not_of_the_plan_is_refused() -> None:
    with pytest.raises(KeyError):
        alternatives(PROBLEM, GOOD, 99, FIRST.number)
    with pytest.raises(KeyError):
        alternatives(PROBLEM, GOOD, 1, FIRST.number, [99])
