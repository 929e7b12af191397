"""The suite's own apps on the demo province, and of each account what it may know: asked of the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from svclib.demo import make_demo
from svclib.models import (
    Account,
    BranchMembership,
    Membership,
    PartyBody,
    Person,
    Role,
    RotationPlacement,
    Team,
    TeamOffice,
    TrainingContact,
    Unit,
    table,
)
from svclib.settings import Settings
from tests.serving import Server, serve
from tests.workspace.import_files import table_file

_OF_THE_SERVER = {"audit_head", "draft", "login_attempt", "login_session", "page_ticket"}
"""Tables that grow by opening pages and typing into forms."""
Content = dict[str, dict[str, dict[str, Any]]]
"""Every row of every table, by its text."""


@dataclass
class Office:
    """The served province, seen past all permissions."""

    server: Server
    names: dict[int, str] = field(init=False)
    numbers: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        people = self.rows(Person)
        self.names = {row["id"]: row["name"] for row in people}
        self.numbers = {row["id"]: row["employee_no"] for row in people if row["employee_no"]}

    def rows(self, model: type[SQLModel], **wanted: Any) -> list[dict[str, Any]]:
        """The rows of a table that have these values."""
        place = table(model)
        chosen = select(place).where(*(place.c[name] == value for name, value in wanted.items()))
        with self.server.ws.engine.connect() as connection:
            return [dict(row) for row in connection.execute(chosen).mappings()]

    def account(self, username: str) -> dict[str, Any]:
        return self.rows(Account, username=username)[0]

    def people(self, username: str) -> set[int]:
        """Ids of those whom the account's role may know of: who belongs, or ever belonged, to its scope."""
        own = self.account(username)
        if own["role"] == Role.SECRETARY:
            return {row["person_id"] for row in self.rows(BranchMembership, party_body_id=own["party_body_id"])}
        if own["role"] == Role.CAPTAIN:
            return {row["person_id"] for row in self.rows(Membership, team_id=own["team_id"])}
        assert own["role"] == Role.TRAINEE
        return {own["person_id"]}

    def publish(self) -> None:
        """Have the plan of the year published, once."""
        rotation = self.server.ws.rotation
        plan = rotation.plans().iloc[0]
        if plan["published_version"] == 0:
            version = rotation.save_draft(rotation.propose(plan["name"], time_limit_s=60))
            rotation.publish(plan["name"], version=version, decided_by="陈某")

    def received(self, username: str) -> set[int]:
        """Ids of those whom the plan sends to the account's team: whoever answers for it is told."""
        team = self.account(username)["team_id"]
        return {row["person_id"] for row in self.rows(RotationPlacement, team_id=team)} if team else set()

    def foreign(self, username: str, *, known: set[int]) -> set[str]:
        """Names and numbers that must not come to an account that may know of these people only.

        Who bears a name that somebody known bears as well cannot be told from him. Who accompanies an activist is told
        with the activist, and who is responsible for a team with the team.
        """
        own = self.account(username)
        accompany = {row["contact_id"] for row in self.rows(TrainingContact) if row["person_id"] in known}
        teams = {row["id"] for row in self.rows(Team) if known and _has_team(own, row)}
        heads = {row["person_id"] for row in self.rows(TeamOffice) if row["team_id"] in teams}
        allowed = known | accompany | heads | {own["person_id"]}
        names = {name for person, name in self.names.items() if person not in allowed}
        names |= {name for person, name in self.numbers.items() if person not in allowed}
        told = " ".join([self.names.get(person, "") for person in allowed if person] + [str(own)])
        return {name for name in names if name not in told} | self.secrets

    @cached_property
    def secrets(self) -> set[str]:
        """Everybody's ID number, phone and address, in plain: none of these roles is shown anybody's."""
        vault, fields = self.server.ws.vault, ("id_number", "phone", "address")
        found = {vault.decrypt(name, row[name]) for row in self.rows(Person) for name in fields}
        return {value for value in found if value}

    def content(self) -> Content:
        """What the database holds, but for what every visit leaves."""
        places = [place for name, place in SQLModel.metadata.tables.items() if name not in _OF_THE_SERVER]
        with self.server.ws.engine.connect() as connection:
            return {
                place.name: {str(row): dict(row._mapping) for row in connection.execute(select(place))}
                for place in places
            }

    def bait(self, username: str) -> tuple[list[int], tuple[str, bytes]]:
        """Ids of people, teams, units and bodies of others; and a list that names others by their numbers alone."""
        known = self.people(username)
        others = sorted(set(self.numbers) - known)
        strangers = [others[0], others[len(others) // 2], others[-1]]
        own = self.account(username)
        foreign = [next(row["id"] for row in self.rows(Team) if row["id"] != own["team_id"])]
        foreign += [self.rows(Unit)[-1]["id"]]
        foreign += [next(row["id"] for row in self.rows(PartyBody) if row["id"] != own["party_body_id"])]
        head = ("工号", "姓名", "申请入党时间", "确定为入党积极分子时间", "培养联系人")
        lines = [(self.numbers[one], "某某某", "2024-03-01", "2025-03-01", "") for one in strangers]
        return [strangers[0], *foreign, 2**62], table_file(head, *lines, name="积极分子.csv")


def _has_team(account: dict[str, Any], team: dict[str, Any]) -> bool:
    """Whether the team is the account's own or its party body's."""
    if account["team_id"] is not None:
        return bool(account["team_id"] == team["id"])
    return account["party_body_id"] is not None and bool(account["party_body_id"] == team["party_body_id"])


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A served demo province, for all tests here."""
    home: Path = tmp_path_factory.mktemp("doors")
    settings = Settings(data_dir=home / "data")
    make_demo(settings)
    running = serve(settings, None, home / "serve.log")
    yield Office(running)
    running.stop()
