"""Whoever asks, on whatever day, after whatever was moved about: no row from outside the scope, no protected value."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from svclib import RuleBroken
from svclib.models import Role
from svclib.workspace import Workspace
from svclib.workspace.identity import acting
from svclib.workspace.policy import FIELDS, Actor, Shown
from svclib.workspace.register.listing import GROUPS, PeopleQuery
from tests.examples import examples
from tests.workspace.import_files import held
from tests.workspace.offices import Offices

DAYS = st.integers(-400, 60).map(lambda days: date(2026, 8, 20) + timedelta(days=days))
WHO = st.integers(0, 32)
KEYS = st.sampled_from([1, 2, 3])
MOVES = st.lists(st.tuples(st.sampled_from(["transfer", "join", "leave", "end"]), WHO, KEYS, DAYS), max_size=4)
ROLES = st.sampled_from(
    [role for role in Role if role not in (Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.MENTOR)]
)


def move(offices: Offices, what: str, person: int, key: int, on: date) -> None:
    """Move somebody about, where the history allows it."""
    register = offices.ws.register
    with suppress(RuleBroken):
        if what == "transfer":
            register.transfer(person, on=on, unit_id=offices.units[key])
        elif what == "join":
            register.join_team(person, offices.teams[key], on=on)
        elif what == "leave":
            register.leave_team(person, on=on)
        else:
            register.end_employment(person, on=on)


def holds(row: Mapping[str, Any], day: date) -> bool:
    return row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)


def belonging(offices: Offices, actor: Actor, day: date) -> set[int]:
    """Who is in the actor's scope on the day, told row by row from the stored histories."""
    ws = offices.ws
    work = {row["person_id"]: row["unit_id"] for row in held(ws, "employment") if holds(row, day)}
    team = {row["person_id"]: row["team_id"] for row in held(ws, "membership") if holds(row, day)}
    home = {row["id"]: row["unit_id"] for row in held(ws, "team")}
    ties = {row["person_id"]: row["party_body_id"] for row in held(ws, "branch_membership") if holds(row, day)}
    unit = {person: home[team_id] for person, team_id in team.items()} | work

    def below(table: str, top: int | None) -> set[int]:
        if top is None:
            return set()
        parents = {row["id"]: row["parent_id"] for row in held(ws, table)}
        found = {top}
        for _level in parents:
            found |= {row_id for row_id, parent in parents.items() if parent in found}
        return found

    if actor.role in (Role.HR, Role.SAFETY, Role.LEADER):
        everybody = actor.unit_id is None
        units = below("unit", actor.unit_id)
        return {person for person in offices.people if everybody or unit.get(person) in units}
    if actor.role in (Role.SECRETARY, Role.ORGANISER):
        bodies = below("party_body", actor.party_body_id)
        return {person for person, body in ties.items() if body in bodies}
    if actor.role == Role.CAPTAIN:
        return {person for person, team_id in team.items() if team_id == actor.team_id}
    if actor.role == Role.CONTACT:
        contacts = [row for row in held(ws, "training_contact") if row["contact_id"] == actor.person_id]
        return {row["person_id"] for row in contacts if holds(row, day)} if actor.person_id else set()
    return {actor.person_id} if actor.person_id else set()


@hypothesis_settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, role=ROLES, key=st.sampled_from([None, 1, 2, 3]), level=st.integers(0, 2), who=WHO, day=DAYS)
def test_no_read_returns_a_row_outside_the_scope_or_a_protected_value(
    offices: Offices,
    moves: list[tuple[str, int, int, date]],
    role: Role,
    key: int | None,
    level: int,
    who: int,
    day: date,
) -> None:
    ids = list(offices.people)
    for what, person, to, on in moves:
        move(offices, what, ids[person % len(ids)], to, on)
    bodies = [offices.committees, offices.branches, offices.groups][level]
    places = {"unit_id": offices.units, "party_body_id": bodies, "team_id": offices.teams}
    scope = {name: None if key is None else place[key] for name, place in places.items()}
    actor = Actor("somebody", account_id=1, role=role, person_id=ids[who % len(ids)], **scope)
    ws = Workspace(offices.ws.settings, identity=acting(actor), engine=offices.ws.engine)
    register, own = ws.register, belonging(offices, actor, day)
    everybody = set(offices.ws.register.people(day)["id"])
    people = register.people(day)
    assert set(people["id"]) == own & everybody
    assert set(register.page(PeopleQuery(on=day, limit=None)).rows["id"]) == own & everybody
    for group in GROUPS:
        assert set(register.page(PeopleQuery(on=day, group=group, limit=None)).rows["id"]) <= own
    for words in ("成", "队员", "1000"):
        assert set(register.page(PeopleQuery(on=day, search=words, limit=None)).rows["id"]) <= own
    for team in offices.teams.values():
        assert set(register.people(day, team=team)["id"]) <= own
    told = people.to_csv()
    if ws.may("register.summary"):
        assert register.summary(day).people == len(own & everybody)
        teams = set(register.teams(day)["id"])
        assert set(register.composition(day)["team_id"]) <= teams
        for team in teams:
            behind = register.who(int(team), "size", day)
            assert set(behind["id"]) <= own
            told += behind.to_csv()
    for facts in offices.people.values():
        assert facts["phone"] not in told
        assert facts["id_number"] not in told
        assert facts["address"] not in told
        assert facts["note"] not in told
    hidden = [name for name in people.columns if ws.shown(FIELDS[name]) == Shown.ABSENT]
    assert people[hidden].isna().all(axis=None)
