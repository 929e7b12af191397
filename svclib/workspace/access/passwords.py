"""Setting passwords for others, and changing one's own."""

from __future__ import annotations

from sqlalchemy import select, update

from svclib.errors import Forbidden, RuleBroken
from svclib.i18n import gettext as _
from svclib.workspace.access.hashing import first_password, hash_password, new_token
from svclib.workspace.access.logins import Logins
from svclib.workspace.access.rows import ACCOUNT, SESSION, account_of, change_account, end_logins
from svclib.workspace.access.weakness import refuse_weak
from svclib.workspace.base import Transaction, verb
from svclib.workspace.identity import actor_of, fingerprint, login_ended, standing


class Passwords(Logins):
    """Passwords: hashes in the database, never in the trail."""

    @verb("access.set_password", writes=True)
    def set_password(
        self, tx: Transaction, username: str, password: str | None = None, *, must_change: bool = True
    ) -> str:
        """Give an account a new password, end its logins, and return the password to be passed on.

        Without one, a random one is made. Its owner must change it at the next login unless `must_change` is False.
        Raises NotFound, RuleBroken for a password that the rules refuse.
        """
        row = account_of(tx, username)
        if password is not None:
            refuse_weak(tx, password, username=row["username"], display_name=row["display_name"])
        chosen = password or first_password()
        secret = {"password_hash": hash_password(chosen), "password_set_at": tx.now, "must_change": must_change}
        change_account(tx, row, secret)
        end_logins(tx, row["id"])
        return chosen

    def change_own_password(self, session_id: int, current: str, new: str, origin: str) -> str:
        """Change the password of a login's own account and return the login's new token; its other logins end.

        Raises LoginRefused for a wrong current password (counted as a failed login), RuleBroken for a new one that the
        rules refuse, Forbidden when the login has ended.
        """
        login = self.authenticate(self._owner(session_id), current, origin)
        if current == new:
            raise RuleBroken(_("The new password is the old one. Please choose another one."), field="password")
        return self._replace_password(session_id, login.account_id, new)

    @verb("access.owner", writes=False)
    def _owner(self, tx: Transaction, session_id: int) -> str:
        places = SESSION.join(ACCOUNT)
        found = select(ACCOUNT.c.username).select_from(places).where(SESSION.c.id == session_id)
        name = tx.scalar(found.where(standing(tx.now, tx.settings)))
        if name is None:
            raise Forbidden(login_ended())
        return str(name)

    @verb("access.change_own_password", writes=True)
    def _replace_password(self, tx: Transaction, session_id: int, account_id: int, new: str) -> str:
        row = tx.rows(select(ACCOUNT).where(ACCOUNT.c.id == account_id))[0]
        # From here on the account's owner acts, not the server for somebody.
        tx.actor = actor_of(row, tx.scalar(select(SESSION.c.origin).where(SESSION.c.id == session_id)) or "")
        refuse_weak(tx, new, username=row["username"], display_name=row["display_name"])
        secret = {"password_hash": hash_password(new), "password_set_at": tx.now, "must_change": False}
        change_account(tx, row, secret)
        end_logins(tx, account_id, but=session_id)
        token = new_token()
        tx.connection.execute(update(SESSION).where(SESSION.c.id == session_id).values(token_hash=fingerprint(token)))
        return token
