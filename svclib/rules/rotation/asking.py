"""Why here, why not there: what one other placement would cost, and which rules it would break or mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from svclib.rules.rotation.judging import Judgement, Violation, judge
from svclib.rules.rotation.problem import Placement, Problem


@dataclass(frozen=True, slots=True)
class Alternative:
    """A person at a site in a stage instead of where a plan has them (`site_id` None: nowhere), all else as it is."""

    person_id: int
    stage: int
    site_id: int | None
    cost: float
    """By how much the plan's cost grows; what breaks a rule that must hold is not in it, but in `breaks`."""
    breaks: tuple[Violation, ...]
    mends: tuple[Violation, ...]
    allowed: bool
    """Whether `breaks` has none of the rules that must hold. One missed by another amount than before is in it too."""


def alternatives(
    problem: Problem, placements: Iterable[Placement], person_id: int, stage: int, site_ids: Iterable[int | None] = ()
) -> list[Alternative]:
    """Judge what each of these sites would mean; none named: all where the person may work. The cheapest allowed first.

    KeyError is raised for a person, stage or site that is not the problem's.
    """
    learner, _known = problem.learner[person_id], problem.stage[stage]
    asked = tuple(site_ids) or tuple(site.id for site in problem.sites_of(learner))
    plan = tuple(placements)
    own = [one for one in plan if one.person_id == person_id]
    here = {one.site_id for one in own if one.stage == stage} | {site_id for site_id in asked if site_id is not None}
    teams = {problem.site[site_id].team_id for site_id in here}
    near = _concerned(problem, plan, person_id, stage, teams)
    rest = [one for one in near if (one.person_id, one.stage) != (person_id, stage)]
    before = judge(problem, near, people={person_id}, teams=teams)
    found = []
    for site_id in asked:
        there = [] if site_id is None else [Placement(person_id, stage, site_id)]
        after = judge(problem, [*rest, *there], people={person_id}, teams=teams)
        found.append(_compared(problem, before, after, (person_id, stage, site_id)))
    return sorted(found, key=lambda one: (not one.allowed, one.cost, one.site_id or 0))


def _concerned(
    problem: Problem, plan: tuple[Placement, ...], person_id: int, stage: int, teams: set[int]
) -> list[Placement]:
    """Placements of the person, of those tied to the person, and in these teams: the others cost the same anyway."""
    tied = {
        one for pair in problem.pairs if person_id in (pair.first, pair.second) for one in (pair.first, pair.second)
    }
    people = tied | {person_id}
    return [
        one
        for one in plan
        if one.person_id in people or (one.stage == stage and problem.site[one.site_id].team_id in teams)
    ]


def _compared(problem: Problem, before: Judgement, after: Judgement, asked: tuple[int, int, int | None]) -> Alternative:
    was, now = Counter(before.violations), Counter(after.violations)
    breaks, mends = tuple((now - was).elements()), tuple((was - now).elements())
    allowed = not any(problem.terms.weight(one.rule) is None for one in breaks)
    return Alternative(*asked, after.weighed - before.weighed, breaks, mends, allowed)
