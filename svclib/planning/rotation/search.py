"""The search itself: part by part, the best plan and the proof of how good it is. Run it in a child process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Lock

from svclib.planning.rotation.building import build
from svclib.planning.rotation.clock import Clock
from svclib.planning.rotation.conflict import find_conflict
from svclib.planning.rotation.model import parts
from svclib.planning.rotation.outcome import Outcome, Progress, Status, gap_of
from svclib.planning.rotation.part_search import EXACT, Job, PartSearch
from svclib.rules.rotation import Placement, Problem, keeping_untouched

_CONFLICT_SECONDS = 10.0
_AT_ONCE = 2
_TOLD_EVERY_SECONDS = 0.5

Tell = Callable[[Progress], None]
Stopped = Callable[[], bool]


class Search:
    """One search. `tell` hears of each better plan and bound, `stopped` is asked whether to end at once.

    What has nothing to do with each other is searched apart, two parts at a time, each by one thread: the same seed
    gives the same plan whenever the search ends by proof or gap and not by the clock. `only_touched`: what is published
    of units that no change touches stays where it is, and the bound is that of plans which leave it there; where there
    is none, everything is searched.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        seed: int = 0,
        time_limit_s: float = 60.0,
        gap: float = 0.001,
        only_touched: bool = False,
        tell: Tell = lambda _progress: None,
        stopped: Stopped = lambda: False,
    ) -> None:
        self.problem, self.seed, self.gap, self.tell = problem, seed, max(gap, EXACT), tell
        self.only_touched, self.began = only_touched, time.monotonic()
        self.clock = Clock(self.began + time_limit_s, stopped)
        self.searches: list[PartSearch] = []
        self._telling = Lock()
        self._told: float | None = None
        self._told_at = -_TOLD_EVERY_SECONDS
        self._untold = False

    def run(self) -> Outcome:
        """Search until the gap is proved, time is over, or somebody stops it."""
        if self.only_touched:
            kept = keeping_untouched(self.problem)
            more = len(kept.pinned) - len(self.problem.pinned)
            outcome = self._run(kept) if kept.pins != self.problem.pins else None
            if outcome is not None and outcome.status != Status.INFEASIBLE:
                return replace(outcome, kept=more)
        return self._run(self.problem)

    def _run(self, problem: Problem) -> Outcome:
        self.searches = []
        self.searches = [
            PartSearch(build(problem, part), self.seed, self.clock, self._changed) for part in parts(problem)
        ]
        with ThreadPoolExecutor(_AT_ONCE) as threads:

            def together(jobs: Iterable[Job]) -> None:
                # Asked for their results, so that an error in one of them is not lost.
                list(threads.map(lambda job: job(), jobs))

            for stage in (PartSearch.beginning, PartSearch.crossing, PartSearch.refining):
                together(job for one in self.searches for job in stage(one, self.gap))
                together(one.put_together for one in self.searches)
                if stage == PartSearch.beginning:
                    together(one.join for one in self.searches)
                if not all(one.possible for one in self.searches):
                    break
            else:
                together(partial(one.improve, self.gap) for one in self.searches)
        return self._outcome()

    def _outcome(self) -> Outcome:
        hopeless = next((one for one in self.searches if not one.possible), None)
        if hopeless is not None:
            clock = self.clock.at_most(_CONFLICT_SECONDS)
            return Outcome(Status.INFEASIBLE, self._seconds(), self.seed, conflict=find_conflict(hopeless.model, clock))
        self._changed(False, now=True)
        bound, (objective, placements) = self._bound(), self._plan()
        if objective is None or placements is None:
            return Outcome(Status.UNKNOWN, self._seconds(), self.seed, bound=bound)
        reached, status = gap_of(objective, bound), Status.STOPPED
        if reached is not None and reached <= self.gap:
            status = Status.OPTIMAL if reached <= EXACT else Status.WITHIN_GAP
        return Outcome(status, self._seconds(), self.seed, objective, bound, placements)

    def _changed(self, new_plan: bool, *, now: bool = False) -> None:
        """Tell of a new plan or bound; of plans that follow quickly only the last, since each is told whole."""
        # One after the other, so that a plan never follows a better one.
        with self._telling:
            if not self.searches:
                return
            self._untold = self._untold or new_plan
            placements = None
            if self._untold and (now or time.monotonic() >= self._told_at + _TOLD_EVERY_SECONDS):
                objective, placements = self._plan()
                if placements is not None:
                    self._told, self._told_at, self._untold = objective, time.monotonic(), False
            if placements is not None or not new_plan:
                self.tell(Progress(self._seconds(), self._told, self._bound(), placements))

    def _bound(self) -> float | None:
        """The whole problem's bound, once all parts have one."""
        bounds = [one.bound for one in self.searches]
        return sum(one for one in bounds if one is not None) if None not in bounds else None

    def _plan(self) -> tuple[float | None, tuple[Placement, ...] | None]:
        """The whole problem's best plan and its cost, once all parts have one."""
        bests = [one.best for one in self.searches]
        plans = [one for one in bests if one is not None]
        if len(plans) < len(bests):
            return None, None
        placements = tuple(sorted(placement for one in plans for placement in one.placements))
        return sum(one.objective for one in plans), placements

    def _seconds(self) -> float:
        return time.monotonic() - self.began
