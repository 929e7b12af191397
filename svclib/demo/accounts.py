"""The demo's accounts: one for each role, with the scope that shows what the role is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svclib.models import DevelopmentStage, IntakeKind, Office, Role, label

DEMO_PASSWORD = "yanshi-2026"  # noqa: S105 - printed by `svc demo` and in the README: invented data only
"""The password of all of them."""

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
USERNAMES = ("hr", "hr-unit", *(role.value for role in Role if role is not Role.HR))


def choose_accounts(tables: Tables) -> list[dict[str, Any]]:
    """Rows of accounts: one for each role, and a second coordinator who is limited to one unit.

    They are about one unit: a team with its captain, a member who guides, a newly hired graduate; an activist's party
    branch, the committee above it, and the contact who accompanies the activist.
    """
    people = {row["id"]: row for row in tables["person"]}
    bodies = {row["id"]: row for row in tables["party_body"]}

    office = _open(tables, "team_office", office=Office.CAPTAIN)[0]
    team = next(row for row in tables["team"] if row["id"] == office["team_id"])
    captain_id, unit_id = office["person_id"], team["unit_id"]
    members = [row["person_id"] for row in _open(tables, "membership", team_id=team["id"])]
    mentor_id = next(person_id for person_id in members if person_id != captain_id)

    graduates = {row["id"] for row in tables["intake"] if row["kind"] == IntakeKind.GRADUATE}
    newest = [row["person_id"] for row in tables["trainee"] if row["intake_id"] in graduates][::-1]
    here = {row["person_id"] for row in _open(tables, "employment", unit_id=unit_id)}
    trainee_id = next(person_id for person_id in newest if person_id in here)

    accompanied = {row["person_id"]: row["contact_id"] for row in _open(tables, "training_contact")}
    activists = [row["person_id"] for row in _open(tables, "development_period", stage=DevelopmentStage.ACTIVIST)]
    activist_id = next(person_id for person_id in activists if person_id in accompanied and person_id in here)
    branch = bodies[_open(tables, "branch_membership", person_id=activist_id)[0]["party_body_id"]]
    committee = branch
    while committee["parent_id"] is not None:
        committee = bodies[committee["parent_id"]]

    scopes: dict[str, dict[str, int]] = {
        "hr-unit": {"unit_id": unit_id},
        "secretary": {"party_body_id": branch["id"]},
        "organiser": {"party_body_id": committee["id"]},
        "contact": {"person_id": accompanied[activist_id]},
        "captain": {"team_id": team["id"], "person_id": captain_id},
        "mentor": {"person_id": mentor_id},
        "trainee": {"person_id": trainee_id},
        "safety": {"unit_id": unit_id},
    }
    return [_row(username, scopes.get(username, {}), people) for username in USERNAMES]


def _row(username: str, scope: Mapping[str, int], people: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    role = Role.HR if username == "hr-unit" else Role(username)
    name = people[scope["person_id"]]["name"] if "person_id" in scope else label(role)
    every = {name: scope.get(name) for name in ("unit_id", "party_body_id", "team_id", "person_id")}
    return {"username": username, "role": role.value, "display_name": name} | every


def _open(tables: Tables, name: str, **wanted: Any) -> list[Mapping[str, Any]]:
    """The rows that go on and have these values."""
    return [
        row
        for row in tables[name]
        if row["valid_to"] is None and all(row[column] == value for column, value in wanted.items())
    ]
