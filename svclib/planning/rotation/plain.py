"""The plain yearly model, exact and fast: each stage one team, no team twice, each kind met, teams evenly filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from svclib.errors import Infeasible
from svclib.i18n import gettext as _
from svclib.planning.rotation.colouring import colour_edges
from svclib.planning.rotation.linear import Rows, solve_rows


@dataclass(frozen=True)
class PlainPlan:
    """`teams[trainee, stage]` is a team's index; `objective` the sum of costs, proved least."""

    teams: npt.NDArray[np.int64]
    objective: float


def solve_plain(
    cost: npt.ArrayLike, kind: Sequence[int] | npt.NDArray[np.int64], lower: int, upper: int, stages: int
) -> PlainPlan:
    """Give each trainee one team in each stage at the least sum of `cost[trainee, team]`.

    No team comes twice for a trainee, each kind (`kind[team]`) at least once, and each team has `lower` to `upper`
    trainees in each stage. Raises Infeasible where that cannot be.

    The stages don't enter the costs, so the search is for the *set* of teams of each trainee alone: a flow from
    trainees over kinds to teams, whose vertices are whole numbers, solved as a linear programme. A bipartite graph's
    edges can then always be coloured by stages such that each trainee has every colour once and each team's trainees
    are spread over the colours as evenly as whole numbers allow (de Werra, *Equitable colorations of graphs*, 1971).
    """
    costs = np.asarray(cost, dtype=float)
    kinds = np.unique(np.asarray(kind), return_inverse=True)[1]
    trainees, teams = costs.shape
    if len(kinds) != teams:
        raise ValueError("one kind for each team")
    column = np.arange(trainees * teams)
    person, team = column // teams, column % teams
    rows = Rows(columns=len(column))
    rows.add_groups(person, lower=stages, upper=stages)
    rows.add_groups(team, lower=stages * lower, upper=stages * upper)
    if len(set(kinds)) > 1:
        rows.add_groups(person * (kinds.max() + 1) + kinds[team], lower=1)
    found = solve_rows(rows, costs.ravel(), whole=False)
    if found is None:
        raise Infeasible(
            _("{trainees} trainees do not fit into {teams} teams of {lower} to {upper} in {stages} stages.").format(
                trainees=trainees, teams=teams, lower=lower, upper=upper, stages=stages
            )
        )
    chosen = np.flatnonzero(found > 0.5)
    plan = np.full((trainees, stages), -1, dtype=np.int64)
    plan[person[chosen], colour_edges(person[chosen], team[chosen], stages)] = team[chosen]
    return PlainPlan(plan, float(costs.ravel()[chosen].sum()))
