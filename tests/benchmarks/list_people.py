"""The register's list at 100,000 people, beside a bare sqlite3 query for the same page and its count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from svclib import open_workspace
from svclib.demo.province import SIZES, build
from svclib.settings import Settings
from svclib.workspace import init_database
from svclib.workspace.filling import fill_database
from svclib.workspace.register.listing import PeopleQuery
from tests.benchmarks.measure import Measure, median_seconds, seconds

PEOPLE = 100_000
_DAY = "2026-08-20"
_VALID = "{0}.person_id = p.id AND {0}.valid_from <= :day AND ({0}.valid_to IS NULL OR {0}.valid_to > :day)"
_COLUMNS = "p.id, p.employee_no, p.name, p.sex, p.birth_date, p.hired_on, u.short_name, t.short_name, s.status, d.stage"
_FROM = (
    "FROM person p "
    f"JOIN employment e ON {_VALID.format('e')} JOIN unit u ON u.id = e.unit_id "
    f"LEFT JOIN membership m ON {_VALID.format('m')} LEFT JOIN team t ON t.id = m.team_id "
    f"LEFT JOIN status_period s ON {_VALID.format('s')} LEFT JOIN development_period d ON {_VALID.format('d')}"
)

CASES = {
    "first page by name": (PeopleQuery(), "", "p.pinyin, p.id", 0),
    "search for a name": (PeopleQuery(search="建国"), "WHERE p.name LIKE '%建国%'", "p.pinyin, p.id", 0),
    "search by pinyin initials": (PeopleQuery(search="zjg"), "WHERE p.initials LIKE 'zjg%'", "p.pinyin, p.id", 0),
    "sorted by hiring day": (PeopleQuery(sort="hired_on"), "", "p.hired_on, p.pinyin, p.id", 0),
    "card “members”": (PeopleQuery(group="members"), "WHERE m.id IS NOT NULL", "p.pinyin, p.id", 0),
    "one status": (PeopleQuery(statuses=("probationary",)), "WHERE s.status = 'probationary'", "p.pinyin, p.id", 0),
    "deep page": (PeopleQuery(offset=90_000), "", "p.pinyin, p.id", 90_000),
}


def run(folder: Path) -> Iterator[Measure]:
    settings = Settings(data_dir=folder)
    today = SIZES["today"]
    others = PEOPLE - (today.members + 3 * (today.graduates + today.activists))
    province = build(replace(today, others=others), name="benchmark", seed=1)
    init_database(settings)
    facts = {"demo_today": _DAY}
    yield Measure(
        "filling the database",
        seconds(lambda: fill_database(settings, province.rows, facts)),
        rows=len(province.rows["person"]),
    )
    ws = open_workspace(settings)
    bare = sqlite3.connect(folder / "svc.db")
    for what, (query, where, order, offset) in CASES.items():
        page = f"SELECT {_COLUMNS} {_FROM} {where} ORDER BY {order} LIMIT 10 OFFSET {offset}"
        count = f"SELECT count(*) {_FROM} {where}"

        def bare_page(page: str = page, count: str = count) -> None:
            bare.execute(page, {"day": _DAY}).fetchall()
            bare.execute(count, {"day": _DAY}).fetchone()

        taken = median_seconds(lambda query=query: ws.register.page(query))
        yield Measure(what, taken, "bare sqlite3", median_seconds(bare_page))
    yield Measure("figures on the cards", median_seconds(ws.register.summary))
    yield Measure("composition of every team", median_seconds(ws.register.composition))
    bare.close()
    ws.close()
