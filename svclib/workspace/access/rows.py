"""What the verbs of access share: finding an account, checking its scope, ending its logins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select, update

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import Account, LoginSession, PartyBody, Person, Role, Team, Unit, label, table
from svclib.workspace.base import Transaction
from svclib.workspace.identity import normal_username
from svclib.workspace.policy import SYSTEM, SYSTEM_SERVER

ACCOUNT = table(Account)
SESSION = table(LoginSession)

SCOPES: Mapping[str, tuple[Table, str]] = {
    "unit_id": (table(Unit), N_("unit")),
    "party_body_id": (table(PartyBody), N_("party body")),
    "team_id": (table(Team), N_("service team")),
    "person_id": (table(Person), N_("person")),
}
NEEDED: Mapping[Role, tuple[str, ...]] = {
    Role.SECRETARY: ("party_body_id",),
    Role.ORGANISER: ("party_body_id",),
    Role.CONTACT: ("person_id",),
    Role.CAPTAIN: ("team_id",),
    Role.MENTOR: ("person_id",),
    Role.TRAINEE: ("person_id",),
}
"""What a role is nothing without. `person_id` is who the account's owner is in the register: any role may have it."""
POSSIBLE: Mapping[Role, tuple[str, ...]] = {
    Role.HR: ("unit_id",),
    Role.SAFETY: ("unit_id",),
    Role.LEADER: ("unit_id",),
}
"""What narrows a role that is the province's without it."""

_NAME = re.compile(r"[\w.@+-]{2,40}")
_RESERVED = frozenset({SYSTEM.name, SYSTEM_SERVER.name})


def account_of(tx: Transaction, username: str) -> dict[str, Any]:
    """The account's row. Raises NotFound."""
    rows = tx.rows(select(ACCOUNT).where(ACCOUNT.c.username == normal_username(username)))
    if not rows:
        raise NotFound(_("There is no account {name}. List them with: svc user list").format(name=username))
    return rows[0]


def checked_username(username: str) -> str:
    """The name as it is stored. Raises RuleBroken for one that cannot be a user name."""
    name = normal_username(username)
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise RuleBroken(
            _("{name!r} cannot be a user name: 2 to 40 letters, digits, or any of . @ + - _").format(name=username),
            field="username",
        )
    return name


def checked_scope(tx: Transaction, role: str, scope: Mapping[str, int | None]) -> dict[str, Any]:
    """Role and scope as columns. Raises RuleBroken where they do not fit together, NotFound for what is not there."""
    try:
        known = Role(role)
    except ValueError as error:
        raise RuleBroken(
            _("There is no role {role!r}. Known are: {known}.").format(role=role, known=", ".join(Role)), field="role"
        ) from error
    given = {name: value for name, value in scope.items() if value is not None}
    for name in NEEDED.get(known, ()):
        if name not in given:
            raise RuleBroken(
                _("The role {role} needs its {what}.").format(role=label(known), what=_(SCOPES[name][1])), field=name
            )
    for name, value in given.items():
        place, word = SCOPES[name]
        if name not in (*NEEDED.get(known, ()), *POSSIBLE.get(known, ()), "person_id"):
            raise RuleBroken(
                _("The role {role} is not limited to a {what}.").format(role=label(known), what=_(word)), field=name
            )
        if tx.scalar(select(place.c.id).where(place.c.id == value)) is None:
            raise NotFound(_("There is no {what} with the number {id}.").format(what=_(word), id=value))
    return {"role": known.value} | {name: given.get(name) for name in SCOPES}


def refuse_losing_last_administrator(tx: Transaction, account_id: int) -> None:
    """Raise RuleBroken when nobody but this account administers."""
    others = select(ACCOUNT.c.id).where(
        ACCOUNT.c.role == Role.ADMINISTRATOR.value, ACCOUNT.c.disabled_at.is_(None), ACCOUNT.c.id != account_id
    )
    if tx.scalar(others) is None:
        raise RuleBroken(_("This is the only administrator. Make another one first: svc user add"))


def change_account(tx: Transaction, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Save values of an account and note them; a password is noted as changed, never with its hash."""
    tx.connection.execute(
        update(ACCOUNT).where(ACCOUNT.c.id == row["id"]).values(**values, version=ACCOUNT.c.version + 1)
    )
    secret = "password_hash"  # noqa: S105 - a column's name
    shown = {name: value for name, value in values.items() if name != secret}
    before = {name: row[name] for name in shown}
    tx.record(ACCOUNT, row["id"], before={"username": row["username"], **before}, after=shown)


def end_logins(tx: Transaction, account_id: int, *, but: int | None = None) -> int:
    """End every login of an account, or every other one. Returns how many."""
    open_ones = (SESSION.c.account_id == account_id) & SESSION.c.ended_at.is_(None)
    if but is not None:
        open_ones &= SESSION.c.id != but
    return tx.connection.execute(update(SESSION).where(open_ones).values(ended_at=tx.now)).rowcount
