"""Lists of people become rows of the register."""

from __future__ import annotations

from datetime import date

import pytest

from svclib import StaleRecord
from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from tests.workspace.import_files import (
    BORN,
    PEOPLE,
    TODAY,
    bring,
    dump,
    held,
    history,
    id_number,
    person,
    row,
    table_file,
)


def test_a_new_person_is_in_the_register_from_the_day_of_hiring(province: Workspace) -> None:
    result = bring(province, row())
    assert (result.rows, result.created, result.updated, result.unchanged, result.rejected) == (1, 1, 0, 0, ())
    assert result.saved
    assert result.run_id is not None
    someone = person(province, "王一")
    assert (someone["employee_no"], someone["sex"], someone["birth_date"]) == ("07000001", "male", BORN)
    assert (someone["pinyin"], someone["initials"]) == ("wang yi", "wy")
    assert history(province, "employment", "王一", "unit_id") == [(1, date(2012, 7, 1), None)]
    assert history(province, "status_period", "王一", "status") == [("masses", TODAY, None)]


def test_protected_fields_are_stored_encrypted_and_shown_masked(province: Workspace) -> None:
    result = bring(province, row())
    number = id_number(BORN)
    someone = person(province, "王一")
    assert province.vault.decrypt("id_number", someone["id_number"]) == number
    assert province.vault.decrypt("phone", someone["phone"]) == "13800005678"
    everywhere = [result.preview.to_string(), str(result.to_json()), repr(result)]
    everywhere += [str(held(province, "import_change")), str(dump(province))]
    with province.engine.connect() as connection:
        everywhere.append(str(connection.exec_driver_sql("SELECT * FROM audit_row").all()))
    for text in everywhere:
        assert number not in text
        assert "13800005678" not in text
    assert "138****5678" in set(result.preview["after"])


def test_a_preview_writes_nothing_and_shows_every_cell(province: Workspace) -> None:
    before = dump(province)
    result = bring(
        province, row(), row(工号="07000002", 姓名="李二", 身份证号="", 性别="女", 单位="成都电厂"), dry_run=True
    )
    assert dump(province) == before
    assert held(province, "import_run") == []
    assert (result.saved, result.dry_run, result.run_id) == (False, True, None)
    refused = result.preview[result.preview["action"] == "rejected"].iloc[0]
    assert (refused["row"], refused["column"], refused["suggestion"]) == (3, "单位", "成都供电公司")
    assert set(result.preview[result.preview["action"] == "created"]["column"]) == set(PEOPLE)


def test_a_unit_that_is_like_none_is_said_to_be_missing_with_what_to_do(province: Workspace) -> None:
    [refused] = bring(province, row(单位="凉山供电公司")).rejected
    assert refused.suggestion is None
    assert refused.reason == "花名册中没有单位“凉山供电公司”。请先导入组织机构，或选择自动建立。"
    [near] = bring(province, row(单位="成都电厂")).rejected
    assert (near.suggestion, near.reason) == ("成都供电公司", "花名册中没有单位“成都电厂”。")
    assert bring(province, row(单位="国网四川省电力公司成都供电公司")).created == 1


def test_the_same_file_again_changes_nothing_even_on_a_later_day(
    province: Workspace, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        row(入职时间="", 政治面貌="共青团员"),
        row(工号="07000002", 姓名="李二", 身份证号="", 性别="", 出生日期="1991.05"),
    ]
    bring(province, *rows)
    before = dump(province)
    again = bring(province, *rows)
    later = open_workspace(settings.model_copy(update={"today": date(2027, 2, 3)}))
    next_year = bring(later, *rows)
    later.close()
    for result in (again, next_year):
        assert (result.unchanged, result.created, result.updated, result.run_id) == (2, 0, 0, None)
        assert result.saved
    assert dump(province) == before
    assert len(held(province, "import_run")) == 1


