"""What a set of placements breaks, and what it costs: the check that is separate from any search.

The same judgement serves a plan made by hand, by import or by the solver.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from svclib.codes import label
from svclib.i18n import gettext as _
from svclib.rules.rotation.problem import Learner, Placement, Problem, Rule, Stage, Team, by_stage, in_order


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule missed once. `figure` and `limit` are in the rule's own unit: people, stages, days."""

    rule: Rule
    amount: float
    """By how many persons, places or stages the rule is missed."""
    people: tuple[int, ...] = ()
    team_id: int | None = None
    site_id: int | None = None
    stage: int | None = None
    figure: float | None = None
    limit: float | None = None
    detail: str = ""

    def sentence(self, problem: Problem) -> str:
        """Say what is wrong, with names, in the user's language; never why two are kept apart or somebody is away."""
        names = "、".join(problem.learner[one].name for one in self.people)
        team = problem.team[self.team_id].name if self.team_id is not None else ""
        site = problem.site[self.site_id].name if self.site_id is not None else ""
        figure, limit = (f"{value:g}" if value is not None else "" for value in (self.figure, self.limit))
        words = {"names": names, "team": team, "site": site or team, "stage": self.stage, "detail": self.detail}
        return _wording(self).format(**words, figure=figure, limit=limit)


def _wording(violation: Violation) -> str:
    rule, below = violation.rule, (violation.figure or 0) < (violation.limit or 0)
    return {
        Rule.ONE: _("{names} has {figure} placements in stage {stage} instead of one."),
        Rule.SAFETY: _(
            "{names} has no valid safety education and passed examination on {detail}, the first day of stage {stage}."
        ),
        Rule.SAFETY_AGAIN: _(
            "{names} was away so long that the safety examination is to be passed again before {detail}, the first day "
            "of stage {stage}."
        ),
        Rule.AVAILABLE: _("{names} is not available for most of stage {stage}."),
        Rule.OWN_UNIT: _("{team} belongs to another unit, and no exception is named for {names}."),
        Rule.PIN: _("{names} is fixed elsewhere for stage {stage}.")
        if violation.team_id is None
        else _("{names} is to leave {team} for stage {stage}: that was approved."),
        Rule.NOT_TWICE: _("{names} comes to {site} {figure} times."),
        Rule.TEAM_BOUNDS: _("{team} has {figure} trainees in stage {stage}, at least {limit} are wanted.")
        if below
        else _("{team} has {figure} trainees in stage {stage}, and places for {limit}."),
        Rule.SITE_BOUNDS: _("{site} has {figure} trainees in stage {stage}, at least {limit} are wanted.")
        if below
        else _("{site} has {figure} trainees in stage {stage}, and places for {limit}."),
        Rule.MENTORS: _("{team} has {figure} trainees in stage {stage}, its mentors can take {limit}."),
        Rule.APART: _("{names} are not to be in one team, in stage {stage} both are in {team}."),
        Rule.TOGETHER: _("{names} are to be in one team, in stage {stage} they are not."),
        Rule.KINDS: _("{names} meets no team of this kind: {detail}."),
        Rule.FAR: _("{names} is far from home in {figure} stages, at most {limit} are allowed."),
        Rule.MIX: _("{team} has {figure} trainees of {detail} in stage {stage}, at most {limit} keep it mixed."),
    }[rule]


@dataclass(frozen=True)
class Judgement:
    """What placements break and cost. `parts` are costs by their cause, `burdens` the cost borne by each person."""

    violations: tuple[Violation, ...]
    parts: dict[str, float]
    burdens: dict[int, float]

    @property
    def cost(self) -> float:
        return sum(self.parts.values())

    @property
    def weighed(self) -> float:
        """The cost without what no cost can make good: the rules that must hold."""
        return sum(value for name, value in self.parts.items() if name != "hard")

    @property
    def feasible(self) -> bool:
        """Whether every rule that must hold does."""
        return "hard" not in self.parts


