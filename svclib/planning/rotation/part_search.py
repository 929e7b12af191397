"""The search in one part of a problem: relaxed, then planned among what the relaxation uses, then improved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import highspy
import numpy as np

from svclib.planning.rotation.clock import Clock
from svclib.planning.rotation.linear import Floats, Ints, solver
from svclib.planning.rotation.model import Model
from svclib.planning.rotation.neighbours import crossing_blocks
from svclib.planning.rotation.outcome import gap_of
from svclib.planning.rotation.relaxation import Relaxation
from svclib.rules.rotation import Placement

EXACT = 1e-6
_FREE = 1e-7
"""What is dearer by no more than this is as good as what the relaxed plan uses."""
_FRACTION = 1e-6
_NODES = 300
"""A block that is harder than this many nodes waits until all have a plan; no clock, so that it is repeatable."""
_AT_FIRST = 20_000
"""So many placements are searched among at once; more where that was not enough."""
_NONE = frozenset({highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible})

Job = Callable[[], None]


@dataclass
class Found:
    """What the solver found in a slice: whole columns' values (None: no plan), a bound of the slice's own cost."""

    values: Floats | None
    bound: float
    possible: bool


@dataclass(frozen=True)
class Best:
    """A part's best plan so far, replaced as a whole: whoever reads it from another thread sees one plan."""

    objective: float
    values: Floats
    placements: tuple[Placement, ...]


