"""Planning the yearly rotation. The solver itself (HiGHS) is loaded by the child process and by `solve_plain` alone."""

from typing import TYPE_CHECKING, Any

from svclib.planning.rotation.outcome import Conflict, Outcome, Progress, Status
from svclib.planning.rotation.process import Planner, PlannerGone

if TYPE_CHECKING:
    from svclib.planning.rotation.plain import solve_plain

__all__ = ["Conflict", "Outcome", "Planner", "PlannerGone", "Progress", "Status", "solve_plain"]


def __getattr__(name: str) -> Any:
    # OR-Tools and HiGHS cannot live in one process, and a page that only shows a plan needs neither.
    if name != "solve_plain":
        raise AttributeError(name)
    from svclib.planning.rotation.plain import solve_plain

    return solve_plain
