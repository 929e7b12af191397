"""What a search has found, in the register's words. Nothing of it is written until somebody saves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svclib.i18n import gettext as _
from svclib.planning.rotation import Outcome, Status
from svclib.rules.rotation import Judgement, Rule, Violation, judge
from svclib.workspace.frames import frame
from svclib.workspace.rotation.loading import Loaded
from svclib.workspace.rotation.places import PERSON_COLUMNS, PLACE_COLUMNS, Placed

if TYPE_CHECKING:
    import pandas as pd

PLACED_COLUMNS = {
    **PERSON_COLUMNS,
    "stage": "int",
    **PLACE_COLUMNS,
}
BURDEN_COLUMNS = {"person_id": "id", "name": "text", "unit_id": "id", "burden": "float"}
LOAD_COLUMNS = {
    "team_id": "id",
    "team": "text",
    "stage": "int",
    "trainees": "int",
    "lower": "int",
    "upper": "int",
    "mentees_max": "int",
}


@dataclass(frozen=True)
class Proposal:
    """A proposed plan year: a proposal, until a named person decides and publishes.

    `objective`, `bound` and `parts` (by cause) are costs in the unit of the plan's figures, `gap` is a fraction, None
    until there is a bound. `version` is the plan's when it was read. `waiting`: who has no placement because safety
    education or examination is missing, in sentences. `conflict`: why there is no plan, in sentences.
    """

    plan: str
    plan_id: int
    version: int
    preset: str
    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float
    seed: int
    placements: tuple[Placed, ...]
    parts: dict[str, float]
    burdens: dict[int, float]
    violations: tuple[str, ...]
    waiting: tuple[str, ...]
    conflict: tuple[str, ...]
    loaded: Loaded = field(repr=False)

    @property
    def found(self) -> bool:
        """Whether there is a plan at all."""
        return self.status not in (Status.INFEASIBLE, Status.UNKNOWN)

    def table(self) -> pd.DataFrame:
        """The placements with names, one row a person and stage."""
        people, places = self.loaded.people, self.loaded.places
        rows = [
            {**people[one.person_id], **one.place.columns(), **places[one.place], "stage": one.stage}
            | {"person_id": one.person_id}
            for one in self.placements
        ]
        return frame(rows, PLACED_COLUMNS)

    def burden(self) -> pd.DataFrame:
        """What the plan costs each person (distance and wishes passed over), the worst-off first."""
        learners = self.loaded.problem.learner
        rows = [
            {"person_id": one, "name": learners[one].name, "unit_id": learners[one].unit_id, "burden": cost}
            for one, cost in sorted(self.burdens.items(), key=lambda item: (-item[1], item[0]))
            if one in self.loaded.own
        ]
        return frame(rows, BURDEN_COLUMNS)

    def loads(self) -> pd.DataFrame:
        """How many trainees each team has in each stage, beside its places and what its mentors can take."""
        return frame(load_rows(self.loaded, self.placements), LOAD_COLUMNS)


def proposed(loaded: Loaded, outcome: Outcome, preset: str) -> Proposal:
    """The outcome of a search, judged anew by the rules."""
    problem = loaded.problem
    placements = loaded.numbers.named(one for one in outcome.placements if one.person_id in loaded.own)
    judged = judge(problem, outcome.placements) if outcome.placements else Judgement((), {}, {})
    conflict = outcome.conflict.sentences(problem) if outcome.conflict is not None else []
    return Proposal(
        plan=str(loaded.plan["name"]),
        plan_id=int(loaded.plan["id"]),
        version=int(loaded.plan["version"]),
        preset=preset,
        status=outcome.status,
        objective=outcome.objective,
        bound=outcome.bound,
        gap=outcome.gap,
        seconds=outcome.seconds,
        seed=outcome.seed,
        placements=placements,
        parts=judged.parts,
        burdens=judged.burdens,
        violations=_sentences(loaded, judged.violations),
        waiting=_waiting(loaded),
        conflict=tuple(conflict),
        loaded=loaded,
    )


def _sentences(loaded: Loaded, violations: list[Violation] | tuple[Violation, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.sentence(loaded.problem) for one in violations))


def _waiting(loaded: Loaded) -> tuple[str, ...]:
    """Whom the safety gate keeps from a placement: one sentence for each person and reason, however many stages."""
    problem = loaded.problem
    grouped: dict[tuple[int, Rule], list[Violation]] = {}
    for one in loaded.waiting():
        grouped.setdefault((one.people[0], one.rule), []).append(one)
    told = []
    for (person_id, rule), found in grouped.items():
        if len(found) == 1:
            told.append(found[0].sentence(problem))
            continue
        words = {"name": problem.learner[person_id].name, "stages": "、".join(str(one.stage) for one in found)}
        if rule == Rule.SAFETY_AGAIN:
            sentence = _(
                "{name}: after so long an absence the safety examination is to be passed again (stages {stages})."
            )
        elif len(found) == len(problem.stages):
            sentence = _("{name}: no valid safety education and passed examination in any of the {count} stages.")
        else:
            sentence = _("{name}: no valid safety education and passed examination in stages {stages}.")
        told.append(sentence.format(**words, count=len(found)))
    return tuple(told)


def load_rows(loaded: Loaded, placements: tuple[Placed, ...]) -> list[dict[str, object]]:
    """Trainees by team and stage, of the teams in scope."""
    problem = loaded.problem
    counted: dict[tuple[int, int], int] = {}
    guests = [one for one in loaded.current if one.person_id not in loaded.own]
    for one in (*placements, *guests):
        key = (one.place.team_id, one.stage)
        counted[key] = counted.get(key, 0) + 1
    rows = []
    for team in problem.teams:
        for stage in problem.stages:
            lower, upper = team.places(stage)
            figures = {"trainees": counted.get((team.id, stage.number), 0), "lower": lower, "upper": upper}
            names = {"team_id": team.id, "team": team.name, "stage": stage.number}
            rows.append({**names, **figures, "mentees_max": team.mentees_max})
    return rows