def test_a_corrected_file_updates_only_what_differs_and_blanks_erase_nothing(province: Workspace) -> None:
    bring(province, row())
    result = bring(province, row(联系电话="13900001111", 性别="", 政治面貌="", 入职时间=""))
    assert result.updated == 1
    assert list(result.preview["column"]) == ["联系电话"]
    assert list(result.preview["before"]) == ["138****5678"]
    someone = person(province, "王一")
    assert (someone["sex"], someone["hired_on"], someone["version"]) == ("male", date(2012, 7, 1), 2)


def test_another_unit_ends_the_old_employment_and_begins_the_next_today(province: Workspace) -> None:
    bring(province, row())
    result = bring(province, row(单位="国网绵阳供电公司"))
    assert history(province, "employment", "王一", "unit_id") == [
        (1, date(2012, 7, 1), TODAY),
        (2, TODAY, None),
    ]
    assert [(line.before, line.after) for line in result.preview.itertuples()] == [("成都供电公司", "绵阳供电公司")]


def test_a_unit_corrected_on_the_same_day_leaves_no_empty_period(province: Workspace) -> None:
    bring(province, row(入职时间=""))
    bring(province, row(入职时间="", 单位="绵阳公司"))
    assert history(province, "employment", "王一", "unit_id") == [(2, TODAY, None)]


def test_a_wrong_transfer_taken_back_on_the_same_day_leaves_one_period(province: Workspace) -> None:
    bring(province, row())
    bring(province, row(单位="绵阳公司"))
    bring(province, row(单位="成都公司"))
    assert history(province, "employment", "王一", "unit_id") == [(1, date(2012, 7, 1), None)]


@pytest.mark.parametrize("name", ["国网四川省电力公司成都供电公司", "成都公司", "国网成都供电公司", " 成都 供电公司"])
def test_a_unit_is_known_by_all_its_usual_names(province: Workspace, name: str) -> None:
    assert bring(province, row(单位=name)).rejected == ()
    assert history(province, "employment", "王一", "unit_id")[0][0] == 1


def test_a_corrected_day_of_hiring_moves_the_beginning_of_the_employment(province: Workspace) -> None:
    bring(province, row())
    bring(province, row(入职时间="2012-08-01"))
    assert history(province, "employment", "王一", "unit_id") == [(1, date(2012, 8, 1), None)]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"姓名": ""}, "姓名", "姓名"),
        ({"姓名": "=1+1"}, "姓名", "="),
        ({"姓名": "<b>王</b>"}, "姓名", "标记"),
        ({"工号": "", "身份证号": ""}, "工号", "人员编码"),
        ({"身份证号": id_number(BORN)[:-1] + ("0" if id_number(BORN)[-1] != "0" else "1")}, "身份证号", "校验"),
        ({"性别": "女"}, "性别", "男"),
        ({"出生日期": "1990-03-08"}, "出生日期", "身份证号"),
        ({"入职时间": "2024-02-30"}, "入职时间", ""),
        ({"入职时间": "2031-07-01"}, "入职时间", "还没有到"),
        ({"入职时间": "2005-07-01"}, "身份证号", "16"),
        ({"政治面貌": "党圆"}, "政治面貌", "党圆"),
        ({"单位": "成都供点公司"}, "单位", "没有单位"),
        ({"联系电话": "1380000"}, "联系电话", "11"),
    ],
)
def test_a_bad_cell_refuses_its_row_with_the_reason(
    province: Workspace, changes: dict[str, object], column: str, reason: str
) -> None:
    good = row(工号="07000009", 姓名="赵九", 身份证号="", 联系电话="")
    result = bring(province, row(**changes), good)
    assert (result.created, result.rejected_rows) == (1, 1)
    (only,) = [one for one in result.rejected if one.column == column]
    assert only.row == 2
    assert reason in only.reason
    assert [someone["name"] for someone in held(province, "person")] == ["赵九"]


