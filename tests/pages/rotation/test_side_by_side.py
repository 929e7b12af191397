"""Two tabs and two plans: what somebody else saves is seen, what belongs to one plan is never taken for another's."""

from __future__ import annotations

import io

import openpyxl
import pytest

from svclib.pages import RotationPage
from svclib.workspace import Workspace
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN, figures
from tests.pages.rotation.test_files import changed_workbook, publish, sent, upload
from tests.workspace.import_files import table_file

SAFETY = ("单位", "姓名", "人员编码", "类别", "日期", "学时", "成绩", "是否合格", "有效期至")


def pass_examination(ws: Workspace, employee_no: str, name: str) -> None:
    """Import a safety education and an examination passed by somebody, as another tab does."""
    line = ["", name, employee_no]
    rows = [
        [*line, f"三级安全教育({level}级)", "2026-07-20", "24", "", "是", "长期"] for level in ("公司", "部门", "班组")
    ]
    rows.append([*line, "安规考试", "2026-08-12", "", "92", "是", "2027-12-31"])
    result = ws.register.import_file(table_file(SAFETY, *rows, name="安规成绩.csv"))
    assert result.rejected == ()


def another_plan(ws: Workspace) -> int:
    intake = next(int(row["id"]) for row in ws.register.intakes().to_dict("records") if row["kind"] == "graduate")
    days = [("2027-09-01", "2027-10-16"), ("2027-10-16", "2027-12-01")]
    return ws.rotation.create_plan("另一份", year=2025, stages=days, intakes=[intake])


def test_examinations_imported_elsewhere_are_seen_at_the_next_click(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    waiting = {int(one["person_id"]) for one in page.chosen.plan.waiting}
    person = page.chosen.plan.people[min(waiting)]
    pass_examination(planned, str(person["employee_no"]), str(person["name"]))
    shown = page.chosen.plan
    send(page, "press_card", card="trainees")
    assert page.chosen.plan is not shown
    assert {int(one["person_id"]) for one in page.chosen.plan.waiting} == waiting - {min(waiting)}
    assert int(figures(page)["open"]) > 0


def test_opening_a_cell_shows_the_board_anew_where_the_register_has_changed(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    person_id = min(int(one["person_id"]) for one in page.chosen.plan.waiting)
    person = page.chosen.plan.people[person_id]
    pass_examination(planned, str(person["employee_no"]), str(person["name"]))
    send(page, "open_cell", person=person_id, stage=1)
    assert page.panel["id"] == f"{person_id}-1"
    assert int(figures(page)["open"]) > 0


def test_a_move_is_judged_beside_what_was_imported_meanwhile(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    person_id = min(int(one["person_id"]) for one in page.chosen.plan.waiting)
    person = page.chosen.plan.people[person_id]
    mover = page.listing["rows"][1]["id"]
    send(page, "open_cell", person=mover, stage=1)
    choice = next(one for one in page.panel["choices"] if not one["here"])
    pass_examination(planned, str(person["employee_no"]), str(person["name"]))
    send(page, "move", **{name: choice[name] for name in ("team", "station", "crew")})
    assert person_id not in {int(one["person_id"]) for one in page.chosen.plan.waiting}


def test_a_plan_is_not_read_anew_for_what_its_judgement_does_not_read(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    shown = page.chosen.plan
    planned.register.reveal(min(shown.people), "phone")
    send(page, "press_card", card="trainees")
    assert page.chosen.plan is shown


def test_another_plan_made_elsewhere_does_not_take_the_place_of_the_one_shown(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    shown = page.frame["plan"]
    intake = int(planned.register.intakes()["id"][0])
    planned.rotation.create_plan("明年", year=2027, stages=[("2027-09-01", "2027-10-16")], intakes=[intake])
    send(page, "press_card", card="trainees")
    assert page.frame["plan"] == shown


def test_a_workbook_brought_back_is_forgotten_with_its_plan(page: RotationPage, planned: Workspace, send: Send) -> None:
    other = another_plan(planned)
    publish(page, send)
    send(page, "download_workbook")
    content, _who = changed_workbook(sent(page))
    upload(page, send, content)
    assert page.exchange["returned"]
    send(page, "choose_plan", plan=other)
    assert page.exchange["returned"] is None
    send(page, "accept_workbook", refused=True)


def test_a_proposal_is_shown_and_kept_with_its_own_plan_only(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    own, other = page.frame["plan"], another_plan(planned)
    send(page, "start_search", preset="balanced", seconds=20)
    assert page.search.running is not None
    send(page, "choose_plan", plan=other)
    assert page.planning["step"] == "choose"
    send(page, "start_search", preset="balanced", seconds=20, refused=True)
    assert PLAN in page.problem
    send(page, "choose_plan", plan=own)
    page.search.running.wait(60)
    send(page, "choose_view", view="planning")
    assert page.planning["step"] == "found"
    send(page, "choose_plan", plan=other)
    assert page.planning["step"] == "choose"
    send(page, "accept_proposal", refused=True)
    assert len(planned.rotation.placements(other)) == 0
    send(page, "choose_plan", plan=own)
    assert page.planning["step"] == "found"


def test_an_open_request_is_closed_with_its_plan(page: RotationPage, planned: Workspace, send: Send) -> None:
    own, other = page.frame["plan"], another_plan(planned)
    send(page, "choose_view", view="requests")
    send(page, "open_request", request=page.requests["rows"][0]["id"])
    send(page, "show_request_reason")
    send(page, "choose_plan", plan=other)
    assert (page.requests["opened"], page.asked.reason) == (None, None)
    send(page, "choose_plan", plan=own)
    assert page.requests["opened"] is None


def test_requests_go_out_as_they_are_listed_with_the_unit_in_the_name(
    page: RotationPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    out: list[tuple[str, bytes]] = []
    monkeypatch.setattr(page, "download", lambda name, content: out.append((name, content)))
    send(page, "choose_view", view="requests")
    every = page.requests["total"]
    label = page.requests["rows"][0]["unit"]
    send(page, "choose_unit", unit=next(one["id"] for one in page.frame["units"] if one["label"] == label))
    listed = [row["name"] for row in page.requests["rows"]]
    assert 0 < len(listed) < every
    send(page, "export_requests")
    ((name, content),) = out
    assert name == f"申请-2026-{label}.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert sorted(str(row[0]) for row in rows) == sorted(listed)
