"""Drafts: what somebody has typed and not yet saved. A refresh of the page loses the kernel, not the work."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from svclib.models import Draft, table
from svclib.workspace.base import Area, Transaction, verb

_DRAFT = table(Draft)
FIELD = "draft"


class Drafts(Area):
    """Each user's own drafts by key, e.g. `person/17`. Contents are encrypted: they may hold protected fields."""

    @verb("drafts.save", writes=True)
    def save(self, tx: Transaction, key: str, content: dict[str, Any]) -> datetime:
        """Keep this content under the key in place of an older one. Return the moment (UTC). Drafts are not audited."""
        mine = (_DRAFT.c.actor == tx.actor.name) & (_DRAFT.c.key == key)
        values = {"content": tx.vault.encrypt(FIELD, json.dumps(content, default=str)), "saved_at": tx.now}
        if tx.connection.execute(update(_DRAFT).where(mine).values(**values)).rowcount == 0:
            tx.connection.execute(insert(_DRAFT).values(actor=tx.actor.name, key=key, **values))
        return tx.now

    @verb("drafts.load", writes=False)
    def load(self, tx: Transaction, key: str) -> tuple[dict[str, Any], datetime] | None:
        """The content under the key and the moment it was saved; None where there is none."""
        mine = (_DRAFT.c.actor == tx.actor.name) & (_DRAFT.c.key == key)
        rows = tx.rows(select(_DRAFT.c.content, _DRAFT.c.saved_at).where(mine))
        if not rows:
            return None
        return json.loads(tx.vault.decrypt(FIELD, rows[0]["content"]) or "{}"), rows[0]["saved_at"]

    @verb("drafts.discard", writes=True)
    def discard(self, tx: Transaction, key: str) -> None:
        """Forget the draft under the key, if any."""
        tx.connection.execute(delete(_DRAFT).where((_DRAFT.c.actor == tx.actor.name) & (_DRAFT.c.key == key)))
