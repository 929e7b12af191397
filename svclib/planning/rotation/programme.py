"""A linear programme in arrays, of which any slice can be cut: some columns free, the others as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
import numpy.typing as npt

from svclib.planning.rotation.linear import INFINITY, Floats, Ints, Rows, lp_of

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Slice:
    """What the solver is given: `columns` and `rows` are those of the programme, in the slice's order."""

    lp: highspy.HighsLp
    columns: Ints
    rows: Ints


class Programme:
    """Least cost over columns of 0 and 1 (the first `whole`) and columns that measure what one row misses.

    Each measuring column has one entry, 1 where the row is too low and -1 where it is too high, and no upper bound.
    """

    def __init__(self, rows: Rows, costs: Floats, whole: int, constant: float) -> None:
        self.costs, self.whole, self.constant = costs, whole, constant
        self.lower = np.concatenate(rows.lower) if rows.lower else np.zeros(0)
        self.upper = np.concatenate(rows.upper) if rows.upper else np.zeros(0)
        self.row_starts, self.row_columns, self.row_factors = rows.compressed()
        self.row_starts = np.append(self.row_starts, len(self.row_columns))
        self.entry_rows = np.repeat(np.arange(len(self.lower)), np.diff(self.row_starts))

    @property
    def columns(self) -> int:
        return len(self.costs)

    @cached_property
    def _by_column(self) -> tuple[Ints, Ints, Floats]:
        order = np.argsort(self.row_columns, kind="stable")
        starts = np.searchsorted(self.row_columns[order], np.arange(self.columns + 1))
        return starts, self.entry_rows[order], self.row_factors[order]

    @cached_property
    def measures(self) -> tuple[Ints, Floats]:
        """By measuring column: its row and its factor."""
        starts, rows, factors = self._by_column
        first = starts[self.whole : self.columns]
        return rows[first], factors[first]

    def cut(self, free: Ints, values: Floats | None = None) -> Slice:
        """Cut the slice in which these whole columns are free and the others stand at `values` (None: at 0).

        Rows in which nothing is free are left out; so are the columns that measure them.
        """
        is_free = np.zeros(self.columns, dtype=bool)
        is_free[free] = True
        touched = self._touched(free)
        measured, _signs = self.measures
        is_free[self.whole :] = touched[measured]
        rows, columns = np.flatnonzero(touched), np.flatnonzero(is_free)
        entries = _ranges(self.row_starts[rows], self.row_starts[rows + 1])
        row = np.repeat(np.arange(len(rows)), self.row_starts[rows + 1] - self.row_starts[rows])
        column, factor = self.row_columns[entries], self.row_factors[entries]
        inside = is_free[column]
        standing: Floats = np.zeros(len(rows))
        if values is not None:
            fixed = ~inside & (column < self.whole)
            standing = _sums(row[fixed], factor[fixed] * values[column[fixed]], len(rows))
        place = np.zeros(self.columns, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        lp = lp_of(
            self.costs[columns],
            np.where(columns < self.whole, 1.0, INFINITY),
            (self.lower[rows] - standing, self.upper[rows] - standing),
            (np.searchsorted(row[inside], np.arange(len(rows) + 1)), place[column[inside]], factor[inside]),
            whole=len(free),
        )
        return Slice(lp, columns, rows)

    def left_out(self, free: Ints) -> float:
        """What the rows miss, in cost, that a slice of these free columns leaves out while all others stand at 0."""
        measured, _signs = self.measures
        missed = self.complete(np.zeros(self.whole))[self.whole :]
        return float(self.costs[self.whole :] @ np.where(self._touched(free)[measured], 0.0, missed))

    def _touched(self, free: Ints) -> npt.NDArray[np.bool_]:
        """Whether any of these columns stands in a row."""
        starts, at_rows, _factors = self._by_column
        touched = np.zeros(len(self.lower), dtype=bool)
        touched[at_rows[_ranges(starts[free], starts[free + 1])]] = True
        return touched

    def complete(self, values: Floats) -> Floats:
        """Let the measuring columns have what these values of the whole columns make them."""
        full = np.zeros(self.columns)
        full[: self.whole] = values[: self.whole]
        activity = self._activity(full)
        rows, factors = self.measures
        short = np.where(factors > 0, self.lower[rows] - activity[rows], activity[rows] - self.upper[rows])
        full[self.whole :] = np.maximum(0.0, short)
        return full

    def cost(self, full: Floats) -> float:
        return float(self.costs @ full) + self.constant

    def keeps(self, full: Floats) -> bool:
        """Whether all rows are kept."""
        activity = self._activity(full)
        return bool(np.all(activity >= self.lower - _TOLERANCE) and np.all(activity <= self.upper + _TOLERANCE))

    def _activity(self, full: Floats) -> Floats:
        return _sums(self.entry_rows, self.row_factors * full[self.row_columns], len(self.lower))

    def priced(self, prices: Floats) -> Floats:
        """The costs of all columns less what the rows pay for them."""
        return self.costs - _sums(self.row_columns, self.row_factors * prices[self.entry_rows], self.columns)


def _sums(places: Ints, weights: Floats, count: int) -> Floats:
    return np.bincount(places, weights=weights, minlength=count).astype(np.float64)


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """All whole numbers of these half-open ranges, one range after the other."""
    lengths = ends - starts
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    begins = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.arange(total) + begins
