"""Accounts, logins, and the tickets of open pages."""

from __future__ import annotations

from svclib.workspace.access.accounts import Accounts, Me
from svclib.workspace.access.logins import Login, LoginRefused
from svclib.workspace.access.passwords import Passwords
from svclib.workspace.access.sessions import Session, Sessions
from svclib.workspace.access.tickets import Tickets

__all__ = ["Access", "Login", "LoginRefused", "Me", "Session"]


class Access(Accounts, Passwords, Sessions, Tickets):
    """Every verb of accounts and logins."""
