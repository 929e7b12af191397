"""What a search for a plan ends with, and what it tells on the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from svclib.planning.rotation.telling import helps, told
from svclib.rules.rotation import Placement, Problem, Subject, Violation


class Status(StrEnum):
    """How a search ended."""

    OPTIMAL = "optimal"
    """Proved: no plan is better."""
    WITHIN_GAP = "within_gap"
    """Proved: no plan is better by more than the gap that was asked for."""
    STOPPED = "stopped"
    """A plan, ended by the clock or by a person; `gap` says how much better another may be."""
    INFEASIBLE = "infeasible"
    """Proved: no plan keeps all rules that must hold; `conflict` says which."""
    UNKNOWN = "unknown"
    """Ended by the clock or by a person before there was a plan."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`subjects` can't all be met. `irreducible`: each of them is needed for that, else time ran out while looking.

    `relaxed` is what the plan breaks that misses the rules which must hold by least; nothing while none is found.
    """

    subjects: tuple[Subject, ...]
    irreducible: bool
    relaxed: tuple[Violation, ...] = ()

    def sentences(self, problem: Problem) -> list[str]:
        """What can't go together, with figures; then what would help, and what that costs."""
        return [*told(problem, self.subjects, self.relaxed), *helps(problem, self.relaxed)]


class _Known:
    """What is known of a plan: its cost, and a proved bound of any plan's."""

    __slots__ = ()
    objective: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        """By what fraction of the objective a better plan may exist; None while objective or bound is unknown."""
        return gap_of(self.objective, self.bound)


@dataclass(frozen=True, slots=True)
class Progress(_Known):
    """How far a search is. A bound is known once every part of the problem has one, an objective likewise."""

    seconds: float
    objective: float | None
    bound: float | None
    placements: tuple[Placement, ...] | None = None
    """The best plan so far, when it is new."""


@dataclass(frozen=True, slots=True)
class Outcome(_Known):
    """The end of a search. `objective` and `bound` are costs in the unit of `Terms`, `gap` is a fraction.

    `kept`: so many published placements were left where they are because no change touches their units; `bound` is
    that of plans which do so.
    """

    status: Status
    seconds: float
    seed: int
    objective: float | None = None
    bound: float | None = None
    placements: tuple[Placement, ...] = ()
    conflict: Conflict | None = None
    kept: int = 0


def gap_of(objective: float | None, bound: float | None) -> float | None:
    """By what fraction of the objective a better plan may exist; None while objective or bound is unknown."""
    if objective is None or bound is None:
        return None
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)
