"""A rotation as linear rows, and how it is cut into what can be planned by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from svclib.planning.rotation.linear import Floats, Ints, Rows
from svclib.planning.rotation.programme import Programme
from svclib.rules.rotation import Learner, Placement, Problem, Subject


@dataclass
class Model:
    """Columns 0…`placements` are placements (by index into the three arrays), the others measure what is missed."""

    problem: Problem
    learners: tuple[Learner, ...]
    units: frozenset[int]
    person: Ints
    site: Ints
    stage: Ints
    rows: Rows
    costs: Floats
    upper: Floats
    subjects: list[Subject | None] = field(default_factory=list)
    """By row; None for rows that only measure a cost."""
    impossible: list[Subject] = field(default_factory=list)
    """What no placement can fulfil, whatever the rest: nobody possible where somebody must be."""
    constant: float = 0.0

    @property
    def placements(self) -> int:
        return len(self.person)

    @cached_property
    def programme(self) -> Programme:
        """The same in arrays; the model has to be complete."""
        return Programme(self.rows, self.costs, self.placements, self.constant)

    @cached_property
    def slot(self) -> Ints:
        """By column: the person and stage, numbered."""
        return self.person * len(self.problem.stages) + self.stage

    @cached_property
    def unit(self) -> Ints:
        """By column: the unit's id."""
        teams = self.problem.team
        of_site = np.array([teams[site.team_id].unit_id for site in self.problem.sites], dtype=np.int64)
        return of_site[self.site]

    @cached_property
    def at_home(self) -> npt.NDArray[np.bool_]:
        """By column: whether it is in the person's own unit, or there is no such column for the person and stage."""
        own = np.array([learner.unit_id for learner in self.learners], dtype=np.int64)[self.person] == self.unit
        return np.asarray(own | ~np.isin(self.slot, self.slot[own]), dtype=np.bool_)

    def blocks(self, columns: npt.NDArray[np.bool_]) -> list[Ints]:
        """Cut these columns into sets without a common unit or person."""
        units, place = np.unique(self.unit, return_inverse=True)
        leader = list(range(len(units)))
        pairs = np.unique(np.stack((self.person[columns], place[columns]), axis=1), axis=0)
        for (one, unit), (other, next_unit) in pairwise(pairs.tolist()):
            if one == other:
                _join(leader, unit, next_unit)
        first = np.array([find(leader, unit) for unit in range(len(units))], dtype=np.int64)[place]
        return [np.flatnonzero(columns & (first == one)) for one in np.unique(first[columns])]

    def chosen(self, values: Sequence[float] | Floats) -> tuple[Placement, ...]:
        """The placements of a solution."""
        return tuple(sorted(self._named(np.flatnonzero(np.asarray(values[: self.placements]) > 0.5))))

    def possible(self) -> list[Placement]:
        """All placements that are possible at all, by column."""
        return self._named(np.arange(self.placements))

    def _named(self, columns: Ints) -> list[Placement]:
        places = zip(
            self.person[columns].tolist(), self.stage[columns].tolist(), self.site[columns].tolist(), strict=True
        )
        learners, sites, stages = self.learners, self.problem.sites, self.problem.stages
        return [Placement(learners[one].id, stages[when].number, sites[at].id) for one, when, at in places]


@dataclass(frozen=True)
class Part:
    """Learners and units that have nothing to do with those of other parts: no common team, no pair."""

    learners: tuple[Learner, ...]
    units: frozenset[int]


def find(leader: list[int], one: int) -> int:
    """Who leads the set that this one has been joined to."""
    while leader[one] != one:
        one = leader[one]
    return one


def _join(leader: list[int], one: int, other: int) -> None:
    leader[find(leader, one)] = find(leader, other)


def parts(problem: Problem) -> list[Part]:
    """Cut a problem into what can be planned by itself; the part with most learners first."""
    leader: dict[tuple[str, int], tuple[str, int]] = {}

    def find(one: tuple[str, int]) -> tuple[str, int]:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    def join(one: tuple[str, int], other: tuple[str, int]) -> None:
        leader[find(one)] = find(other)

    for learner in problem.learners:
        for unit_id in (learner.unit_id, *learner.exceptions):
            join(("person", learner.id), ("unit", unit_id))
    for pin in problem.pins:
        join(("person", pin.person_id), ("unit", problem.team_at(pin.site_id).unit_id))
    for pair in problem.pairs:
        join(("person", pair.first), ("person", pair.second))
    learners: dict[tuple[str, int], list[Learner]] = {}
    for learner in problem.learners:
        learners.setdefault(find(("person", learner.id)), []).append(learner)
    units: dict[tuple[str, int], set[int]] = {}
    for unit_id in {team.unit_id for team in problem.teams} | {learner.unit_id for learner in problem.learners}:
        units.setdefault(find(("unit", unit_id)), set()).add(unit_id)
    found = [Part(tuple(learners.get(one, ())), frozenset(own)) for one, own in units.items()]
    return sorted(found, key=lambda part: (-len(part.learners), min(part.units)))