def judge(
    problem: Problem,
    placements: Iterable[Placement],
    *,
    people: Collection[int] | None = None,
    teams: Collection[int] | None = None,
) -> Judgement:
    """Judge placements by all rules; those of unknown people, stages or sites raise KeyError.

    With `people` and `teams` the rules are asked of these alone (None: of all); costs are those of all placements.
    """
    kept = in_order(placements)
    broken = violations(problem, kept, people=people, teams=teams)
    parts: dict[str, float] = defaultdict(float)
    burdens = dict.fromkeys(problem.learner, 0.0)
    for one in kept:
        learner, site = problem.learner[one.person_id], problem.site[one.site_id]
        km = problem.terms.km_cost * problem.distance_km(learner, site)
        burden = problem.burden(learner, site)
        parts["distance"] += km
        parts["wishes"] += burden - km
        burdens[one.person_id] += burden
        if problem.team[site.team_id].strained:
            parts["strained"] += problem.terms.strained_cost
    _add_spread(problem, kept, burdens, parts)
    for violation in broken:
        weight = problem.terms.weight(violation.rule)
        if weight is None:
            parts["hard"] = float("inf")
        else:
            parts[violation.rule.value] += weight * violation.amount
    return Judgement(broken, {name: value for name, value in parts.items() if value}, burdens)


def violations(
    problem: Problem,
    placements: Iterable[Placement],
    *,
    people: Collection[int] | None = None,
    teams: Collection[int] | None = None,
) -> tuple[Violation, ...]:
    """List what placements break, of these people and these teams alone (None: of all), without what it costs."""
    return tuple(_violations(problem, in_order(placements), people, teams))


def is_about(named: Collection[int], team_id: int | None, people: Collection[int], teams: Collection[int]) -> bool:
    """Whether `violations` of these people and teams lists what names these people, else this team.

    All others stay as they were when only these people have moved, and only between these teams.
    """
    return team_id in teams if not named else not set(people).isdisjoint(named)


def _add_spread(
    problem: Problem, placements: Sequence[Placement], burdens: dict[int, float], parts: dict[str, float]
) -> None:
    terms, fair = problem.terms, problem.fair_burden
    for burden in burdens.values():
        parts["unfair"] += terms.unfair_cost * (max(0.0, burden - fair) + max(0.0, burden - 2 * fair))
    loads = Counter((problem.site[one.site_id].team_id, one.stage) for one in placements)
    for (team_id, _stage), load in loads.items():
        parts["uneven"] += terms.uneven_cost * max(0, load - problem.even_share[team_id])
    now, before = by_stage(placements), by_stage(problem.published)
    moved = sum(1 for key, one in before.items() if now.get(key) != one)
    parts["changes"] += terms.change_cost * moved


def _violations(
    problem: Problem,
    placements: Sequence[Placement],
    people: Collection[int] | None,
    teams: Collection[int] | None,
) -> Iterator[Violation]:
    of_person: defaultdict[int, list[Placement]] = defaultdict(list)
    for one in placements:
        of_person[one.person_id].append(one)
    for learner in problem.learners if people is None else [problem.learner[one] for one in sorted(people)]:
        own = of_person[learner.id]
        yield from _in_each_stage(problem, learner, own)
        yield from _over_the_year(problem, learner, own)
    yield from _loads(problem, placements, teams)
    yield from _pairs(problem, placements, people)


def _in_each_stage(problem: Problem, learner: Learner, own: Sequence[Placement]) -> Iterator[Violation]:
    who = (learner.id,)
    for stage in problem.stages:
        here = [one for one in own if one.stage == stage.number]
        due = problem.is_due(learner, stage)
        if due and len(here) != 1:
            yield Violation(Rule.ONE, abs(len(here) - 1), who, stage=stage.number, figure=len(here), limit=1)
        if here and problem.is_away(learner, stage):
            yield Violation(Rule.AVAILABLE, len(here), who, stage=stage.number)
        if here and not learner.is_safe(stage.starts_on):
            yield Violation(
                learner.gate(stage.starts_on), len(here), who, stage=stage.number, detail=_day(stage.starts_on)
            )
        pins = problem.pinned.get((learner.id, stage.number), ())
        if pins and any(one.site_id not in pins for one in here):
            yield Violation(Rule.PIN, 1, who, stage=stage.number, site_id=pins[0])
        for one in here:
            team = problem.team_at(one.site_id)
            if (stage.number, team.id) in learner.barred:
                yield Violation(Rule.PIN, 1, who, team.id, stage=stage.number)
            if not problem.may_work_in(learner, team):
                yield Violation(Rule.OWN_UNIT, 1, who, team.id, one.site_id, stage.number)


