"""A small province with people in it and an account for each role: what the tests of scopes stand on.

Two companies and a county company below the first; in each a committee with a branch, a team, and people of every
kind, whose names tell where they belong.
"""

from __future__ import annotations

from copy import copy, deepcopy
from datetime import UTC, date, datetime
from typing import Any, Self

from sqlalchemy import insert

from svclib.models import Account, ActivistFile, BranchMembership, DevelopmentPeriod, Role, TrainingContact, table
from svclib.workspace import Workspace
from svclib.workspace.identity import by_name
from tests.workspace import factory
from tests.workspace.factory import SINCE, add
from tests.workspace.import_files import id_number

RECORDED = datetime(2024, 1, 1, tzinfo=UTC)
FAMILIES = {1: "成", 2: "绵", 3: "县"}
"""The family name of everybody in a unit."""
PHONE = "1380000{:04d}"


class Offices:
    """The province: ids by name, and everybody's places as plain facts, so that a test can say who is whose."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.people: dict[int, dict[str, Any]] = {}
        self.units = {1: factory.unit(ws, "成都供电公司"), 2: factory.unit(ws, "绵阳供电公司")}
        self.units[3] = factory.unit(ws, "崇州供电公司", kind="county", parent_id=self.units[1])
        self.committees, self.branches, self.groups, self.teams, self.crews = {}, {}, {}, {}, {}
        for key, unit_id in self.units.items():
            self.committees[key] = factory.body(ws, unit_id, "党委")
            self.branches[key] = factory.body(ws, unit_id, "运检党支部", parent_id=self.committees[key])
            self.groups[key] = factory.body(ws, unit_id, "抢修党小组", parent_id=self.branches[key])
            self.crews[key] = factory.crew(ws, unit_id, f"抢修{key}班")
            phone = f"028-6813380{key}"
            home = {"party_body_id": self.branches[key], "supervision_phone": phone}
            self.teams[key] = factory.team(ws, unit_id, f"{FAMILIES[key]}心服务队", **home)
            factory.station(ws, self.teams[key], f"{FAMILIES[key]}心服务站")
        for key in self.units:
            self._staff(key)

    def on(self, ws: Workspace) -> Self:
        """The same province in a copy of its database."""
        other = copy(self)
        other.ws, other.people = ws, deepcopy(self.people)
        return other

    def _staff(self, key: int) -> None:
        ws = self.ws
        captain = self._person(key, "队长", status="member", body=self.branches[key], team=key)
        for n in range(5):
            self._person(
                key, f"队员{'一二三四五'[n]}", status=["member", "masses"][n % 2], body=self.groups[key], team=key
            )
        contact = self._person(key, "联系人", status="member", body=self.branches[key])
        activist = self._person(key, "积极", status="league", stage="activist", body=self.branches[key])
        add(ws, ActivistFile, person_id=activist, applied_on=SINCE, decided_on=date(2025, 3, 1), version=1)
        times = {"valid_from": SINCE, "recorded_at": RECORDED}
        add(ws, TrainingContact, person_id=activist, contact_id=contact, contact_name=f"{FAMILIES[key]}联系人", **times)
        self.people[activist]["contact"] = contact
        trainee = self._person(key, "学员", status="league", team=key)
        training = {"starts_on": date(2026, 7, 1), "ends_on": date(2027, 7, 1)}
        factory.trainee(ws, trainee, **training)
        factory.trainee(ws, activist, kind="activist", **training)
        left = self._person(key, "离职", status="member", body=self.committees[key])
        ws.register.end_employment(left, on="2025-06-01")
        self.people[left]["left_on"] = date(2025, 6, 1)
        ws.register.appoint(self.teams[key], "captain", captain, on=SINCE)

    def _person(self, key: int, name: str, *, team: int | None = None, body: int | None = None, **more: Any) -> int:
        ws, serial = self.ws, len(self.people) + 1
        born = date(1980 + serial % 20, 1 + serial % 12, 1 + serial % 28)
        stage = more.pop("stage", None)
        values = {
            "name": FAMILIES[key] + name,
            "employee_no": f"{key}{serial:07d}",
            "id_number": id_number(born, serial=serial),
            "phone": PHONE.format(serial),
            "address": f"和谐路{serial}号的一个院子里",
            "school": f"{FAMILIES[key]}大学",
            "note": f"备注{serial}",
            "unit_id": self.units[key],
            **more,
        }
        person_id = ws.register.add_person(values, on=SINCE)
        times = {"valid_from": SINCE, "recorded_at": RECORDED}
        if team is not None:
            ws.register.join_team(person_id, self.teams[team], on=SINCE)
        if body is not None:
            add(ws, BranchMembership, person_id=person_id, party_body_id=body, **times)
        if stage is not None:
            add(ws, DevelopmentPeriod, person_id=person_id, stage=stage, **times)
        self.people[person_id] = {"unit": key, "team": team, "body": body, "stage": stage, **values}
        return person_id

    def named(self, name: str) -> int:
        """The id of the person of this name."""
        (found,) = [person_id for person_id, facts in self.people.items() if facts["name"] == name]
        return found

    def account(self, username: str, role: Role, **scope: int) -> Workspace:
        """Make an account and open a workspace that acts as it."""
        values = {"username": username, "display_name": username, "role": role.value, "created_at": RECORDED, **scope}
        with self.ws.engine.begin() as connection:
            connection.execute(insert(table(Account)).values(version=1, must_change=False, **values))
        return self.acting(username)

    def acting(self, username: str) -> Workspace:
        """A workspace that acts as the account."""
        return Workspace(self.ws.settings, identity=by_name(username), engine=self.ws.engine)

    def every_role(self) -> dict[str, Workspace]:
        """A workspace for each role, of the first unit where a role has a place, and the province's HR beside."""
        person = self.named
        return {
            "company": self.account("company", Role.HR),
            "hr": self.account("hr", Role.HR, unit_id=self.units[1]),
            "secretary": self.account("secretary", Role.SECRETARY, party_body_id=self.branches[1]),
            "organiser": self.account("organiser", Role.ORGANISER, party_body_id=self.committees[1]),
            "contact": self.account("contact", Role.CONTACT, person_id=person("成联系人")),
            "captain": self.account("captain", Role.CAPTAIN, team_id=self.teams[1], person_id=person("成队长")),
            "mentor": self.account("mentor", Role.MENTOR, person_id=person("成队长")),
            "trainee": self.account("trainee", Role.TRAINEE, person_id=person("成学员")),
            "safety": self.account("safety", Role.SAFETY, unit_id=self.units[1]),
            "leader": self.account("leader", Role.LEADER, unit_id=self.units[2]),
            "analyst": self.account("analyst", Role.ANALYST),
            "auditor": self.account("auditor", Role.AUDITOR),
            "administrator": self.account("administrator", Role.ADMINISTRATOR),
        }

    def reach(self, who: str) -> set[int]:
        """Who is that role's today, told from plain facts: nothing of the code under test."""
        bodies = {
            "secretary": {self.branches[1], self.groups[1]},
            "organiser": {self.committees[1], self.branches[1], self.groups[1]},
        }
        units = {"company": {1, 2, 3}, "hr": {1, 3}, "safety": {1, 3}, "leader": {2}}
        if who in units:
            return {one for one, facts in self.people.items() if facts["unit"] in units[who]}
        if who in bodies:
            return {one for one, facts in self.people.items() if facts["body"] in bodies[who]}
        if who == "captain":
            return {one for one, facts in self.people.items() if facts["team"] == 1}
        if who == "contact":
            return {self.named("成积极")}
        return {self.named("成学员")} if who == "trainee" else set()
