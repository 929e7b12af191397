"""Who acts, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field

from svclib.models import Role


@dataclass(frozen=True)
class Actor:
    """Who acts: `name` goes into the audit trail.

    An account has its id, its role and the scope of that role; `origin` tells where it acts from (a client's address,
    or the command line) and is no part of who it is.
    """

    name: str
    account_id: int | None = None
    role: Role | None = None
    unit_id: int | None = None
    party_body_id: int | None = None
    team_id: int | None = None
    person_id: int | None = None
    origin: str = field(default="", compare=False)


SYSTEM = Actor("system")
"""The machine's own user: the command line and notebooks without a login."""
SYSTEM_SERVER = Actor("server")
"""The server before it knows who asks: it may begin and end logins, and nothing else."""

_SERVER_VERBS = frozenset(
    f"access.{name}"
    for name in (
        *("any_account", "attempt", "settle", "recognise", "owner", "change_own_password"),
        *("begin_session", "find_session", "touch", "living", "end_session", "issue_ticket", "withdraw_ticket"),
    )
)


class Policy:
    """Answers for one actor: may this verb be used."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def allows(self, verb: str) -> bool:
        if self.actor == SYSTEM_SERVER:
            return verb in _SERVER_VERBS
        return self.actor == SYSTEM or self.actor.account_id is not None
