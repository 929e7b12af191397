"""Re-planning what is published: what a change touches, what can stay, and why a placement has moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from svclib.i18n import gettext as _
from svclib.rules.rotation.asking import alternatives
from svclib.rules.rotation.judging import Violation, judge
from svclib.rules.rotation.problem import Placement, Problem, by_stage


def touched_units(problem: Problem) -> frozenset[int]:
    """The units in which what is published breaks a rule that must hold, by people or by teams.

    People who stand at a team where one is broken touch their own unit as well.
    """
    standing = _standing(problem)
    units = {
        problem.learner[one.person_id].unit_id
        for one in problem.published
        if one.person_id in problem.learner and one.site_id not in problem.site
    }
    at_team: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for one in standing:
        at_team[problem.site[one.site_id].team_id, one.stage].append(one.person_id)
    for broken in judge(problem, standing).violations:
        if problem.terms.weight(broken.rule) is not None:
            continue
        people = list(broken.people)
        if broken.team_id is not None and broken.stage is not None:
            units.add(problem.team[broken.team_id].unit_id)
            people += at_team[broken.team_id, broken.stage]
        units |= {problem.learner[one].unit_id for one in people}
    return frozenset(units)


def keeping_untouched(problem: Problem) -> Problem:
    """The problem with what is published fixed, but for people of the units that a change touches.

    Whatever plan it has is one of the problem itself at the same cost.
    """
    touched = touched_units(problem)
    stay = by_stage(one for one in _standing(problem) if problem.learner[one.person_id].unit_id not in touched)
    # What is published in such a unit keeps to its pins; where several would do, it stays where it is.
    fixed = {key for key, sites in problem.pinned.items() if len(sites) == 1 or key not in stay}
    pins = (pin for pin in problem.pins if (pin.person_id, pin.stage) in fixed)
    return replace(problem, pins=(*pins, *(one for key, one in stay.items() if key not in fixed)))


def with_placement(problem: Problem, placements: Iterable[Placement], wish: Placement) -> Problem:
    """The problem in which somebody is at a place, and people of other units than theirs and the place's as in a plan.

    The cost of its best plan less that of the plan is what the wish costs when its units are planned anew for it.
    """
    units = {problem.learner[wish.person_id].unit_id, problem.team_at(wish.site_id).unit_id}
    stay = (
        one
        for one in placements
        if problem.learner[one.person_id].unit_id not in units and (one.person_id, one.stage) not in problem.pinned
    )
    pins = (*problem.pins, *stay)
    others = (pin for pin in pins if (pin.person_id, pin.stage) != (wish.person_id, wish.stage))
    return replace(problem, pins=(*others, wish))


def _standing(problem: Problem) -> list[Placement]:
    """What is published of people and sites that are still the plan's."""
    return [
        one
        for one in by_stage(problem.published).values()
        if one.person_id in problem.learner and one.stage in problem.stage and one.site_id in problem.site
    ]


@dataclass(frozen=True, slots=True)
class Move:
    """A published placement that a plan has not: the person is at `site_id` instead (None: nowhere).

    `reasons`: the rules that the published placement breaks, else those it would break beside the new plan's others.
    `saves`: by how much the plan would be dearer with it, changes left aside.
    """

    published: Placement
    site_id: int | None
    reasons: tuple[Violation, ...]
    saves: float

    def sentences(self, problem: Problem) -> list[str]:
        """Say why, in the user's language; never why two are kept apart or somebody is away."""
        if self.published.site_id not in problem.site:
            return [_("The place is no longer there.")]
        told = [one.sentence(problem) for one in self.reasons]
        return told or [_("Staying would cost {amount} more.").format(amount=f"{self.saves:.0f}")]


def moves(problem: Problem, placements: Iterable[Placement]) -> list[Move]:
    """List the published placements that a plan moves, in the order of people and stages, each with its reasons."""
    plan = tuple(placements)
    now = by_stage(plan)
    before = judge(problem, _standing(problem)).violations
    broken = [one for one in before if problem.terms.weight(one.rule) is None]
    free = replace(problem, terms=replace(problem.terms, change_cost=0.0))
    found = []
    for (person_id, stage), was in sorted(by_stage(problem.published).items()):
        here = now.get((person_id, stage))
        if here == was or person_id not in problem.learner or stage not in problem.stage:
            continue
        reasons, saves = tuple(one for one in broken if _concerns(problem, one, was)), 0.0
        if was.site_id in problem.site:
            (back,) = alternatives(free, plan, person_id, stage, [was.site_id])
            reasons, saves = reasons or back.breaks, back.cost
        found.append(Move(was, here.site_id if here is not None else None, reasons, saves))
    return found


def _concerns(problem: Problem, broken: Violation, one: Placement) -> bool:
    """Whether a rule is broken by somebody's being there: by the person, or by how many are at the place."""
    if broken.stage not in {None, one.stage} or one.site_id not in problem.site:
        return False
    if broken.people:
        return one.person_id in broken.people
    site = problem.site[one.site_id]
    return broken.site_id == site.id if broken.site_id is not None else broken.team_id == site.team_id
