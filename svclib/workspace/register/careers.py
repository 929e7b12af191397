"""Where somebody works and what somebody is, from a day on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import (
    Crew,
    DevelopmentPeriod,
    DevelopmentStage,
    Employment,
    Membership,
    Office,
    PoliticalStatus,
    Station,
    StatusPeriod,
    Team,
    TeamOffice,
    Unit,
    table,
)
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.register.card import person_row
from svclib.workspace.register.days import as_day
from svclib.workspace.register.facts import code_of
from svclib.workspace.register.periods import begin_period, end_period
from svclib.workspace.validity import covers, stands

_UNIT = table(Unit)
_CREW = table(Crew)
_TEAM = table(Team)
_STATION = table(Station)
_WORK = table(Employment)
_STAY = table(Membership)
_OFFICE = table(TeamOffice)


class Careers(Area):
    """Where somebody works and what somebody is, from a day on.

    Every verb keeps the history: a new period ends the one before. Days may lie ahead. A day before a period that is
    recorded already is refused (RuleBroken, field `on`). Raises NotFound for a person, unit or team that is not there.
    """

    @verb("register.record_status", writes=True)
    def record_status(self, tx: Transaction, person_id: int, status: str, since: date | str) -> int:
        """Record the political status (a code of PoliticalStatus) from a day on. Return the period's id."""
        person_row(tx, person_id, lock=True)
        values = {"status": code_of(PoliticalStatus, status, field="status")}
        return begin_period(tx, table(StatusPeriod), {"person_id": person_id}, as_day(since, field="since"), values)

    @verb("register.record_stage", writes=True)
    def record_stage(self, tx: Transaction, person_id: int, stage: str, since: date | str) -> int:
        """Record the stage of development (a code of DevelopmentStage) from a day on. Return the period's id."""
        person_row(tx, person_id, lock=True)
        values = {"stage": code_of(DevelopmentStage, stage, field="stage")}
        day = as_day(since, field="since")
        return begin_period(tx, table(DevelopmentPeriod), {"person_id": person_id}, day, values)

    @verb("register.transfer", writes=True)
    def transfer(
        self,
        tx: Transaction,
        person_id: int,
        *,
        on: date | str,
        unit_id: int,
        crew_id: int | None = None,
        post: str | None = None,
    ) -> int:
        """Let a person work in a unit, crew and post from a day on. Return the employment's id.

        Going to another unit ends the membership in a team of the unit before, and all offices in its teams.
        """
        day = as_day(on, field="on")
        person_row(tx, person_id, lock=True)
        employment_id = employ(tx, person_id, day, unit_id=unit_id, crew_id=crew_id, post=post)
        foreign = select(_TEAM.c.id).where(_TEAM.c.unit_id != unit_id)
        mine = (_STAY.c.person_id == person_id) & covers(_STAY, day) & _STAY.c.team_id.in_(foreign)
        if tx.scalar(select(_STAY.c.id).where(mine)) is not None:
            end_period(tx, _STAY, {"person_id": person_id}, day)
        end_offices(tx, person_id, day, outside_unit=unit_id)
        return employment_id

    @verb("register.join_team", writes=True)
    def join_team(
        self,
        tx: Transaction,
        person_id: int,
        team_id: int,
        *,
        on: date | str,
        station_id: int | None = None,
        duty: str | None = None,
    ) -> int:
        """Make a person a member of a team from a day on. Return the membership's id.

        A membership elsewhere ends, and with it the captaincy there. The same team again changes station and duty.
        """
        person_row(tx, person_id, lock=True)
        return join(tx, person_id, team_id, as_day(on, field="on"), station_id=station_id, duty=duty)

    @verb("register.leave_team", writes=True)
    def leave_team(self, tx: Transaction, person_id: int, *, on: date | str) -> None:
        """End the membership in a team, and the captaincy with it; `on` is the first day outside."""
        day = as_day(on, field="on")
        person_row(tx, person_id, lock=True)
        if end_period(tx, _STAY, {"person_id": person_id}, day) is None:
            raise RuleBroken(_("The person is in no team on {day}.").format(day=day.isoformat()), field="on")
        end_offices(tx, person_id, day, only=Office.CAPTAIN)

    @verb("register.end_employment", writes=True)
    def end_employment(self, tx: Transaction, person_id: int, *, on: date | str) -> None:
        """End the employment, with it the membership in a team and all offices; `on` is the first day after."""
        day = as_day(on, field="on")
        person_row(tx, person_id, lock=True)
        if end_period(tx, _WORK, {"person_id": person_id}, day) is None:
            raise RuleBroken(_("The person is not employed on {day}.").format(day=day.isoformat()), field="on")
        end_period(tx, _STAY, {"person_id": person_id}, day)
        end_offices(tx, person_id, day)


