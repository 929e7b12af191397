"""What an import wrote, as one figure for the trail.

The rows that an import creates stand in full under its run and not one by one in the trail. The figure over all of them
stands in the trail instead, so that the rows under a run cannot be changed, removed or added to unnoticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, select

from svclib.models import AuditRow, ImportChange, table
from svclib.workspace.vault import SEALED

_CHANGE, _AUDIT = table(ImportChange), table(AuditRow)
_AT_ONCE = 2_000


def figure_of(changes: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the rows of `import_change`, in their order. Protected fields, sealed by themselves, are left out:
    a new key writes them anew."""
    sums = hashlib.sha256()
    for one in changes:
        before, after = one["before"], one["after"]
        if one["table_name"] in SEALED:
            before, after = (_plain(one["table_name"], row) for row in (before, after))
        row = [one["table_name"], one["row_id"], before, after]
        sums.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
    return sums.hexdigest()


def first_changed_run(connection: Connection) -> int | None:
    """The number of the first audit row whose import's rows are no longer what it says; None where all are."""
    noted = select(_AUDIT.c.number, _AUDIT.c.after).where(_AUDIT.c.table_name == _CHANGE.name).order_by(_AUDIT.c.number)
    said = {row.after["run_id"]: (row.number, row.after["figure"]) for row in connection.execute(noted)}
    found = {run_id: figure_of(rows) for run_id, rows in groupby(_stored(connection), itemgetter("run_id"))}
    wrong = [number for run_id, (number, figure) in said.items() if found.get(run_id) != figure]
    return min(wrong, default=None)


def _stored(connection: Connection) -> Iterator[Mapping[str, Any]]:
    chosen = select(_CHANGE).order_by(_CHANGE.c.run_id, _CHANGE.c.id).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(chosen).mappings():
        yield dict(row)


def _plain(table_name: str, row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if name not in SEALED[table_name]}
