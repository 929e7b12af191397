"""The app of the register."""

from svclib.pages.register.page import RegisterPage

__all__ = ["RegisterPage"]
