"""The plain yearly rotation, 2,000 trainees, 28 teams, 4 stages: our flow beside bare HiGHS with the textbook model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from svclib.planning.rotation import solve_plain
from tests.benchmarks.measure import Figure, Measure, seconds
from tests.planning.bare import solve_bare

TRAINEES, TEAMS, STAGES = 2000, 28, 4


def run(_folder: Path) -> Iterator[Measure | Figure]:
    rng = np.random.default_rng(1)
    cost = rng.integers(0, 100, (TRAINEES, TEAMS)).astype(float)
    kind = np.arange(TEAMS) % 3
    lower, upper = TRAINEES // TEAMS - 10, TRAINEES // TEAMS + 12
    costs: list[float | None] = []
    bare = seconds(lambda: costs.append(solve_bare(cost, kind, lower, upper, STAGES)))
    own = seconds(lambda: costs.append(solve_plain(cost, kind, lower, upper, STAGES).objective))
    yield Measure("plain rotation, proved best", own, "bare HiGHS", bare)
    yield Figure("its cost: bare HiGHS → here", costs[0] or 0.0, costs[1] or 0.0)
