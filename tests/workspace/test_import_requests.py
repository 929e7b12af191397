"""Requests on paper (form 9) become requests to be decided: an import approves nothing and keeps why to itself."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import SQLModel

from svclib import RuleBroken
from svclib.models import Role
from svclib.workspace import Workspace
from svclib.workspace.frames import records
from svclib.workspace.importing import ImportResult
from tests.examples import examples
from tests.workspace.import_files import dump, held, table_file
from tests.workspace.plan_year import WHY_AWAY, PlanYear
from tests.workspace.plan_year import dump as whole

HEAD = ("姓名", "类型", "起止", "原安排", "申请安排", "审批", "事由", "申请日期")
LEAVE = ("甲一", "病假", "2026-09-05至2026-10-19", "", "", "同意 李主任", WHY_AWAY, "2026-08-15")
CHANGE = ("乙二", "调整", "第2阶段", "", "简阳服务队", "", "", "")


def brought(ws: Workspace, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD, **options: Any) -> ImportResult:
    return ws.register.import_file(table_file(head, *rows, name="申请表.csv"), **options)


def listed(ws: Workspace) -> list[dict[str, Any]]:
    rows = records(ws.rotation.requests("2026"))
    return sorted(rows, key=lambda row: (row["name"], row["id"]))


def test_a_list_of_requests_waits_for_a_decision_whatever_the_paper_says(year: PlanYear) -> None:
    preview = brought(year.ws, LEAVE, CHANGE, dry_run=True)
    assert (preview.form, preview.created, preview.rejected) == ("requests", 2, ())
    assert listed(year.ws) == []
    result = brought(year.ws, LEAVE, CHANGE, expected=preview.digest)
    assert result.run_id is not None
    assert [row["state"] for row in listed(year.ws)] == ["pending"] * 2
    by_kind = {row["kind"]: row for row in listed(year.ws)}
    leave, change = by_kind["absence"], by_kind["change"]
    assert (leave["name"], leave["claim"], leave["asked_by"], leave["by_person"]) == ("甲一", "approved", "甲一", True)
    days = [leave[name].date() for name in ("starts_on", "ends_on", "asked_on")]
    assert days == [date(2026, 9, 5), date(2026, 10, 20), date(2026, 8, 15)]
    assert (change["stage"], change["wanted"], change["has_reason"]) == (2, "简阳服务队", False)
    assert records(year.ws.rotation.absences("2026")) == []
    assert records(year.ws.rotation.pins("2026")) == []
    assert year.ws.rotation.request_reason(int(leave["id"])) == f"病假：{WHY_AWAY}"


def test_the_same_file_again_changes_nothing_also_after_a_decision(year: PlanYear) -> None:
    brought(year.ws, LEAVE, CHANGE)
    before = dump(year.ws)
    again = brought(year.ws, LEAVE, CHANGE)
    assert (again.unchanged, again.run_id) == (2, None)
    assert dump(year.ws) == before
    leave, change = (row["id"] for row in listed(year.ws))
    year.ws.rotation.approve_request(leave, version=1, decided_by="王主任")
    year.ws.rotation.return_request(change, "人手不够", version=1, decided_by="王主任")
    decided = dump(year.ws)
    assert brought(year.ws, LEAVE, CHANGE).unchanged == 2
    assert dump(year.ws) == decided


def test_what_is_not_decided_is_corrected_and_what_is_decided_is_not(year: PlanYear) -> None:
    brought(year.ws, CHANGE)
    elsewhere = (*CHANGE[:3], "高新服务队", "其他", *CHANGE[5:])
    result = brought(year.ws, elsewhere)
    assert (result.created, result.updated) == (0, 1)
    (row,) = listed(year.ws)
    assert (row["version"], row["wanted"]) == (2, None)
    year.ws.rotation.approve_request(int(row["id"]), version=2, decided_by="王主任")
    refused = brought(year.ws, CHANGE)
    assert [(one.column, "已同意" in one.reason) for one in refused.rejected] == [("申请安排", True)]


def test_an_import_is_taken_back_while_nothing_stands_on_it(year: PlanYear) -> None:
    before = dump(year.ws)
    run = brought(year.ws, LEAVE, CHANGE).run_id
    assert run is not None
    year.ws.register.undo_import(run)
    assert dump(year.ws) == before
    run = brought(year.ws, LEAVE).run_id
    assert run is not None
    (row,) = listed(year.ws)
    year.ws.rotation.approve_request(int(row["id"]), version=1, decided_by="王主任")
    with pytest.raises(RuleBroken, match="甲一"):
        year.ws.register.undo_import(run)


def test_why_somebody_asks_stands_in_no_table_preview_or_message_in_clear(year: PlanYear) -> None:
    flawed = ("丙三", "产检条", "第1阶段", "", "", "", WHY_AWAY, "")
    preview = brought(year.ws, LEAVE, flawed, dry_run=True)
    result = brought(year.ws, LEAVE, flawed)
    assert [(one.column, one.value) for one in result.rejected] == [("类型", "****")]
    told = [json.dumps(one.to_json(), ensure_ascii=False) + one.preview.to_csv() for one in (preview, result)]
    told.append(json.dumps(whole(year.ws), ensure_ascii=False, default=str))
    for text in told:
        for secret in (WHY_AWAY, "病假", "产检"):
            assert secret not in text
    assert year.ws.audit.verify().whole
    year.ws.keys.rotate()
    assert year.ws.audit.verify().whole, "a new key leaves the figure of an import as it is"
    (row,) = listed(year.ws)
    assert year.ws.rotation.request_reason(int(row["id"])) == f"病假：{WHY_AWAY}"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("", "请假", "第1阶段", "", "", ""), "姓名"),
        (("无此人", "请假", "第1阶段", "", "", ""), "姓名"),
        (("赵伟", "请假", "第1阶段", "", "", ""), "姓名"),
        (("甲一", "", "第1阶段", "", "", ""), "类型"),
        (("甲一", "请假", "", "", "", ""), "起止"),
        (("甲一", "请假", "第9阶段", "", "", ""), "起止"),
        (("甲一", "请假", "2027-05-01至2027-05-09", "", "", ""), "起止"),
        (("甲一", "请假", "2026-02-30至2026-03-01", "", "", ""), "起止"),
        (("甲一", "请假", "2026-10-09至2026-10-01", "", "", ""), "起止"),
        (("甲一", "调整", "2026-10-20至2026-11-20", "", "其他", ""), "起止"),
        (("甲一", "调整", "第1阶段", "", "", ""), "申请安排"),
        (("甲一", "调整", "第1阶段", "", "没有的服务队", ""), "申请安排"),
        (("甲一", "调整", "第1阶段", "", "高新服务队 没有的站", ""), "申请安排"),
        (("甲一", "请假", "第1阶段", "", "", "", "", "2099-01-01"), "申请日期"),
        (("甲一", "请假", "第1阶段", "", "", "", "长" * 201, ""), "事由"),
    ],
)
def test_a_bad_row_is_refused_at_its_cell_and_the_others_are_taken(
    year: PlanYear, row: tuple[str, ...], column: str
) -> None:
    padded = (*row, *[""] * (len(HEAD) - len(row)))
    result = brought(year.ws, padded, CHANGE)
    assert [one.column for one in result.rejected] == [column]
    assert result.created == 1
    assert all(one.reason for one in result.rejected)


def test_of_two_rows_about_the_same_the_first_counts(year: PlanYear) -> None:
    result = brought(year.ws, CHANGE, (*CHANGE[:4], "其他", *CHANGE[5:]))
    assert [(one.row, one.column) for one in result.rejected] == [(3, "起止")]
    assert [row["wanted"] for row in listed(year.ws)] == ["简阳服务队"]


def test_who_asks_for_any_other_team_says_which_to_leave_while_nothing_is_published(year: PlanYear) -> None:
    anywhere = brought(year.ws, (*CHANGE[:4], "其他", *CHANGE[5:]))
    assert [(one.column, one.row) for one in anywhere.rejected] == [("申请安排", 2)]
    named = (*CHANGE[:3], "简阳服务队", "其他", *CHANGE[5:])
    assert brought(year.ws, named).created == 1
    assert brought(year.ws, named).run_id is None
    (row,) = listed(year.ws)
    year.ws.rotation.approve_request(int(row["id"]), decided_by="王主任")
    year.publish()
    assert year.stand(version="published")["乙二", 2] == "高新服务队"


def test_the_present_place_of_the_paper_must_be_what_is_published(year: PlanYear) -> None:
    year.publish()
    here = year.stand(version="published")["乙二", 2]
    other = "高新服务队" if here == "简阳服务队" else "简阳服务队"
    wrong = brought(year.ws, ("乙二", "调整", "二", other, "其他", "", "", ""))
    assert [(one.column, one.suggestion) for one in wrong.rejected] == [("原安排", here)]
    same = brought(year.ws, ("乙二", "调整", "二", here, here, "", "", ""))
    assert [one.column for one in same.rejected] == ["申请安排"]
    assert brought(year.ws, ("乙二", "调整", "二", here, other, "", "", "")).created == 1


def test_a_station_of_a_small_unit_is_asked_for_by_name(year: PlanYear) -> None:
    for written in ("涪江服务队 东街服务站", "涪江服务队（东街服务站）"):
        result = brought(year.ws, ("戊五", "调整", "第1阶段", "", written, "", "", ""))
        assert result.rejected == ()
    (row,) = listed(year.ws)
    assert (row["wanted"], row["version"]) == ("涪江服务队 东街服务站", 1)


def test_who_brings_in_requests_reaches_the_own_people_and_who_plans_nothing_may_not(year: PlanYear) -> None:
    hr = year.as_role("hr-here", Role.HR, unit_id=year.units[1])
    result = brought(hr, LEAVE, ("戊五", "请假", "第1阶段", "", "", "", "", ""))
    assert (result.created, [one.column for one in result.rejected]) == (1, ["姓名"])
    assert hr.rotation.approve_request(int(listed(hr)[0]["id"]), version=1).absence_id
    secretary = year.as_role("secretary", Role.SECRETARY, party_body_id=year.bodies[1])
    refused = brought(secretary, CHANGE)
    assert refused.created == 0
    assert refused.rejected


def test_the_form_that_goes_out_comes_back_and_changes_nothing(year: PlanYear) -> None:
    year.publish()
    here = year.stand(version="published")["乙二", 2]
    other = "高新服务队" if here == "简阳服务队" else "简阳服务队"
    brought(year.ws, LEAVE, (*CHANGE[:4], other, *CHANGE[5:]), ("丁四", "调整", "第1阶段", "", "其他", "", "", ""))
    year.ws.rotation.approve_request(int(listed(year.ws)[0]["id"]), version=1, decided_by="王主任")
    content = year.ws.rotation.requests_workbook("2026")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=3))
    assert sorted(str(row[0].value) for row in rows) == sorted(["丁四", "乙二", "甲一"])
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    assert {row[9].number_format for row in rows if row[9].value} == {"yyyy-mm-dd"}
    assert "病假" not in str([[cell.value for cell in row] for row in rows])
    before = dump(year.ws)
    again = year.ws.register.import_file(("申请.xlsx", content))
    assert (again.form, again.unchanged, again.rejected) == ("requests", 3, ())
    assert dump(year.ws) == before


NAMES = st.sampled_from(["甲一", "乙二", "丙三", "戊五", "无此人"])
KINDS = st.sampled_from(["请假", "婚假", "调整", "换队", "？"])
DAYS = st.sampled_from(
    ["第1阶段", "二", "2026-09-03至2026-09-20", "2026.11.2-2026.11.30", "2026-10-30至2026-11-03", ""]
)
WANTED = st.sampled_from(["", "其他", "高新服务队", "简阳", "涪江服务队 西街服务站", "没有的队"])
LISTS = st.lists(
    st.tuples(NAMES, KINDS, DAYS, st.just(""), WANTED, st.sampled_from(["", "同意", "不同意"])), min_size=1, max_size=6
)
_quietly = hypothesis_settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_quietly
@given(first=LISTS, corrected=LISTS)
def test_the_same_list_again_changes_nothing_and_undoing_a_corrected_one_restores(
    year: PlanYear, first: list[tuple[str, ...]], corrected: list[tuple[str, ...]]
) -> None:
    ws, head = year.ws, HEAD[:6]
    with ws.engine.begin() as connection:
        for name in ("import_change", "import_run", "rotation_request"):
            connection.execute(delete(SQLModel.metadata.tables[name]))
    done = brought(ws, *first, head=head)
    assert done.rows == done.created + done.updated + done.unchanged + done.rejected_rows
    between = dump(ws, versions=False)
    again = brought(ws, *first, head=head)
    assert (again.created, again.updated, again.run_id, again.rejected) == (0, 0, None, done.rejected)
    preview = brought(ws, *corrected, head=head, dry_run=True)
    changed = brought(ws, *corrected, head=head, expected=preview.digest)
    assert changed.preview.equals(preview.preview)
    assert {row["state"] for row in held(ws, "rotation_request")} <= {"pending"}
    if changed.run_id is not None:
        ws.register.undo_import(changed.run_id)
    assert dump(ws, versions=False) == between


def test_days_may_stand_in_two_columns_and_a_stage_in_one_of_its_own(year: PlanYear) -> None:
    head = ("姓名", "类型", "开始日期", "结束日期", "阶段", "申请安排", "审批意见")
    year.publish()
    rows = [("甲一", "事假", "2026-09-03", "2026-09-20", "", "", ""), ("乙二", "调整", "", "", "2", "其他", "")]
    result = brought(year.ws, *rows, head=head)
    assert (result.created, result.rejected) == (2, ())
