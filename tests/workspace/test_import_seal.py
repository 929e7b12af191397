"""The rows that an import created stand under its run; the trail notices when they are changed there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from svclib.models import ImportChange, table
from svclib.workspace import Workspace
from tests.workspace.import_files import table_file

_CHANGE = table(ImportChange)
HEAD = ["工号", "姓名", "单位", "联系电话"]


@pytest.fixture
def imported(province: Workspace) -> Workspace:
    """Two runs of two people each."""
    for number in (1, 2):
        names = ((1, "王伟"), (2, "李娜"))
        rows = [[f"0900000{number}{place}", name, "成都供电公司", "13812345678"] for place, name in names]
        assert province.register.import_file(table_file(HEAD, *rows)).created == 2
    return province


def first(connection: Connection) -> dict[str, Any]:
    row = connection.execute(select(_CHANGE).order_by(_CHANGE.c.id).limit(1)).mappings().one()
    return dict(row)


def change(connection: Connection) -> None:
    row = first(connection)
    other = {**row["after"], "note": "later"}
    connection.execute(update(_CHANGE).where(_CHANGE.c.id == row["id"]).values(after=other))


def remove(connection: Connection) -> None:
    connection.execute(delete(_CHANGE).where(_CHANGE.c.id == first(connection)["id"]))


def remove_all(connection: Connection) -> None:
    connection.execute(delete(_CHANGE))


def add(connection: Connection) -> None:
    row = first(connection)
    del row["id"]
    connection.execute(insert(_CHANGE).values(**row))


@pytest.mark.parametrize("tamper", [change, remove, remove_all, add])
def test_what_was_changed_under_an_import_is_found_and_the_imports_row_named(
    imported: Workspace, tamper: Callable[[Connection], None]
) -> None:
    assert imported.audit.verify().whole
    with imported.engine.begin() as connection:
        tamper(connection)
    found = imported.audit.verify()
    assert found.fault == "imported"
    assert found.number is not None
    assert imported.audit.entry(found.number).verb == "register.import"


def test_imports_stay_whole_through_an_undo_and_a_new_key(imported: Workspace) -> None:
    imported.register.undo_import(1)
    imported.keys.rotate()
    assert imported.audit.verify().whole
