"""Lists of people become rows of the register."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from svclib import RuleBroken, StaleRecord
from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.importing import ImportResult
from tests.workspace.import_files import dump, held, history, id_number, person, small_province, table_file

TODAY = date(2026, 8, 20)
PEOPLE = ("工号", "姓名", "身份证号", "性别", "出生日期", "单位", "政治面貌", "入职时间", "联系电话")
BORN = date(1990, 3, 7)


def row(**changes: object) -> list[object]:
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


@pytest.fixture
def province(ws: Workspace) -> Workspace:
    small_province(ws)
    return ws


def bring(ws: Workspace, *rows: list[object], head: tuple[str, ...] = PEOPLE, **options: Any) -> ImportResult:
    return ws.register.import_file(table_file(head, *rows), **options)


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


# Graduates

GRADUATES = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "民族",
    "政治面貌",
    "毕业院校",
    "毕业时间",
    "录用单位",
    "生源地",
    "联系电话",
)


def graduate(name: str = "张三", serial: int = 1, **changes: object) -> list[object]:
    values: dict[str, object] = {
        "序号": serial,
        "姓名": name,
        "性别": "男",
        "身份证号": id_number(date(2003, 5, 6), serial=serial),
        "民族": "汉族",
        "政治面貌": "入党积极分子",
        "毕业院校": "四川大学",
        "毕业时间": "2026.06",
        "录用单位": "成都供电公司",
        "生源地": "四川绵阳",
        "联系电话": "",
    }
    return list((values | changes).values())


def test_graduates_go_into_this_years_intake_by_their_id_numbers(province: Workspace) -> None:
    result = bring(province, graduate(), graduate("李四", 2), head=GRADUATES)
    assert (result.form, result.created, result.rejected) == ("graduates", 2, ())
    (intake,) = held(province, "intake")
    assert (intake["year"], intake["kind"]) == (2026, "graduate")
    assert [(one["starts_on"], one["ends_on"]) for one in held(province, "trainee")] == [
        (date(2026, 7, 1), date(2027, 7, 1))
    ] * 2
    assert history(province, "employment", "张三", "unit_id") == [(1, date(2026, 7, 1), None)]
    assert history(province, "development_period", "张三", "stage") == [("activist", TODAY, None)]
    assert person(province, "张三")["birth_date"] == date(2003, 5, 6)


def test_the_number_is_filled_in_later_by_the_same_import(province: Workspace) -> None:
    bring(province, graduate(), head=GRADUATES)
    result = bring(province, [*graduate(), "07000100"], head=(*GRADUATES, "工号"))
    assert (result.created, result.updated) == (0, 1)
    assert list(result.preview["column"]) == ["工号"]
    assert person(province, "张三")["employee_no"] == "07000100"
    by_number = bring(province, row(工号="07000100", 姓名="张三", 身份证号="", 出生日期="2003.05", 入职时间=""))
    assert (by_number.created, by_number.rejected) == (0, ())


def test_last_years_list_read_again_next_year_is_no_new_intake(province: Workspace, settings: Settings) -> None:
    bring(province, graduate(), head=GRADUATES)
    later = open_workspace(settings.model_copy(update={"today": date(2027, 8, 1)}))
    assert bring(later, graduate(), head=GRADUATES).unchanged == 1
    later.close()
    assert len(held(province, "intake")) == 1


def test_the_intake_can_be_named_and_an_impossible_one_is_refused(province: Workspace) -> None:
    bring(province, graduate(), head=GRADUATES, intake=2025)
    assert [intake["year"] for intake in held(province, "intake")] == [2025]
    with pytest.raises(RuleBroken, match="2000"):
        bring(province, graduate(), head=GRADUATES, intake=1890)
    with pytest.raises(RuleBroken, match="graduate"):
        bring(province, row(), intake=2026)
    assert bring(province, graduate(), head=GRADUATES, intake=2026).rejected_rows == 1


# Members of teams

MEMBERS = (
    "单位",
    "服务队",
    "服务站",
    "姓名",
    "人员编码",
    "政治面貌",
    "入党时间",
    "队内职务",
    "班组",
    "技能等级",
    "入队时间",
)


def member(**changes: object) -> list[object]:
    values: dict[str, object] = {
        "单位": "成都公司",
        "服务队": "高新连心桥服务队",
        "服务站": "和平服务站",
        "姓名": "王一",
        "人员编码": "07000001",
        "政治面貌": "中共党员",
        "入党时间": "2015.07",
        "队内职务": "队员",
        "班组": "抢修班",
        "技能等级": "高级工",
        "入队时间": "2018-03-01",
    }
    return list((values | changes).values())


def test_a_list_of_members_fills_team_status_and_stage_from_their_own_days(province: Workspace) -> None:
    result = bring(province, member(), head=MEMBERS)
    assert (result.form, result.created, result.rejected) == ("members", 1, ())
    assert history(province, "membership", "王一", "team_id") == [(1, date(2018, 3, 1), None)]
    assert history(province, "status_period", "王一", "status") == [("member", date(2015, 7, 1), None)]
    assert history(province, "development_period", "王一", "stage") == [("full", date(2015, 7, 1), None)]
    assert [one["station_id"] for one in held(province, "membership")] == [1]
    assert bring(province, member(), head=MEMBERS).unchanged == 1


def test_another_team_begins_on_its_own_day(province: Workspace) -> None:
    bring(province, member(), head=MEMBERS)
    bring(province, member(服务队="锦江同心服务队", 服务站="", 入队时间="2025-01-01"), head=MEMBERS)
    assert history(province, "membership", "王一", "team_id") == [
        (1, date(2018, 3, 1), date(2025, 1, 1)),
        (3, date(2025, 1, 1), None),
    ]


def test_a_team_joined_before_the_present_one_is_refused_each_time(province: Workspace) -> None:
    bring(province, member(), head=MEMBERS)
    for _again in range(2):
        result = bring(province, member(服务队="锦江同心服务队", 服务站="", 入队时间="2017-01-01"), head=MEMBERS)
        assert [one.column for one in result.rejected] == ["服务队"]


def test_another_duty_begins_today_and_a_corrected_day_of_joining_moves_the_first_period(province: Workspace) -> None:
    bring(province, member(), head=MEMBERS)
    bring(province, member(队内职务="副队长"), head=MEMBERS)
    bring(province, member(队内职务="副队长", 入队时间="2018-04-01"), head=MEMBERS)
    assert history(province, "membership", "王一", "duty") == [
        ("队员", date(2018, 4, 1), TODAY),
        ("副队长", TODAY, None),
    ]
    assert bring(province, member(队内职务="副队长", 入队时间="2018.04"), head=MEMBERS).unchanged == 1


def test_a_new_party_member_is_one_from_the_day_of_joining(province: Workspace, settings: Settings) -> None:
    early = open_workspace(settings.model_copy(update={"today": date(2020, 1, 1)}))
    bring(early, member(政治面貌="群众", 入党时间=""), head=MEMBERS)
    early.close()
    bring(province, member(政治面貌="中共预备党员", 入党时间="2025-07-01"), head=MEMBERS)
    bring(province, member(政治面貌="中共党员", 入党时间="2025-07-01"), head=MEMBERS)
    assert history(province, "status_period", "王一", "status") == [
        ("masses", date(2020, 1, 1), date(2025, 7, 1)),
        ("probationary", date(2025, 7, 1), TODAY),
        ("member", TODAY, None),
    ]


def test_a_day_of_joining_the_party_contradicts_no_affiliation(province: Workspace) -> None:
    result = bring(province, member(政治面貌="群众"), head=MEMBERS)
    assert [one.column for one in result.rejected] == ["入党时间"]
    assert bring(province, member(政治面貌="共青团员"), head=MEMBERS).created == 1
    assert person(province, "王一")["party_joined_on"] is None


def test_an_unknown_team_or_one_of_another_unit_is_refused(province: Workspace) -> None:
    unknown = bring(province, member(服务队="高新连心侨服务队"), head=MEMBERS)
    assert [(one.column, one.suggestion) for one in unknown.rejected] == [("服务队", "高新连心桥服务队")]
    elsewhere = bring(province, member(服务队="涪江服务队", 服务站=""), head=MEMBERS)
    assert "绵阳供电公司" in elsewhere.rejected[0].reason


# Activists

ACTIVISTS = (
    "党支部",
    "姓名",
    "性别",
    "出生年月",
    "学历",
    "申请入党时间",
    "谈话时间",
    "推荐方式",
    "确定时间",
    "备案时间",
    "培养联系人",
    "联系人入党时间",
)


def activist(**changes: object) -> list[object]:
    values: dict[str, object] = {
        "党支部": "运维检修党支部",
        "姓名": "王一",
        "性别": "男",
        "出生年月": "1990.03",
        "学历": "本科",
        "申请入党时间": "2025-01-10",
        "谈话时间": "2025.02",
        "推荐方式": "党员推荐",
        "确定时间": "2025-06-20",
        "备案时间": "2025-07-01",
        "培养联系人": "周七",
        "联系人入党时间": "2001.07",
    }
    return list((values | changes).values())


def test_an_activist_is_found_by_name_and_birth_month_in_the_unit_of_the_branch(province: Workspace) -> None:
    bring(province, row(), row(工号="07000002", 姓名="钱八", 身份证号="", 单位="绵阳公司"))
    result = bring(province, activist(), head=ACTIVISTS)
    assert (result.form, result.updated, result.rejected) == ("activists", 1, ())
    (file,) = held(province, "activist_file")
    assert (file["decided_on"], file["recommended_by"]) == (date(2025, 6, 20), "members")
    assert history(province, "development_period", "王一", "stage") == [("activist", date(2025, 6, 20), None)]
    assert [body for body, *_days in history(province, "branch_membership", "王一", "party_body_id")] == [1]
    assert [contact["contact_name"] for contact in held(province, "training_contact")] == ["周七"]
    assert bring(province, activist(), head=ACTIVISTS).unchanged == 1


def test_an_activist_whom_nobody_fits_is_refused_with_what_to_do(province: Workspace) -> None:
    bring(province, row())
    result = bring(province, activist(出生年月="1991.03"), head=ACTIVISTS)
    assert "出生年月" in result.rejected[0].reason
    assert "身份证号" in (result.rejected[0].suggestion or "")


def test_a_list_of_activists_may_give_numbers_for_some_and_none_for_others(province: Workspace) -> None:
    bring(province, row(), row(工号="07000002", 姓名="李二", 身份证号="", 性别="", 出生日期=""))
    numbered = [*activist(姓名="李二", 出生年月=""), "07000002"]
    result = bring(province, numbered, [*activist(), ""], head=(*ACTIVISTS, "人员编码"))
    assert (result.updated, result.rejected) == (2, ())


def test_activists_become_trainees_when_an_intake_is_named(province: Workspace) -> None:
    bring(province, row())
    bring(province, activist(), head=ACTIVISTS, intake=2026)
    assert [intake["kind"] for intake in held(province, "intake")] == ["activist"]
    assert [one["starts_on"] for one in held(province, "trainee")] == [date(2026, 9, 1)]


def test_an_implied_stage_never_moves_anybody_back(province: Workspace) -> None:
    bring(province, member(), head=MEMBERS)
    bring(province, row(政治面貌="", 入职时间="", 身份证号=""))
    bring(province, activist(), head=ACTIVISTS)
    assert history(province, "development_period", "王一", "stage") == [("full", date(2015, 7, 1), None)]


def test_another_contact_ends_the_first_one(province: Workspace, settings: Settings) -> None:
    bring(province, row())
    early = open_workspace(settings.model_copy(update={"today": date(2026, 1, 5)}))
    bring(early, activist(), head=ACTIVISTS)
    early.close()
    bring(province, activist(培养联系人="吴九"), head=ACTIVISTS)
    assert history(province, "training_contact", "王一", "contact_name") == [
        ("周七", date(2025, 6, 20), TODAY),
        ("吴九", TODAY, None),
    ]
