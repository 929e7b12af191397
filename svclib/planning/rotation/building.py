"""Building the linear rows: a column for each placement that is possible at all, a row for each rule and subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from svclib.planning.rotation.linear import INFINITY, Floats, Ints, Rows
from svclib.planning.rotation.model import Model, Part
from svclib.rules.rotation import Problem, Rule, Subject

_EPSILON = 1e-9


def build(problem: Problem, part: Part) -> Model:
    """The model of one part of a problem."""
    return _Builder(problem, part).build()


class _Builder:
    def __init__(self, problem: Problem, part: Part) -> None:
        self.problem, self.learners, self.units, self.terms = problem, part.learners, part.units, problem.terms
        self.site_index = {site.id: place for place, site in enumerate(problem.sites)}
        team_index = {team.id: place for place, team in enumerate(problem.teams)}
        self.team_of_site = np.array([team_index[site.team_id] for site in problem.sites], dtype=np.int64)
        aparts = {name: place for place, name in enumerate(dict.fromkeys(site.apart for site in problem.sites))}
        self.apart_of_site = np.array([aparts[site.apart] for site in problem.sites], dtype=np.int64)
        self.stages = len(problem.stages)

    def build(self) -> Model:
        model = self.model = self._columns()
        self.team = self.team_of_site[model.site]
        self._each_person()
        self._each_team()
        self._each_site()
        self._pairs()
        self._fairness()
        return model

    # Columns

    def _columns(self) -> Model:
        people, sites, stages, costs = [], [], [], []
        pinned = self.problem.pinned
        published = {(one.person_id, one.stage): one.site_id for one in self.problem.published}
        self.burdens: list[Floats] = []
        self.far: list[npt.NDArray[np.bool_]] = []
        self.impossible: list[Subject] = []
        constant = 0.0
        for place, learner in enumerate(self.learners):
            listed = self.problem.sites_of(learner)
            own = np.array([self.site_index[site.id] for site in listed], dtype=np.int64)
            burdens = np.array([self.problem.burden(learner, site) for site in listed])
            strained = np.array([self.problem.team[site.team_id].strained for site in listed], dtype=float)
            far = np.array([self.problem.distance_km(learner, site) > self.terms.far_km for site in listed], dtype=bool)
            at_team = np.array([site.team_id for site in listed], dtype=np.int64)
            for number, stage in enumerate(self.problem.stages):
                was = published.get((learner.id, stage.number))
                constant += self.terms.change_cost * (was is not None)
                pins = [self.site_index[site_id] for site_id in pinned.get((learner.id, stage.number), ())]
                due = self.problem.is_due(learner, stage)
                kept = np.isin(own, pins) & due if pins else np.full(len(own), due)
                kept &= ~np.isin(at_team, [team for when, team in learner.barred if when == stage.number])
                open_to = own[kept]
                if due and not len(open_to):
                    self.impossible.append(Subject(Rule.ONE, (learner.id,), stage=stage.number))
                people.append(np.full(len(open_to), place, dtype=np.int64))
                stages.append(np.full(len(open_to), number, dtype=np.int64))
                sites.append(open_to)
                stays = open_to == (-1 if was is None else self.site_index.get(was, -1))
                costs.append((burdens + self.terms.strained_cost * strained)[kept] - self.terms.change_cost * stays)
                self.burdens.append(burdens[kept])
                self.far.append(far[kept])
        person, at, when = (_joined(listed) for listed in (people, sites, stages))
        return Model(
            self.problem,
            self.learners,
            self.units,
            person,
            at,
            when,
            Rows(len(person)),
            np.concatenate(costs) if costs else np.zeros(0),
            np.ones(len(person)),
            impossible=self.impossible,
            constant=constant,
        )

    # Rows

    def _add(
        self,
        keys: Ints,
        subject: Callable[[int], Subject],
        *,
        lower: float | Callable[[int], float] = -INFINITY,
        upper: float | Callable[[int], float] = INFINITY,
        columns: Ints | None = None,
        factors: float | Floats = 1.0,
    ) -> None:
        """Add a row for each distinct key; where the rule is weighed, with a column that measures what is missed."""
        if not len(keys):
            return
        model, first = self.model, self.model.rows.count
        distinct = np.unique(keys)
        lowest, highest = (
            np.array([bound(int(key)) for key in distinct]) if callable(bound) else np.full(len(distinct), bound)
            for bound in (lower, upper)
        )
        model.rows.add_groups(keys, lower=lowest, upper=highest, columns=columns, factors=factors)
        subjects = [subject(int(key)) for key in distinct]
        model.subjects += subjects
        weight = self.terms.weight(subjects[0].rule)
        if weight is None:
            return
        rows = first + np.arange(len(distinct))
        for bounded, factor in ((np.isfinite(highest), -1.0), (np.isfinite(lowest), 1.0)):
            self._measure(rows[bounded], factor, weight)

    def _measure(self, rows: Ints, factor: float, weight: float) -> None:
        model = self.model
        columns = model.rows.add_columns(len(rows))
        model.rows.add_entries(rows, columns, factor)
        model.costs = np.append(model.costs, np.full(len(rows), weight))
        model.upper = np.append(model.upper, np.full(len(rows), INFINITY))

    def _each_person(self) -> None:
        model, problem, stages = self.model, self.problem, self.stages

        def who(place: int) -> tuple[int, ...]:
            return (self.learners[place].id,)

        def number(place: int) -> int:
            return problem.stages[place].number

        in_stage = model.person * stages + model.stage
        self._add(
            in_stage,
            lambda key: Subject(Rule.ONE, who(key // stages), stage=number(key % stages)),
            lower=1,
            upper=1,
        )
        width = int(self.apart_of_site.max(initial=0)) + 1
        visits = model.person * width + self.apart_of_site[model.site]
        again, counts = np.unique(visits, return_counts=True)
        often = np.isin(visits, again[counts > 1])
        self._add(
            visits[often],
            lambda key: Subject(Rule.NOT_TWICE, who(key // width)),
            upper=1,
            columns=np.flatnonzero(often),
        )
        far = np.flatnonzero(np.concatenate(self.far)) if self.far else np.zeros(0, np.int64)
        self._add(
            model.person[far],
            lambda key: Subject(Rule.FAR, who(key)),
            upper=self.terms.far_stages_max,
            columns=far,
        )
        self._kinds(who)

    def _kinds(self, who: Callable[[int], tuple[int, ...]]) -> None:
        model, problem = self.model, self.problem
        kinds = sorted({kind for team in problem.teams for kind in team.kinds})
        due = [set(problem.kinds_due(learner)) for learner in self.learners]
        for kind in kinds:
            wants = np.array([kind in one for one in due], dtype=bool)
            has = np.array([kind in team.kinds for team in problem.teams], dtype=bool)
            columns = np.flatnonzero(wants[model.person] & has[self.team])
            self._add(model.person[columns], lambda key: Subject(Rule.KINDS, who(key)), lower=1, columns=columns)
            missed = set(np.flatnonzero(wants).tolist()) - set(model.person[columns].tolist())
            self._never(Rule.KINDS, (Subject(Rule.KINDS, who(place)) for place in sorted(missed)), 1)

    def _never(self, rule: Rule, subjects: Iterable[Subject], amount: float) -> None:
        """What nobody can fulfil: impossible where the rule must hold, else its cost."""
        weight = self.terms.weight(rule)
        for subject in subjects:
            if weight is None:
                self.model.impossible.append(subject)
            else:
                self.model.constant += weight * amount

    def _each_team(self) -> None:
        model, problem, stages = self.model, self.problem, self.stages
        keys = self.team * stages + model.stage

        def subject(rule: Rule) -> Callable[[int], Subject]:
            return lambda key: Subject(
                rule, team_id=problem.teams[key // stages].id, stage=problem.stages[key % stages].number
            )

        self._add(
            keys,
            subject(Rule.TEAM_BOUNDS),
            lower=lambda key: problem.teams[key // stages].places(problem.stages[key % stages])[0],
            upper=lambda key: problem.teams[key // stages].places(problem.stages[key % stages])[1],
        )
        limited = np.array([team.mentees_max is not None for team in problem.teams], dtype=bool)[self.team]
        self._add(
            keys[limited],
            subject(Rule.MENTORS),
            upper=lambda key: float(problem.teams[key // stages].mentees_max or 0),
            columns=np.flatnonzero(limited),
        )
        self._even(keys)
        self._mixed(keys, subject(Rule.MIX))

    def _even(self, keys: Ints) -> None:
        model, problem, stages = self.model, self.problem, self.stages
        if not self.terms.uneven_cost or not len(keys):
            return
        first = model.rows.count
        distinct = np.unique(keys)
        share = np.array([problem.even_share[problem.teams[int(key) // stages].id] for key in distinct], dtype=float)
        model.rows.add_groups(keys, upper=share)
        model.subjects += [None] * len(distinct)
        self._measure(first + np.arange(len(distinct)), -1.0, self.terms.uneven_cost)

    def _mixed(self, keys: Ints, subject: Callable[[int], Subject]) -> None:
        model, share = self.model, self.terms.group_share_max
        groups = np.array([learner.group for learner in self.learners])[model.person] if len(keys) else np.zeros(0, str)
        upper = np.array([team.upper for team in self.problem.teams], dtype=float)[self.team]
        if self.terms.weight(Rule.TEAM_BOUNDS) is not None:
            upper[:] = INFINITY
        for group in sorted({learner.group for learner in self.learners} - {""}):
            inside = groups == group
            # Fewer than these can never be too many.
            counted = np.unique(keys[inside])
            row_of = np.isin(keys, counted) & (upper * (1 - share) > 1 + _EPSILON)
            factors = np.where(inside, 1.0, 0.0) - share
            self._add(keys[row_of], subject, upper=1, columns=np.flatnonzero(row_of), factors=factors[row_of])

    def _each_site(self) -> None:
        model, problem, stages = self.model, self.problem, self.stages
        bounded = np.array([site.upper is not None or site.lower > 0 for site in problem.sites], dtype=bool)[model.site]
        self._add(
            (model.site * stages + model.stage)[bounded],
            lambda key: Subject(
                Rule.SITE_BOUNDS,
                team_id=problem.sites[key // stages].team_id,
                site_id=problem.sites[key // stages].id,
                stage=problem.stages[key % stages].number,
            ),
            lower=lambda key: problem.sites[key // stages].lower,
            upper=lambda key: INFINITY if (most := problem.sites[key // stages].upper) is None else most,
            columns=np.flatnonzero(bounded),
        )
        self._empty()

    def _empty(self) -> None:
        """Teams and sites of these learners' units where somebody must be and nobody can be."""
        problem, model = self.problem, self.model
        reached = set(zip(self.team.tolist(), model.stage.tolist(), strict=True))
        for place, team in enumerate(problem.teams):
            if team.lower and team.unit_id in self.units:
                open_in = ((number, stage) for number, stage in enumerate(problem.stages) if team.places(stage)[0])
                missing = [stage for number, stage in open_in if (place, number) not in reached]
                told = (Subject(Rule.TEAM_BOUNDS, team_id=team.id, stage=stage.number) for stage in missing)
                self._never(Rule.TEAM_BOUNDS, told, team.lower)
        sites = set(zip(model.site.tolist(), model.stage.tolist(), strict=True))
        for place, site in enumerate(problem.sites):
            if site.lower and problem.team[site.team_id].unit_id in self.units:
                missing = [stage for number, stage in enumerate(problem.stages) if (place, number) not in sites]
                told = (Subject(Rule.SITE_BOUNDS, (), site.team_id, site.id, stage.number) for stage in missing)
                self._never(Rule.SITE_BOUNDS, told, site.lower)

    def _pairs(self) -> None:
        model, problem, stages = self.model, self.problem, self.stages
        place_of = {learner.id: place for place, learner in enumerate(self.learners)}
        keys = self.team * stages + model.stage
        for pair in problem.pairs:
            if pair.first not in place_of:
                continue
            people = (pair.first, pair.second)
            first, second = (np.flatnonzero(model.person == place_of[one]) for one in people)
            rule = Rule.APART if pair.apart else Rule.TOGETHER
            shared = np.intersect1d(keys[first], keys[second])
            if not pair.apart:
                # A stage that one of them has not counts for nothing.
                both = np.intersect1d(model.stage[first], model.stage[second])
                shared = keys[first][np.isin(model.stage[first], both)]
            both_columns = np.concatenate((first, second))
            factors = np.concatenate((np.ones(len(first)), np.full(len(second), 1.0 if pair.apart else -1.0)))
            used = np.isin(keys[both_columns], shared)
            self._add(
                keys[both_columns][used],
                lambda key, people=people, rule=rule: Subject(  # type: ignore[misc]
                    rule, people, problem.teams[key // stages].id, stage=problem.stages[key % stages].number
                ),
                upper=1.0 if pair.apart else 0.0,
                columns=both_columns[used],
                factors=factors[used],
            )

    def _fairness(self) -> None:
        model, fair = self.model, self.problem.fair_burden
        if not self.terms.unfair_cost or not len(model.person):
            return
        burden = np.concatenate(self.burdens)
        most = np.bincount(model.person, weights=burden, minlength=len(self.learners))
        for level in (fair, 2 * fair):
            columns = np.flatnonzero((most > level)[model.person] & (burden > 0))
            if not len(columns):
                continue
            first = model.rows.count
            people = model.rows.add_groups(model.person[columns], upper=level, columns=columns, factors=burden[columns])
            model.subjects += [None] * len(people)
            self._measure(first + np.arange(len(people)), -1.0, self.terms.unfair_cost)


def _joined(listed: Sequence[Ints]) -> Ints:
    return np.concatenate(listed) if listed else np.zeros(0, np.int64)
