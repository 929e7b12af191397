"""Logins from their beginning to their end. The server asks for these; a cookie's token is stored as its hash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.models import PageTicket, Role, table
from svclib.workspace.access.hashing import new_token
from svclib.workspace.access.rows import ACCOUNT, SESSION, account_of, end_logins
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.identity import actor_of, fingerprint, standing

if TYPE_CHECKING:
    import pandas as pd

SESSION_COLUMNS = {
    "id": "id",
    "username": "text",
    "method": "text",
    "origin": "text",
    "begun_at": "instant",
    "seen_at": "instant",
    "ends_at": "instant",
}
_TICKET = table(PageTicket)
_SEEN_EVERY = timedelta(seconds=30)
_KEPT_FOR = timedelta(days=180)
"""Ended logins stay that long: the trail names them."""


@dataclass(frozen=True, slots=True)
class Session:
    """A login that stands, and whose it is."""

    session_id: int
    account_id: int
    username: str
    display_name: str
    role: Role
    must_change: bool
    origin: str
    seen_at: datetime


class Sessions(Area):
    """Beginning, finding and ending logins."""

    @verb("access.begin_session", writes=True)
    def begin_session(self, tx: Transaction, account_id: int, *, origin: str, method: str = "password") -> str:
        """Begin a login and return its token for the cookie. `method` is password, proxy or oidc.

        Call it for an account whose owner is proved (`authenticate`, `recognise`). Raises Forbidden when it has been
        disabled meanwhile.
        """
        rows = tx.rows(select(ACCOUNT).where(ACCOUNT.c.id == account_id, ACCOUNT.c.disabled_at.is_(None)))
        if not rows:
            raise Forbidden(_("This account is disabled. Please ask the administrator."))
        tx.actor = actor_of(rows[0], origin)
        _clear(tx)
        token = new_token()
        values = {
            "account_id": account_id,
            "method": method,
            "origin": origin[:80],
            "begun_at": tx.now,
            "seen_at": tx.now,
            "ends_at": tx.now + timedelta(hours=tx.settings.session_hours),
        }
        session_id = tx.insert(SESSION, values | {"token_hash": fingerprint(token)})
        tx.connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(last_login_at=tx.now))
        tx.record(SESSION, session_id, after={"login": "begun", "method": method, "origin": origin[:80]})
        return token

    @verb("access.find_session", writes=False)
    def find_session(self, tx: Transaction, token: str) -> Session | None:
        """Return the login of a cookie's token while it stands, else None."""
        statement = select(
            SESSION.c.id.label("session_id"),
            SESSION.c.account_id,
            *(ACCOUNT.c[name] for name in ("username", "display_name", "role", "must_change")),
            SESSION.c.origin,
            SESSION.c.seen_at,
        ).select_from(SESSION.join(ACCOUNT))
        known = SESSION.c.token_hash == fingerprint(token)
        rows = tx.rows(statement.where(known, standing(tx.now, tx.settings)))
        return Session(**(rows[0] | {"role": Role(rows[0]["role"])})) if rows else None

    @verb("access.touch", writes=True)
    def touch(self, tx: Transaction, session_ids: Collection[int]) -> None:
        """Note that these logins are in use now: an idle one ends. Not audited."""
        stale = SESSION.c.id.in_(list(session_ids)) & (SESSION.c.seen_at < tx.now - _SEEN_EVERY)
        tx.connection.execute(update(SESSION).where(stale).values(seen_at=tx.now))

    @verb("access.living", writes=False)
    def living(self, tx: Transaction, session_ids: Collection[int]) -> set[int]:
        """Return which of these logins still stand."""
        asked = SESSION.c.id.in_(list(session_ids)) & standing(tx.now, tx.settings)
        return set(
            tx.connection.execute(select(SESSION.c.id).select_from(SESSION.join(ACCOUNT)).where(asked)).scalars()
        )

    @verb("access.end_session", writes=True)
    def end_session(self, tx: Transaction, session_id: int) -> None:
        """End a login; ending one that has ended does nothing."""
        # The trail tells who ended it, from where it was begun.
        statement = select(ACCOUNT, SESSION.c.origin).select_from(SESSION.join(ACCOUNT))
        rows = tx.rows(statement.where(SESSION.c.id == session_id, SESSION.c.ended_at.is_(None)))
        if not rows:
            return
        tx.actor = actor_of(rows[0], rows[0]["origin"])
        tx.connection.execute(update(SESSION).where(SESSION.c.id == session_id).values(ended_at=tx.now))
        tx.record(SESSION, session_id, after={"login": "ended"})

    @verb("access.end_sessions_of", writes=True)
    def end_sessions_of(self, tx: Transaction, username: str) -> int:
        """End every login of an account, e.g. when a phone is lost. Returns how many. Raises NotFound."""
        row = account_of(tx, username)
        count = end_logins(tx, row["id"])
        if count:
            tx.record(ACCOUNT, row["id"], after={"logins": "ended", "count": count})
        return count

    @verb("access.sessions", writes=False)
    def sessions(self, tx: Transaction, username: str | None = None) -> pd.DataFrame:
        """All logins that stand, latest first, or one account's. Columns: `SESSION_COLUMNS`. Raises NotFound."""
        own = [name for name in SESSION_COLUMNS if name != "username"]
        statement = select(*(SESSION.c[name] for name in own), ACCOUNT.c.username).select_from(SESSION.join(ACCOUNT))
        statement = statement.where(standing(tx.now, tx.settings))
        if username is not None:
            statement = statement.where(ACCOUNT.c.id == account_of(tx, username)["id"])
        return frame(tx.rows(statement.order_by(SESSION.c.begun_at.desc(), SESSION.c.id.desc())), SESSION_COLUMNS)


def _clear(tx: Transaction) -> None:
    """Drop the tickets of logins that ended, and logins that ended long ago."""
    over = (SESSION.c.ended_at.is_not(None)) | (SESSION.c.ends_at < tx.now)
    tx.connection.execute(delete(_TICKET).where(_TICKET.c.session_id.in_(select(SESSION.c.id).where(over))))
    tx.connection.execute(delete(SESSION).where(SESSION.c.ends_at < tx.now - _KEPT_FOR))
