"""Linear rows over columns of 0 and 1, built in numpy and handed to HiGHS at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
INFINITY = float("inf")


@dataclass
class Rows:
    """Rows in the order in which they were added; the number of columns may grow."""

    columns: int
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    count: int = 0

    def add_groups(
        self,
        keys: Ints,
        *,
        lower: float | Floats = -INFINITY,
        upper: float | Floats = INFINITY,
        columns: Ints | None = None,
        factors: float | Floats = 1.0,
    ) -> Ints:
        """Add a row for each distinct key: the sum of its columns (None: all, in order). Returns the keys by row."""
        columns = np.arange(len(keys)) if columns is None else columns
        distinct, row = np.unique(keys, return_inverse=True)
        self._entries.append((self.count + row, columns, np.broadcast_to(np.float64(factors), len(columns)).copy()))
        self.lower.append(np.broadcast_to(np.float64(lower), len(distinct)).copy())
        self.upper.append(np.broadcast_to(np.float64(upper), len(distinct)).copy())
        self.count += len(distinct)
        return distinct

    def add_entries(self, rows: Ints, columns: Ints, factors: float | Floats) -> None:
        """Let further columns take part in rows that are there already."""
        self._entries.append((rows, columns, np.broadcast_to(np.float64(factors), len(columns)).copy()))

    def add_columns(self, count: int) -> Ints:
        """Make room for so many further columns and return their numbers."""
        first = self.columns
        self.columns += count
        return np.arange(first, self.columns)

    def compressed(self) -> tuple[Ints, Ints, Floats]:
        """All entries by rows: where each row starts, its columns, its factors."""
        if not self._entries:
            return np.zeros(self.count, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        row, column, factor = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        order = np.argsort(row, kind="stable")
        starts = np.searchsorted(row[order], np.arange(self.count))
        return starts, column[order], factor[order]


def model_of(rows: Rows, costs: Floats, *, upper: Floats | None = None, whole: int) -> highspy.HighsLp:
    """The programme: least cost, columns from 0 to `upper` (1), the first `whole` of them whole numbers."""
    starts, columns, factors = rows.compressed()
    bounds = [np.concatenate(side) if side else np.zeros(0) for side in (rows.lower, rows.upper)]
    most = np.ones(rows.columns) if upper is None else upper
    return lp_of(costs, most, (bounds[0], bounds[1]), (np.append(starts, len(columns)), columns, factors), whole=whole)


def lp_of(
    costs: Floats, upper: Floats, bounds: tuple[Floats, Floats], entries: tuple[Ints, Ints, Floats], *, whole: int
) -> highspy.HighsLp:
    """The same of arrays: the rows' lower and upper bounds; where each row starts (and the end), columns, factors."""
    starts, columns, factors = entries
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(costs), len(bounds[0])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, np.zeros(len(costs)), upper
    lp.row_lower_, lp.row_upper_ = bounds
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = starts.astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = columns.astype(np.int32), factors
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * whole + [highspy.HighsVarType.kContinuous] * (len(costs) - whole)
        lp.integrality_ = kinds
    return lp


def solver(*, seed: int = 0, prepare: Callable[[highspy.Highs], None] | None = None) -> highspy.Highs:
    """A silent HiGHS with one thread: the same seed gives the same search."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", seed)
    if prepare is not None:
        prepare(highs)
    return highs


def solve_rows(rows: Rows, costs: Floats, *, whole: bool) -> Floats | None:
    """Solve to the end. None where the rows cannot be met together."""
    highs = solver()
    highs.passModel(model_of(rows, costs, whole=rows.columns if whole else 0))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(highs.getSolution().col_value)
