"""Figures, days and codes as a person reads them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from svclib.models import label


def number(value: int) -> str:
    """A count with thousands separators: 1,234."""
    return f"{value:,}"


def moment(value: datetime, zone: str) -> str:
    """A moment on the office's clock: 2026-07-01 10:32."""
    return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def clock(value: datetime, zone: str) -> str:
    """The time of day of a moment on the office's clock: 10:32."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def present(value: Any) -> bool:
    """Whether a cell of a frame holds something."""
    return value is not None and not pd.isna(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def text(value: Any) -> str:
    """A cell of a frame as text: days as 2026-07-01, nothing for what is missing."""
    if not present(value):
        return ""
    if isinstance(value, (pd.Timestamp, datetime)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def word(code: type[StrEnum], value: Any) -> str:
    """The word for a code in a frame, nothing for what is missing; an unknown code is shown as it is."""
    if not present(value):
        return ""
    try:
        return label(code(str(value)))
    except ValueError:
        return str(value)


def options(code: type[StrEnum]) -> list[dict[str, Any]]:
    """Every value of a code with its word, for a choice."""
    return [{"id": value.value, "label": label(value)} for value in code]
