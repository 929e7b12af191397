"""The relaxation of a part: what its plan costs at least, and by how much each placement is dearer than that.

Units that exceptions tie together are relaxed one by one first, with everybody at home. Their bases put side by side
are a basis of the whole, from which a few thousand steps lead to its optimum. Any prices of the rows prove a bound
(Geoffrion, *Lagrangean relaxation*, 1974), so that a relaxation that was interrupted proves one as well.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
import numpy.typing as npt

from svclib.planning.rotation.clock import Clock
from svclib.planning.rotation.linear import INFINITY, Floats, Ints, solver
from svclib.planning.rotation.model import Model
from svclib.rules.rotation import Rule

_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
_FEW = 0.05
"""Up to this share of columns that are added to a basis the primal simplex is the faster, measured at 2,000 people."""
_LOWER, _BASIC = highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic
_OPTIMAL, _INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible


class Relaxation:
    """`bound` is proved; a plan with a placement costs at least `bound` + that placement's `dearer`.

    `blocks` are the sets of columns that have nothing in common as long as everybody stays at home; `values` are the
    relaxed plan. `join` is to follow when `relax` has been called for each. `possible` is False once it is proved that
    no plan exists.
    """

    def __init__(self, model: Model, clock: Clock, heard: Callable[[], None]) -> None:
        self.model, self.clock, self._heard = model, clock, heard
        self.programme = model.programme
        self.blocks = model.blocks(model.at_home)
        self.bound: float | None = None
        self.possible = True
        self.values: Floats = np.zeros(self.programme.whole)
        self.dearer: Floats = np.zeros(self.programme.whole)
        self._prices: Floats = np.zeros(len(self.programme.lower))
        self._columns = [_LOWER] * self.programme.columns
        self._rows = [_BASIC] * len(self.programme.lower)

    def join(self) -> None:
        """Relax the whole, beginning with what the blocks have found."""
        self._prove()
        if not self.clock.over() and not self._is_whole():
            self.relax(np.arange(self.programme.whole), warm=True)
            self._prove()

    def _is_whole(self) -> bool:
        return len(self.blocks) == 1 and len(self.blocks[0]) == self.programme.whole

    def relax(self, free: Ints, *, warm: bool = False) -> bool:
        """Relax the slice in which these columns are free; return whether that came to its end with a plan."""
        if self.clock.over():
            return False
        cut = self.programme.cut(free)
        cut.lp.integrality_ = []
        highs = solver()
        highs.passModel(cut.lp)
        if warm:
            basis = highspy.HighsBasis()
            basis.col_status = [self._columns[column] for column in cut.columns.tolist()]
            basis.row_status = [self._rows[row] for row in cut.rows.tolist()]
            basis.valid = True
            highs.setBasis(basis)
            few = np.count_nonzero(~self.model.at_home) < _FEW * len(free)
            highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX if few else _DUAL_SIMPLEX)
        self.clock.watch(highs)
        highs.run()
        if highs.getModelStatus() == _INFEASIBLE and (warm or self._is_whole()):
            self.possible = False
        if highs.getModelStatus() != _OPTIMAL:
            return False
        found, basis = highs.getSolution(), highs.getBasis()
        self.values[free] = np.array(found.col_value)[: len(free)]
        self.dearer[free] = np.array(found.col_dual)[: len(free)]
        self._prices[cut.rows] = np.array(found.row_dual)
        for numbers, statuses, all_of_them in (
            (cut.columns, basis.col_status, self._columns),
            (cut.rows, basis.row_status, self._rows),
        ):
            for number, status in zip(numbers.tolist(), statuses, strict=True):
                all_of_them[number] = status
        return True

    def _prove(self) -> None:
        """Take what the present prices prove, where that is more."""
        bound, dearer = proof(self.model, self._prices)
        if self.bound is None or bound > self.bound:
            self.bound, self.dearer = bound, dearer
            self._heard()


def proof(model: Model, prices: Floats) -> tuple[float, Floats]:
    """What these prices of the rows prove: a bound, and by how much each placement is dearer than the bound.

    Prices that prove nothing are changed to the nearest that do. One placement per person and stage is not priced but
    kept, which makes any others prove a bound that is finite.
    """
    programme = model.programme
    lowest, highest = np.isfinite(programme.lower), np.isfinite(programme.upper)
    prices = np.where(lowest, prices, np.minimum(prices, 0.0))
    prices = np.where(highest, prices, np.maximum(prices, 0.0))
    rows, factors = programme.measures
    weights = programme.costs[programme.whole :]
    up, down = factors > 0, factors < 0
    prices[rows[up]] = np.minimum(prices[rows[up]], weights[up])
    prices[rows[down]] = np.maximum(prices[rows[down]], -weights[down])
    prices[_one_per_stage(model)] = 0.0
    paid = prices * np.where(
        prices > 0, np.where(lowest, programme.lower, 0.0), np.where(highest, programme.upper, 0.0)
    )
    left = programme.priced(prices)[: programme.whole]
    least = np.full(int(model.slot.max(initial=-1)) + 1, INFINITY)
    np.minimum.at(least, model.slot, left)
    bound = model.constant + float(paid.sum()) + float(least[np.isfinite(least)].sum())
    return bound, left - least[model.slot]


def _one_per_stage(model: Model) -> npt.NDArray[np.bool_]:
    return np.array([one is not None and one.rule == Rule.ONE for one in model.subjects], dtype=bool)
