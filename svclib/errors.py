"""What can go wrong in a way that a person can act on.

The text of each error is a whole sentence in the user's language: what happened, to which record, what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class SvcError(Exception):
    """A failure to be told as it is. Anything else is a defect and is told as a reference number."""


class NotFound(SvcError):
    """The record named does not exist, or not for this user."""


class Duplicate(SvcError):
    """A record with this key exists already."""


class RuleBroken(SvcError):
    """The change would break a rule; `field` names the input at fault where there is one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class StaleRecord(SvcError):
    """Somebody saved this record since it was read.

    `conflicts` maps each field to (value read, value stored now, value to save); `version` is the stored one.
    """

    def __init__(self, message: str, *, version: int, conflicts: Mapping[str, tuple[Any, Any, Any]]) -> None:
        super().__init__(message)
        self.version = version
        self.conflicts = dict(conflicts)


class Forbidden(SvcError):
    """The actor may not do this."""


class Infeasible(SvcError):
    """No plan can satisfy every hard rule."""


class BadFile(SvcError):
    """The file cannot be used at all; the sentence says why and what to do."""


class BadSetting(SvcError):
    """A setting is unknown or has an impossible value."""


class DatabaseState(SvcError):
    """The database is missing, older or newer than this program, or not the one that was meant."""
