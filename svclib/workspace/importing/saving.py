"""Writing a plan: real ids, encryption, every table in one go, and the record by which it can be undone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Table, bindparam, delete, func, select, text, update
from sqlmodel import SQLModel

from svclib.models import ImportChange, Instant, table
from svclib.workspace.base import Transaction, jsonable
from svclib.workspace.bulk import insert_rows
from svclib.workspace.import_seal import figure_of
from svclib.workspace.importing.book import Change, Clear
from svclib.workspace.vault import SEALED

_CHANGE = table(ImportChange)
RealIds = Mapping[tuple[str, int], int]
"""Table and id for now → the id in the database."""


def digest(changes: Iterable[Change], told: Iterable[object], fingerprint: Callable[[str], str]) -> str:
    """A name for exactly this plan: two plans that would write the same and refuse the same have the same one."""
    sums = hashlib.sha256()
    for change in changes:
        sums.update(f"{change.table} {change.id} {change.after}".encode())
        if change.table in SEALED and change.after is not None:
            for value in change.after.values():
                if isinstance(value, Clear):
                    sums.update(fingerprint(value.value).encode())
    for one in told:
        sums.update(repr(one).encode())
    return sums.hexdigest()


def save(tx: Transaction, changes: Sequence[Change], run_id: int) -> None:
    """Write the changes and what they were before, under this run."""
    ids = _real_ids(tx, changes)
    written: list[Change] = []
    by_table: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_table[change.table].append(change)
    for place in SQLModel.metadata.sorted_tables:
        ready = _ready(tx, place, by_table.get(place.name, ()), ids)
        write(tx, place, ready)
        written += ready
    rows: list[dict[str, Any]] = [
        {
            "run_id": run_id,
            "table_name": one.table,
            "row_id": one.id,
            "before": _known(one.before),
            "after": _known(one.after),
        }
        for one in written
    ]
    insert_rows(tx.connection, _CHANGE, rows)
    tx.record(_CHANGE, None, after={"run_id": run_id, "records": len(rows), "figure": figure_of(rows)})
    if not tx.scope.everything:
        new = ((SQLModel.metadata.tables[one.table], one.id, one.after) for one in written if one.before is None)
        tx.scope.refuse_outside(((place, row_id, row) for place, row_id, row in new if row is not None), tx.today)
    for one in written:
        if one.before is not None:
            # What was there before is changed: told row by row. New rows stand under the run, sealed by its figure.
            place = SQLModel.metadata.tables[one.table]
            tx.record(place, one.id, before=_differing(one.before, one.after), after=_differing(one.after, one.before))


def _differing(row: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The columns in which a row differs from its other state; all of them where there is none."""
    if row is None or other is None:
        return None if row is None else dict(row)
    return {name: value for name, value in row.items() if other[name] != value}


def write(tx: Transaction, place: Table, changes: Sequence[Change]) -> None:
    """Write one table's changes: periods end before the next begins, other rows exist before one points at them."""
    gone = [{"key": one.id} for one in changes if one.after is None]
    fresh = [one.after for one in changes if one.before is None and one.after is not None]
    if gone:
        tx.connection.execute(delete(place).where(place.c.id == bindparam("key")), gone)
    if "valid_from" not in place.c:
        insert_rows(tx.connection, place, fresh)
    _update(tx, place, changes)
    if "valid_from" in place.c:
        insert_rows(tx.connection, place, fresh)


def stored(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A row as JSON gives it back: blank columns left out, days and moments as texts."""
    known = _known(row)
    return None if known is None else jsonable(known)


def _known(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if value is not None}


def _update(tx: Transaction, place: Table, changes: Sequence[Change]) -> None:
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in changes:
        if one.before is None or one.after is None:
            continue
        names = tuple(sorted(name for name, value in one.after.items() if one.before.get(name) != value))
        alike[names].append({"key": one.id, **{f"to_{name}": one.after[name] for name in names}})
    for names, rows in alike.items():
        values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
        tx.connection.execute(update(place).where(place.c.id == bindparam("key")).values(values), rows)


def _ready(
    tx: Transaction, place: Table, changes: Sequence[Change], ids: Mapping[tuple[str, int], int]
) -> list[Change]:
    """A table's changes with real ids, protected values encrypted, versions counted on."""
    # A plain text: the driver asks SQLAlchemy's own kind of text, each time anew, how it wants to be written.
    name, sealed, pointers = str(place.name), SEALED.get(place.name, ()), _pointers(place)
    recorded, versioned = "recorded_at" in place.c, "version" in place.c
    ready = []
    for change in changes:
        if change.after is None:
            ready.append(change)
            continue
        after = dict(change.after)
        after["id"] = real = ids.get((name, change.id), change.id)
        for protected in sealed:
            value = after[protected]
            if isinstance(value, Clear):
                after[protected] = tx.vault.encrypt(protected, value.value)
        for column, target in pointers:
            pointed = after[column]
            if pointed is not None and pointed < 0:
                after[column] = ids[target, pointed]
        if recorded and after["recorded_at"] is None:
            after["recorded_at"] = tx.now
        if versioned and change.before is not None:
            after["version"] = change.before["version"] + 1
        ready.append(Change(name, real, change.before, after))
    return ready


@cache
def _pointers(place: Table) -> tuple[tuple[str, str], ...]:
    """The columns that point at other rows, and the table of each."""
    return tuple((column.name, key.column.table.name) for column in place.columns for key in column.foreign_keys)


def _real_ids(tx: Transaction, changes: Sequence[Change]) -> RealIds:
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for change in changes:
        if change.before is None:
            wanted[change.table].append(change.id)
    return {
        (name, temporary): real
        for name, listed in wanted.items()
        for temporary, real in zip(listed, _fresh_ids(tx, SQLModel.metadata.tables[name], len(listed)), strict=True)
    }


def _fresh_ids(tx: Transaction, place: Table, count: int) -> Iterable[int]:
    """Ids for new rows. SQLite would give an id of a row that an undone import took back a second time: skip those."""
    if tx.connection.dialect.name == "postgresql":
        sequence = text("SELECT nextval(pg_get_serial_sequence(:place, 'id')) FROM generate_series(1, :count)")
        values = {"place": f'"{place.name}"', "count": count}
        return sorted(int(one) for one in tx.connection.execute(sequence, values).scalars())
    last = tx.scalar(select(func.max(place.c.id))) or 0
    imported = tx.scalar(select(func.max(_CHANGE.c.row_id)).where(_CHANGE.c.table_name == place.name)) or 0
    first = max(last, imported) + 1
    return range(first, first + count)


def restored(place: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row from JSON with its days and moments, blank columns filled in."""
    values: dict[str, Any] = {}
    for column in place.columns:
        value = row.get(column.name)
        if isinstance(value, str) and isinstance(column.type, Instant):
            value = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(column.type, Date):
            value = date.fromisoformat(value)
        values[column.name] = value
    return values
