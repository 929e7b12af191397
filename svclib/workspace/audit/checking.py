"""Is the trail whole? Every row against its seal, its number and the anchors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, select, true

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.i18n import run_on
from svclib.models import AuditHead, AuditRow, table
from svclib.workspace.audit.anchors import Anchor, head_of, read_anchors, write_anchor
from svclib.workspace.audit.walk import Fault, Finding, Walk, told
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.chain import FIELDS
from svclib.workspace.import_seal import first_changed_run

_HEAD, _AUDIT = table(AuditHead), table(AuditRow)
_AT_ONCE = 2_000


@dataclass(frozen=True)
class ChainCheck:
    """What a check found. `number` is the first bad row; None when all is whole, or when only the anchors are damaged.

    `rows` were read. Up to `anchored` (0 without any anchor) nothing can have been cut off unnoticed. `remembered`
    tells whether the anchor file keeps that all was whole.
    """

    at: datetime
    rows: int
    number: int | None
    fault: Fault | None
    sentence: str
    anchored: int
    anchored_at: datetime | None
    remembered: bool

    @property
    def whole(self) -> bool:
        return self.fault is None


class Checking(Area):
    """Is the trail whole?"""

    def verify(self) -> ChainCheck:
        """Check every row of the trail, and the trail against its anchors.

        Finds any row changed, removed, put in or moved, and names the first; likewise for the rows that stand under an
        import, by the figure that the trail has of them. Rows after the last anchor could have been
        cut off at the end by somebody who then set the head back: that alone leaves nothing to find. A whole trail is
        noted in the anchor file. Raises DatabaseState when the anchor file cannot be read.
        """
        found = self._verify()
        # An anchor noted between our look at the database and at the file speaks of rows that we do not see yet: look
        # again. What is really cut off stays so.
        return self._verify() if found.fault == "cut" else found

    @verb("audit.verify", writes=False)
    def _verify(self, tx: Transaction) -> ChainCheck:
        anchors = read_anchors(tx.settings.anchors, tx.vault)
        walk = Walk(tx.vault, anchors)
        finding = walk.first_fault(_stored_rows(tx)) or _changed_import(tx)
        last = anchors.last()
        remembered = finding is None and walk.rows > 0 and _remember(tx)
        return ChainCheck(
            at=tx.now,
            rows=walk.rows,
            number=None if finding is None else finding.number,
            fault=None if finding is None else finding.fault,
            sentence=_verdict(walk.rows, last, finding, ZoneInfo(tx.settings.timezone)),
            anchored=0 if last is None else last.number,
            anchored_at=None if last is None else last.at,
            remembered=remembered,
        )

    @verb("audit.anchor", writes=False)
    def anchor(self, tx: Transaction) -> Anchor:
        """Note where the trail ends now, in the anchor file. Raises DatabaseState when it cannot be written."""
        return write_anchor(tx.settings, tx.vault, "anchor", *head_of(tx.connection))


def _stored_rows(tx: Transaction) -> Iterator[Mapping[str, Any]]:
    """The head beside each row, from one statement: one moment, however many write meanwhile. Texts stay unread."""
    # What cannot be read would stop the reading; PostgreSQL keeps no moment that cannot.
    texts = {"before", "after"} | ({"at"} if tx.connection.dialect.name == "sqlite" else set())
    columns = [cast(_AUDIT.c[name], String).label(name) if name in texts else _AUDIT.c[name] for name in FIELDS]
    head = [_HEAD.c.number.label("head_number"), _HEAD.c.mac.label("head_mac")]
    source = _HEAD.outerjoin(_AUDIT, true())
    chosen = select(*columns, _AUDIT.c.mac, *head).select_from(source).where(_HEAD.c.id == 1).order_by(_AUDIT.c.number)
    for row in tx.connection.execute(chosen.execution_options(yield_per=_AT_ONCE)).mappings():
        yield dict(row)


def _changed_import(tx: Transaction) -> Finding | None:
    number = first_changed_run(tx.connection)
    return None if number is None else Finding("imported", number, {})


def _remember(tx: Transaction) -> bool:
    try:
        write_anchor(tx.settings, tx.vault, "verified", *head_of(tx.connection))
    except DatabaseState:
        # To check is allowed to whoever may read; what was found is told all the same.
        return False
    return True


def _verdict(rows: int, last: Anchor | None, finding: Finding | None, zone: ZoneInfo) -> str:
    if finding is not None:
        return told(finding, zone)
    if rows == 0:
        return _("The trail is empty.")
    whole = _("The trail is whole: {rows} rows, each as it was written.").format(rows=rows)
    if last is None:
        how_far = _("There was no anchor before this check: rows cut off at the end could not be noticed.")
    else:
        how_far = _(
            "Up to row {number}, anchored on {day}, nothing can have been cut off; later rows could have been."
        ).format(number=last.number, day=last.at.astimezone(zone).date())
    return run_on(whole, how_far)
