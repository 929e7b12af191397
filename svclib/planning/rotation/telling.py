"""Why there is no plan, in sentences with figures: who needs a place where, what there is, and what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from svclib.i18n import gettext as _
from svclib.i18n import run_on
from svclib.rules.rotation import ALWAYS_HARD, RULE_LABELS, Problem, Rule, Subject, Violation

_NAMED = 6
"""More people than these are counted, not all named."""
_ROOM = frozenset({Rule.TEAM_BOUNDS, Rule.SITE_BOUNDS, Rule.MENTORS})


def told(problem: Problem, subjects: Sequence[Subject], relaxed: Sequence[Violation]) -> list[str]:
    """Say what can't go together: stage by stage who needs a place and what there is, then the other rules."""
    short = {(one.rule, one.team_id, one.site_id, one.stage) for one in relaxed if (one.figure or 0) < (one.limit or 0)}
    wanting: defaultdict[int, list[int]] = defaultdict(list)
    rooms: defaultdict[int, list[Subject]] = defaultdict(list)
    others: defaultdict[Rule, list[Subject]] = defaultdict(list)
    sentences = []
    for one in subjects:
        if one.rule == Rule.ONE and one.stage is not None:
            wanting[one.stage] += one.people
        elif one.rule not in _ROOM or one.stage is None:
            others[one.rule].append(one)
        elif (one.rule, one.team_id, one.site_id, one.stage) in short:
            sentences.append(_wanted(problem, one))
        else:
            rooms[one.stage].append(one)
    for stage in sorted({*wanting, *rooms}):
        sentences += _in_stage(problem, stage, wanting[stage], rooms[stage])
    return sentences + [_other(problem, rule, some) for rule, some in others.items()]


def helps(problem: Problem, relaxed: Iterable[Violation]) -> list[str]:
    """Say what would have to be allowed for a plan, and what that costs at the plan's own figures."""
    never = _("It would help to do without this, which no plan may weigh: {what}")
    weighed = _("It would help to allow this, at a cost of {cost}: {what}")
    return [
        (never if one.rule in ALWAYS_HARD else weighed).format(
            cost=f"{problem.terms.weights[one.rule] * one.amount:.0f}", what=one.sentence(problem)
        )
        for one in relaxed
    ]


def _in_stage(problem: Problem, stage: int, people: Sequence[int], rooms: Sequence[Subject]) -> list[str]:
    if not rooms:
        return [_nowhere(problem, stage, one) for one in people]
    limit = sum(_limit(problem, one) for one in rooms)
    has = _("{places} has {limit} places in stage {stage}")
    if len(rooms) > 1:
        has = _("{places} together have {limit} places in stage {stage}")
    room = has.format(places=_names(_place(problem, one) for one in rooms), limit=limit, stage=stage)
    teams = {one.team_id for one in rooms}
    pinned = {(pin.person_id, pin.stage): problem.site[pin.site_id].team_id for pin in problem.pins}
    if not people:
        sentence = _("{room}.")
    elif all(pinned.get((one, stage)) in teams for one in people):
        sentence = _("{room}, but {count} pinned trainees: {names}.")
    elif len(people) > limit:
        sentence = _("{room}, but {count} trainees need one: {names}.")
    else:
        sentence = _("{room}, for {count} trainees: {names}.")
    return [sentence.format(room=room, count=len(people), names=_people(problem, people))]


def _nowhere(problem: Problem, stage: int, person_id: int) -> str:
    """Why somebody can be nowhere where that is known: a pin in a unit that no exception names, a team to be left."""
    learner = problem.learner[person_id]
    for pin in problem.pins:
        team = problem.team_at(pin.site_id)
        if (pin.person_id, pin.stage) == (person_id, stage) and not problem.may_work_in(learner, team):
            return Violation(Rule.OWN_UNIT, 1, (person_id,), team.id, pin.site_id, stage).sentence(problem)
    needs = _("{names} needs a place in stage {stage}.").format(names=learner.name, stage=stage)
    left = [team for when, team in sorted(learner.barred) if when == stage and team in problem.team]
    return run_on(*(Violation(Rule.PIN, 1, (person_id,), team, stage=stage).sentence(problem) for team in left), needs)


def _wanted(problem: Problem, one: Subject) -> str:
    lower = problem.site[one.site_id].lower if one.site_id is not None else problem.team[one.team_id or 0].lower
    words = {"place": _place(problem, one), "limit": lower, "stage": one.stage}
    return _("{place} wants at least {limit} trainees in stage {stage}.").format(**words)


def _limit(problem: Problem, one: Subject) -> int:
    team = problem.team[one.team_id or 0]
    if one.rule == Rule.MENTORS:
        return team.mentees_max or 0
    if one.site_id is not None:
        return problem.site[one.site_id].upper or 0
    return team.places(problem.stage[one.stage or 0])[1]


def _place(problem: Problem, one: Subject) -> str:
    if one.rule == Rule.MENTORS:
        return _("the mentors of {team}").format(team=problem.team[one.team_id or 0].name)
    named = problem.site[one.site_id].name if one.site_id is not None else ""
    return named or problem.team[one.team_id or 0].name


def _other(problem: Problem, rule: Rule, some: Sequence[Subject]) -> str:
    if rule in {Rule.APART, Rule.TOGETHER}:
        names = _names(
            "、".join(problem.learner[person].name for person in pair) for pair in {one.people for one in some}
        )
    elif any(one.people for one in some):
        names = _people(problem, [person for one in some for person in one.people])
    else:
        names = _names(_place(problem, one) for one in some)
    return _("{rule}: {names}").format(rule=_(RULE_LABELS[rule]), names=names)


def _people(problem: Problem, people: Iterable[int]) -> str:
    names = [problem.learner[one].name for one in dict.fromkeys(people)]
    if len(names) <= _NAMED:
        return "、".join(names)
    return _("{names} and {count} more").format(names="、".join(names[:_NAMED]), count=len(names) - _NAMED)


def _names(named: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(named))
