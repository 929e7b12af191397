"""The app of the yearly rotation."""

from svclib.pages.rotation.page import RotationPage

__all__ = ["RotationPage"]
