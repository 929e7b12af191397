"""One pass over the trail: the first row that is not what was written, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from svclib.i18n import gettext as _
from svclib.workspace.audit.anchors import Anchor, Anchors
from svclib.workspace.chain import START, link
from svclib.workspace.vault import Vault

Fault = Literal["changed", "replaced", "missing", "inserted", "cut", "head", "rewritten", "anchors", "imported"]


@dataclass(frozen=True)
class Finding:
    """What is wrong, and at which row; no row where only the anchors are damaged."""

    fault: Fault
    number: int | None
    facts: Mapping[str, Any]


class Walk:
    """One pass over the trail from its first row."""

    def __init__(self, vault: Vault, anchors: Anchors) -> None:
        self.vault = vault
        self.anchors = anchors
        self.rows = 0
        self._by_number: dict[int, list[Anchor]] = {}
        for one in anchors.standing:
            self._by_number.setdefault(one.number, []).append(one)

    def first_fault(self, stored: Iterable[Mapping[str, Any]]) -> Finding | None:
        """The first thing wrong, by number.

        Each of `stored` is a row with `before` and `after` as JSON text and the head beside it (head_number, head_mac);
        an empty trail is one with nothing but the head.
        """
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
            return Finding("head", 1, {})
        if head[0] > last:
            return Finding("cut", last + 1, {"end": head[0]})
        if head[1] != mac:
            return Finding("head", last, {})
        return self._beyond(last)

    def _judge(
        self, row: Mapping[str, Any], following: Mapping[str, Any] | None, last: int, mac: str, end: int
    ) -> Finding | None:
        number = row["number"]
        if number <= last or number > end:
            return Finding("inserted", number, {"end": end})
        if number > last + 1:
            return Finding("missing", last + 1, {"before": number})
        if _sealed(self.vault, mac, row) != row["mac"]:
            # If the next row was sealed upon this one's seal, the seal is genuine, and what it sealed was changed.
            genuine = following is not None and _sealed(self.vault, row["mac"], following) == following["mac"]
            return Finding("changed" if genuine else "replaced", number, {})
        for one in self._by_number.get(number, ()):
            if one.mac != row["mac"]:
                return Finding("rewritten", number, {"anchor": one})
        return None

    def _beyond(self, last: int) -> Finding | None:
        gone = [one for one in self.anchors.standing if one.number > last]
        if gone:
            return Finding("cut", last + 1, {"anchor": max(gone, key=lambda one: one.number)})
        if self.anchors.bad_line is not None:
            return Finding("anchors", None, {"line": self.anchors.bad_line})
        return None


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


def told(finding: Finding, zone: ZoneInfo) -> str:
    """The sentence for what is wrong."""
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
        "imported": _("The trail is whole, but what the import of row {number} wrote was changed afterwards."),
        "anchors": _("The trail is whole, but line {line} of the anchor file was changed or damaged."),
    }
    return sentences[finding.fault].format(number=number, **facts)
