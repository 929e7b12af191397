"""Teams with what the composition rules need of them, and how they stand on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from svclib.models import Membership, StatusPeriod, Team, TeamOffice, Trainee, Unit, table
from svclib.rules.composition import Judgement, Limits, Span, TeamHistory, figures_on, judge
from svclib.settings import Settings
from svclib.workspace.base import Transaction
from svclib.workspace.validity import covers, stands, trains

_TEAM = table(Team)
_UNIT = table(Unit)
_STAY = table(Membership)
_STATUS = table(StatusPeriod)
_TRAINEE = table(Trainee)
_OFFICE = table(TeamOffice)


@dataclass(frozen=True, slots=True)
class TeamOfDay:
    """A team that is there on the day, and its history."""

    unit_id: int
    unit: str
    team_id: int
    team: str
    history: TeamHistory


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule on one team on the day."""

    team_id: int
    judgement: Judgement


def limits_of(settings: Settings) -> Limits:
    """The figures of the composition rules as the office has set them."""
    return Limits(
        member_share_min=settings.member_share_min,
        count_probationary=settings.count_probationary,
        size_min=settings.team_size_min,
        size_max=settings.team_size_max,
    )


def standing(tx: Transaction, day: date, *, unit_id: int | None = None) -> list[Standing]:
    """Judge every team in scope (of one unit, or all) by rows of that day only: quick enough for each click."""
    limits = limits_of(tx.settings)
    teams = read_teams(tx, day, unit_id=unit_id, past=False)
    return [
        Standing(team.team_id, judgement)
        for team in teams
        for judgement in judge(figures_on(team.history, day), limits)
    ]


def read_teams(
    tx: Transaction,
    day: date,
    *,
    unit_id: int | None = None,
    team_ids: Collection[int] | None = None,
    past: bool,
    also: Collection[int] = (),
) -> list[TeamOfDay]:
    """Read the teams in scope that are there on the day, by unit and name; each with everybody in it.

    Without `past` only periods that cover the day are read. `also`: persons whose status is needed though they are in
    none of these teams.
    """
    wanted = select(
        _TEAM.c.id,
        _TEAM.c.unit_id,
        _UNIT.c.short_name.label("unit"),
        _TEAM.c.short_name.label("team"),
        _TEAM.c.founded_on,
        _TEAM.c.party_body_id,
        _TEAM.c.supervision_phone,
    ).join(_UNIT, _UNIT.c.id == _TEAM.c.unit_id)
    in_scope = (stands(_TEAM, day, since="founded_on"), *tx.scope.teams())
    wanted = wanted.where(*in_scope).order_by(_UNIT.c.id, _TEAM.c.id)
    if unit_id is not None:
        wanted = wanted.where(_TEAM.c.unit_id == unit_id)
    if team_ids is not None:
        wanted = wanted.where(_TEAM.c.id.in_(team_ids))
    teams = tx.rows(wanted)
    ids = select(wanted.subquery().c.id)

    def of_day(condition: ColumnElement[bool], statement: Select[Any]) -> Select[Any]:
        return statement if past else statement.where(condition)

    dates = ("person_id", "valid_from", "valid_to")
    stays = of_day(covers(_STAY, day), select(*_STAY.c[(*dates, "team_id")]).where(_STAY.c.team_id.in_(ids)))
    offices = of_day(
        covers(_OFFICE, day), select(*_OFFICE.c[(*dates, "team_id", "office")]).where(_OFFICE.c.team_id.in_(ids))
    )
    people = stays.with_only_columns(_STAY.c.person_id).union(offices.with_only_columns(_OFFICE.c.person_id))
    statuses = of_day(covers(_STATUS, day), select(*_STATUS.c[(*dates, "status")]))
    trainings = of_day(trains(_TRAINEE, day), select(_TRAINEE.c.person_id, _TRAINEE.c.starts_on, _TRAINEE.c.ends_on))
    stay_spans, office_spans = defaultdict(list), defaultdict(list)
    persons: dict[int, set[int]] = defaultdict(set)
    for row in tx.connection.execute(stays).all():
        stay_spans[row.team_id].append(Span(row.person_id, row.valid_from, row.valid_to))
        persons[row.team_id].add(row.person_id)
    for row in tx.connection.execute(offices).all():
        office_spans[row.team_id].append(Span(row.person_id, row.valid_from, row.valid_to, row.office))
        persons[row.team_id].add(row.person_id)
    of_person: dict[int, list[Span]] = defaultdict(list)
    for row in tx.connection.execute(statuses.where(_STATUS.c.person_id.in_(people) | _STATUS.c.person_id.in_(also))):
        of_person[row.person_id].append(Span(row.person_id, row.valid_from, row.valid_to, row.status))
    training_of: dict[int, list[Span]] = defaultdict(list)
    for row in tx.connection.execute(
        trainings.where(_TRAINEE.c.person_id.in_(people) | _TRAINEE.c.person_id.in_(also))
    ):
        training_of[row.person_id].append(Span(row.person_id, row.starts_on, row.ends_on))

    def gathered(team_id: int, spans: dict[int, list[Span]]) -> tuple[Span, ...]:
        return tuple(span for person_id in persons[team_id].union(also) for span in spans.get(person_id, ()))

    return [
        TeamOfDay(
            unit_id=team["unit_id"],
            unit=team["unit"],
            team_id=team["id"],
            team=team["team"],
            history=TeamHistory(
                team_id=team["id"],
                founded_on=team["founded_on"],
                has_party_body=team["party_body_id"] is not None,
                has_phone=bool(team["supervision_phone"]),
                stays=tuple(stay_spans[team["id"]]),
                statuses=gathered(team["id"], of_person),
                trainings=gathered(team["id"], training_of),
                offices=tuple(office_spans[team["id"]]),
            ),
        )
        for team in teams
    ]
