"""Small builders that put units, teams and people into a test's database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from svclib.models import Crew, Intake, PartyBody, Station, Team, Trainee, Unit, table
from svclib.workspace import Workspace

SINCE = date(2024, 1, 1)


def add(ws: Workspace, model: type, **values: Any) -> int:
    """One row of a table, past the verbs."""
    place = table(model)
    with ws.engine.begin() as connection:
        return int(connection.execute(insert(place).values(**values).returning(place.c.id)).scalar_one())


def unit(
    ws: Workspace, short_name: str = "成都供电公司", *, kind: str = "company", parent_id: int | None = None
) -> int:
    return add(ws, Unit, name=f"国网四川省电力公司{short_name}", short_name=short_name, kind=kind, parent_id=parent_id)


def crew(ws: Workspace, unit_id: int, name: str = "变电运维班") -> int:
    return add(ws, Crew, unit_id=unit_id, kind="crew", name=name)


def body(ws: Workspace, unit_id: int, name: str = "第一党支部", *, parent_id: int | None = None) -> int:
    return add(ws, PartyBody, unit_id=unit_id, kind="branch", name=name, parent_id=parent_id)


def team(ws: Workspace, unit_id: int, short_name: str = "连心桥服务队", **values: Any) -> int:
    official = values.pop("official_name", f"国家电网四川电力{short_name}")
    known = {"level": "team", "setting": "urban", "founded_on": SINCE}
    return add(ws, Team, unit_id=unit_id, short_name=short_name, official_name=official, **(known | values))


def station(ws: Workspace, team_id: int, name: str = "桐梓林服务站", *, opened_on: date = SINCE) -> int:
    return add(ws, Station, team_id=team_id, name=name, opened_on=opened_on)


def person(ws: Workspace, name: str, **values: Any) -> int:
    """A person by the verb, since `SINCE`; an employee number of eight digits is made up from the count of people."""
    if "employee_no" not in values:
        values["employee_no"] = f"{len(ws.register.people('2100-01-01')) + 10_000_001}"
    return ws.register.add_person({"name": name, **values}, on=SINCE)


def members(ws: Workspace, team_id: int, statuses: Sequence[str], *, unit_id: int | None = None) -> list[int]:
    """One member of the team for each status, in this order, since `SINCE`."""
    family, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳敏静丽强磊洋"
    ids = []
    for place, status in enumerate(statuses):
        name = family[place % len(family)] + given[place // len(family) % len(given)]
        number = f"{team_id:03d}{place:05d}"
        placed = {"team_id": team_id, "status": status} | ({} if unit_id is None else {"unit_id": unit_id})
        ids.append(person(ws, name, employee_no=number, **placed))
    return ids


def sound_team(ws: Workspace, short_name: str = "连心桥服务队", *, unit_id: int | None = None) -> tuple[int, list[int]]:
    """A team of ten that breaks no rule: six party members in it (the first is captain and both heads)."""
    own = unit(ws) if unit_id is None else unit_id
    branch = body(ws, own, f"{short_name}党支部")
    team_id = team(ws, own, short_name, party_body_id=branch, supervision_phone="028-68133801")
    people = members(ws, team_id, ["member"] * 6 + ["masses"] * 4, unit_id=own)
    for office in ("captain", "party_head", "admin_head"):
        ws.register.appoint(team_id, office, people[0], on=SINCE)
    return team_id, people


def trainee(
    ws: Workspace, person_id: int, *, year: int = 2026, kind: str = "graduate", starts_on: date, ends_on: date
) -> int:
    place = table(Intake)
    with ws.engine.connect() as connection:
        found = connection.execute(select(place.c.id).where(place.c.year == year, place.c.kind == kind)).scalar()
    intake_id = add(ws, Intake, year=year, kind=kind) if found is None else found
    return add(ws, Trainee, intake_id=intake_id, person_id=person_id, starts_on=starts_on, ends_on=ends_on)
