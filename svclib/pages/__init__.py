"""What people see. Apps import their page from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svclib.pages.register import RegisterPage

__all__ = ["RegisterPage"]


def __getattr__(name: str) -> Any:
    # Lazy: a page loads only what it shows.
    if name == "RegisterPage":
        from svclib.pages.register import RegisterPage

        return RegisterPage
    raise AttributeError(name)
