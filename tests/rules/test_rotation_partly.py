"""Judging only what a move touches: the rest stands as the full judgement has it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.rules.rotation import Placement, Problem, is_about, judge, violations
from tests.examples import examples
from tests.planning.instances import problems


@settings(max_examples=examples(300))
@given(st.data())
def test_after_a_move_the_person_and_both_teams_judged_anew_and_the_rest_as_before_are_the_full_judgement(
    data: st.DataObject,
) -> None:
    problem: Problem = data.draw(problems())
    sites = st.none() | st.sampled_from([site.id for site in problem.sites])
    slots = [(learner.id, stage.number) for learner in problem.learners for stage in problem.stages]
    plan = {slot: site for slot in slots if (site := data.draw(sites)) is not None}
    person, _stage = slot = data.draw(st.sampled_from(slots))
    wanted = data.draw(sites)
    moved = {**{key: site for key, site in plan.items() if key != slot}, **({} if wanted is None else {slot: wanted})}
    teams = {problem.site[site].team_id for site in (plan.get(slot), wanted) if site is not None}
    before, after = ([Placement(*key, site) for key, site in placed.items()] for placed in (plan, moved))
    rest = [one for one in violations(problem, before) if not is_about(one.people, one.team_id, {person}, teams)]
    partly = violations(problem, after, people={person}, teams=teams)
    assert Counter((*rest, *partly)) == Counter(judge(problem, after).violations)
