"""Rows of the demo by table name, with the ids that link them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

TODAY = date(2026, 8, 20)
"""The day at which the demo is anchored, whatever the clock says."""


@dataclass(frozen=True)
class Province:
    """A whole demo province in clear text: rows by table name, each with its id."""

    size: str
    seed: int
    today: date
    rows: Mapping[str, list[dict[str, Any]]]


@dataclass
class Rows:
    """Collects rows and numbers them from 1 in each table."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> int:
        """Add a row and return its id."""
        rows = self.tables.setdefault(table, [])
        row_id = len(rows) + 1
        rows.append({"id": row_id, **values})
        return row_id

    def period(self, table: str, valid_from: date, valid_to: date | None = None, **values: Any) -> int:
        """Add a dated fact, recorded the morning after it began."""
        recorded = datetime.combine(min(valid_from + timedelta(days=1), TODAY), time(1, 30), UTC)
        return self.add(table, valid_from=valid_from, valid_to=valid_to, recorded_at=recorded, **values)

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self.tables.setdefault(table, [])


def years_after(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
