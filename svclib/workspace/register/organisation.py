"""Units, party bodies, crews, teams and stations."""

from __future__ import annotations

from svclib.workspace.base import Area


class Organisation(Area):
    """Units, party bodies, crews, teams and stations."""
