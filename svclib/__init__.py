"""The register, rotations and evaluations of a power company's service teams, behind one door: `open_workspace`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svclib.errors import (
    BadFile,
    BadSetting,
    DatabaseState,
    Duplicate,
    Forbidden,
    Infeasible,
    NotFound,
    RuleBroken,
    StaleRecord,
    SvcError,
)

if TYPE_CHECKING:
    from svclib.workspace import Workspace, open_workspace

__all__ = [
    "BadFile",
    "BadSetting",
    "DatabaseState",
    "Duplicate",
    "Forbidden",
    "Infeasible",
    "NotFound",
    "RuleBroken",
    "StaleRecord",
    "SvcError",
    "Workspace",
    "open_workspace",
]


def __getattr__(name: str) -> Any:
    # Lazy: pandas and SQLModel cost over two seconds, which `svc --help` must not pay.
    if name in {"open_workspace", "Workspace"}:
        from svclib import workspace

        return getattr(workspace, name)
    raise AttributeError(name)
