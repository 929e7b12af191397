"""The app of the trail."""

from svclib.pages.audit.page import AuditPage

__all__ = ["AuditPage"]
