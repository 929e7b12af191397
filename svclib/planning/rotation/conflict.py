"""Why no plan is possible: rules and people that can't go together, none of which can be left out."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from svclib.planning.rotation.clock import Clock
from svclib.planning.rotation.linear import INFINITY, Floats, Ints, model_of, solver
from svclib.planning.rotation.model import Model
from svclib.planning.rotation.outcome import Conflict
from svclib.rules.rotation import ALWAYS_HARD, Violation, judge

_TOLERANCE = 1e-6
_RELAXED_SECONDS = 5.0
_DEAR = 1000.0
"""What no plan may weigh gives way only where nothing else helps."""


def find_conflict(model: Model, clock: Clock) -> Conflict:
    """Find what makes a model infeasible; the model must be."""
    if model.impossible:
        return Conflict((model.impossible[0],), irreducible=True)
    hard = _hard_rows(model)
    relaxed, core = _relaxed(model, hard, clock)
    rows = core if len(core) and not _possible(model, core, clock) else hard
    kept, irreducible = _irreducible(model, rows, clock)
    subjects = [model.subjects[int(row)] for row in kept]
    return Conflict(tuple(dict.fromkeys(one for one in subjects if one is not None)), irreducible, relaxed)


def _hard_rows(model: Model) -> Ints:
    """Rows of rules that must hold: those that no column measures."""
    return np.array(
        [
            row
            for row, subject in enumerate(model.subjects)
            if subject is not None and model.problem.terms.weight(subject.rule) is None
        ],
        dtype=np.int64,
    )


def _relaxed(model: Model, hard: Ints, clock: Clock) -> tuple[tuple[Violation, ...], Ints]:
    """Let the hard rows give way: what the plan breaks that does so least, and the rows that press on it."""
    lp = model_of(model.rows, np.zeros(model.rows.columns), upper=model.upper, whole=model.placements)
    highs = solver()
    highs.passModel(lp)
    rules = [subject.rule for row in hard if (subject := model.subjects[int(row)]) is not None]
    costs = np.repeat([_DEAR if rule in ALWAYS_HARD else 1.0 for rule in rules], 2)
    count, rows = len(costs), np.repeat(hard, 2).astype(np.int32)
    starts, signs = np.arange(count, dtype=np.int32), np.tile([1.0, -1.0], len(hard))
    highs.addCols(count, costs, np.zeros(count), np.full(count, INFINITY), count, starts, rows, signs)
    highs.setOptionValue("solve_relaxation", True)
    clock.watch(highs)
    highs.run()
    solution = highs.getSolution()
    pressed = np.abs(np.array(solution.row_dual))[hard] > _TOLERANCE
    highs.setOptionValue("solve_relaxation", False)
    clock.at_most(_RELAXED_SECONDS).watch(highs)
    highs.run()
    found = highs.getSolution()
    return (_broken(model, np.array(found.col_value)) if found.value_valid else ()), hard[pressed]


def _broken(model: Model, values: Floats) -> tuple[Violation, ...]:
    """What a plan breaks of the rules that must hold, as the check sees it that knows nothing of the search."""
    problem = model.problem
    teams = {team.id for team in problem.teams if team.unit_id in model.units}
    people = {learner.id for learner in model.learners}
    broken = judge(problem, model.chosen(values), people=people, teams=teams).violations
    return tuple(one for one in broken if problem.terms.weight(one.rule) is None)


def _possible(model: Model, rows: Sequence[int] | Ints, clock: Clock) -> bool:
    """Whether these rows alone can be met. What time did not allow to refute counts as possible."""
    lp = model_of(model.rows, np.zeros(model.rows.columns), upper=model.upper, whole=model.placements)
    lower, upper = np.array(lp.row_lower_), np.array(lp.row_upper_)
    dropped = np.setdiff1d(np.arange(len(lower)), np.asarray(rows, dtype=np.int64))
    lower[dropped], upper[dropped] = -INFINITY, INFINITY
    lp.row_lower_, lp.row_upper_ = lower, upper
    highs = solver()
    highs.passModel(lp)
    clock.watch(highs)
    highs.run()
    return bool(highs.getModelStatus() != highspy.HighsModelStatus.kInfeasible)


def _irreducible(model: Model, rows: Ints, clock: Clock) -> tuple[Ints, bool]:
    """Leave out rows, many at a time first, as long as the rest stays impossible (a deletion filter)."""
    kept, step = list(rows), max(1, len(rows) // 2)
    while True:
        start = 0
        while start < len(kept):
            if clock.over():
                return np.array(kept), False
            fewer = kept[:start] + kept[start + step :]
            if fewer and not _possible(model, fewer, clock):
                kept = fewer
            else:
                start += step
        if step == 1:
            return np.array(kept), True
        step //= 2
