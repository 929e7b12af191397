"""An import can be undone as a whole while nothing stands on it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import update

from svclib import NotFound, RuleBroken
from svclib.models import Intake, Person, table
from svclib.workspace import Workspace
from tests.workspace import factory
from tests.workspace.import_files import dump, held, table_file

HEAD = ("工号", "姓名", "单位", "政治面貌", "入职时间", "联系电话", "班组")
FIRST = table_file(
    HEAD,
    ("07000001", "王一", "成都公司", "群众", "2012-07-01", "13800005678", "抢修班"),
    ("07000002", "李二", "绵阳公司", "共青团员", "2018-07-01", "", "新班组"),
)
SECOND = table_file(
    HEAD,
    ("07000001", "王一", "绵阳公司", "中共预备党员", "2012-08-01", "13900001111", "新班组"),
    ("07000003", "张三", "成都公司", "群众", "2020-07-01", "", ""),
)


def brought(ws: Workspace, file: tuple[str, bytes]) -> int:
    result = ws.register.import_file(file)
    assert result.rejected == ()
    assert result.run_id is not None
    return result.run_id


def test_the_register_is_as_it_was_before(province: Workspace) -> None:
    empty = dump(province)
    first = brought(province, FIRST)
    between = dump(province, versions=False)
    second = brought(province, SECOND)
    province.register.undo_import(second)
    assert dump(province, versions=False) == between
    province.register.undo_import(first)
    assert dump(province) == empty


def test_a_version_never_goes_back_so_that_a_page_showing_the_import_is_stale(province: Workspace) -> None:
    brought(province, FIRST)
    province.register.undo_import(brought(province, SECOND))
    assert [person["version"] for person in held(province, "person", name="王一")] == [3]


def test_ids_of_an_undone_import_are_not_given_again(province: Workspace) -> None:
    first = brought(province, FIRST)
    old = {person["id"] for person in held(province, "person")}
    province.register.undo_import(first)
    brought(province, FIRST)
    assert not old & {person["id"] for person in held(province, "person")}


def test_an_import_that_another_stands_on_is_not_undone_and_the_reason_names_a_record(province: Workspace) -> None:
    first = brought(province, FIRST)
    brought(province, SECOND)
    before = dump(province)
    with pytest.raises(RuleBroken, match="王一"):
        province.register.undo_import(first)
    assert dump(province) == before


def test_a_later_edit_by_hand_stands_on_the_import(province: Workspace) -> None:
    first = brought(province, FIRST)
    with province.engine.begin() as connection:
        person = table(Person)
        connection.execute(update(person).where(person.c.name == "李二").values(note="已核对", version=2))
    with pytest.raises(RuleBroken, match="李二"):
        province.register.undo_import(first)


def test_a_newer_row_that_points_at_a_created_one_stands_on_the_import(province: Workspace) -> None:
    first = brought(province, FIRST)
    brought(province, table_file(("工号", "姓名", "单位", "班组"), ("07000009", "赵九", "绵阳公司", "新班组")))
    with pytest.raises(RuleBroken, match="赵九"):
        province.register.undo_import(first)


def test_undoing_twice_or_something_unknown_is_refused(province: Workspace) -> None:
    first = brought(province, FIRST)
    province.register.undo_import(first)
    with pytest.raises(RuleBroken, match="已经撤销"):
        province.register.undo_import(first)
    with pytest.raises(NotFound, match="99"):
        province.register.undo_import(99)


def test_imports_are_listed_newest_first_with_what_became_of_them(province: Workspace) -> None:
    first, second = brought(province, FIRST), brought(province, SECOND)
    province.register.undo_import(second)
    listed = province.register.imports()
    assert list(listed["id"]) == [second, first]
    assert list(listed["created"]) == [1, 2]
    assert list(listed["updated"]) == [1, 0]
    assert list(listed["undone_at"].isna()) == [False, True]


def test_import_and_undoing_are_in_the_trail(province: Workspace) -> None:
    first = brought(province, FIRST)
    brought(province, SECOND)
    with province.engine.connect() as connection:
        trail = connection.exec_driver_sql("SELECT verb, table_name, row_id FROM audit_row ORDER BY number").all()
    assert trail[0] == ("register.import", "import_run", first)
    changed = {name for verb, name, _row in trail if verb == "register.import"}
    assert {"person", "employment", "status_period"} <= changed


def test_refused_rows_come_back_as_a_workbook_with_the_reasons(province: Workspace) -> None:
    file = table_file(HEAD, ("07000001", "王一", "成都供点公司", "群众", "", "", ""))
    result = province.register.import_file(file)
    book = openpyxl.load_workbook(io.BytesIO(province.register.rejects(file, result)))
    texts = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert "07000001" in texts
    assert any("成都供点公司" in text and "成都供电公司" in text for text in texts)


def test_an_import_of_people_who_take_part_in_a_rotation_plan_is_not_undone_and_says_so(province: Workspace) -> None:
    run = brought(province, FIRST)
    intake = factory.add(province, Intake, year=2026, kind="graduate")
    who = held(province, "person")[0]["id"]
    days = [("2026-09-01", "2026-12-01")]
    province.rotation.create_plan("2026", year=2026, stages=days, intakes=[intake])
    province.rotation.add_trainees("2026", [who])
    province.rotation.absence(who, "2026-10-01", "2026-10-08", reason="病假")
    with pytest.raises(RuleBroken, match="计划学员") as told:
        province.register.undo_import(run)
    assert "病假" not in str(told.value)
