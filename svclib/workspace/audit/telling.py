"""Rows of the trail as a person reads them: the record by its name, each change with its label and both values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlmodel import SQLModel

from svclib.i18n import gettext as _
from svclib.models import IntakeKind, label
from svclib.workspace.audit.words import HIDDEN_FIELDS, field_word, record_word, value_word
from svclib.workspace.base import Transaction
from svclib.workspace.policy import Shown, group_of
from svclib.workspace.verbs import verb_word

_AT_ONCE = 5_000
_NAMED_BY = ("short_name", "name", "username", "file_name")
Ids = defaultdict[str, set[int]]
Names = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Change:
    """One field before and after; an empty text is nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditEntry:
    """One row of the trail in words. `at` is UTC; `record` is empty where no single record was meant."""

    number: int
    at: datetime
    actor: str
    origin: str
    verb: str
    doing: str
    table_name: str | None
    row_id: int | None
    record: str
    changes: tuple[Change, ...]

    @property
    def summary(self) -> str:
        """The changes in one line."""
        return _("; ").join(_line(one) for one in self.changes)


def told(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> list[AuditEntry]:
    """The rows in words; names as they are now."""
    names = _names(tx, rows)
    zone = ZoneInfo(tx.settings.timezone)
    return [
        AuditEntry(
            **{name: row[name] for name in ("number", "at", "actor", "origin", "verb", "table_name", "row_id")},
            doing=verb_word(row["verb"]),
            record=_record(row, names),
            changes=tuple(_changes(tx, row, names, zone)),
        )
        for row in rows
    ]


def _line(change: Change) -> str:
    after = change.after or _("nothing")
    if not change.before and not change.after:
        return change.field
    said = f"{change.before} → {after}" if change.before else after
    return _("{field}: {said}").format(field=change.field, said=said)


def _changes(tx: Transaction, row: Mapping[str, Any], names: Names, zone: ZoneInfo) -> Iterable[Change]:
    place = SQLModel.metadata.tables.get(row["table_name"] or "")
    before, after = row["before"] or {}, row["after"] or {}
    whole = row["before"] is None or row["after"] is None
    for field in dict.fromkeys([*before, *after]):
        old, new = before.get(field), after.get(field)
        if field in HIDDEN_FIELDS or (old is None and new is None) or (field == "person_id" and not whole):
            continue
        if not _may_see(tx, row["table_name"], field):
            hidden = _("(not shown)")
            yield Change(field_word(row["table_name"], field), hidden * (old is not None), hidden * (new is not None))
            continue
        pointed = _target(place, field)
        known = names.get(pointed, {}) if pointed else {}
        yield Change(
            field_word(row["table_name"], field),
            value_word(row["table_name"], field, old, known, zone),
            value_word(row["table_name"], field, new, known, zone),
        )


def _may_see(tx: Transaction, table_name: str | None, field: str) -> bool:
    """Accounts that read the trail are told of a person what the policy shows their role anywhere else."""
    group = group_of(table_name, field)
    return group is None or tx.shown(group) == Shown.SHOWN


def _record(row: Mapping[str, Any], names: Names) -> str:
    if row["table_name"] is None:
        return ""
    name = names.get(row["table_name"], {}).get(row["row_id"] or 0)
    if name is None:
        owner = (row["after"] or {}).get("person_id") or (row["before"] or {}).get("person_id")
        name = names.get("person", {}).get(owner or 0)
    return " ".join(filter(None, (record_word(row["table_name"]), name or _number(row["row_id"]))))


def _number(row_id: int | None) -> str:
    return "" if row_id is None else f"#{row_id}"


def _target(place: Table | None, field: str) -> str | None:
    """The table that a field points at."""
    if place is None or field not in place.columns:
        return None
    return next((key.column.table.name for key in place.c[field].foreign_keys), None)


def _names(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, str]]:
    """What every record that the rows speak of is called, by table and id."""
    wanted: Ids = defaultdict(set)
    for row in rows:
        place = SQLModel.metadata.tables.get(row["table_name"] or "")
        if place is None:
            continue
        if row["row_id"] is not None:
            wanted[place.name].add(row["row_id"])
        for values in (row["before"] or {}, row["after"] or {}):
            for field, value in values.items():
                pointed = _target(place, field)
                if pointed is not None and isinstance(value, int):
                    wanted[pointed].add(value)
    found: dict[str, dict[int, str]] = {}
    owned: dict[str, dict[int, int]] = {}
    for name, ids in list(wanted.items()):
        place = SQLModel.metadata.tables[name]
        column = next((place.c[one] for one in _NAMED_BY if one in place.columns), None)
        if column is not None:
            found[name] = dict(_pairs(tx, place, column, ids))
        elif name == "intake":
            found[name] = {
                key: _("{year} intake: {kind}").format(year=year, kind=label(IntakeKind(kind)))
                for key, year, kind in tx.connection.execute(
                    select(place.c.id, place.c.year, place.c.kind).where(place.c.id.in_(ids))
                )
            }
        elif "person_id" in place.columns or "account_id" in place.columns:
            owner = "person_id" if "person_id" in place.columns else "account_id"
            owned[name] = dict(_pairs(tx, place, place.c[owner], ids))
    for name, owners in owned.items():
        owner = "person" if "person_id" in SQLModel.metadata.tables[name].columns else "account"
        place = SQLModel.metadata.tables[owner]
        column = place.c.name if owner == "person" else place.c.username
        known = dict(_pairs(tx, place, column, set(owners.values())))
        found[name] = {key: known[one] for key, one in owners.items() if one in known}
        found.setdefault(owner, {}).update(known)
    return found


def _pairs(tx: Transaction, place: Table, column: Any, ids: Iterable[int]) -> Iterable[tuple[int, Any]]:
    listed = sorted(ids)
    for start in range(0, len(listed), _AT_ONCE):
        chosen = select(place.c.id, column).where(place.c.id.in_(listed[start : start + _AT_ONCE]))
        yield from (tuple(row) for row in tx.connection.execute(chosen))
