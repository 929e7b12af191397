"""What a search for a plan ends with, and what it tells on the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from svclib.i18n import gettext as _
from svclib.rules.rotation import RULE_LABELS, Placement, Problem, Rule


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
class Subject:
    """What a rule asks of somebody or something: whom, which team or site, in which stage."""

    rule: Rule
    people: tuple[int, ...] = ()
    team_id: int | None = None
    site_id: int | None = None
    stage: int | None = None

    def sentence(self, problem: Problem) -> str:
        """Name the rule and what it is asked of, in the user's language."""
        names = [problem.learner[one].name for one in self.people]
        if self.site_id is not None:
            names.append(problem.site[self.site_id].name)
        elif self.team_id is not None:
            names.append(problem.team[self.team_id].name)
        if self.stage is not None:
            names.append(_("stage {number}").format(number=self.stage))
        return _("{rule}: {names}").format(rule=_(RULE_LABELS[self.rule]), names="、".join(names))


@dataclass(frozen=True, slots=True)
class Conflict:
    """`subjects` can't all be met. `irreducible`: each of them is needed for that, else time ran out while looking.

    `relaxed` is the least that helps: subjects, and by how many persons, places or stages each would have to give.
    """

    subjects: tuple[Subject, ...]
    irreducible: bool
    relaxed: tuple[tuple[Subject, float], ...] = ()

    def sentences(self, problem: Problem) -> list[str]:
        """What can't go together, one sentence for each; then what would help."""
        told = [one.sentence(problem) for one in self.subjects]
        helps = [
            _("It would help to give way by {amount}: {what}").format(amount=f"{amount:g}", what=one.sentence(problem))
            for one, amount in self.relaxed
        ]
        return told + helps


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is. A bound is known once every part of the problem has one, an objective likewise."""

    seconds: float
    objective: float | None
    bound: float | None
    placements: tuple[Placement, ...] | None = None
    """The best plan so far, when it is new."""

    @property
    def gap(self) -> float | None:
        return gap_of(self.objective, self.bound)


@dataclass(frozen=True, slots=True)
class Outcome:
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

    @property
    def gap(self) -> float | None:
        return gap_of(self.objective, self.bound)


def gap_of(objective: float | None, bound: float | None) -> float | None:
    """By what fraction of the objective a better plan may exist; None while objective or bound is unknown."""
    if objective is None or bound is None:
        return None
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)
