"""A plan as rules and planner need it: everything read in one transaction, as far as it is in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Person, RotationPair, RotationPin, Team, Unit, table
from svclib.rules.rotation import Figures, Learner, Pair, Problem, Stage, Violation, figures_from
from svclib.workspace.base import Transaction
from svclib.workspace.rotation.learning import read_guests, read_learners, read_own, trainees
from svclib.workspace.rotation.places import Numbers, Place, Placed
from svclib.workspace.rotation.plans import stages_of
from svclib.workspace.rotation.receiving import read_receiving
from svclib.workspace.rotation.standing import PlanRows, draft_rows, placed, published_rows

_PAIR = table(RotationPair)
_PIN = table(RotationPin)
_TEAM = table(Team)
_UNIT = table(Unit)
_PERSON = table(Person)
Keep = tuple[int, int]
"""A person and a stage whose placement is to stay."""


@dataclass(frozen=True)
class Loaded(PlanRows):
    """A plan, read: the `problem` of the trainees in scope, and what stands, published and drafted, of everybody."""

    figures: Figures
    problem: Problem
    numbers: Numbers
    own: frozenset[int]
    """Trainees in scope; the problem's other learners are guests in teams of the scope."""
    people: Mapping[int, Mapping[str, Any]]
    """Name, employee number and unit of the trainees in scope."""
    places: Mapping[Place, Mapping[str, str | None]]
    """What team, station and crew of each place are called."""

    @cached_property
    def current(self) -> tuple[Placed, ...]:
        """What would stand if the draft were published, of the problem's learners."""
        return self.known(placed(self.standing))

    def known(self, everybody: Iterable[Placed]) -> tuple[Placed, ...]:
        """Those that the problem knows: of its learners, at its places."""
        return tuple(
            one for one in everybody if one.person_id in self.problem.learner and one.place in self.numbers.numbers
        )

    def freed(self, person_id: int, stage: int) -> Loaded:
        """The same with nothing fixed for somebody in a stage, and no team to be left there."""
        one = self.problem.learner[person_id]
        free = replace(one, barred=frozenset(bar for bar in one.barred if bar[0] != stage))
        pins = tuple(pin for pin in self.problem.pins if (pin.person_id, pin.stage) != (person_id, stage))
        learners = tuple(free if learner is one else learner for learner in self.problem.learners)
        return replace(self, problem=replace(self.problem, learners=learners, pins=pins))

    def waiting(self, people: Collection[int] | None = None) -> list[Violation]:
        """Whom the safety gate keeps from a placement, by stage: no fault of any plan, but somebody has to act.

        Of these people alone, where given.
        """
        asked = self.problem.learners if people is None else [self.problem.learner[one] for one in sorted(people)]
        return [
            Violation(
                learner.gate(stage.starts_on), 1, (learner.id,), stage=stage.number, detail=stage.starts_on.isoformat()
            )
            for learner in asked
            for stage in self.problem.stages
            if not learner.is_safe(stage.starts_on) and not self.problem.is_away(learner, stage)
        ]


def load(
    tx: Transaction,
    plan: Mapping[str, Any],
    *,
    searching: bool = False,
    least_change: bool = False,
    keep: Collection[Keep] = (),
    also: Collection[Placed] = (),
    wanted: Collection[Place] = (),
) -> Loaded:
    """Read a plan. `searching`: what is published of a stage that has begun stays where it stands, as does what `keep`
    names, unless it was fixed elsewhere or is to leave its team.

    `also`: where somebody stood or is to stand; `wanted`: places of which one at least must be known. In a stage that
    is over nothing is fixed any more, and nobody is to leave a team: what was is judged as it was. Raises RuleBroken
    for somebody to keep who has no placement.
    """
    figures = figures_from(plan["terms"])
    if least_change:
        figures = replace(figures, terms=replace(figures.terms, change_cost=figures.least_change_cost))
    stages = stages_of(tx, plan["id"])
    rows = PlanRows(plan, published_rows(tx, plan["id"]), draft_rows(tx, plan["id"]))
    published, current = placed(rows.published), placed(rows.standing)
    over = {stage.number for stage in stages if plan["published_version"] and stage.ends_on <= tx.today}
    pins = {key: place for key, place in _pins(tx, plan["id"]).items() if key[1] not in over}
    own = read_own(tx, plan["id"])
    teams = set(tx.connection.execute(select(_TEAM.c.id).where(*tx.scope.teams())).scalars())
    stand = (*published, *current)
    named = {one.place for one in stand if one.person_id in own or one.place.team_id in teams}
    named |= {one.place for one in also}
    asked = {place for key, place in pins.items() if key[0] in own or place.team_id in teams} | set(wanted)
    numbers = Numbers()
    receiving = read_receiving(tx, plan["id"], stages, figures, numbers, named, asked)
    coming = [one for one in current if one.person_id not in own and one.place.team_id in teams]
    learners = [
        replace(learner, barred=frozenset(one for one in learner.barred if one[0] not in over))
        for learner in read_learners(tx, plan["id"], receiving.seats)
    ]
    if plan["published_version"]:
        learners = _without_the_past(learners, [one for one in stages if one.starts_on <= tx.today], current)
    learners += _guests(tx, coming, stages, {team.id: team.unit_id for team in receiving.teams})
    fixed = {key: numbers.meant(place) for key, place in pins.items() if key[0] in own}
    if searching:
        barred = {learner.id: learner.barred for learner in learners}
        for one in _kept(tx, rows, stages, keep):
            key = (one.person_id, one.stage)
            left = (one.stage, one.place.team_id) in barred.get(one.person_id, ())
            if one.person_id in own and not left and one.place in fixed.get(key, [one.place]):
                fixed[key] = [one.place]
    fixed |= {(one.person_id, one.stage): [one.place] for one in coming}
    pinned = [Placed(*key, place) for key, places in fixed.items() for place in places]
    problem = Problem(
        stages=stages,
        teams=tuple(receiving.teams),
        sites=tuple(receiving.sites),
        learners=tuple(learners),
        pairs=_pairs(tx, plan["id"], own),
        pins=numbers.numbered(pinned),
        published=numbers.numbered(one for one in published if one.person_id in own),
        terms=figures.terms,
    )
    people = _people(tx, plan["id"], {learner.id: learner.unit_id for learner in learners})
    return Loaded(plan, rows.published, rows.drafts, figures, problem, numbers, own, people, receiving.names)


