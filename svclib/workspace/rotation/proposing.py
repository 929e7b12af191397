"""Proposing a plan: the search runs in a process of its own, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from types import TracebackType
from typing import Literal, Self, get_args

from svclib.errors import RuleBroken, SvcError
from svclib.i18n import gettext as _
from svclib.planning.rotation import Planner, PlannerGone, Progress
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.rotation.loading import Keep, Loaded, load
from svclib.workspace.rotation.plans import PlanRef, plan_row
from svclib.workspace.rotation.proposal import Proposal, proposed

Preset = Literal["balanced", "least_change"]
DEFAULT_SEED = 1
DEFAULT_SECONDS = 60.0
DEFAULT_GAP = 0.001


class Search:
    """One search for a plan, running. Use as a context: leaving it ends the search's process."""

    def __init__(self, loaded: Loaded, preset: str, *, seed: int, time_limit_s: float, gap: float) -> None:
        self._loaded, self._preset = loaded, preset
        only_touched = preset == "least_change"
        self._planner = Planner(
            loaded.problem, seed=seed, time_limit_s=time_limit_s, gap=gap, only_touched=only_touched
        )

    def __enter__(self) -> Self:
        self._planner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._planner.__exit__(kind, error, trace)

    def progress(self) -> Iterator[Progress]:
        """Objective, bound and gap as they become known, until the search ends. Raises SvcError when it broke off."""
        try:
            yield from self._planner.progress()
        except PlannerGone as error:
            raise SvcError(
                _("The search for a plan broke off, perhaps for want of memory. Try it again, or for fewer units.")
            ) from error

    def stop(self) -> None:
        """End the search at once with the best plan so far; from any thread, and more than once."""
        self._planner.stop()

    def proposal(self) -> Proposal:
        """Wait for the end and return what was found."""
        for _progress in self.progress():
            pass
        return proposed(self._loaded, self._planner.outcome(), self._preset)


class Proposing(Area):
    """Proposing a plan."""

    def search(
        self,
        plan: PlanRef,
        *,
        seed: int = DEFAULT_SEED,
        time_limit_s: float = DEFAULT_SECONDS,
        preset: Preset = "balanced",
        keep: Collection[Keep] = (),
        gap: float = DEFAULT_GAP,
    ) -> Search:
        """Begin a search for a plan of the trainees in scope and return it, to be listened to and stopped.

        `preset`: "balanced" costs what the plan's figures say; "least_change" moves as few published placements as
        possible, and none of units that no change touches. `keep`: (person, stage) whose placement stays. The same
        seed gives the same plan whenever the search ends by proof or gap and not by the clock. Raises NotFound,
        Forbidden, RuleBroken.
        """
        if preset not in get_args(Preset):
            told = _("There is no preset {preset}. Known are: {known}.")
            raise RuleBroken(told.format(preset=preset, known="、".join(get_args(Preset))), field="preset")
        if not 0 < time_limit_s <= 24 * 3600:
            raise RuleBroken(_("The time limit is between 0 seconds and a day."), field="time_limit_s")
        loaded = self._read(plan, preset, keep)
        return Search(loaded, preset, seed=seed, time_limit_s=time_limit_s, gap=gap)

    def propose(
        self,
        plan: PlanRef,
        *,
        seed: int = DEFAULT_SEED,
        time_limit_s: float = DEFAULT_SECONDS,
        preset: Preset = "balanced",
        keep: Collection[Keep] = (),
        gap: float = DEFAULT_GAP,
        tell: Callable[[Progress], None] = lambda _progress: None,
    ) -> Proposal:
        """Propose a plan and return it; nothing is written. Arguments as for `search`; `tell` hears of progress.

        That there is no plan is an answer, too: `status` and `conflict` of the proposal say so.
        """
        with self.search(plan, seed=seed, time_limit_s=time_limit_s, preset=preset, keep=keep, gap=gap) as search:
            for progress in search.progress():
                tell(progress)
            return search.proposal()

    @verb("rotation.propose", writes=False)
    def _read(self, tx: Transaction, plan: PlanRef, preset: str, keep: Collection[Keep]) -> Loaded:
        stored = plan_row(tx, plan)
        loaded = load(tx, stored, searching=True, least_change=preset == "least_change", keep=keep)
        if not loaded.own:
            raise RuleBroken(_("The plan {name} has no trainees in your scope.").format(name=stored["name"]))
        return loaded
