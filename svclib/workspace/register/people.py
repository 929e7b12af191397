"""Who is who on any day."""

from __future__ import annotations

from svclib.workspace.base import Area


class People(Area):
    """Who is who on any day."""
