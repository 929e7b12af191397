"""Saving rows that people edit: a save on top of somebody else's is noticed, and both values are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, select, update

from svclib.errors import StaleRecord
from svclib.i18n import gettext as _
from svclib.models import AuditRow, table
from svclib.workspace.base import Transaction
from svclib.workspace.vault import PROTECTED

_AUDIT = table(AuditRow)


def require_version(
    tx: Transaction,
    place: Table,
    stored: Mapping[str, Any],
    wanted: Mapping[str, Any],
    version: int,
    *,
    shown: Callable[[str, Any], Any],
) -> None:
    """Raise StaleRecord unless the stored row still has the version that was read.

    `conflicts` holds every wanted field whose stored value differs, as (read, stored, wanted) passed through `shown`.
    What was read comes from the audit trail.
    """
    if stored["version"] == version:
        return
    read = _as_read(tx, place, stored, version)
    conflicts = {
        name: (shown(name, read.get(name)), shown(name, stored[name]), shown(name, value))
        for name, value in wanted.items()
        if name in stored and shown(name, stored[name]) != shown(name, value)
    }
    raise StaleRecord(
        _("Somebody else saved this record in the meantime. Compare the values, then save again."),
        version=stored["version"],
        conflicts=conflicts,
    )


def save_row(tx: Transaction, place: Table, stored: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Write what differs, with the next version. Return the version; nothing differing keeps the row as it is."""
    differing = {name: value for name, value in values.items() if stored[name] != value}
    version = int(stored["version"])
    if not differing:
        return version
    after = {**differing, "version": version + 1}
    tx.connection.execute(update(place).where(place.c.id == stored["id"]).values(**after))
    tx.record(place, stored["id"], before={name: stored[name] for name in after}, after=after)
    return version + 1


def _as_read(tx: Transaction, place: Table, stored: Mapping[str, Any], version: int) -> dict[str, Any]:
    """The row as it was at that version: the trail undone from the newest write back."""
    mine = (_AUDIT.c.table_name == place.name) & (_AUDIT.c.row_id == stored["id"])
    trail = tx.rows(select(_AUDIT.c.before, _AUDIT.c.after).where(mine).order_by(_AUDIT.c.number.desc()))
    values = dict(stored)
    for row in trail:
        if (row["after"] or {}).get("version", version + 1) <= version:
            break
        for name, value in (row["before"] or {}).items():
            column = place.c.get(name)
            if name in PROTECTED and not tx.vault.opens(value):
                # Under a key that was forgotten: what was read is not known any more.
                values[name] = None
            elif column is not None:
                values[name] = _stored(column, value)
    return values


def _stored(column: Any, value: Any) -> Any:
    # The trail holds days as ISO texts.
    kind = column.type.python_type
    return kind.fromisoformat(value) if isinstance(value, str) and hasattr(kind, "fromisoformat") else value
