"""The search itself: part by part, the best plan and the proof of how good it is. Run it in a child process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from svclib.planning.rotation.conflict import find_conflict
from svclib.planning.rotation.model import Part, build, parts
from svclib.planning.rotation.outcome import Outcome, Progress, Status, gap_of
from svclib.planning.rotation.part_search import EXACT, PartSearch
from svclib.rules.rotation import Placement, Problem

_FIRST_GAP = 0.05
_CONFLICT_SECONDS = 10.0
_AT_ONCE = 2

Tell = Callable[[Progress], None]
Stopped = Callable[[], bool]


class Search:
    """One search. `tell` hears of each better plan and bound, `stopped` is asked whether to end at once.

    What has nothing to do with each other is searched apart, two parts at a time, each by one thread: the same seed
    gives the same plan whenever the search ends by proof or gap and not by the clock.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        seed: int = 0,
        time_limit_s: float = 60.0,
        gap: float = 0.001,
        tell: Tell = lambda _progress: None,
        stopped: Stopped = lambda: False,
    ) -> None:
        self.problem, self.seed, self.gap, self.tell, self.stopped = problem, seed, max(gap, EXACT), tell, stopped
        self.began = time.monotonic()
        self.deadline = self.began + time_limit_s

    def run(self) -> Outcome:
        """Search until the gap is proved, time is over, or somebody stops it."""
        start = self._plan_without_exceptions()
        cut = parts(self.problem)
        self.searches = [self._search(self.problem, part, start) for part in cut]
        gaps = (_FIRST_GAP, self.gap) if len(cut) > 1 and self.gap < _FIRST_GAP else (self.gap,)
        for gap in gaps:
            self._run(self.searches, gap)
            hopeless = next((one for one in self.searches if not one.possible), None)
            if hopeless is not None:
                seconds = min(_CONFLICT_SECONDS, max(1.0, self.deadline - time.monotonic()))
                conflict = find_conflict(hopeless.model, seconds=seconds)
                return Outcome(Status.INFEASIBLE, self._seconds(), self.seed, conflict=conflict)
        objective, bound = self._totals()
        if objective is None:
            return Outcome(Status.UNKNOWN, self._seconds(), self.seed, bound=bound)
        reached, status = gap_of(objective, bound), Status.STOPPED
        if reached is not None and reached <= self.gap:
            status = Status.OPTIMAL if reached <= EXACT else Status.WITHIN_GAP
        return Outcome(status, self._seconds(), self.seed, objective, bound, self._placements())

    def _plan_without_exceptions(self) -> tuple[Placement, ...]:
        """A plan to begin with: exceptions tie units together, without them each is planned quickly by itself."""
        pinned = {pin.person_id for pin in self.problem.pins}
        stay = tuple(one if one.id in pinned else replace(one, exceptions=frozenset()) for one in self.problem.learners)
        apart = replace(self.problem, learners=stay)
        cut = parts(apart)
        if stay == self.problem.learners or len(cut) == len(parts(self.problem)):
            return ()
        self.searches = []
        searches = [self._search(apart, part, ()) for part in cut]
        self._run(searches, _FIRST_GAP)
        return tuple(placement for one in searches for placement in one.placements or ())

    def _search(self, problem: Problem, part: Part, start: tuple[Placement, ...]) -> PartSearch:
        return PartSearch(build(problem, part), self.seed, self._changed, self.stopped, start)

    def _run(self, searches: Sequence[PartSearch], gap: float) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            # Asked for their results, so that an error in one of them is not lost.
            list(threads.map(lambda one: one.run(gap, self.deadline - time.monotonic()), searches))

    def _changed(self, new_plan: bool) -> None:
        if not self.searches:
            return
        objective, bound = self._totals()
        placements = self._placements() if new_plan and objective is not None else None
        self.tell(Progress(self._seconds(), objective, bound, placements))

    def _totals(self) -> tuple[float | None, float | None]:
        return _sum(one.objective for one in self.searches), _sum(one.bound for one in self.searches)

    def _placements(self) -> tuple[Placement, ...]:
        return tuple(sorted(placement for one in self.searches for placement in one.placements or ()))

    def _seconds(self) -> float:
        return time.monotonic() - self.began


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum, once all are known."""
    known = list(values)
    return None if None in known else sum(value for value in known if value is not None)
