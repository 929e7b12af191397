"""A plan year of two stages in two units: one with a team for each stage, one with a single team and three stations."""

from __future__ import annotations

from copy import copy
from datetime import UTC, date, datetime
from typing import Any, Self

from sqlalchemy import select
from sqlmodel import SQLModel

from svclib import open_workspace
from svclib.models import Role, SafetyKind, SafetyRecord
from svclib.workspace import Workspace
from tests.workspace import factory

STAGES = (("2026-09-01", "2026-11-01"), ("2026-11-01", "2027-01-01"))
REASON = "两人有过节，不宜同队"
WHY_AWAY = "住院手术"
HERE = ("甲一", "乙二", "丙三", "丁四")
THERE = ("戊五", "己六")


class PlanYear:
    """Ids by name: units 1 and 2, teams a and b of unit 1, c of unit 2, trainees by their names."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.units = {1: factory.unit(ws, "成都供电公司"), 2: factory.unit(ws, "绵阳供电公司")}
        self.bodies = {1: factory.body(ws, self.units[1]), 2: factory.body(ws, self.units[2])}
        self.teams = {
            "a": factory.team(ws, self.units[1], "高新服务队", setting="urban", latitude=30.6, longitude=104.1),
            "b": factory.team(ws, self.units[1], "简阳服务队", setting="rural", latitude=30.4, longitude=104.5),
            "c": factory.team(ws, self.units[2], "涪江服务队", setting="urban", latitude=31.5, longitude=104.7),
        }
        self.stations = [factory.station(ws, self.teams["c"], f"{name}服务站") for name in ("东街", "南街", "西街")]
        self.members = {
            name: factory.members(ws, team_id, ["member"] * 3, unit_id=self.units[2 if name == "c" else 1])
            for name, team_id in self.teams.items()
        }
        self.people: dict[str, int] = {}
        for unit, names in ((1, HERE), (2, THERE)):
            for name in names:
                self.people[name] = self.newcomer(name, unit)
        for name in (*HERE, *THERE):
            self.safe(name)
        intake = int(ws.register.intakes()["id"][0])
        ws.rotation.create_plan("2026", year=2026, stages=STAGES, intakes=[intake])

    def on(self, ws: Workspace) -> Self:
        """The same year in a copy of its database."""
        other = copy(self)
        other.ws, other.people = ws, dict(self.people)
        return other

    def newcomer(self, name: str, unit: int) -> int:
        """A graduate of the intake in the unit, tied to its party branch; without any safety record."""
        found = factory.person(self.ws, name, unit_id=self.units[unit])
        factory.trainee(self.ws, found, starts_on=date(2026, 7, 10), ends_on=date(2027, 7, 10))
        return found

    def safe(self, name: str, *, until: date = date(2027, 8, 1)) -> None:
        """Valid education and a passed examination."""
        for kind in SafetyKind:
            values = {"kind": kind.value, "level": "", "taken_on": date(2026, 8, 1), "passed": True, "version": 1}
            stamp = {"valid_until": until, "recorded_at": datetime.now(UTC)}
            factory.add(self.ws, SafetyRecord, person_id=self.people[name], **values, **stamp)

    def as_role(self, name: str, role: Role, **scope: Any) -> Workspace:
        """A workspace of an account with this role and scope."""
        self.ws.access.add_user(name, role.value, password="correct horse battery staple", **scope)
        return open_workspace(self.ws.settings, as_user=name)

    @property
    def version(self) -> int:
        return int(self.ws.rotation.plans()["version"].iloc[0])

    def publish(self, **options: Any) -> int:
        """Propose, keep and publish."""
        self.ws.rotation.save_draft(self.ws.rotation.propose("2026", **options))
        return self.ws.rotation.publish("2026", version=self.version)

    def stand(self, ws: Workspace | None = None, version: Any = None) -> dict[tuple[str, int], str]:
        """(name, stage) → the team, with the station where there is one."""
        rows = (ws or self.ws).rotation.placements("2026", version=version).to_dict("records")
        return {
            (row["name"], row["stage"]): row["team"] + (row["station"] if isinstance(row["station"], str) else "")
            for row in rows
        }


def dump(ws: Workspace) -> dict[str, list[Any]]:
    """Every row of every table."""
    with ws.engine.connect() as connection:
        return {
            place.name: sorted((tuple(row) for row in connection.execute(select(place))), key=repr)
            for place in SQLModel.metadata.sorted_tables
        }
