"""Changes to one person."""

from __future__ import annotations

from svclib.workspace.base import Area


class Editing(Area):
    """Changes to one person."""
