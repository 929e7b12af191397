"""Files as offices send them, small enough to stand in a test, and what the register holds afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import SQLModel

from svclib.models import Crew, PartyBody, Station, Team, Unit, table
from svclib.rules.identity import check_digit
from svclib.workspace import Workspace
from svclib.workspace.importing import ImportResult

UNTOUCHED = {"audit_row", "audit_head", "import_run", "import_change"}
"""Tables that grow with every import and every undoing."""

TEAM = "国家电网四川电力(成都高新)连心桥共产党员服务队"

TODAY = date(2026, 8, 20)
PEOPLE = ("工号", "姓名", "身份证号", "性别", "出生日期", "单位", "政治面貌", "入职时间", "联系电话")
BORN = date(1990, 3, 7)


def id_number(born: date, *, serial: int = 1, female: bool = False) -> str:
    """An ID number with a right check digit."""
    body = f"510104{born:%Y%m%d}{serial:02d}{2 if female else 1}"
    return body + check_digit(body)


def table_file(head: Sequence[str], *rows: Sequence[object], name: str = "名册.csv") -> tuple[str, bytes]:
    """A CSV file as Excel saves it here: GB18030."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return name, text.getvalue().encode("gb18030")


def row(**changes: object) -> list[object]:
    """A faultless line of a list with the columns of PEOPLE."""
    values: dict[str, object] = {
        "工号": "07000001",
        "姓名": "王一",
        "身份证号": id_number(BORN),
        "性别": "男",
        "出生日期": BORN,
        "单位": "成都供电公司",
        "政治面貌": "群众",
        "入职时间": "2012-07-01",
        "联系电话": "13800005678",
    }
    return list((values | changes).values())


def bring(ws: Workspace, *rows: list[object], head: tuple[str, ...] = PEOPLE, **options: Any) -> ImportResult:
    """Import these lines."""
    return ws.register.import_file(table_file(head, *rows), **options)


def dump(ws: Workspace, *, versions: bool = True) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the trail."""
    with ws.engine.connect() as connection:
        return {
            one.name: [
                {name: value for name, value in row.items() if versions or name != "version"}
                for row in connection.execute(select(one).order_by(*one.primary_key.columns)).mappings()
            ]
            for one in SQLModel.metadata.sorted_tables
            if one.name not in UNTOUCHED
        }


def held(ws: Workspace, name: str, /, **where: Any) -> list[dict[str, Any]]:
    """The rows of a table, by id."""
    place = SQLModel.metadata.tables[name]
    wanted = select(place).order_by(place.c.id)
    for column, value in where.items():
        wanted = wanted.where(place.c[column] == value)
    with ws.engine.connect() as connection:
        return [dict(row) for row in connection.execute(wanted).mappings()]


def person(ws: Workspace, name: str) -> dict[str, Any]:
    """The one person of this name."""
    (found,) = held(ws, "person", name=name)
    return found


def history(ws: Workspace, name: str, who: str, column: str) -> list[tuple[Any, date, date | None]]:
    """What a dated history of somebody says, oldest first: (value, valid_from, valid_to)."""
    rows = sorted(held(ws, name, person_id=person(ws, who)["id"]), key=lambda row: row["valid_from"])
    return [(row[column], row["valid_from"], row["valid_to"]) for row in rows]


def small_province(ws: Workspace) -> None:
    """Two units, each with a branch and a crew; a team with a station in the first, another in the second."""
    rows: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (
            Unit,
            [
                {"id": 1, "name": "国网四川省电力公司成都供电公司", "short_name": "成都供电公司", "kind": "company"},
                {"id": 2, "name": "国网四川省电力公司绵阳供电公司", "short_name": "绵阳供电公司", "kind": "company"},
            ],
        ),
        (
            PartyBody,
            [
                {"id": 1, "unit_id": 1, "kind": "branch", "name": "运维检修党支部"},
                {"id": 2, "unit_id": 2, "kind": "branch", "name": "运维检修党支部"},
                {"id": 3, "unit_id": 1, "kind": "branch", "name": "营销党支部"},
            ],
        ),
        (Crew, [{"id": 1, "unit_id": 1, "kind": "crew", "name": "抢修班"}]),
        (
            Team,
            [
                _team(1, 1, TEAM, "高新连心桥服务队"),
                _team(2, 2, "国家电网四川电力(绵阳)涪江共产党员服务队", "涪江服务队"),
                _team(3, 1, "国家电网四川电力(成都锦江)同心共产党员服务队", "锦江同心服务队"),
            ],
        ),
        (Station, [{"id": 1, "team_id": 1, "name": "和平社区服务站", "opened_on": date(2010, 1, 1)}]),
    )
    with ws.engine.begin() as connection:
        for model, listed in rows:
            place = table(model)
            connection.execute(insert(place), [{"version": 1, **row} for row in listed])
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{place.name}', 'id'), (SELECT max(id) FROM {place.name}))"
                )


def _team(number: int, unit: int, official: str, short: str) -> dict[str, Any]:
    return {
        "id": number,
        "unit_id": unit,
        "official_name": official,
        "short_name": short,
        "level": "team",
        "setting": "urban",
        "founded_on": date(2002, 9, 11),
    }
