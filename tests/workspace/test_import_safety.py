"""Results of safety education and examinations (form 6) become safety records of people whom the register knows."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from svclib import BadFile, NotFound
from svclib.models import AuditRow, Role, table
from svclib.settings import Settings
from svclib.workspace import Workspace
from svclib.workspace.importing import ImportResult
from tests.workspace.import_files import bring, dump, held, id_number, table_file
from tests.workspace.offices import Offices

HEAD = ("单位", "姓名", "人员编码", "类别", "日期", "学时", "成绩", "是否合格", "有效期至")
TODAY = date(2026, 8, 20)


def record(offices: Offices, name: str = "成学员", **changes: object) -> list[object]:
    """A faultless line of a list with the columns of HEAD."""
    values: dict[str, object] = {
        "单位": "成都供电公司",
        "姓名": name,
        "人员编码": offices.people[offices.named(name)]["employee_no"],
        "类别": "安规考试",
        "日期": "2026-08-12",
        "学时": "",
        "成绩": "92.5",
        "是否合格": "是",
        "有效期至": "2027-08-11",
    }
    return list((values | changes).values())


def brought(ws: Workspace, *rows: list[object], head: tuple[str, ...] = HEAD, **options: Any) -> ImportResult:
    return ws.register.import_file(table_file(head, *rows, name="安规成绩.csv"), **options)


def records(offices: Offices, name: str = "成学员") -> list[dict[str, Any]]:
    """What is stored of somebody, without ids, versions and moments, oldest first."""
    kept = ("kind", "level", "taken_on", "hours", "score", "passed", "valid_until")
    found = held(offices.ws, "safety_record", person_id=offices.named(name))
    return sorted(({key: row[key] for key in kept} for row in found), key=lambda row: (row["taken_on"], row["level"]))


def test_education_and_examination_are_taken_and_the_same_file_again_changes_nothing(offices: Offices) -> None:
    levels = [
        record(offices, 类别=f"三级安全教育({level}级)", 日期=day, 学时="24学时", 成绩="", 有效期至="长期")
        for level, day in (("公司", "2026.07.13"), ("部门", "2026年7月20日"), ("班组", "20260727"))
    ]
    preview = brought(offices.ws, *levels, record(offices), dry_run=True)
    assert (preview.form, preview.created, preview.rejected) == ("safety", 4, ())
    result = brought(offices.ws, *levels, record(offices), expected=preview.digest)
    assert result.run_id is not None
    stored = records(offices)
    assert [(row["level"], row["taken_on"], row["hours"], row["valid_until"]) for row in stored[:3]] == [
        ("公司级", date(2026, 7, 13), 24, date(2099, 12, 31)),
        ("部门级", date(2026, 7, 20), 24, date(2099, 12, 31)),
        ("班组级", date(2026, 7, 27), 24, date(2099, 12, 31)),
    ]
    assert stored[3] == {
        **{"kind": "exam", "level": "", "taken_on": date(2026, 8, 12), "hours": None},
        **{"score": 92.5, "passed": True, "valid_until": date(2027, 8, 11)},
    }
    before = dump(offices.ws)
    again = brought(offices.ws, *levels, record(offices))
    assert (again.unchanged, again.run_id) == (4, None)
    assert dump(offices.ws) == before


def test_a_correction_of_the_same_day_updates_the_record_and_keeps_what_was_before(offices: Offices) -> None:
    brought(offices.ws, record(offices, 成绩="72", 是否合格="否"))
    result = brought(offices.ws, record(offices, 成绩="82", 是否合格="是", 有效期至=""))
    assert (result.created, result.updated) == (0, 1)
    lines = [(line["column"], line["before"], line["after"]) for line in result.preview.to_dict("records")]
    assert lines == [("成绩", "72", "82"), ("是否合格", "否", "是")]
    (row,) = held(offices.ws, "safety_record", person_id=offices.named("成学员"))
    assert (row["score"], row["passed"], row["version"]) == (82, True, 2)
    assert row["valid_until"] == date(2027, 8, 11), "a blank cell erases nothing"
    (change,) = held(offices.ws, "import_change", run_id=result.run_id)
    assert (change["before"]["score"], change["after"]["score"]) == (72, 82)
    trail = table(AuditRow)
    told = select(trail.c.before, trail.c.after).where(trail.c.table_name == "safety_record")
    with offices.ws.engine.connect() as connection:
        ((before, after),) = connection.execute(told)
    assert (before["score"], after["score"]) == (72, 82)


def test_an_import_is_undone_as_a_whole(offices: Offices) -> None:
    brought(offices.ws, record(offices, 成绩="72", 是否合格="否"))
    before = dump(offices.ws, versions=False)
    run = brought(offices.ws, record(offices), record(offices, "成队长")).run_id
    assert run is not None
    offices.ws.register.undo_import(run)
    assert dump(offices.ws, versions=False) == before


@pytest.mark.parametrize(
    ("changes", "column", "said", "suggestion"),
    [
        ({"人员编码": "N9999999"}, "人员编码", "花名册中没有这个号码的人", "请先导入此人的人员信息。"),
        ({"姓名": "别人"}, "人员编码", "属于成学员", None),
        ({"类别": "安轨考试"}, "类别", "不认识", "安规考试"),
        ({"类别": ""}, "类别", "没有写明", None),
        ({"日期": ""}, "日期", "缺少日期", None),
        ({"日期": "2026-08"}, "日期", "只写了年月", None),
        ({"日期": "2026-08-21"}, "日期", "还没有到", None),
        ({"日期": "2026-02-30"}, "日期", "", None),
        ({"日期": "1899-01-01"}, "日期", "", None),
        ({"学时": "三天"}, "学时", "学时应为数字", None),
        ({"学时": "-2"}, "学时", "0 至 1000", None),
        ({"成绩": "192"}, "成绩", "0 至 100", None),
        ({"成绩": "缺考"}, "成绩", "没有参加", "请删去这一行。"),
        ({"成绩": "79.5"}, "成绩", "79.5 分低于合格线 80 分", None),
        ({"是否合格": "待定"}, "是否合格", "看不出是否合格", "合格 / 不合格"),
        ({"成绩": "", "是否合格": ""}, "是否合格", "既没有成绩", None),
        ({"有效期至": "2026-08-11"}, "有效期至", "早于当日", None),
        ({"有效期至": "2100-01-01"}, "有效期至", "2100", None),
    ],
)
def test_what_cannot_be_right_is_refused_in_its_cell(
    offices: Offices, changes: dict[str, object], column: str, said: str, suggestion: str | None
) -> None:
    before = dump(offices.ws)
    result = brought(offices.ws, record(offices, **changes))
    (one,) = result.rejected
    assert one.column == column
    assert said in one.reason
    assert suggestion is None or one.suggestion == suggestion
    assert dump(offices.ws) == before


def test_the_pass_mark_is_a_setting_and_an_untold_result_follows_the_points(
    offices: Offices, settings: Settings
) -> None:
    head = ("姓名", "人员编码", "类别", "日期", "成绩")
    number = offices.people[offices.named("成学员")]["employee_no"]
    ws = Workspace(settings.model_copy(update={"safety_pass_score": 60.0}), engine=offices.ws.engine)
    assert brought(ws, record(offices, 成绩="61")).rejected == ()
    result = brought(offices.ws, ["成学员", number, "安规考试", "2026-08-13", "61"], head=head)
    assert any("365" in note for note in result.notes)
    brought(offices.ws, ["成学员", number, "安规考试", "2026-08-14", "80分"], head=head)
    assert [(row["score"], row["passed"], row["valid_until"]) for row in records(offices)[1:]] == [
        (61, False, None),
        (80, True, None),
    ]


def test_a_word_among_the_points_is_the_result(offices: Offices) -> None:
    head = ("姓名", "类别", "日期", "成绩")
    rows = [["成学员", "安规考试", "2026-08-13", "合格"], ["成队长", "安规考试", "2026-08-13", "不合格"]]
    assert brought(offices.ws, *rows, head=head).created == 2
    assert [(row["score"], row["passed"]) for row in records(offices)] == [(None, True)]
    assert [(row["score"], row["passed"]) for row in records(offices, "成队长")] == [(None, False)]


def test_a_month_as_the_last_day_lasts_until_its_end(offices: Offices) -> None:
    brought(offices.ws, record(offices, 有效期至="2028年2月"))
    assert records(offices)[0]["valid_until"] == date(2028, 2, 29)


def test_without_a_column_of_kinds_the_title_tells_it(offices: Offices) -> None:
    head = ["姓名", "考试日期", "考试成绩"]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["2026年安规考试成绩"], head, ["成学员", "2026-08-13", 88], ["成队长", "2026-08-13", 79]):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    result = offices.ws.register.import_file(("成绩.xlsx", content.getvalue()))
    assert (result.created, result.rejected) == (2, ())
    assert [row["kind"] for row in records(offices)] == ["exam"]
    assert records(offices, "成队长")[0]["passed"] is False


def test_people_are_found_by_name_within_the_unit_and_never_made(offices: Offices) -> None:
    twin = {"name": "成学员", "employee_no": "N0000001", "unit_id": offices.units[2]}
    offices.ws.register.add_person(twin, on="2024-01-01")
    head = ("单位", "姓名", "类别", "日期", "是否合格")
    people = len(held(offices.ws, "person"))
    rest = ["安规考试", "2026-08-12", "是"]
    result = brought(
        offices.ws,
        ["成都供电公司", "成学员", *rest],
        ["", "成学员", *rest],
        ["成都供电公司", "绵学员", *rest],
        ["成都供点公司", "成队长", *rest],
        ["", "成队长", *rest],
        head=head,
    )
    assert (result.created, result.rejected_rows) == (2, 3)
    told = {one.row: (one.column, one.reason, one.suggestion) for one in result.rejected}
    assert told[3][:2] == ("姓名", "花名册中有多人同名。")
    assert told[4][:2] == ("姓名", "这个单位没有此姓名的人。")
    assert (told[5][0], told[5][2]) == ("单位", "成都供电公司")
    assert len(held(offices.ws, "person")) == people


def test_both_numbers_and_the_name_must_be_those_of_one_person(offices: Offices) -> None:
    me, other = (offices.people[offices.named(name)] for name in ("成学员", "成队长"))
    head = ("姓名", "人员编码", "身份证号", "类别", "日期", "是否合格")
    rest = ["安规考试", "2026-08-12", "是"]
    result = brought(
        offices.ws,
        ["成学员", "", me["id_number"], *rest],
        ["成学员", me["employee_no"], other["id_number"], *rest],
        ["别人", "", other["id_number"], *rest],
        ["成队长", "N9999999", other["id_number"], *rest],
        ["成队长", other["employee_no"], id_number(date(1999, 9, 9)), *rest],
        head=head,
    )
    assert result.created == 1
    assert {one.row: one.column for one in result.rejected} == {
        3: "人员编码",
        4: "身份证号",
        5: "人员编码",
        6: "身份证号",
    }


def test_the_same_record_twice_in_a_file_counts_once(offices: Offices) -> None:
    result = brought(offices.ws, record(offices), record(offices, 成绩="95"), record(offices, 类别="安规考试(配电)"))
    assert result.created == 2
    ((row, reason),) = [(one.row, one.reason) for one in result.rejected]
    assert (row, reason) == (3, "第2行已有同一记录（成学员），以那一行为准。")


def test_refused_rows_come_back_as_a_workbook_that_goes_in_once_mended(offices: Offices) -> None:
    file = table_file(HEAD, record(offices), record(offices, "成队长", 类别="安轨考试"), name="安规成绩.csv")
    result = offices.ws.register.import_file(file)
    book = openpyxl.load_workbook(io.BytesIO(offices.ws.register.rejects(file, result)))
    sheet = book.worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert "成队长" in cells
    assert "成学员" not in cells
    cells["安轨考试"].value = "安规考试"
    mended = io.BytesIO()
    book.save(mended)
    assert offices.ws.register.import_file(("退回.xlsx", mended.getvalue())).created == 1


def test_people_and_their_results_may_come_in_one_workbook(offices: Offices) -> None:
    book = openpyxl.Workbook()
    people, results = book.active, book.create_sheet("安规")
    assert people is not None
    for row in (["姓名", "工号", "单位", "岗位"], ["成新人", "N0000009", "成都供电公司", "抢修工"]):
        people.append(row)
    for row in (["姓名", "工号", "类别", "日期", "成绩"], ["成新人", "N0000009", "安规考试", "2026-08-12", 91]):
        results.append(row)
    content = io.BytesIO()
    book.save(content)
    result = offices.ws.register.import_file(("两张表.xlsx", content.getvalue()))
    assert (result.form, result.created, result.rejected) == ("mixed", 2, ())
    (new,) = held(offices.ws, "person", name="成新人")
    assert [row["score"] for row in held(offices.ws, "safety_record", person_id=new["id"])] == [91]


def test_the_card_tells_the_records_with_their_days_to_those_who_are_shown_them(offices: Offices) -> None:
    brought(offices.ws, record(offices), record(offices, 日期="2026-05-04", 成绩="60", 是否合格="否", 有效期至=""))
    brought(offices.ws, record(offices, "成队长", 类别="公司级安全教育", 学时="8", 成绩="", 有效期至="长期"))
    roles = offices.every_role()
    history = roles["hr"].register.person(offices.named("成队长")).history
    assert "三级安全教育 · 公司级 · 8 学时 · 合格 · 长期有效" in set(history["what"])
    for who in ("hr", "safety", "trainee", "captain"):
        history = roles[who].register.person(offices.named("成学员")).history
        told = history[history["kind"] == "safety"]
        assert [(row.what, str(row.valid_from)[:10], str(row.valid_to)[:10]) for row in told.itertuples()] == [
            ("安规考试 · 92.5 分 · 合格 · 有效期至 2027-08-11", "2026-08-12", "2027-08-12"),
            ("安规考试 · 60 分 · 不合格", "2026-05-04", "2026-05-04"),
        ]
    for who in ("contact", "secretary"):
        history = roles[who].register.person(offices.named("成积极")).history
        assert "safety" not in set(history["kind"])


# Who may ---------------------------------------------------------------------------------------------------------


def test_the_safety_officer_brings_in_results_of_the_own_unit_and_nothing_else(offices: Offices) -> None:
    officer = offices.account("officer", Role.SAFETY, unit_id=offices.units[1])
    result = brought(
        officer,
        record(offices),
        record(offices, "县学员", 单位=""),
        record(offices, "绵学员", 单位=""),
        ["", "绵队长", "", "安规考试", "2026-08-12", "", "", "是", ""],
    )
    assert (result.created, result.rejected_rows) == (2, 2)
    told = {one.row: one.reason for one in result.rejected}
    assert told[4] == "此号码属于您管理范围之外的人员。"
    assert told[5] == "花名册中没有此人。"
    before = dump(offices.ws)
    with pytest.raises(BadFile, match="只能导入安全教育"):
        bring(officer, ["成学员", offices.people[offices.named("成学员")]["employee_no"], "抢修工"],
              head=("姓名", "工号", "岗位"))  # fmt: skip
    assert dump(offices.ws) == before


def test_the_safety_officer_sees_and_undoes_imports_of_results_alone(offices: Offices) -> None:
    officer = offices.account("officer", Role.SAFETY, unit_id=offices.units[1])
    hr = offices.account("hr", Role.HR, unit_id=offices.units[1])
    number = offices.people[offices.named("成学员")]["employee_no"]
    people = bring(hr, [number, "成学员", "成都供电公司", "抢修工"], head=("工号", "姓名", "单位", "岗位")).run_id
    results = brought(hr, record(offices)).run_id
    assert people is not None
    assert results is not None
    assert list(officer.register.imports()["id"]) == [results]
    with pytest.raises(NotFound):
        officer.register.undo_import(people)
    history = officer.register.person(offices.named("成学员")).history
    assert set(history["source"].dropna()) == set()
    officer.register.undo_import(results)
    assert records(offices) == []


def test_an_id_number_is_neither_used_nor_confirmed_for_one_who_is_not_shown_any(offices: Offices) -> None:
    officer = offices.account("officer", Role.SAFETY, unit_id=offices.units[1])
    head = ("姓名", "身份证号", "类别", "日期", "是否合格")
    mine, other = (offices.people[offices.named(name)]["id_number"] for name in ("成学员", "成队长"))
    rest = ["安规考试", "2026-08-12", "是"]
    for number in (mine, other):
        result = brought(officer, ["成学员", number, *rest], head=head, dry_run=True)
        assert (result.created, result.rejected) == (1, ())
        assert any("身份证号未读取" in note for note in result.notes)


@pytest.mark.parametrize("who", ["secretary", "organiser"])
def test_party_workers_are_told_nothing_of_results(offices: Offices, who: str) -> None:
    brought(offices.ws, record(offices, "成积极"))
    result = brought(offices.every_role()[who], record(offices, "成积极", 单位=""), dry_run=True)
    assert (result.unchanged, result.rejected_rows) == (0, 1)
    assert {one.reason for one in result.rejected} == {"您的角色不能修改此项：安全教育与安规考试。"}
