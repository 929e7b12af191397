"""Lists that filter, sort and page in SQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Station, Team, Unit, table
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.register.days import day_of
from svclib.workspace.register.sheet import people_sheet
from svclib.workspace.register.sight import COLUMNS, SORTABLE, Sight, sight_of
from svclib.workspace.register.standing import standing
from svclib.workspace.validity import stands

if TYPE_CHECKING:
    import pandas as pd

Group = Literal["all", "members", "trainees", "broken"]
GROUPS: tuple[Group, ...] = ("all", "members", "trainees", "broken")

_IDS_AT_ONCE = 5_000
_WALKED_ROWS = 10_000
_UNIT = table(Unit)
_TEAM = table(Team)
_STATION = table(Station)


@dataclass(frozen=True)
class PeopleQuery:
    """What a list shows.

    `search`: words that must all match, each by a part of the name, or the beginning of its pinyin, of its initials or
    of the employee number. `group`: members (in a team, trainees not counted), trainees, or broken (members of teams
    that break a rule). `unit_id` means the team's unit for members and broken, else the employing one. `limit` None:
    all rows.
    """

    on: date | str | None = None
    search: str = ""
    unit_id: int | None = None
    team_id: int | None = None
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    group: Group = "all"
    sort: str = "name"
    descending: bool = False
    offset: int = 0
    limit: int | None = 10


@dataclass(frozen=True)
class PeoplePage:
    """One page of a list: `people` by column name (plain values, None for missing), `total` rows of the whole list."""

    people: list[dict[str, Any]]
    total: int

    @property
    def rows(self) -> pd.DataFrame:
        """The same as `people()` gives them. A page of the suite shows ten rows and does without a frame."""
        return frame(self.people, COLUMNS)


@dataclass(frozen=True)
class Summary:
    """The figures above the list, each counted as the list that it opens."""

    units: int
    teams: int
    stations: int
    members: int
    trainees: int
    broken_rules: int
    broken_teams: int
    people: int


class Listing(Area):
    """Lists that filter, sort and page in SQL."""

    @verb("register.page", writes=False)
    def page(self, tx: Transaction, query: PeopleQuery) -> PeoplePage:
        """Give one page of a list and how many rows the whole list has.

        Raises RuleBroken for a column that cannot be sorted by or an unknown group, Forbidden for sorting, filtering or
        searching by what the role is not shown.
        """
        _require_sight(tx, query)
        people = PeopleList(tx, query)
        total = people.count()
        return PeoplePage(people.rows(total) if total > query.offset else [], total)

    @verb("register.summary", writes=False)
    def summary(self, tx: Transaction, on: date | str | None = None, *, unit_id: int | None = None) -> Summary:
        """Count units, teams, stations, members, trainees, broken rules and people on a day, of one unit or of all."""
        day = day_of(tx, on)
        scope = tx.scope
        teams = select(_TEAM.c.id).where(stands(_TEAM, day, since="founded_on"), *scope.teams())
        units = select(func.count()).select_from(_UNIT).where(*scope.units(_UNIT.c.id, day))
        if unit_id is not None:
            teams = teams.where(_TEAM.c.unit_id == unit_id)
            units = units.where(_UNIT.c.id == unit_id)
        stations = select(func.count()).select_from(_STATION).where(stands(_STATION, day, since="opened_on"))
        broken = [row for row in standing(tx, day, unit_id=unit_id) if not row.judgement.holds]

        def people(group: Group) -> int:
            return PeopleList(tx, PeopleQuery(on=day, unit_id=unit_id, group=group)).count()

        return Summary(
            units=int(tx.scalar(units)),
            teams=int(tx.scalar(select(func.count()).select_from(teams.subquery()))),
            stations=int(tx.scalar(stations.where(_STATION.c.team_id.in_(teams)))),
            members=people("members"),
            trainees=people("trainees"),
            broken_rules=len(broken),
            broken_teams=len({row.team_id for row in broken}),
            people=people("all"),
        )

    @verb("register.export", writes=False)
    def export(self, tx: Transaction, query: PeopleQuery, columns: Sequence[str]) -> bytes:
        """Write the whole list (offset and limit set aside) as an .xlsx with these columns of `people()`.

        Codes are written as words, days as days, numbers of people as texts. Raises RuleBroken for a column that no
        list shows, Forbidden for one that the role is not shown.
        """
        unknown = [name for name in columns if name not in COLUMNS]
        if unknown:
            raise RuleBroken(_("No list shows the column {name}.").format(name=", ".join(unknown)), field="columns")
        tx.require_sight(columns)
        _require_sight(tx, query)
        people = PeopleList(tx, replace(query, offset=0, limit=None))
        return people_sheet(people.rows(people.count()), columns, people.sight.day)


class PeopleList:
    """One list of people as a query means it: how long it is, and its rows."""

    def __init__(self, tx: Transaction, query: PeopleQuery) -> None:
        if query.sort not in SORTABLE:
            raise RuleBroken(_("A list cannot be sorted by {name}.").format(name=query.sort), field="sort")
        if query.group not in GROUPS:
            raise RuleBroken(_("There is no list of {group}.").format(group=query.group), field="group")
        self.tx, self.query = tx, query
        self.sight = sight_of(tx, query.on)
        self.searches = bool(query.search.strip())
        self.teams: set[int] | None = None
        if query.group == "broken":
            judged = standing(tx, self.sight.day, unit_id=query.unit_id)
            self.teams = {row.team_id for row in judged if not row.judgement.holds}

    def count(self) -> int:
        """How many people are on the whole list."""
        people = select(func.count()).select_from(self.sight.person).where(*self._conditions(walks=self.searches))
        return int(self.tx.scalar(people))

    def rows(self, total: int) -> list[dict[str, Any]]:
        """The rows of the page, every column of `COLUMNS`.

        In two steps: the ids of the page with only what filters and sorts, then every column for those few.
        """
        query, person = self.query, self.sight.person
        ordered = self.sight.ordered(query.sort, query.descending)
        if query.sort == "name" and total > _WALKED_ROWS:
            # The index is walked in order and left after a few rows.
            ordered = ordered.where(*self._conditions(walks=True))
        else:
            chosen = select(person.c.id).where(*self._conditions(walks=self.searches))
            ordered = ordered.where(person.c.id.in_(chosen.correlate(None)))
        if query.limit is not None:
            ordered = ordered.offset(max(query.offset, 0)).limit(max(query.limit, 0))
        ids = list(self.tx.connection.execute(ordered).scalars())
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(ids), _IDS_AT_ONCE):
            full = self.sight.full().where(person.c.id.in_(ids[start : start + _IDS_AT_ONCE]))
            found |= {row["id"]: row for row in self.tx.rows(full)}
        return [found[person_id] for person_id in ids]

    def _conditions(self, *, walks: bool) -> list[ColumnElement[bool]]:
        """What a person on the list fulfils. `walks`: few persons are looked at, so each is looked up by itself."""
        sight, query, person_id = self.sight, self.query, self.sight.person.c.id
        # The search comes first: it is what most rows fail.
        conditions = [*_search(sight, query.search), *self.tx.scope.people(person_id, sight.day)]
        if query.group == "trainees":
            conditions.append(sight.is_trainee)
        elif query.group in ("members", "broken"):
            conditions.append(person_id.in_(sight.members(self.teams, unit_id=query.unit_id)))
        elif query.unit_id is None and query.team_id is None:
            conditions.append(sight.present if walks else sight.present_as_set)
        if query.unit_id is not None and query.group in ("all", "trainees"):
            conditions.append(sight.of_unit(query.unit_id))
        if query.team_id is not None:
            conditions.append(sight.of_team(query.team_id))
        if query.statuses:
            conditions.append(sight.with_code(sight.status, "status", query.statuses))
        if query.stages:
            conditions.append(sight.with_code(sight.stage, "stage", query.stages))
        return conditions


def _require_sight(tx: Transaction, query: PeopleQuery) -> None:
    """An order tells what it is by, and so does who is left by a filter."""
    asked = {"name": query.search.strip(), "status": query.statuses, "stage": query.stages}
    tx.require_sight({name for name, told in asked.items() if told} | {query.sort} & set(SORTABLE))


def _search(sight: Sight, text: str) -> list[ColumnElement[bool]]:
    words = unicodedata.normalize("NFKC", text).split()
    if not words:
        return []
    every = and_(*(_matches(sight, word) for word in words))
    compact = "".join(words)
    # "li bo" is how pinyin is written, too.
    return [or_(every, _sounds(sight, compact)) if len(words) > 1 and compact.isascii() else every]


def _matches(sight: Sight, word: str) -> ColumnElement[bool]:
    person = sight.person
    in_name = person.c.name.contains(word, autoescape=True)
    if not word.replace("ü", "v").isascii():
        return in_name
    number = func.lower(person.c.employee_no).startswith(word.lower(), autoescape=True)
    return or_(in_name, number, _sounds(sight, word))


def _sounds(sight: Sight, word: str) -> ColumnElement[bool]:
    """The name's pinyin or initials begin with the word. Both begin with its first letter: that is quickly compared."""
    pinyin, spoken = sight.person.c.pinyin, word.lower().replace("ü", "v")
    joined = func.replace(pinyin, " ", "").startswith(spoken, autoescape=True)
    initials = sight.person.c.initials.startswith(spoken, autoescape=True)
    return and_(pinyin.startswith(spoken[0], autoescape=True), or_(initials, joined))
