"""Lists that filter, sort and page in SQL."""

from __future__ import annotations

from svclib.workspace.base import Area


class Listing(Area):
    """Lists that filter, sort and page in SQL."""
