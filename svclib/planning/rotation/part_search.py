"""The search in one part of a problem, that can be taken up again where it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from svclib.planning.rotation.linear import model_of, solver
from svclib.planning.rotation.model import Model
from svclib.planning.rotation.outcome import gap_of
from svclib.rules.rotation import Placement

EXACT = 1e-6
_NONE = frozenset({highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible})


@dataclass
class PartSearch:
    """What is known of a part: its best plan and how good it is. `changed` is told whether it is a new plan."""

    model: Model
    seed: int
    changed: Callable[[bool], None]
    stopped: Callable[[], bool]
    start: tuple[Placement, ...] = ()
    """A plan to begin with; the rest is filled in by the solver."""
    objective: float | None = None
    bound: float | None = None
    placements: tuple[Placement, ...] | None = None
    possible: bool = True
    """False once it is proved that there is no plan."""

    @property
    def gap(self) -> float:
        gap = gap_of(self.objective, self.bound)
        return float("inf") if gap is None else gap

    def run(self, gap: float, seconds: float) -> None:
        """Search on until the gap is proved or time is over."""
        if not self.possible or self.gap <= gap or self.stopped():
            return
        model = self.model
        if model.impossible:
            self.possible = False
            return
        if not model.rows.columns:
            self.bound = model.constant
            self._take((), model.constant)
            return
        highs = solver(seed=self.seed)
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("mip_abs_gap", EXACT)
        highs.setOptionValue("time_limit", max(0.05, seconds))
        lp = model_of(model.rows, model.costs, upper=model.upper, whole=model.placements)
        lp.offset_ = model.constant
        highs.passModel(lp)
        self._begin_with(highs, self.placements or self.start)
        self._listen(highs)
        highs.run()
        if highs.getModelStatus() in _NONE:
            self.possible = False
            return
        info = highs.getInfo()
        self._prove(info.mip_dual_bound)
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            self._take(model.chosen(highs.getSolution().col_value), info.objective_function_value)

    def _begin_with(self, highs: highspy.Highs, plan: tuple[Placement, ...]) -> None:
        if not plan:
            return
        chosen = set(plan)
        values = np.array([one in chosen for one in self.model.possible()], dtype=float)
        highs.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)

    def _listen(self, highs: highspy.Highs) -> None:
        def improved(event: highspy.HighsCallbackEvent) -> None:
            self._take(self.model.chosen(event.data_out.mip_solution), event.data_out.objective_function_value)

        def going_on(event: highspy.HighsCallbackEvent) -> None:
            self._prove(event.data_out.mip_dual_bound)
            if self.stopped():
                event.interrupt()

        highs.cbMipImprovingSolution.subscribe(improved)
        highs.cbMipInterrupt.subscribe(going_on)

    def _prove(self, bound: float) -> None:
        if np.isfinite(bound) and (self.bound is None or bound > self.bound + EXACT):
            self.bound = float(bound)
            self.changed(False)

    def _take(self, placements: tuple[Placement, ...], objective: float) -> None:
        if self.objective is None or objective < self.objective - EXACT:
            self.placements, self.objective = placements, float(objective)
            self.changed(True)
