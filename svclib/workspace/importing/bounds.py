"""What the rows of a file may touch for whoever imports it: people and places of the scope, fields of the role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Table, select

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.models import Crew, PartyBody, Person, Station, Team, Unit, table
from svclib.workspace.base import Transaction
from svclib.workspace.importing.book import Book, Row
from svclib.workspace.importing.entry import Entry
from svclib.workspace.policy import FIELDS, GROUP_WORDS
from svclib.workspace.scope import POINTERS, Conditions

_PERSON, _UNIT, _BODY = table(Person), table(Unit), table(PartyBody)
_CREW, _TEAM, _STATION = table(Crew), table(Team), table(Station)
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Bounds:
    """The limits of one import: fields that the role is not shown, and those that it does not change.

    `places` (ids by table) and `people` are None where everything is in scope. `unclaimed` are people without party
    ties whom a row may bring into one of the scope's party bodies: an activist has none before being listed.
    """

    hidden: frozenset[str]
    foreign: frozenset[str]
    places: Mapping[str, frozenset[int]] | None = None
    people: frozenset[int] | None = None
    unclaimed: frozenset[int] = frozenset()

    def holds(self, person_id: int) -> bool:
        """Whether the person is in scope; somebody whom the file itself brings is."""
        return self.people is None or person_id < 0 or person_id in self.people or person_id in self.unclaimed

    def knows(self, name: str, row: Row) -> bool:
        """Whether a unit, party body, crew, team or station may be meant by a name in the file."""
        return self.places is None or row["id"] in self.places[name]

    def judge_cells(self, entry: Entry) -> None:
        """Refuse a row that tells what the role is not shown: already “nothing changed” would confirm it."""
        if self.hidden:
            for name, _value in entry.values():
                if name in self.hidden:
                    entry.fault(name, _not_yours(name))

    def judge_changes(self, entry: Entry, person_id: int, touched: Iterable[tuple[str, Row]]) -> None:
        """Refuse a row that changes what the role does not keep, or what belongs to a place outside the scope."""
        if self.foreign:
            for note in entry.changed:
                if note.field in self.foreign:
                    entry.fault(note.field, _not_yours(note.field))
        if self.places is None:
            return
        if person_id in self.unclaimed and entry.text("branch") is None:
            entry.fault("branch", _("This person belongs to no party body yet: add a column with the party branch."))
        for _name, row in touched:
            for column, place in POINTERS.items():
                pointed = row.get(column)
                if place != "person" and pointed is not None and pointed > 0 and pointed not in self.places[place]:
                    entry.fault(_COLUMNS[place], _("This would change something at a place outside your scope."))
                    return


def _not_yours(name: str) -> str:
    return _("Your role does not change this: {what}.").format(what=_(GROUP_WORDS[FIELDS[name]]))


_COLUMNS = {"unit": "unit", "crew": "crew", "team": "team", "station": "station", "party_body": "branch"}


def bounds_of(tx: Transaction, book: Book, *, create_units: bool) -> Bounds:
    """The bounds of whoever acts, for the people of the book.

    Raises Forbidden for making units with a narrower scope.
    """
    hidden = frozenset(name for name in FIELDS if not tx.policy.sees(name))
    foreign = frozenset(name for name, group in FIELDS.items() if not tx.policy.keeps(group))
    if tx.scope.everything:
        return Bounds(hidden, foreign)
    if create_units:
        raise Forbidden(_("New units are made by the provincial company."))
    scope = tx.scope
    units, teams = _ids(tx, _UNIT, scope.units(_UNIT.c.id, tx.today)), _ids(tx, _TEAM, scope.teams())
    places = {
        "unit": units,
        "team": teams,
        "party_body": _ids(tx, _BODY, scope.bodies()),
        "crew": _ids(tx, _CREW, (_CREW.c.unit_id.in_(units),)),
        "station": _ids(tx, _STATION, (_STATION.c.team_id.in_(teams),)),
    }
    known = [int(row["id"]) for row in book.all("person")]
    own, unclaimed = scope.standing(_PERSON.c.id, tx.today), scope.unclaimed(_PERSON.c.id, tx.today)
    return Bounds(hidden, foreign, places, _people(tx, known, own), _people(tx, known, unclaimed))


def _ids(tx: Transaction, place: Table, conditions: Conditions) -> frozenset[int]:
    return frozenset(tx.connection.execute(select(place.c.id).where(*conditions)).scalars())


def _people(tx: Transaction, ids: list[int], conditions: Conditions) -> frozenset[int]:
    found: set[int] = set()
    for start in range(0, len(ids), _AT_ONCE):
        found |= _ids(tx, _PERSON, (_PERSON.c.id.in_(ids[start : start + _AT_ONCE]), *conditions))
    return frozenset(found)
