"""What people see. Apps import their page from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svclib.pages.audit import AuditPage
    from svclib.pages.register import RegisterPage
    from svclib.pages.rotation import RotationPage

__all__ = ["AuditPage", "RegisterPage", "RotationPage"]


def __getattr__(name: str) -> Any:
    # Lazy: a page loads only what it shows.
    if name == "AuditPage":
        from svclib.pages.audit import AuditPage

        return AuditPage
    if name == "RegisterPage":
        from svclib.pages.register import RegisterPage

        return RegisterPage
    if name == "RotationPage":
        from svclib.pages.rotation import RotationPage

        return RotationPage
    raise AttributeError(name)
