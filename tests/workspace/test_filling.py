"""Filling an empty database at once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from svclib import DatabaseState
from svclib.models import AuditRow, Fact, Person, Unit, table
from svclib.workspace import Workspace
from svclib.workspace.filling import database_content, database_facts, fill_database

_PERSON, _UNIT = table(Person), table(Unit)
_DAY = {"demo_today": "2026-08-20"}


def _rows() -> dict[str, list[dict[str, Any]]]:
    since = {"valid_from": date(2020, 7, 1), "recorded_at": datetime(2020, 7, 2, tzinfo=UTC)}
    return {
        "employment": [{"id": 1, "person_id": 3, "unit_id": 8, **since}],
        "person": [
            {
                "id": 3,
                "name": "曾立",
                "id_number": "51005119900101001X",
                "phone": "16012345678",
                "address": "成都市某路1号",
            }
        ],
        "unit": [
            {"id": 7, "name": "四川省电力公司", "short_name": "省公司", "kind": "province"},
            {"id": 8, "name": "成都供电公司", "short_name": "成都", "kind": "company", "parent_id": 7},
        ],
    }


def test_rows_are_filled_in_parents_first_whatever_their_order(ws: Workspace) -> None:
    fill_database(ws.settings, _rows(), _DAY)
    with ws.engine.connect() as connection:
        assert connection.execute(select(_UNIT.c.id, _UNIT.c.parent_id).order_by(_UNIT.c.id)).all() == [
            (7, None),
            (8, 7),
        ]
    assert database_facts(ws.settings) == _DAY


def test_protected_fields_are_stored_as_ciphertext_and_found_by_their_index(ws: Workspace) -> None:
    fill_database(ws.settings, _rows(), _DAY)
    with ws.engine.connect() as connection:
        person = connection.execute(select(_PERSON)).mappings().one()
    given = _rows()["person"][0]
    for field in ("id_number", "phone", "address"):
        assert given[field] not in person[field]
        assert ws.vault.decrypt(field, person[field]) == given[field]
    assert person["id_number_index"] == ws.vault.index(given["id_number"])


def test_people_are_found_by_the_sound_of_their_names(ws: Workspace) -> None:
    fill_database(ws.settings, _rows(), _DAY)
    with ws.engine.connect() as connection:
        assert connection.execute(select(_PERSON.c.pinyin, _PERSON.c.initials)).one() == ("zeng li", "zl")


def test_the_next_row_gets_a_number_after_those_filled_in(ws: Workspace) -> None:
    fill_database(ws.settings, _rows(), _DAY)
    with ws.engine.begin() as connection:
        fresh = {"name": "绵阳供电公司", "short_name": "绵阳", "kind": "company", "version": 1}
        assert connection.execute(insert(_UNIT).values(**fresh).returning(_UNIT.c.id)).scalar_one() > 8


def test_filling_leaves_one_row_in_the_trail_without_protected_values(ws: Workspace) -> None:
    fill_database(ws.settings, _rows(), _DAY)
    audit = table(AuditRow)
    with ws.engine.connect() as connection:
        row = connection.execute(select(audit)).mappings().one()
    assert row["verb"] == "demo.fill"
    assert row["after"] == {**_DAY, "rows": {"employment": 1, "person": 1, "unit": 2}}


def test_a_database_that_holds_anything_is_refused_and_left_alone(ws: Workspace) -> None:
    with ws.engine.begin() as connection:
        connection.execute(insert(_UNIT).values(name="甲公司", short_name="甲", kind="company", version=1))
    with pytest.raises(DatabaseState, match="未作任何改动"):
        fill_database(ws.settings, _rows(), _DAY)
    with ws.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(_PERSON)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(table(Fact))).scalar() == 0


def test_a_failure_in_the_middle_leaves_nothing(ws: Workspace) -> None:
    rows = _rows()
    rows["employment"][0]["valid_to"] = date(2019, 1, 1)
    with pytest.raises(Exception, match=r"(?i)period"):
        fill_database(ws.settings, rows, _DAY)
    assert database_content(ws.settings) == "nothing"


def test_what_a_database_holds_is_told_apart(ws: Workspace) -> None:
    assert database_content(ws.settings) == "nothing"
    fill_database(ws.settings, _rows(), {"imported_from": "elsewhere"})
    assert database_content(ws.settings) == "data"


def test_tables_of_somebody_else_count_as_data(ws: Workspace) -> None:
    with ws.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE payroll (id INTEGER)")
    assert database_content(ws.settings) == "data"
