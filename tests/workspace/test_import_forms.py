"""The three rosters of the field: graduates, members of teams, activists."""

from __future__ import annotations

from datetime import date

import pytest

from svclib import RuleBroken
from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from tests.workspace.import_files import TODAY, bring, held, history, id_number, person, row

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
