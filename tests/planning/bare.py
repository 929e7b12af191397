"""The plain yearly model as a textbook writes it, a variable for each trainee, team and stage, given to bare HiGHS."""

from __future__ import annotations

import highspy
import numpy as np
import numpy.typing as npt

from svclib.planning.rotation.linear import Rows, model_of


def solve_bare(
    cost: npt.NDArray[np.float64], kind: npt.NDArray[np.int64], lower: int, upper: int, stages: int
) -> float | None:
    """The least cost, proved; None where there is no plan."""
    trainees, teams = cost.shape
    person, team, stage = (axis.ravel() for axis in np.indices((trainees, teams, stages)))
    rows = Rows(columns=len(person))
    rows.add_groups(person * stages + stage, lower=1, upper=1)
    rows.add_groups(person * teams + team, upper=1)
    rows.add_groups(team * stages + stage, lower=lower, upper=upper)
    kinds = np.unique(kind, return_inverse=True)[1]
    rows.add_groups(person * (kinds.max() + 1) + kinds[team], lower=1)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(model_of(rows, np.repeat(cost.ravel(), stages), whole=len(person)))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(highs.getInfo().objective_function_value)
