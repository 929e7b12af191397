"""The trail: who changed what when, and whether it is whole."""

from __future__ import annotations

from svclib.workspace.audit.checking import ChainCheck, Checking

__all__ = ["Audit", "ChainCheck"]


class Audit(Checking):
    """Every verb of the trail."""
