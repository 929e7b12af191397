"""The trail: who changed what when, and whether it is whole."""

from __future__ import annotations

from svclib.workspace.audit.checking import ChainCheck, Checking
from svclib.workspace.audit.listing import AuditPage, AuditQuery, AuditSummary, Listing
from svclib.workspace.audit.telling import AuditEntry

__all__ = ["Audit", "AuditEntry", "AuditPage", "AuditQuery", "AuditSummary", "ChainCheck"]


class Audit(Checking, Listing):
    """Every verb of the trail."""
