"""The chain of the audit trail: each row's seal covers the whole row and the seal of the row before.

A row is written out as one JSON list of FIELDS, the moment in UTC with its microseconds, `before` and `after` in the
order of their keys. Both engines give back exactly that: they keep JSON as text, and a missing value as None.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from svclib.workspace.vault import Vault

FIELDS = ("number", "at", "actor", "origin", "verb", "table_name", "row_id", "before", "after")
"""Columns of an audit row in the order in which they are sealed; all but the seal itself."""
START = ""
"""What stands in the place of a seal before the first row."""

_encode = json.JSONEncoder(separators=(",", ":")).encode


def written_out(row: Mapping[str, Any]) -> str:
    """The row as text that is sealed. Raises TypeError or ValueError for values that no audit row can hold."""
    at: datetime = row["at"]
    values = [row[name] for name in FIELDS]
    values[1] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _encode(values)


def link(vault: Vault, previous: str, row: Mapping[str, Any]) -> str:
    """The seal of a row that follows a row with the seal `previous`."""
    return vault.seal(f"{previous}\n{written_out(row)}")


def chained(vault: Vault, number: int, mac: str, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows numbered and sealed, on top of the row with this number and seal (0 and START where there is none)."""
    done = []
    for row in rows:
        number += 1
        row["number"] = number
        row["mac"] = mac = link(vault, mac, row)
        done.append(row)
    return done
