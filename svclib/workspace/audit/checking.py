"""Is the trail whole? Every row against its seal, its number and the anchors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, select, true

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.models import AuditHead, AuditRow, table
from svclib.workspace.audit.anchors import Anchor, Anchors, head_of, read_anchors, write_anchor
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.chain import FIELDS, START, link
from svclib.workspace.vault import Vault

_HEAD, _AUDIT = table(AuditHead), table(AuditRow)
_AT_ONCE = 2_000
Fault = Literal["changed", "replaced", "missing", "inserted", "cut", "head", "rewritten", "anchors"]


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


@dataclass(frozen=True)
class _Finding:
    fault: Fault
    number: int | None
    facts: Mapping[str, Any]


class Checking(Area):
    """Is the trail whole?"""

    @verb("audit.verify", writes=False)
    def verify(self, tx: Transaction) -> ChainCheck:
        """Check every row of the trail, and the trail against its anchors.

        Finds any row changed, removed, put in or moved, and names the first. Rows after the last anchor could have been
        cut off at the end by somebody who then set the head back: that alone leaves nothing to find. A whole trail is
        noted in the anchor file. Raises DatabaseState when the anchor file cannot be read.
        """
        anchors = read_anchors(tx.settings.anchors, tx.vault)
        walk = _Walk(tx.vault, anchors)
        finding = walk.first_fault(_stored_rows(tx))
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


class _Walk:
    """One pass over the trail from its first row."""

    def __init__(self, vault: Vault, anchors: Anchors) -> None:
        self.vault = vault
        self.anchors = anchors
        self.rows = 0
        self._by_number: dict[int, list[Anchor]] = {}
        for one in anchors.standing:
            self._by_number.setdefault(one.number, []).append(one)

    def first_fault(self, stored: Iterable[Mapping[str, Any]]) -> _Finding | None:
        """The first thing wrong, by number; each of `stored` holds the head as well, one without a row if need be."""
        last, mac, head = 0, START, None
        for row, following in pairwise(_and_none(stored)):
            head = (row["head_number"], row["head_mac"])
            if row["number"] is None:
                break
            self.rows += 1
            found = self._judge(row, following, last, mac, head[0])
            if found is not None:
                return found
            last, mac = row["number"], row["mac"]
        if head is None:
            return _Finding("head", 1, {})
        if head[0] > last:
            return _Finding("cut", last + 1, {"end": head[0]})
        if head[1] != mac:
            return _Finding("head", last, {})
        return self._beyond(last)

    def _judge(
        self, row: Mapping[str, Any], following: Mapping[str, Any] | None, last: int, mac: str, end: int
    ) -> _Finding | None:
        number = row["number"]
        if number <= last or number > end:
            return _Finding("inserted", number, {"end": end})
        if number > last + 1:
            return _Finding("missing", last + 1, {"before": number})
        if _sealed(self.vault, mac, row) != row["mac"]:
            # If the next row was sealed upon this one's seal, the seal is genuine, and what it sealed was changed.
            genuine = following is not None and _sealed(self.vault, row["mac"], following) == following["mac"]
            return _Finding("changed" if genuine else "replaced", number, {})
        for one in self._by_number.get(number, ()):
            if one.mac != row["mac"]:
                return _Finding("rewritten", number, {"anchor": one})
        return None

    def _beyond(self, last: int) -> _Finding | None:
        gone = [one for one in self.anchors.standing if one.number > last]
        if gone:
            return _Finding("cut", last + 1, {"anchor": max(gone, key=lambda one: one.number)})
        if self.anchors.bad_line is not None:
            return _Finding("anchors", None, {"line": self.anchors.bad_line})
        return None


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


def _and_none(rows: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    yield from rows
    yield None


def _sealed(vault: Vault, previous: str, row: Mapping[str, Any]) -> str | None:
    """The seal that the row should have; None when it holds what no row can hold."""
    try:
        read = dict(row) | {name: None if row[name] is None else json.loads(row[name]) for name in ("before", "after")}
        if isinstance(row["at"], str):
            read["at"] = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
        return link(vault, previous, read)
    except (ValueError, TypeError):
        return None


def _remember(tx: Transaction) -> bool:
    try:
        write_anchor(tx.settings, tx.vault, "verified", *head_of(tx.connection))
    except DatabaseState:
        # To check is allowed to whoever may read; what was found is told all the same.
        return False
    return True


def _verdict(rows: int, last: Anchor | None, finding: _Finding | None, zone: ZoneInfo) -> str:
    if finding is not None:
        return _fault(finding, zone)
    if rows == 0:
        return _("The trail is empty.")
    whole = _("The trail is whole: {rows} rows, each as it was written.").format(rows=rows)
    if last is None:
        how_far = _("There was no anchor before this check: rows cut off at the end could not be noticed.")
    else:
        how_far = _(
            "Up to row {number}, anchored on {day}, nothing can have been cut off; later rows could have been."
        ).format(number=last.number, day=last.at.astimezone(zone).date())
    return f"{whole} {how_far}"


def _fault(finding: _Finding, zone: ZoneInfo) -> str:
    number, facts = finding.number, finding.facts
    anchor: Anchor | None = facts.get("anchor")
    if finding.fault == "cut" and anchor is not None:
        return _(
            "Row {number} and what followed is gone: on {day} the trail went up to row {end}. If a backup was put back "
            "by other means than svc restore, or this is another database, set the anchor file aside and note why."
        ).format(number=number, day=anchor.at.astimezone(zone).date(), end=anchor.number)
    if finding.fault == "rewritten" and anchor is not None:
        return _(
            "Up to row {number} the trail was written anew: its seal is not the one that was anchored on {day}."
        ).format(number=number, day=anchor.at.astimezone(zone).date())
    sentences = {
        "changed": _("Row {number} was changed after it was written."),
        "replaced": _("Row {number} is not the row that was written here: it was changed, moved or put in."),
        "missing": _("Row {number} is missing: after the row before it comes row {before}."),
        "inserted": _("Row {number} was put in: the trail has {end} rows, numbered from 1."),
        "cut": _("Row {number} is missing at the end: the trail went up to row {end}."),
        "head": _("The head of the trail was changed: it does not fit row {number}, the last one."),
        "anchors": _("The trail is whole, but line {line} of the anchor file was changed or damaged."),
    }
    return sentences[finding.fault].format(number=number, **facts)
