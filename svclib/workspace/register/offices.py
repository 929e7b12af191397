"""A team's own facts and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Table, func, or_, select

from svclib.errors import Duplicate, NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Crew, Membership, Office, PartyBody, Team, TeamLevel, TeamOffice, TeamSetting, table
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.register.card import person_row
from svclib.workspace.register.days import as_day
from svclib.workspace.register.facts import code_of
from svclib.workspace.register.periods import begin_period, end_period
from svclib.workspace.register.versions import require_version, save_row
from svclib.workspace.validity import covers, stands

_TEAM = table(Team)
_STAY = table(Membership)
_OFFICE = table(TeamOffice)
_OWN_PLACES: dict[str, Table] = {"crew_id": table(Crew), "party_body_id": table(PartyBody)}
_CODES: dict[str, type[StrEnum]] = {"level": TeamLevel, "setting": TeamSetting}
_DEGREES = {"latitude": 90.0, "longitude": 180.0}
_NEEDED = ("official_name", "short_name", "level", "setting", "founded_on")
TEAM_FIELDS = tuple(column.name for column in _TEAM.c if column.name not in ("id", "version", "unit_id"))
"""Fields of a team that can be changed."""


class Offices(Area):
    """A team's own facts and who answers for it."""

    @verb("register.appoint", writes=True)
    def appoint(self, tx: Transaction, team_id: int, office: str, person_id: int, *, on: date | str) -> int:
        """Appoint a captain or first person responsible from a day on; the one before ends. Return the period's id.

        A captain must be a member of the team on that day; whether a party member is judged by the composition rules.
        Raises RuleBroken with the field at fault, NotFound for a team that is not there on the day or a person.
        """
        day, code = as_day(on, field="on"), code_of(Office, office, field="office")
        _team_of_day(tx, team_id, day)
        person_row(tx, person_id, lock=True)
        here = (_STAY.c.person_id == person_id) & (_STAY.c.team_id == team_id)
        member = select(_STAY.c.id).where(here, covers(_STAY, day))
        if code == Office.CAPTAIN and tx.scalar(member) is None:
            raise RuleBroken(_("The captain must be a member of the team on that day."), field="person_id")
        return begin_period(tx, _OFFICE, {"team_id": team_id, "office": code}, day, {"person_id": person_id})

    @verb("register.dismiss", writes=True)
    def dismiss(self, tx: Transaction, team_id: int, office: str, *, on: date | str) -> None:
        """End an office of a team; `on` is the first day without its holder. Raises RuleBroken when nobody holds it."""
        day, code = as_day(on, field="on"), code_of(Office, office, field="office")
        _team_of_day(tx, team_id, day)
        if end_period(tx, _OFFICE, {"team_id": team_id, "office": code}, day) is None:
            raise RuleBroken(_("Nobody holds this office on {day}.").format(day=day.isoformat()), field="office")

    @verb("register.edit_team", writes=True)
    def edit_team(self, tx: Transaction, team_id: int, changes: Mapping[str, Any], *, version: int) -> int:
        """Change a team's own fields (`TEAM_FIELDS`) and return the new version.

        A team is closed only when nobody is left in it. Raises StaleRecord, RuleBroken with the field at fault,
        Duplicate for a name taken, NotFound.
        """
        rows = tx.rows(select(_TEAM).where(_TEAM.c.id == team_id, *tx.scope.teams()).with_for_update())
        if not rows:
            raise NotFound(_("There is no team number {ids}.").format(ids=team_id))
        stored = rows[0]
        wanted = {field: _clean(field, value) for field, value in changes.items()}
        require_version(tx, _TEAM, stored, wanted, version, shown=lambda _name, value: value)
        _judge_team(tx, stored | wanted, wanted)
        return save_row(tx, _TEAM, stored, wanted)


def _team_of_day(tx: Transaction, team_id: int, day: date) -> None:
    there = select(_TEAM.c.id).where(_TEAM.c.id == team_id, stands(_TEAM, day, since="founded_on"), *tx.scope.teams())
    if tx.scalar(there.with_for_update()) is None:
        raise NotFound(_("There is no such team on {day}.").format(day=day.isoformat()))


def _clean(field: str, value: Any) -> Any:
    if field not in TEAM_FIELDS:
        raise RuleBroken(_("A team has no field {field}.").format(field=field), field=field)
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if field in _NEEDED:
            raise RuleBroken(_("This must not be empty."), field=field)
        return None
    if field in _CODES:
        return code_of(_CODES[field], value, field=field)
    if isinstance(_TEAM.c[field].type, Date):
        return as_day(value, field=field)
    if field in _DEGREES:
        if isinstance(value, (int, float)) and abs(value) <= _DEGREES[field]:
            return float(value)
        raise RuleBroken(_("{value} is no coordinate in degrees.").format(value=value), field=field)
    if field.endswith("_id"):
        return int(value)
    longest = _TEAM.c[field].type.length  # type: ignore[attr-defined]
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise RuleBroken(_("At most {limit} printable characters fit here.").format(limit=longest), field=field)
    return value


def _judge_team(tx: Transaction, team: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for field, place in _OWN_PLACES.items():
        if wanted.get(field) is not None:
            unit_id = tx.scalar(select(place.c.unit_id).where(place.c.id == wanted[field]))
            if unit_id != team["unit_id"]:
                raise RuleBroken(_("This does not belong to the team's unit."), field=field)
    above = wanted.get("parent_id")
    if above is not None and (above == team["id"] or tx.scalar(select(_TEAM.c.id).where(_TEAM.c.id == above)) is None):
        raise RuleBroken(_("This team cannot stand above."), field="parent_id")
    for field, scope in (("official_name", None), ("short_name", _TEAM.c.unit_id == team["unit_id"])):
        taken = select(_TEAM.c.id).where(_TEAM.c[field] == team[field], _TEAM.c.id != team["id"])
        if field in wanted and tx.scalar(taken if scope is None else taken.where(scope)) is not None:
            raise Duplicate(_("Another team is called {name} already.").format(name=team[field]))
    _judge_days(tx, team, wanted)


def _judge_days(tx: Transaction, team: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    closed = team["closed_on"]
    if closed is not None and closed <= team["founded_on"]:
        raise RuleBroken(_("A team is closed after its founding."), field="closed_on")
    first = tx.scalar(select(func.min(_STAY.c.valid_from)).where(_STAY.c.team_id == team["id"]))
    if "founded_on" in wanted and first is not None and first < team["founded_on"]:
        sentence = _("The team has had members since {day} already.").format(day=first.isoformat())
        raise RuleBroken(sentence, field="founded_on")
    if wanted.get("closed_on") is not None:
        staying = or_(_STAY.c.valid_to.is_(None), _STAY.c.valid_to > closed)
        left = tx.scalar(select(func.count()).where(_STAY.c.team_id == team["id"], staying))
        if left:
            sentence = _("{count} members are still in the team on that day. Let them leave first.").format(count=left)
            raise RuleBroken(sentence, field="closed_on")
