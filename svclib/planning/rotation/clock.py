"""When a search has to end: at its time limit, or when somebody stops it. Every call of the solver is given it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy

_LEAST_SECONDS = 0.05


@dataclass(frozen=True)
class Clock:
    """`deadline` is an instant of `time.monotonic`, which all processes of a machine share."""

    deadline: float = float("inf")
    stopped: Callable[[], bool] = lambda: False

    def left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.monotonic())

    def over(self) -> bool:
        return self.stopped() or self.left() <= 0

    def at_most(self, seconds: float) -> Clock:
        """This clock, or so many seconds from now, whichever ends first."""
        return Clock(min(self.deadline, time.monotonic() + seconds), self.stopped)

    def watch(self, highs: highspy.Highs) -> None:
        """End the solver's next run with this clock."""

        def going_on(event: highspy.HighsCallbackEvent) -> None:
            if self.over():
                event.interrupt()

        if self.deadline < float("inf"):
            highs.setOptionValue("time_limit", max(_LEAST_SECONDS, self.left()))
        highs.cbMipInterrupt.subscribe(going_on)
        highs.cbSimplexInterrupt.subscribe(going_on)