def employ(
    tx: Transaction, person_id: int, day: date, *, unit_id: int, crew_id: int | None = None, post: str | None = None
) -> int:
    """Begin an employment of a locked person; the crew must be the unit's own."""
    if tx.scalar(select(_UNIT.c.id).where(_UNIT.c.id == unit_id, *tx.scope.units(_UNIT.c.id, day))) is None:
        raise NotFound(_("There is no unit number {ids}.").format(ids=unit_id))
    if crew_id is not None and tx.scalar(select(_CREW.c.unit_id).where(_CREW.c.id == crew_id)) != unit_id:
        raise RuleBroken(_("This crew does not belong to the unit."), field="crew_id")
    values = {"unit_id": unit_id, "crew_id": crew_id, "post": _short(post, "post")}
    return begin_period(tx, _WORK, {"person_id": person_id}, day, values)


def join(
    tx: Transaction,
    person_id: int,
    team_id: int,
    day: date,
    *,
    station_id: int | None = None,
    duty: str | None = None,
) -> int:
    """Begin a membership of a locked person in a team that is there on the day."""
    there = select(_TEAM.c.id).where(_TEAM.c.id == team_id, stands(_TEAM, day, since="founded_on"), *tx.scope.teams())
    if tx.scalar(there.with_for_update()) is None:
        raise NotFound(_("There is no such team on {day}.").format(day=day.isoformat()))
    if station_id is not None and tx.scalar(select(_STATION.c.team_id).where(_STATION.c.id == station_id)) != team_id:
        raise RuleBroken(_("This station does not belong to the team."), field="station_id")
    values = {"team_id": team_id, "station_id": station_id, "duty": _short(duty, "duty")}
    membership_id = begin_period(tx, _STAY, {"person_id": person_id}, day, values)
    end_offices(tx, person_id, day, only=Office.CAPTAIN, outside_team=team_id)
    return membership_id


def end_offices(
    tx: Transaction,
    person_id: int,
    day: date,
    *,
    only: Office | None = None,
    outside_team: int | None = None,
    outside_unit: int | None = None,
) -> None:
    """End the offices that a person holds on the day or would begin later, narrowed to an office or to other places."""
    goes_on = _OFFICE.c.valid_to.is_(None) | (_OFFICE.c.valid_to > day)
    held = select(_OFFICE.c.team_id, _OFFICE.c.office).where(_OFFICE.c.person_id == person_id, goes_on)
    if only is not None:
        held = held.where(_OFFICE.c.office == only.value)
    if outside_team is not None:
        held = held.where(_OFFICE.c.team_id != outside_team)
    if outside_unit is not None:
        held = held.where(_OFFICE.c.team_id.in_(select(_TEAM.c.id).where(_TEAM.c.unit_id != outside_unit)))
    for row in tx.rows(held):
        end_period(tx, _OFFICE, row, day)


def _short(text: str | None, field: str) -> str | None:
    cleaned = (text or "").strip() or None
    if cleaned is not None and (len(cleaned) > 60 or not cleaned.isprintable()):
        raise RuleBroken(_("At most {limit} printable characters fit here.").format(limit=60), field=field)
    return cleaned
