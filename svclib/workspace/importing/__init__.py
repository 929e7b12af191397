"""Files that offices send become rows of the register."""

from __future__ import annotations

from svclib.workspace.base import Area


class Importing(Area):
    """Files that offices send become rows of the register."""