class PartSearch:
    """What is known of a part: its best plan and how good it is. `changed` is told whether it is a new plan.

    Its stages: the `beginning` jobs, `join`, the `crossing` jobs, the `refining` jobs, `improve`; after jobs
    `put_together`. Jobs of one stage may run side by side.
    """

    def __init__(self, model: Model, seed: int, clock: Clock, changed: Callable[[bool], None]) -> None:
        self.model, self.seed, self.clock, self.changed = model, seed, clock, changed
        self.best: Best | None = None
        self.bound: float | None = None
        self.possible = not model.impossible
        """False once it is proved that there is no plan."""
        self._started: dict[int, Floats] = {}
        self._blocks: list[Ints] = []
        if self.possible:
            self._relaxation = Relaxation(model, clock, self._relaxed)

    @property
    def objective(self) -> float | None:
        return self.best.objective if self.best is not None else None

    @property
    def gap(self) -> float:
        gap = gap_of(self.objective, self.bound)
        return float("inf") if gap is None else gap

    def beginning(self, gap: float) -> list[Job]:
        """Jobs that relax and plan block by block, everybody at home."""
        if not self.possible or self.clock.over():
            return []
        if len(np.unique(self.model.slot)) == self.model.placements:
            return [self._take_the_only_plan]
        self._blocks = self._relaxation.blocks
        return [partial(self._relax_and_start, number, block, gap) for number, block in enumerate(self._blocks)]

    def _take_the_only_plan(self) -> None:
        """Where everybody has one place there is one plan; that it keeps no rules is for the solver to prove."""
        self._take(np.ones(self.model.placements))
        self._prove(self.objective)

    def _relax_and_start(self, number: int, block: Ints, gap: float) -> None:
        if self._relaxation.relax(block):
            self._start(number, block, gap)

    def join(self) -> None:
        """End the relaxation: the part has a bound, or is proved to have no plan."""
        if self.possible and self.gap > 0:
            self._relaxation.join()
            self.possible = self._relaxation.possible

    def _relaxed(self) -> None:
        self._prove(self._relaxation.bound)

    def crossing(self, gap: float) -> list[Job]:
        """Jobs that plan block by block, everybody in the units in which the whole relaxed plan has them."""
        if not self.possible or len(self._blocks) < 2 or self.gap <= gap or self.clock.over():
            return []
        self._blocks, self._started = crossing_blocks(self.model, self._relaxation.values), {}
        return [partial(self._start, number, block, gap) for number, block in enumerate(self._blocks)]

    def _start(self, number: int, block: Ints, gap: float) -> None:
        """Keep what the relaxed plan has decided, and decide the rest; where that can't be, decide more."""
        decided = np.flatnonzero(self._relaxation.values[block] > 1 - _FRACTION)
        fixed = np.zeros(self.model.placements)
        fixed[block[decided]] = 1.0
        rest = block[~np.isin(self.model.slot[block], self.model.slot[block[decided]])]
        for columns, base in ((self._used(rest), fixed), (rest, fixed), (self._used(block), None), (block, None)):
            if self.clock.over():
                return
            values = self._solve(columns, gap, base=base, nodes=_NODES).values
            if values is not None:
                self._started[number] = values
                return

    def _used(self, block: Ints) -> Ints:
        return block[self._relaxation.dearer[block] <= _FREE]

    def put_together(self) -> None:
        """Take the blocks' plans as the part's, where each has one."""
        if self.possible and len(self._started) == len(self._blocks):
            self._take(np.sum([np.zeros(self.model.placements), *self._started.values()], axis=0))

    def refining(self, gap: float) -> list[Job]:
        """Jobs that plan each block again among all that the relaxed plan uses, where the gap is not reached."""
        if not self.possible or self.gap <= gap or len(self._started) < len(self._blocks):
            return []
        return [partial(self._refine, number, block, gap) for number, block in enumerate(self._blocks)]

    def _refine(self, number: int, block: Ints, gap: float) -> None:
        if self.clock.over():
            return
        values = self._solve(self._used(block), gap, start=self._started[number], nodes=_NODES).values
        if values is not None:
            self._started[number] = values

    # Better ones

    def improve(self, gap: float) -> None:
        """Search on, among more and more placements, until the gap is proved or time is over."""
        most, everything = _AT_FIRST, self.model.placements
        while self.possible and self.gap > gap and not self.clock.over():
            columns, spare = self._worth(most)
            start = self.best.values if self.best is not None else None
            found = self._solve(columns, gap, start=start, heard=self._take)
            if found.values is not None:
                self._take(found.values)
            if not found.possible and len(columns) == everything:
                self.possible = False
                return
            bound = found.bound + self.model.programme.left_out(columns)
            self._prove(min(bound, (self._relaxation.bound or 0.0) + spare))
            if most >= everything:
                return
            most *= 2

    def _worth(self, most: int) -> tuple[Ints, float]:
        """About so many placements that a better plan may have, and how much dearer than the bound any other makes it.

        While there is no plan that is all placements.
        """
        if self.objective is None or self._relaxation.bound is None:
            return np.arange(self.model.placements), float("inf")
        dearer, spare = self._relaxation.dearer, self.objective - self._relaxation.bound
        if most < len(dearer):
            spare = min(spare, float(np.partition(dearer, most)[most]))
        return np.flatnonzero(dearer <= spare + EXACT), spare

    # The solver

    def _solve(
        self,
        columns: Ints,
        gap: float,
        *,
        start: Floats | None = None,
        base: Floats | None = None,
        nodes: int | None = None,
        heard: Callable[[Floats], None] = lambda _values: None,
    ) -> Found:
        """Search the slice in which these columns are free and all others as in `base` (None: not chosen)."""
        programme = self.model.programme
        base = np.zeros(self.model.placements) if base is None else base
        if not len(columns):
            return Found(base, -float("inf"), possible=True)
        cut = programme.cut(columns, base)
        cut.lp.offset_ = self.model.constant + float(programme.costs[: len(base)] @ base)
        highs = solver(seed=self.seed)
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("mip_abs_gap", EXACT)
        if nodes is not None:
            highs.setOptionValue("mip_max_nodes", nodes)
        highs.passModel(cut.lp)
        if start is not None:
            full = programme.complete(start)[cut.columns]
            highs.setSolution(len(full), np.arange(len(full), dtype=np.int32), full)
        self.clock.watch(highs)

        def spread(of_slice: Floats) -> Floats:
            values = base.copy()
            values[columns] = np.round(of_slice[: len(columns)])
            return values

        highs.cbMipImprovingSolution.subscribe(lambda event: heard(spread(np.array(event.data_out.mip_solution))))
        highs.run()
        info = highs.getInfo()
        if highs.getModelStatus() in _NONE:
            return Found(None, float("inf"), possible=False)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Found(None, info.mip_dual_bound, possible=True)
        return Found(spread(np.array(highs.getSolution().col_value)), info.mip_dual_bound, possible=True)

    def _prove(self, bound: float | None) -> None:
        if bound is not None and np.isfinite(bound) and (self.bound is None or bound > self.bound + EXACT):
            self.bound = bound
            self.changed(False)

    def _take(self, values: Floats) -> None:
        """Take a plan where it keeps all rows and is better."""
        full = self.model.programme.complete(values)
        objective = self.model.programme.cost(full)
        if (self.objective is None or objective < self.objective - EXACT) and self.model.programme.keeps(full):
            self.best = Best(objective, values, self.model.chosen(values))
            self.changed(True)