def test_nothing_of_a_refused_row_is_taken(province: Workspace) -> None:
    head = (*PEOPLE, "班组")
    bring(province, [*row(联系电话="1"), "新班组"], head=head)
    assert [crew["name"] for crew in held(province, "crew")] == ["抢修班"]
    assert held(province, "person") == []


def test_a_new_crew_of_a_known_unit_is_created_and_told(province: Workspace) -> None:
    result = bring(province, [*row(), "柳林供电所"], head=(*PEOPLE, "班组"))
    assert [crew["kind"] for crew in held(province, "crew", name="柳林供电所")] == ["supply_station"]
    assert any("柳林供电所" in note for note in result.notes)


def test_strict_saves_nothing_when_anything_is_refused(province: Workspace) -> None:
    before = dump(province)
    result = bring(province, row(), row(工号="07000002", 身份证号="", 联系电话="1"), strict=True)
    assert (result.created, result.rejected_rows, result.saved) == (1, 1, False)
    assert dump(province) == before


def test_unknown_units_are_created_when_asked_for(province: Workspace) -> None:
    result = bring(province, row(单位="国网四川省电力公司德阳供电公司"), create_units=True)
    assert result.rejected == ()
    (unit,) = held(province, "unit", short_name="德阳供电公司")
    assert unit["name"] == "国网四川省电力公司德阳供电公司"
    assert any("德阳供电公司" in note for note in result.notes)


def test_the_first_row_stands_and_the_later_one_names_it(province: Workspace) -> None:
    result = bring(province, row(), row(联系电话="13900001111"))
    assert (result.created, result.rejected_rows) == (1, 1)
    assert result.rejected[0].row == 3
    assert "第 2 行" in result.rejected[0].reason


def test_one_number_for_two_people_is_refused_naming_the_other(province: Workspace) -> None:
    bring(province, row())
    other = row(姓名="李二", 身份证号=id_number(date(1991, 1, 1)), 出生日期="")
    result = bring(province, other)
    assert "王一" in result.rejected[0].reason
    assert [someone["name"] for someone in held(province, "person")] == ["王一"]


def test_a_number_of_one_and_an_id_number_of_another_names_both(province: Workspace) -> None:
    second = id_number(date(1991, 1, 1))
    bring(province, row(), row(工号="07000002", 姓名="李二", 身份证号=second, 出生日期=""))
    result = bring(province, row(身份证号=second, 出生日期=""))
    assert "王一" in result.rejected[0].reason
    assert "李二" in result.rejected[0].reason


def test_a_changed_name_is_believed_when_the_id_number_agrees(province: Workspace) -> None:
    bring(province, row())
    result = bring(province, row(姓名="王一新"))
    assert result.updated == 1
    assert person(province, "王一新")["initials"] == "wyx"


def test_a_birth_date_that_contradicts_the_known_id_number_is_refused(province: Workspace) -> None:
    bring(province, row())
    result = bring(province, row(身份证号="", 出生日期="1990-03-09"))
    assert [one.column for one in result.rejected] == ["出生日期"]


def test_expecting_a_preview_that_no_longer_holds_saves_nothing(province: Workspace) -> None:
    preview = bring(province, row(), dry_run=True)
    assert bring(province, row(), expected=preview.digest).created == 1
    with pytest.raises(StaleRecord, match="预览"):
        bring(province, row(), expected=preview.digest)


def test_another_duty_and_a_day_of_joining_told_at_once_are_taken_at_once(province: Workspace) -> None:
    head = ["工号", "姓名", "所在服务队", "队内职务", "入队时间"]
    first = table_file(head, ["09000001", "王一", "高新连心桥服务队", "队员", ""])
    later = table_file(head, ["09000001", "王一", "高新连心桥服务队", "队长", "2005-01-01"])
    assert province.register.import_file(first).created == 1
    assert province.register.import_file(later).updated == 1
    assert province.register.import_file(later).unchanged == 1
