"""Whose rows a verb reaches: the kinds of scope of the policy as conditions on the register's tables.

Lists ask who belongs to the scope on the day that is shown; a person's card and every change ask who belongs to it
today. Whoever belongs nowhere today (has left, is still to come) stands where the register had him last: somebody must
be able to correct and to continue the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, false, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect, FromClause

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import (
    BranchMembership,
    Crew,
    Employment,
    Membership,
    PartyBody,
    Person,
    Station,
    Team,
    TrainingContact,
    Unit,
    table,
)
from svclib.workspace.policy import Policy, Reach
from svclib.workspace.validity import covers

_WORK = table(Employment)
_STAY = table(Membership)
_BRANCH = table(BranchMembership)
_CONTACT = table(TrainingContact)
_UNIT = table(Unit)
_BODY = table(PartyBody)
_CREW = table(Crew)
_TEAM = table(Team)
_STATION = table(Station)
_PERSON = table(Person)
_AT_ONCE = 5_000

Conditions = tuple[ColumnElement[bool], ...]
Touched = tuple[Table, int | None, Mapping[str, Any]]


def people_of_units(unit_ids: Collection[int], day: date) -> CompoundSelect[Any]:
    """Ids of people employed by the units on the day; one employed nowhere belongs to the unit of the team."""
    # Names of its own: a query around it reads the same tables.
    work, other, stay, team = _WORK.alias(), _WORK.alias(), _STAY.alias(), _TEAM.alias()
    employed = select(work.c.person_id).where(covers(work, day), work.c.unit_id.in_(unit_ids))
    elsewhere = exists(select(other.c.id).where(other.c.person_id == stay.c.person_id, covers(other, day)))
    joined = (
        select(stay.c.person_id)
        .join(team, team.c.id == stay.c.team_id)
        .where(covers(stay, day), team.c.unit_id.in_(unit_ids), ~elsewhere)
    )
    return union_all(employed, joined)


def below(connection: Connection, place: Table, top: int | None) -> list[int]:
    """Ids of a unit, or party body, and all below it."""
    own = select(place.c.id).where(place.c.id == top).cte(recursive=True)
    own = own.union(select(place.c.id).where(place.c.parent_id == own.c.id))
    return sorted(connection.execute(select(own.c.id)).scalars())


class Scope:
    """The rows that one actor's verb reaches. Conditions are empty where it reaches everything."""

    def __init__(self, connection: Connection, policy: Policy, verb: str) -> None:
        self._connection = connection
        self._actor = policy.actor
        self.reach = policy.reach(verb)
        self.everything = policy.reaches_all(verb)

    @cached_property
    def _units(self) -> list[int]:
        return self._below(_UNIT, self._actor.unit_id)

    @cached_property
    def _bodies(self) -> list[int]:
        return self._below(_BODY, self._actor.party_body_id)

    def _below(self, place: Table, top: int | None) -> list[int]:
        return below(self._connection, place, top)

    # Conditions for reading ------------------------------------------------------------------------------------

    def people(self, person_id: ColumnElement[Any], day: date) -> Conditions:
        """Those who belong to the scope on the day."""
        if self.everything:
            return ()
        if self.reach == Reach.SELF:
            return (false() if self._actor.person_id is None else person_id == self._actor.person_id,)
        found = self._people(day)
        return (false() if found is None else person_id.in_(found),)

    def standing(self, person_id: ColumnElement[Any], today: date) -> Conditions:
        """Those who belong to the scope today, or belong nowhere today and belonged to it last."""
        if self.everything:
            return ()
        (here,) = self.people(person_id, today)
        if self.reach == Reach.UNITS:
            return (here | _last(_WORK, person_id, today, lambda work: work.c.unit_id.in_(self._units)),)
        if self.reach == Reach.BODIES:
            return (here | _last(_BRANCH, person_id, today, lambda tie: tie.c.party_body_id.in_(self._bodies)),)
        return (here,)

    def unclaimed(self, person_id: ColumnElement[Any], today: date) -> Conditions:
        """Those whom a list of activists may bring into the scope: at work in their unit, without party ties."""
        if self.reach != Reach.BODIES:
            return (false(),)
        body, tie = _BODY.alias(), _BRANCH.alias()
        units = list(self._connection.execute(select(body.c.unit_id).where(body.c.id.in_(self._bodies))).scalars())
        tied = exists(select(tie.c.id).where(tie.c.person_id == person_id, covers(tie, today)))
        return (person_id.in_(people_of_units(units, today)), ~tied)

    def _people(self, day: date) -> Select[Any] | CompoundSelect[Any] | None:
        actor = self._actor
        if self.reach == Reach.UNITS:
            return people_of_units(self._units, day)
        if self.reach == Reach.BODIES:
            tie = _BRANCH.alias()
            return select(tie.c.person_id).where(covers(tie, day), tie.c.party_body_id.in_(self._bodies))
        if self.reach == Reach.TEAM and actor.team_id is not None:
            stay = _STAY.alias()
            return select(stay.c.person_id).where(covers(stay, day), stay.c.team_id == actor.team_id)
        if self.reach == Reach.CULTIVATED and actor.person_id is not None:
            return _cultivated(actor.person_id, day)
        return None

    def units(self, unit_id: ColumnElement[Any], day: date) -> Conditions:
        """The own units; for the others those where the bodies, the team or the people of the scope are."""
        if self.everything:
            return ()
        if self.reach == Reach.UNITS:
            return (unit_id.in_(self._units),)
        if self.reach == Reach.BODIES:
            body = _BODY.alias()
            return (unit_id.in_(select(body.c.unit_id).where(body.c.id.in_(self._bodies))),)
        if self.reach == Reach.TEAM:
            team = _TEAM.alias()
            return (unit_id.in_(select(team.c.unit_id).where(*self.teams(team))),)
        work = _WORK.alias()
        return (unit_id.in_(select(work.c.unit_id).where(covers(work, day), *self.people(work.c.person_id, day))),)

    def teams(self, team: FromClause = _TEAM) -> Conditions:
        """Teams of the own units, teams of the own party bodies, or the own team."""
        if self.everything:
            return ()
        if self.reach == Reach.UNITS:
            return (team.c.unit_id.in_(self._units),)
        if self.reach == Reach.BODIES:
            return (team.c.party_body_id.in_(self._bodies),)
        if self.reach == Reach.TEAM and self._actor.team_id is not None:
            return (team.c.id == self._actor.team_id,)
        return (false(),)

    def stations(self, station: FromClause = _STATION) -> Conditions:
        """The stations of the teams in scope."""
        if self.everything:
            return ()
        team = _TEAM.alias()
        return (station.c.team_id.in_(select(team.c.id).where(*self.teams(team))),)

    def bodies(self, body: FromClause = _BODY) -> Conditions:
        """Party bodies of the own units, or the own one with those below it."""
        if self.everything:
            return ()
        if self.reach == Reach.BODIES:
            return (body.c.id.in_(self._bodies),)
        return (body.c.unit_id.in_(self._units) if self.reach == Reach.UNITS else false(),)

    def crews(self, crew: FromClause = _CREW) -> Conditions:
        """The crews of the own units."""
        if self.everything:
            return ()
        return (crew.c.unit_id.in_(self._units) if self.reach == Reach.UNITS else false(),)

    def accounts(self, account: FromClause) -> Conditions:
        """Accounts of the own units or party bodies."""
        if self.everything:
            return ()
        if self.reach == Reach.UNITS:
            return (account.c.unit_id.in_(self._units),)
        return (account.c.party_body_id.in_(self._bodies) if self.reach == Reach.BODIES else false(),)

    # Judging what was written ----------------------------------------------------------------------------------

    def refuse_outside(self, touched: Iterable[Touched], today: date) -> None:
        """Raise Forbidden when a written row belongs to, or points at, anything outside the scope.

        `touched`: the table, the row's id and the values that were written, before or after. What a row says beside
        them is read from the database.
        """
        if self.everything:
            return
        reached: defaultdict[str, set[int]] = defaultdict(set)
        written: defaultdict[str, set[int]] = defaultdict(set)
        for place, row_id, values in touched:
            _point(reached, place, row_id, values)
            if row_id is not None and place.name not in SHARED:
                written[place.name].add(row_id)
        for name, ids in written.items():
            place = _PERSON.metadata.tables[name]
            columns = [place.c[column] for column in ("id", *POINTERS) if column in place.c]
            if len(columns) > 1:
                for row in self._rows(select(*columns), place.c.id, ids):
                    _point(reached, place, row["id"], row)
        for name, ids in reached.items():
            place = _PERSON.metadata.tables[name]
            there = {row["id"] for row in self._rows(select(place.c.id), place.c.id, ids)}
            here = {row["id"] for row in self._rows(select(place.c.id).where(*self._own(name, today)), place.c.id, ids)}
            if there - here:
                raise Forbidden(
                    _("This would change something outside your scope ({what}); nothing was saved.").format(
                        what=_(_WORDS[name])
                    )
                )

    def _own(self, name: str, today: date) -> Conditions:
        if name == "person":
            return self.standing(_PERSON.c.id, today)
        if name == "unit":
            # A unit is read wherever somebody of the scope works, and written to only where it is the own one.
            return (_UNIT.c.id.in_(self._units) if self.reach == Reach.UNITS else false(),)
        if name == "party_body":
            return self.bodies()
        if name == "crew":
            return self.crews()
        return self.teams() if name == "team" else self.stations()

    def _rows(self, statement: Select[Any], key: ColumnElement[Any], ids: Iterable[int]) -> Iterable[Mapping[str, Any]]:
        listed = sorted(ids)
        for start in range(0, len(listed), _AT_ONCE):
            some = key.in_(listed[start : start + _AT_ONCE])
            yield from (dict(row) for row in self._connection.execute(statement.where(some)).mappings())


