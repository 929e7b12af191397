"""Accounts: who may log in, with which role, over what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from svclib.errors import Duplicate, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import PartyBody, Person, Role, Team, Unit, table
from svclib.workspace.access.hashing import first_password, hash_password
from svclib.workspace.access.rows import (
    ACCOUNT,
    account_of,
    change_account,
    checked_scope,
    checked_username,
    end_logins,
    refuse_losing_last_administrator,
)
from svclib.workspace.access.weakness import refuse_weak
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame

if TYPE_CHECKING:
    import pandas as pd

USER_COLUMNS = {
    "id": "id",
    "username": "text",
    "display_name": "text",
    "role": "text",
    "unit_id": "id",
    "unit": "text",
    "party_body_id": "id",
    "party_body": "text",
    "team_id": "id",
    "team": "text",
    "person_id": "id",
    "person": "text",
    "signs_on_by_password": "flag",
    "must_change": "flag",
    "disabled": "flag",
    "created_at": "instant",
    "last_login_at": "instant",
}
FIRST_ADMINISTRATOR = "admin"

_UNIT, _BODY, _TEAM, _PERSON = table(Unit), table(PartyBody), table(Team), table(Person)


@dataclass(frozen=True, slots=True)
class Me:
    """Who acts, for the page's frame. `role` is None for the machine's own user; `scope` names unit, body or team."""

    username: str
    display_name: str
    role: Role | None
    scope: str


class Accounts(Area):
    """Making accounts and saying what they are for."""

    @verb("access.add_user", writes=True)
    def add_user(
        self,
        tx: Transaction,
        username: str,
        role: str,
        *,
        display_name: str = "",
        password: str | None = None,
        must_change: bool = True,
        unit_id: int | None = None,
        party_body_id: int | None = None,
        team_id: int | None = None,
        person_id: int | None = None,
    ) -> int:
        """Make an account and return its id. Without a password only single sign-on lets its owner in.

        A password that somebody else has chosen is to be changed at the first login, unless `must_change` is False.
        Raises RuleBroken (name, role, scope, password), Duplicate, NotFound for a scope that is not there.
        """
        name = checked_username(username)
        if tx.scalar(select(ACCOUNT.c.id).where(ACCOUNT.c.username == name)) is not None:
            raise Duplicate(_("There is an account {name} already.").format(name=name))
        scope = {"unit_id": unit_id, "party_body_id": party_body_id, "team_id": team_id, "person_id": person_id}
        values = {"username": name, "display_name": display_name.strip()[:60] or name, **checked_scope(tx, role, scope)}
        secret = {}
        if password is not None:
            refuse_weak(tx, password, username=name, display_name=values["display_name"])
            secret = {"password_hash": hash_password(password), "password_set_at": tx.now}
        asked = {"must_change": must_change and password is not None}
        account_id = tx.insert(ACCOUNT, values | secret | asked | {"version": 1, "created_at": tx.now})
        tx.record(ACCOUNT, account_id, after=values | asked)
        return account_id

    @verb("access.first_administrator", writes=True)
    def first_administrator(self, tx: Transaction) -> tuple[str, str] | None:
        """Make the first account of all; its name and password, to be shown once. None where there is an account."""
        if tx.scalar(select(ACCOUNT.c.id).limit(1)) is not None:
            return None
        password = first_password()
        values = {"username": FIRST_ADMINISTRATOR, "display_name": _("Administrator"), "role": Role.ADMINISTRATOR.value}
        secret = {"password_hash": hash_password(password), "password_set_at": tx.now, "must_change": True}
        account_id = tx.insert(ACCOUNT, values | secret | {"version": 1, "created_at": tx.now})
        tx.record(ACCOUNT, account_id, after=values | {"must_change": True})
        return FIRST_ADMINISTRATOR, password

    @verb("access.any_account", writes=False)
    def any_account(self, tx: Transaction) -> bool:
        """Whether anybody could log in."""
        return tx.scalar(select(ACCOUNT.c.id).where(ACCOUNT.c.disabled_at.is_(None)).limit(1)) is not None

    @verb("access.users", writes=False)
    def users(self, tx: Transaction) -> pd.DataFrame:
        """All accounts by name, with role and scope. Columns: `USER_COLUMNS`."""
        places = (
            ACCOUNT.outerjoin(_UNIT, _UNIT.c.id == ACCOUNT.c.unit_id)
            .outerjoin(_BODY, _BODY.c.id == ACCOUNT.c.party_body_id)
            .outerjoin(_TEAM, _TEAM.c.id == ACCOUNT.c.team_id)
            .outerjoin(_PERSON, _PERSON.c.id == ACCOUNT.c.person_id)
        )
        own = ("id", "username", "display_name", "role", "unit_id", "party_body_id", "team_id", "person_id")
        statement = select(
            *(ACCOUNT.c[name] for name in (*own, "must_change", "created_at", "last_login_at")),
            _UNIT.c.short_name.label("unit"),
            _BODY.c.name.label("party_body"),
            _TEAM.c.short_name.label("team"),
            _PERSON.c.name.label("person"),
            ACCOUNT.c.password_hash.is_not(None).label("signs_on_by_password"),
            ACCOUNT.c.disabled_at.is_not(None).label("disabled"),
        )
        return frame(tx.rows(statement.select_from(places).order_by(ACCOUNT.c.username)), USER_COLUMNS)

    @verb("access.me", writes=False)
    def me(self, tx: Transaction) -> Me:
        """Who acts here."""
        actor = tx.actor
        if actor.account_id is None:
            return Me(actor.name, actor.name, None, "")
        names = (
            (_TEAM.c.short_name, _TEAM.c.id == actor.team_id),
            (_BODY.c.name, _BODY.c.id == actor.party_body_id),
            (_UNIT.c.short_name, _UNIT.c.id == actor.unit_id),
        )
        scope = next((found for column, own in names if (found := tx.scalar(select(column).where(own)))), "")
        shown = tx.scalar(select(ACCOUNT.c.display_name).where(ACCOUNT.c.id == actor.account_id))
        return Me(actor.name, shown, actor.role, scope)

    @verb("access.set_role", writes=True)
    def set_role(
        self,
        tx: Transaction,
        username: str,
        role: str,
        *,
        unit_id: int | None = None,
        party_body_id: int | None = None,
        team_id: int | None = None,
        person_id: int | None = None,
    ) -> None:
        """Give an account this role and scope in place of what it had, and end its logins: pages show what was allowed.

        Raises NotFound, RuleBroken where role and scope do not fit or nobody would administer any more.
        """
        row = account_of(tx, username)
        scope = {"unit_id": unit_id, "party_body_id": party_body_id, "team_id": team_id, "person_id": person_id}
        values = checked_scope(tx, role, scope)
        if row["role"] == Role.ADMINISTRATOR and values["role"] != Role.ADMINISTRATOR:
            refuse_losing_last_administrator(tx, row["id"])
        change_account(tx, row, values)
        end_logins(tx, row["id"])

    @verb("access.disable", writes=True)
    def disable(self, tx: Transaction, username: str) -> None:
        """Let nobody in by this account any more, and end its logins; it stays, for the trail names it.

        Raises NotFound, RuleBroken for one that is disabled, or the only administrator.
        """
        row = account_of(tx, username)
        if row["disabled_at"] is not None:
            raise RuleBroken(_("The account {name} is disabled.").format(name=row["username"]))
        if row["role"] == Role.ADMINISTRATOR:
            refuse_losing_last_administrator(tx, row["id"])
        change_account(tx, row, {"disabled_at": tx.now})
        end_logins(tx, row["id"])

    @verb("access.enable", writes=True)
    def enable(self, tx: Transaction, username: str) -> None:
        """Let a disabled account's owner in again. Raises NotFound, RuleBroken for one that is in use."""
        row = account_of(tx, username)
        if row["disabled_at"] is None:
            raise RuleBroken(_("The account {name} is not disabled.").format(name=row["username"]))
        change_account(tx, row, {"disabled_at": None})
