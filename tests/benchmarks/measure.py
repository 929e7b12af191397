"""Measuring and telling: medians of several runs, and ratios between things measured in one go."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One line of the report: what, how long (seconds), beside what, how long that took in the same run."""

    what: str
    seconds: float
    beside: str | None = None
    beside_seconds: float | None = None
    rows: int | None = None

    def line(self) -> str:
        told = f"  {self.what:<58}{_duration(self.seconds):>10}"
        if self.rows is not None:
            told += f"{self.rows / self.seconds:>12,.0f} rows/s"
        if self.beside is not None and self.beside_seconds is not None:
            told += f"   {self.seconds / self.beside_seconds:>6.3g} × {self.beside} ({_duration(self.beside_seconds)}"
            told += f", {self.rows / self.beside_seconds:,.0f} rows/s)" if self.rows is not None else ")"
        return told


@dataclass(frozen=True)
class Figure:
    """One line of the report that is no time: one figure, or what it was before and after."""

    what: str
    first: float
    then: float | None = None

    def line(self) -> str:
        told = f"  {self.what:<58}{self.first:>10.1f}"
        return told if self.then is None else f"{told} → {self.then:.1f}"


def median_seconds(action: Callable[[], Any], *, runs: int = 7) -> float:
    """The median time of several runs after one to warm up, in seconds."""
    action()
    return statistics.median(seconds(action) for _ in range(runs))


def seconds(action: Callable[[], Any]) -> float:
    """The time of one run, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _duration(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"
