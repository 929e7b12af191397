"""Who acts, asked anew in each transaction: after a logout, a disabling or a change of role the next one knows."""

from __future__ import annotations

import getpass
import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.models import Account, LoginSession, PageTicket, Role, table
from svclib.settings import SERVED, TICKET, Settings
from svclib.workspace.policy import SYSTEM, Actor

Identity = Callable[[Connection, datetime], Actor]
"""Given the transaction's connection and moment: who acts. Raises Forbidden when nobody may any more."""

_ACCOUNT = table(Account)
_SESSION = table(LoginSession)
_TICKET = table(PageTicket)


def acting(actor: Actor) -> Identity:
    """Always this actor."""
    return lambda _connection, _now: actor


def identity_of(settings: Settings, as_user: str | None) -> Identity:
    """Who opens a workspace: the ticket's owner, the account named, or the machine's own user.

    The ticket leaves the environment, so that nothing in the process finds it there. A kernel of the server without one
    gets no data at all: it never falls back to the machine's user.
    """
    ticket = os.environ.pop(TICKET, None)
    if ticket:
        return by_ticket(ticket, settings)
    if os.environ.get(SERVED):
        raise Forbidden(login_ended())
    if as_user is not None:
        return by_name(as_user)
    return acting(replace(SYSTEM, origin=command_line()))


def by_ticket(ticket: str, settings: Settings) -> Identity:
    """The account whose login opened the page that holds this ticket, as long as that login stands."""
    found_by = _TICKET.c.ticket_hash == fingerprint(ticket)
    places = _TICKET.join(_SESSION, _SESSION.c.id == _TICKET.c.session_id).join(_ACCOUNT)
    statement = select(_ACCOUNT, _SESSION.c.origin).select_from(places).where(found_by)

    def identity(connection: Connection, now: datetime) -> Actor:
        row = connection.execute(statement.where(standing(now, settings))).mappings().first()
        if row is None:
            raise Forbidden(login_ended())
        return actor_of(row, row["origin"])

    return identity


def by_name(username: str) -> Identity:
    """The account of this name, for the command line: with its limits, without a login."""
    statement = select(_ACCOUNT).where(_ACCOUNT.c.username == normal_username(username))

    def identity(connection: Connection, _now: datetime) -> Actor:
        row = connection.execute(statement).mappings().first()
        if row is None:
            raise Forbidden(_("There is no account {name}. List them with: svc user list").format(name=username))
        if row["disabled_at"] is not None:
            raise Forbidden(_("The account {name} is disabled.").format(name=username))
        return actor_of(row, command_line())

    return identity


def standing(now: datetime, settings: Settings) -> ColumnElement[bool]:
    """The condition that a login stands: not ended, not expired, not idle too long, its account in use."""
    return and_(
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.ends_at > now,
        _SESSION.c.seen_at > now - timedelta(minutes=settings.session_idle_minutes),
        _ACCOUNT.c.disabled_at.is_(None),
    )


def actor_of(row: Any, origin: str) -> Actor:
    """The actor of an account's row."""
    scope = {name: row[name] for name in ("unit_id", "party_body_id", "team_id", "person_id")}
    return Actor(row["username"], account_id=row["id"], role=Role(row["role"]), origin=origin, **scope)


def normal_username(name: str) -> str:
    """A user name as it is stored and compared: in its normal form, in small letters, without blanks around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def fingerprint(secret: str) -> str:
    """What is stored of a token or ticket: both are random and long, so a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def command_line() -> str:
    """Where the machine's own user acts from, for the trail."""
    try:
        return f"command line (system user {getpass.getuser()})"
    except (KeyError, OSError):
        # A container's user may have a number and no name.
        return f"command line (system user {os.getuid()})"


def login_ended() -> str:
    """What somebody is told whose login no longer stands."""
    return _("Your login has ended. Please log in again; drafts are kept.")
