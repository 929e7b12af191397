"""Who may do what. Until accounts exist there is one actor, the machine's own user: everything allowed, masks shown.

The serving issue puts roles and scopes here; verbs already ask.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts: `name` goes into the audit trail."""

    name: str


SYSTEM = Actor("system")


class Policy:
    """Answers for one actor: may this verb be used, and how is a field group shown."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def allows(self, verb: str) -> bool:
        return self.actor == SYSTEM
