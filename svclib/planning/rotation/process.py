"""The search in a process of its own: the page stays alive, stopping is certain, and no other solver is imported there.

with Planner(problem, seed=7, time_limit_s=60) as planner:
    for progress in planner.progress():      # ends by itself when the search does
        show(progress)                       # planner.stop() from anywhere ends it with the best so far
    outcome = planner.outcome()
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Self

from svclib.planning.rotation.outcome import Outcome, Progress, Status
from svclib.rules.rotation import Placement, Problem

_GRACE_SECONDS = 1.0
"""How long a search may take to notice that it is to end, before its process is ended: what it told till then counts.

The solver looks at its clock in the middle of most, not of all its work.
"""


class PlannerGone(RuntimeError):
    """The search's process ended without an answer, for want of memory for instance."""


class Planner:
    """One search, running. Use as a context: leaving it ends the process. Options are those of `search.Search`."""

    def __init__(
        self,
        problem: Problem,
        *,
        seed: int = 0,
        time_limit_s: float = 60.0,
        gap: float = 0.001,
        only_touched: bool = False,
        memory_mb: int = 3072,
    ) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._heard, telling = spawning.Pipe(duplex=False)
        self._stop = spawning.Event()
        self._seed, self._began = seed, time.monotonic()
        self._deadline = self._began + time_limit_s + _GRACE_SECONDS
        self._best: tuple[Placement, ...] | None = None
        self._last = Progress(0.0, None, None)
        self._outcome: Outcome | None = None
        options = {"seed": seed, "deadline": self._began + time_limit_s, "gap": gap, "only_touched": only_touched}
        self._process = spawning.Process(
            target=_search, args=(problem, options, memory_mb, telling, self._stop), daemon=True, name="planner"
        )
        self._process.start()
        telling.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def stop(self) -> None:
        """End the search with the best plan so far; from any thread, and more than once."""
        self._stop.set()
        self._deadline = min(self._deadline, time.monotonic() + _GRACE_SECONDS)

    def progress(self) -> Iterator[Progress]:
        """What the search tells, until it ends. Raises PlannerGone."""
        while self._outcome is None:
            try:
                told = self._heard.recv() if self._heard.poll(0.1) else None
            except EOFError:
                raise PlannerGone("the search ended without an answer") from None
            if isinstance(told, Progress):
                self._last, self._best = told, told.placements or self._best
                yield told
            elif isinstance(told, Outcome):
                self._outcome = told
            elif time.monotonic() > self._deadline:
                self._outcome = self._so_far()
        self._end()

    def outcome(self) -> Outcome:
        """Wait for the end and return it. Raises PlannerGone."""
        for _progress in self.progress():
            pass
        assert self._outcome is not None
        return self._outcome

    def _so_far(self) -> Outcome:
        """What is known of a search that did not answer in time."""
        seconds = time.monotonic() - self._began
        if self._best is None:
            return Outcome(Status.UNKNOWN, seconds, self._seed, bound=self._last.bound)
        return Outcome(Status.STOPPED, seconds, self._seed, self._last.objective, self._last.bound, self._best)

    def _end(self) -> None:
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


def _search(problem: Problem, options: dict[str, float], memory_mb: int, telling: Connection, stop: Event) -> None:
    # Imported here alone: this process is the only one that has the solver.
    import resource

    from svclib.planning.rotation.search import Search

    _soft, most = resource.getrlimit(resource.RLIMIT_DATA)
    own = memory_mb * 1024**2
    own = own if most == resource.RLIM_INFINITY else min(own, most)
    resource.setrlimit(resource.RLIMIT_DATA, (own, own))
    limit = options.pop("deadline") - time.monotonic()
    search = Search(problem, tell=telling.send, stopped=stop.is_set, time_limit_s=limit, **options)  # type: ignore[arg-type]
    telling.send(search.run())
    telling.close()
