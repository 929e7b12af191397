"""What people see. Apps import their page from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svclib.pages.audit import AuditPage
    from svclib.pages.register import RegisterPage

__all__ = ["AuditPage", "RegisterPage"]


def __getattr__(name: str) -> Any:
    # Lazy: a page loads only what it shows.
    if name == "AuditPage":
        from svclib.pages.audit import AuditPage

        return AuditPage
    if name == "RegisterPage":
        from svclib.pages.register import RegisterPage

        return RegisterPage
    raise AttributeError(name)
