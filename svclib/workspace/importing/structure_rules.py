"""What is judged of a row of structure by itself, and what its columns mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from svclib.i18n import gettext as _
from svclib.models import BodyKind, CrewKind, TeamLevel, TeamSetting, UnitKind
from svclib.tabular import Form
from svclib.workspace.importing.book import Book, Row
from svclib.workspace.importing.entry import Entry

NAME_FIELD = {
    Form.UNITS: "unit",
    Form.BODIES: "body",
    Form.CREWS: "crew",
    Form.TEAMS: "team",
    Form.STATIONS: "station",
    Form.OFFICES: "team",
}
_DATES = ("founded_on", "opened_on", "valid_from")
_LATITUDE_MAX, _LONGITUDE_MAX = 90, 180
_ONE_OF_A_KIND: dict[str, tuple[tuple[str, ...], ...]] = {
    "unit": (("name",), ("short_name",)),
    "team": (("official_name",), ("short_name", "unit_id")),
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "unit": ("parent_id",),
    "party_body": ("parent_id",),
    "crew": (),
    "team": ("parent_id", "crew_id", "party_body_id", "supervision_phone", "latitude", "longitude", "closed_on"),
    "station": ("address", "latitude", "longitude", "closed_on"),
}
"""Columns that a new row may leave blank."""


def judge_structure(entry: Entry, today: date) -> None:
    """Note everything that is wrong with the row's cells by themselves."""
    for name, cell in entry.row.cells.items():
        if cell.flaw is not None:
            entry.fault(name, cell.flaw.reason, cell.flaw.suggestion)
        value = entry.value(name)
        if isinstance(value, str) and (value[:1] in tuple("=+-@") or set(value) & set("<>")):
            entry.fault(name, _("{text} is a formula or markup, not a name.").format(text=value))
    field = NAME_FIELD[entry.table.form]
    named = entry.cell(field)
    if named is None or (named.value is None and named.flaw is None):
        entry.fault(field, _("The name is missing."))
    for name in _DATES:
        day = entry.day(name)
        if day is not None and day > today:
            entry.fault(name, _("The date {day} lies in the future (today is {today}).").format(day=day, today=today))
    for name, limit in (("latitude", _LATITUDE_MAX), ("longitude", _LONGITUDE_MAX)):
        value = entry.value(name)
        if value is not None and not -limit <= value <= limit:
            entry.fault(name, _("Degrees lie between -{limit} and {limit}.").format(limit=limit))


def same_names(book: Book, table: str, row: Row) -> Iterator[str]:
    """The columns in which another row has the name that only one may have."""
    for columns in _ONE_OF_A_KIND.get(table, ()):
        if any(
            other["id"] != row["id"] and all(other[column] == row[column] for column in columns)
            for other in book.all(table)
        ):
            yield columns[0]


def coded(value: str) -> StrEnum | str:
    """The code behind a stored value, for its word."""
    for codes in (UnitKind, BodyKind, CrewKind, TeamSetting, TeamLevel):
        if value in {code.value for code in codes}:
            return codes(value)
    return value


def body_kind(name: str) -> BodyKind:
    """The kind of a party body by its name."""
    for word, kind in (("总支", BodyKind.GENERAL_BRANCH), ("小组", BodyKind.GROUP), ("支部", BodyKind.BRANCH)):
        if word in name:
            return kind
    return BodyKind.COMMITTEE
