"""Rows become a DataFrame with declared dtypes, also when there are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

KINDS = {"id": "Int64", "int": "Int64", "float": "Float64", "text": "string", "flag": "boolean"}
"""Declared kind → dtype; `day` and `instant` are datetime64."""


def frame(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """A DataFrame with exactly these columns. Kinds: id, int, float, text, flag, day (midnight), instant (UTC)."""
    listed = list(rows)
    return _framed({name: [row[name] for row in listed] for name in columns}, columns)


def frame_of_tuples(rows: Sequence[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """The same from rows whose values stand in the order of the columns: for long lists."""
    values = zip(*rows, strict=True) if rows else [[] for _name in columns]
    return _framed({name: list(column) for name, column in zip(columns, values, strict=True)}, columns)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries of plain values; what is missing is None."""
    plain = rows.astype(object).where(rows.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _framed(values: Mapping[str, list[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    # Half a second, which commands that show no table need not pay.
    import numpy as np
    import pandas as pd

    # An id taken out of a frame is numpy's: as it is, SQLite would compare its bytes and find nothing.
    sqlite3.register_adapter(np.int64, int)
    data: dict[str, Any] = {}
    for name, kind in columns.items():
        if kind == "day":
            # numpy reads days ten times as fast as pandas does.
            data[name] = pd.Series(np.array(values[name], dtype="datetime64[D]").astype("datetime64[s]"))
        elif kind == "instant":
            instants = pd.to_datetime(pd.Series(values[name], dtype="object"), utc=True)
            data[name] = pd.Series(instants, dtype="datetime64[us, UTC]")
        else:
            data[name] = pd.Series(values[name], dtype=KINDS[kind])
    return pd.DataFrame(data, columns=list(columns))
