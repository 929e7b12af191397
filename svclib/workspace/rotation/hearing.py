"""Whether anything has been saved that a plan's judgement reads beside the plan itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, or_, select

from svclib.models import AuditHead, AuditRow, table
from svclib.workspace.base import Area, Transaction, verb

_HEAD = table(AuditHead)
_AUDIT = table(AuditRow)
# Of people, teams, safety and absences nothing is changed by these; what they change of a plan its version tells.
_OF_NO_MATTER = (
    "register.reveal",
    "rotation.move",
    "rotation.reason",
    "rotation.request",
    "rotation.request_reason",
    "rotation.return_request",
    "rotation.withdraw_request",
    "rotation.attach",
    "rotation.withdraw",
    "backup.write",
)
_AREAS_OF_NO_MATTER = ("access.", "audit.", "keys.")


@dataclass(frozen=True)
class Heard:
    """How far the trail goes (`number`), and whether what came since may change a judgement."""

    number: int
    changed: bool


class Hearing(Area):
    """What has happened beside a plan."""

    @verb("rotation.plans", writes=False)
    def heard(self, tx: Transaction, since: int | None = None) -> Heard:
        """Tell whether anything was saved after this number of the trail that a plan's judgement may read.

        It looks at the trail's last rows only, by their numbers. Logins, backups, requests that are merely filed and
        moves of placements are no change: a plan's own version tells of the latter. `since` None: everything is new.
        """
        number = int(tx.scalar(select(_HEAD.c.number).where(_HEAD.c.id == 1)) or 0)
        if since is None or number < since:
            # The trail was shorter than it has been: another database stands there now.
            return Heard(number, changed=True)
        if number == since:
            return Heard(number, changed=False)
        elsewhere = or_(*(_AUDIT.c.verb.startswith(area) for area in _AREAS_OF_NO_MATTER))
        matters = exists().where(_AUDIT.c.number > since, _AUDIT.c.verb.not_in(_OF_NO_MATTER), ~elsewhere)
        return Heard(number, changed=bool(tx.scalar(select(matters))))