def _without_the_past(learners: list[Learner], begun: Collection[Stage], current: Collection[Placed]) -> list[Learner]:
    """Who came late to a plan that goes on is no longer due in stages that have begun, unless somebody says so."""
    there = {(one.person_id, one.stage) for one in current}
    return [
        replace(learner, away=(*learner.away, *missed)) if missed else learner
        for learner in learners
        for missed in [[(one.starts_on, one.ends_on) for one in begun if (learner.id, one.number) not in there]]
    ]


def _people(tx: Transaction, plan_id: int, unit_of: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    units = {row.id: row.short_name for row in tx.connection.execute(select(_UNIT.c.id, _UNIT.c.short_name))}
    listed = select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.employee_no)
    return {
        row["id"]: {
            "name": row["name"],
            "employee_no": row["employee_no"],
            "unit_id": unit_of[row["id"]] or None,
            "unit": units.get(unit_of[row["id"]]),
        }
        for row in tx.rows(listed.where(_PERSON.c.id.in_(trainees(tx, plan_id))))
    }


def _pins(tx: Transaction, plan_id: int) -> dict[Keep, Place]:
    rows = tx.rows(select(_PIN).where(_PIN.c.plan_id == plan_id).order_by(_PIN.c.id))
    found = (((row["person_id"], row["stage_number"]), Place.of(row)) for row in rows)
    return {key: place for key, place in found if place is not None}


def placed_by_key(listed: Iterable[Placed]) -> dict[Keep, Placed]:
    """Placements by person and stage."""
    return {(one.person_id, one.stage): one for one in listed}


def _pairs(tx: Transaction, plan_id: int, own: Collection[int]) -> tuple[Pair, ...]:
    # The reason stays where it is.
    listed = select(_PAIR.c.person_id, _PAIR.c.other_id, _PAIR.c.apart).where(_PAIR.c.plan_id == plan_id)
    rows = tx.connection.execute(listed.order_by(_PAIR.c.person_id, _PAIR.c.other_id))
    return tuple(
        Pair(row.person_id, row.other_id, row.apart) for row in rows if row.person_id in own and row.other_id in own
    )


def _kept(tx: Transaction, rows: PlanRows, stages: Collection[Stage], keep: Collection[Keep]) -> tuple[Placed, ...]:
    """What stays where it stands: what was asked for, and all that is published of stages that have begun."""
    current = rows.standing
    missing = [key for key in keep if tuple(key) not in current]
    if missing:
        told = _("There is no placement to keep of person {person} in stage {stage}.")
        raise RuleBroken(told.format(person=missing[0][0], stage=missing[0][1]), field="keep")
    begun = {stage.number for stage in stages if stage.starts_on <= tx.today}
    held = {key for key in rows.published if key[1] in begun and key in current}
    held |= {(person, stage) for person, stage in keep}
    return placed({key: current[key] for key in sorted(held)})


def _guests(
    tx: Transaction, coming: Collection[Placed], stages: Collection[Stage], unit_of: Mapping[int, int]
) -> list[Learner]:
    spans = {stage.number: (stage.starts_on, stage.ends_on) for stage in stages}
    stays: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    units: defaultdict[int, set[int]] = defaultdict(set)
    for one in coming:
        stays[one.person_id].append(spans[one.stage])
        units[one.person_id].add(unit_of[one.place.team_id])
    return read_guests(tx, stays, units)