def _day(day: date) -> str:
    return day.isoformat()


def _over_the_year(problem: Problem, learner: Learner, own: Sequence[Placement]) -> Iterator[Violation]:
    who, terms = (learner.id,), problem.terms
    visits = Counter(problem.site[one.site_id].apart for one in own)
    for one in own:
        apart = problem.site[one.site_id].apart
        if visits[apart] > 1:
            team = problem.team_at(one.site_id)
            yield Violation(Rule.NOT_TWICE, visits[apart] - 1, who, team.id, one.site_id, figure=visits[apart], limit=1)
            del visits[apart]
    met = {kind for one in own for kind in problem.team_at(one.site_id).kinds}
    for kind in problem.kinds_due(learner):
        if kind not in met:
            yield Violation(Rule.KINDS, 1, who, detail=label(kind))
    far = sum(problem.distance_km(learner, problem.site[one.site_id]) > terms.far_km for one in own)
    if far > terms.far_stages_max:
        yield Violation(Rule.FAR, far - terms.far_stages_max, who, figure=far, limit=terms.far_stages_max)


def _loads(problem: Problem, placements: Sequence[Placement], teams: Collection[int] | None) -> Iterator[Violation]:
    asked = problem.teams if teams is None else [problem.team[one] for one in sorted(teams)]
    sites = [site for site in problem.sites if teams is None or site.team_id in teams]
    at_team: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    at_site: Counter[tuple[int, int]] = Counter()
    for one in placements:
        at_team[problem.site[one.site_id].team_id, one.stage].append(one.person_id)
        at_site[one.site_id, one.stage] += 1
    for stage in problem.stages:
        for team in asked:
            people = at_team.get((team.id, stage.number), [])
            yield from _outside(Rule.TEAM_BOUNDS, len(people), *team.places(stage), team, stage)
            yield from _outside(Rule.MENTORS, len(people), 0, team.mentees_max, team, stage)
            yield from _unmixed(problem, people, team, stage)
        for site in sites:
            team = problem.team[site.team_id]
            load = at_site[site.id, stage.number]
            yield from _outside(Rule.SITE_BOUNDS, load, site.lower, site.upper, team, stage, site.id)


def _outside(
    rule: Rule, load: int, lower: int, upper: int | None, team: Team, stage: Stage, site_id: int | None = None
) -> Iterator[Violation]:
    if load < lower:
        yield Violation(rule, lower - load, (), team.id, site_id, stage.number, load, lower)
    elif upper is not None and load > upper:
        yield Violation(rule, load - upper, (), team.id, site_id, stage.number, load, upper)


def _unmixed(problem: Problem, people: Sequence[int], team: Team, stage: Stage) -> Iterator[Violation]:
    groups = Counter(problem.learner[one].group for one in people if problem.learner[one].group)
    for group, count in groups.items():
        allowed = problem.terms.group_share_max * len(people) + 1
        if count > allowed + 1e-9:
            yield Violation(
                Rule.MIX, count - allowed, (), team.id, None, stage.number, count, int(allowed), detail=group
            )


def _pairs(problem: Problem, placements: Sequence[Placement], people: Collection[int] | None) -> Iterator[Violation]:
    teams = {(one.person_id, one.stage): problem.site[one.site_id].team_id for one in placements}
    for pair in problem.pairs:
        who = (pair.first, pair.second)
        if people is not None and not set(who) & set(people):
            continue
        for stage in problem.stages:
            first, second = (teams.get((one, stage.number)) for one in who)
            if pair.apart and first is not None and first == second:
                yield Violation(Rule.APART, 1, who, first, stage=stage.number)
            elif not pair.apart and first is not None and second is not None and first != second:
                yield Violation(Rule.TOGETHER, 1, who, stage=stage.number)
