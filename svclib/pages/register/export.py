"""Workbooks of the lists that the page makes itself: teams, stations, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from svclib.i18n import gettext as _
from svclib.pages.parts.texts import present
from svclib.pages.register.columns import Column
from svclib.tabular import ColumnSpec, write_table


def workbook(title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows under these columns as .xlsx: figures as numbers, days as days, marks as their words."""
    listed = list(rows)
    specs = [ColumnSpec(_(column.label), _kind(column, listed)) for column in columns]
    return write_table(specs, ([_cell(column, row) for column in columns] for row in listed), sheet=title)


def _kind(column: Column, rows: Sequence[Mapping[str, Any]]) -> Any:
    if column.kind == "number":
        return "number"
    return "date" if any(isinstance(row.get(column.key), pd.Timestamp) for row in rows) else "text"


def _cell(column: Column, row: Mapping[str, Any]) -> str | float | date | None:
    if column.kind == "marks":
        return "、".join(mark["word"] for mark in row["marks"])
    value = row[column.key]
    if not present(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if column.kind == "number":
        return round(float(value) * column.scale, 1)
    return column.read(value)