POINTERS = {
    "person_id": "person",
    "other_id": "person",
    "mentor_id": "person",
    "unit_id": "unit",
    "party_body_id": "party_body",
    "crew_id": "crew",
    "team_id": "team",
    "station_id": "station",
}
"""Columns by which a row belongs to something that has a scope."""
SHARED = frozenset({"rotation_plan"})
"""Tables of what several units work in: a stored row belongs to all of them, and what is written is judged alone."""
_WORDS = {
    "person": N_("Person"),
    "unit": N_("Unit"),
    "party_body": N_("Party body"),
    "crew": N_("Crew"),
    "team": N_("Service team"),
    "station": N_("Service station"),
}


def _cultivated(contact_id: int, day: date) -> Select[Any]:
    """Ids of those whose training contact the person is on the day.

    Lists give contacts by name alone. Such a one is meant where the activist works in the same unit and nobody else
    there has the name.
    """
    contact, me, own, other, work, place = (
        *(_CONTACT.alias(), _PERSON.alias(), _WORK.alias(), _PERSON.alias()),
        *(_WORK.alias(), _WORK.alias()),
    )
    name = select(me.c.name).where(me.c.id == contact_id).scalar_subquery()
    unit = select(own.c.unit_id).where(own.c.person_id == contact_id, covers(own, day))
    namesake = (
        select(other.c.id)
        .join(work, work.c.person_id == other.c.id)
        .where(other.c.name == name, other.c.id != contact_id, covers(work, day), work.c.unit_id.in_(unit))
    )
    colleagues = select(place.c.person_id).where(covers(place, day), place.c.unit_id.in_(unit))
    by_name = and_(
        contact.c.contact_id.is_(None),
        contact.c.contact_name == name,
        contact.c.person_id.in_(colleagues),
        ~exists(namesake),
    )
    return select(contact.c.person_id).where(covers(contact, day), (contact.c.contact_id == contact_id) | by_name)


def _point(reached: Mapping[str, set[int]], place: Table, row_id: int | None, values: Mapping[str, Any]) -> None:
    if place.name in _WORDS and row_id is not None:
        reached[place.name].add(row_id)
    for column, name in POINTERS.items():
        if values.get(column) is not None:
            reached[name].add(int(values[column]))


def _last(
    periods: Table, person_id: ColumnElement[Any], today: date, own: Callable[[FromClause], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """No period of this history covers today, and the last one is of the scope."""
    last, later = periods.alias(), periods.alias()
    mine = (later.c.person_id == person_id) & covers(later, today)
    newer = (later.c.person_id == last.c.person_id) & (later.c.valid_from > last.c.valid_from)
    was = select(last.c.id).where(last.c.person_id == person_id, own(last), ~exists(select(later.c.id).where(newer)))
    return ~exists(select(later.c.id).where(mine)) & exists(was)
