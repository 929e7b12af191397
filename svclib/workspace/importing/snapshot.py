"""Reading what the register holds of the people and names in a file: a query per table, thousands of keys at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from svclib.models import (
    ActivistFile,
    BranchMembership,
    Crew,
    DevelopmentPeriod,
    Employment,
    Intake,
    Membership,
    PartyBody,
    Person,
    RotationRequest,
    SafetyRecord,
    Station,
    StatusPeriod,
    Team,
    TeamOffice,
    Trainee,
    TrainingContact,
    Unit,
    table,
)
from svclib.workspace.base import Transaction
from svclib.workspace.importing.book import Book

_PERSON = table(Person)
_ORGANISATION = tuple(table(model) for model in (Unit, PartyBody, Crew, Team, Station))
_OF_PERSON = tuple(
    table(model)
    for model in (
        Employment,
        BranchMembership,
        StatusPeriod,
        DevelopmentPeriod,
        Membership,
        TrainingContact,
        Trainee,
        ActivistFile,
    )
)
_SAFETY = table(SafetyRecord)
_REQUEST = table(RotationRequest)
_AT_ONCE = 5000


def people_book(
    tx: Transaction,
    *,
    numbers: Collection[str],
    fingerprints: Collection[str],
    names: Collection[str],
    safety: bool = False,
    requests: bool = False,
) -> Book:
    """The organisation, the intakes, and everybody who has one of these numbers, ID fingerprints or names; `safety`:
    with their safety records, `requests`: with what they have asked of a rotation year."""
    people = _people(tx, numbers, fingerprints, names)
    rows: dict[str, Iterable[dict[str, Any]]] = {one.name: tx.rows(select(one)) for one in _ORGANISATION}
    rows["intake"] = tx.rows(select(table(Intake)))
    rows["person"] = people.values()
    for one in (*_OF_PERSON, *(_SAFETY,) * safety, *(_REQUEST,) * requests):
        rows[one.name] = list(_chosen(tx, one, one.c.person_id, people))
    return Book(rows)


def structure_book(tx: Transaction, *, numbers: Collection[str], names: Collection[str]) -> Book:
    """The organisation, who holds which office, and everybody who has one of these numbers or names."""
    people = _people(tx, numbers, (), names)
    rows: dict[str, Iterable[dict[str, Any]]] = {one.name: tx.rows(select(one)) for one in _ORGANISATION}
    rows["team_office"] = tx.rows(select(table(TeamOffice)))
    holders = {row["person_id"] for row in rows["team_office"]} - set(people)
    rows["person"] = [*people.values(), *_chosen(tx, _PERSON, _PERSON.c.id, holders)]
    employment = table(Employment)
    rows["employment"] = list(_chosen(tx, employment, employment.c.person_id, people))
    return Book(rows)


def _people(
    tx: Transaction, numbers: Collection[str], fingerprints: Collection[str], names: Collection[str]
) -> dict[int, dict[str, Any]]:
    keys = ((_PERSON.c.employee_no, numbers), (_PERSON.c.id_number_index, fingerprints), (_PERSON.c.name, names))
    return {row["id"]: row for column, values in keys for row in _chosen(tx, _PERSON, column, values)}


def _chosen(
    tx: Transaction, source: Table, column: ColumnElement[Any], values: Collection[Any]
) -> Iterator[dict[str, Any]]:
    listed = list(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield from tx.rows(select(source).where(column.in_(listed[start : start + _AT_ONCE])))
