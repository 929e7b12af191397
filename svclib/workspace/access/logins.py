"""Logging in: is it really this person, and how often may somebody try."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import delete, insert, select, update

from svclib.errors import Forbidden, SvcError
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import LoginAttempt, Role, table
from svclib.rules.throttling import FORGOTTEN_AFTER, KNOWN_FOR, Tally, network_of, wait_left
from svclib.workspace.access.hashing import renewed, verified
from svclib.workspace.access.rows import ACCOUNT
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.identity import normal_username

_ATTEMPT = table(LoginAttempt)
_ALL_NAMES = ""


class LoginRefused(SvcError):
    """Not let in. The sentence is the same for a wrong password and an unknown name."""

    def __init__(self, message: str, *, wait_seconds: int = 0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Login:
    """Who has proved to be this account's owner."""

    account_id: int
    username: str
    display_name: str
    role: Role
    must_change: bool


@dataclass(frozen=True, slots=True)
class _Opened:
    """An attempt that is looked at: counted as failed until it is settled."""

    name_index: str
    address: str
    account_id: int | None
    password_hash: str | None


class Logins(Area):
    """Proving who one is. Rules of waiting: `svclib.rules.throttling`."""

    def authenticate(self, username: str, password: str, origin: str) -> Login:
        """Return whose name and password these are.

        `origin` is the client's address. The slow work is done between two short transactions. An attempt counts as
        failed before its password is looked at, so that many at once are no way around the count. Unknown names cost
        the same work and are told the same. Raises LoginRefused.
        """
        opened = self._attempt(username, origin)
        if isinstance(opened, timedelta):
            raise _told_to_wait(opened)
        right = verified(opened.password_hash, password)
        fresh = renewed(opened.password_hash, password) if right and opened.password_hash else None
        login = self._settle(opened, right=right, origin=origin, fresh_hash=fresh)
        if login is None:
            raise LoginRefused(_("The user name or the password is not right."))
        return login

    @verb("access.recognise", writes=False)
    def recognise(self, tx: Transaction, username: str) -> Login:
        """Return the account that a trusted sign-on has vouched for. Raises Forbidden where there is none in use."""
        rows = tx.rows(select(ACCOUNT).where(ACCOUNT.c.username == normal_username(username)))
        if not rows:
            raise Forbidden(
                _(
                    "You are signed on as {name}, but have no account here. Please ask the administrator for one."
                ).format(name=username)
            )
        if rows[0]["disabled_at"] is not None:
            raise Forbidden(_account_disabled())
        return _login(rows[0])

    @verb("access.attempt", writes=True)
    def _attempt(self, tx: Transaction, username: str, origin: str) -> _Opened | timedelta:
        """Count an attempt as failed and return what it is to be checked against, or how long it must still wait."""
        name, address = normal_username(username), network_of(origin)
        # What was typed as a name may be a password: it is kept as a keyed fingerprint only.
        index = str(tx.vault.index(f"login:{name}"))
        rows = tx.rows(
            select(_ATTEMPT).where(_ATTEMPT.c.address == address, _ATTEMPT.c.name_index.in_([index, _ALL_NAMES]))
        )
        tallies = {row["name_index"]: _tally(row) for row in rows}
        pair, everybody = tallies.get(index, Tally()), tallies.get(_ALL_NAMES, Tally())
        left = wait_left(pair, everybody, tx.now)
        if left:
            return left
        for key, tally in ((index, pair), (_ALL_NAMES, everybody)):
            _save(tx, address, key, failures=tally.failures_at(tx.now) + 1, known=key in tallies)
        _forget(tx)
        found = tx.rows(select(ACCOUNT.c.id, ACCOUNT.c.password_hash).where(ACCOUNT.c.username == name))
        account = found[0] if found else {"id": None, "password_hash": None}
        return _Opened(index, address, account["id"], account["password_hash"])

    @verb("access.settle", writes=True)
    def _settle(
        self, tx: Transaction, opened: _Opened, *, right: bool, origin: str, fresh_hash: str | None
    ) -> Login | None:
        """Note a failure, or take the attempt off the count and return whose it is. Raises LoginRefused if disabled."""
        # In the trail the server acts for whoever is at this address.
        tx.actor = replace(tx.actor, origin=origin[:80])
        rows = tx.rows(select(ACCOUNT).where(ACCOUNT.c.id == opened.account_id))
        # The password may have been changed meanwhile.
        if not right or not rows or rows[0]["password_hash"] != opened.password_hash:
            tx.record(ACCOUNT, opened.account_id, after={"login": "refused", "origin": origin})
            return None
        if rows[0]["disabled_at"] is not None:
            raise LoginRefused(_account_disabled())
        ours = _ATTEMPT.c.address == opened.address
        tx.connection.execute(
            update(_ATTEMPT)
            .where(ours, _ATTEMPT.c.name_index == opened.name_index)
            .values(failures=0, succeeded_at=tx.now)
        )
        tx.connection.execute(
            update(_ATTEMPT)
            .where(ours, _ATTEMPT.c.name_index == _ALL_NAMES, _ATTEMPT.c.failures > 0)
            .values(failures=_ATTEMPT.c.failures - 1)
        )
        if fresh_hash is not None:
            tx.connection.execute(
                update(ACCOUNT).where(ACCOUNT.c.id == opened.account_id).values(password_hash=fresh_hash)
            )
            tx.record(ACCOUNT, opened.account_id, after={"password": "hashed anew"})
        return _login(rows[0])


def _login(row: dict[str, Any]) -> Login:
    return Login(row["id"], row["username"], row["display_name"], Role(row["role"]), row["must_change"])


def _tally(row: dict[str, Any]) -> Tally:
    return Tally(row["failures"], row["tried_at"], row["succeeded_at"])


def _save(tx: Transaction, address: str, key: str, *, failures: int, known: bool) -> None:
    values = {"failures": failures, "tried_at": tx.now}
    if known:
        mine = (_ATTEMPT.c.address == address) & (_ATTEMPT.c.name_index == key)
        tx.connection.execute(update(_ATTEMPT).where(mine).values(**values))
    else:
        tx.connection.execute(insert(_ATTEMPT).values(address=address, name_index=key, **values))


def _forget(tx: Transaction) -> None:
    """Drop counts that no longer matter."""
    old = _ATTEMPT.c.tried_at < tx.now - FORGOTTEN_AFTER
    unknown = _ATTEMPT.c.succeeded_at.is_(None) | (_ATTEMPT.c.succeeded_at < tx.now - KNOWN_FOR)
    tx.connection.execute(delete(_ATTEMPT).where(old, unknown))


def _told_to_wait(left: timedelta) -> LoginRefused:
    seconds = ceil(left.total_seconds())
    if seconds < 120:
        told = ngettext(
            "Too many attempts. Please try again in {count} second.",
            "Too many attempts. Please try again in {count} seconds.",
            seconds,
        ).format(count=seconds)
    else:
        minutes = ceil(seconds / 60)
        told = _("Too many attempts. Please try again in {count} minutes.").format(count=minutes)
    return LoginRefused(told, wait_seconds=seconds)


def _account_disabled() -> str:
    return _("This account is disabled. Please ask the administrator.")
