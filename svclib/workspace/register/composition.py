"""Which teams keep the composition rules."""

from __future__ import annotations

from svclib.workspace.base import Area


class Composition(Area):
    """Which teams keep the composition rules."""
