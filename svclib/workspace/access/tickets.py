"""Tickets: what lets one page's kernel act for the login that opened it, never the cookie itself."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from svclib.errors import Forbidden
from svclib.models import PageTicket, table
from svclib.workspace.access.hashing import new_token
from svclib.workspace.access.rows import ACCOUNT, SESSION
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.identity import fingerprint, login_ended, standing

_TICKET = table(PageTicket)


class Tickets(Area):
    """Issued when a page's kernel starts, withdrawn when it ends. Neither is audited: what is done with them is."""

    @verb("access.issue_ticket", writes=True)
    def issue_ticket(self, tx: Transaction, session_id: int, kernel_id: str) -> str:
        """Return a ticket for this kernel to act for this login. It is stored as its hash.

        Raises Forbidden when the login has ended, or its password must be changed first.
        """
        stands = select(SESSION.c.id).select_from(SESSION.join(ACCOUNT)).where(SESSION.c.id == session_id)
        usable = standing(tx.now, tx.settings) & ACCOUNT.c.must_change.is_(False)
        if tx.scalar(stands.where(usable)) is None:
            raise Forbidden(login_ended())
        ticket = new_token()
        values = {"ticket_hash": fingerprint(ticket), "session_id": session_id, "kernel_id": kernel_id}
        tx.connection.execute(insert(_TICKET).values(**values, issued_at=tx.now))
        return ticket

    @verb("access.withdraw_ticket", writes=True)
    def withdraw_ticket(self, tx: Transaction, kernel_id: str) -> None:
        """Let this kernel act for nobody any more."""
        tx.connection.execute(delete(_TICKET).where(_TICKET.c.kernel_id == kernel_id))
