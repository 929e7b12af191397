"""The page of the rotation without a browser: the boards, a move and what it breaks, the search for a plan."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from svclib.models import Role
from svclib.pages import RotationPage
from svclib.pages import rotation as package
from svclib.pages.parts import charts
from svclib.pages.rotation.words import WORDS
from svclib.workspace import Workspace
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN, figures
from tests.pages.views import english, events_sent, views_of, words_asked, words_of_its_own


def cell(page: RotationPage, person: int, stage: int) -> dict[str, object]:
    row = next(row for row in page.listing["rows"] if row["id"] == person)
    return dict(row["cells"][stage - 1])


def test_a_plan_that_nobody_has_made_yet_says_what_to_do_first(demo: Workspace) -> None:
    page = RotationPage(demo)
    assert page.frame["status"]["acts"][0]["data"] == {"view": "planning"}
    assert figures(page) == {"trainees": "120", "teams": "28", "open": "466", "hard": "0", "weighted": "127"}
    assert {one["word"] for one in page.listing["rows"][0]["cells"]} == {"待安排"}


def test_a_database_without_a_plan_opens_and_says_so(nobody: Workspace, send: Send) -> None:
    page = RotationPage(nobody)
    assert (page.frame["view"], page.problem) == ("none", "")
    send(page, "open_cell", person=1, stage=1, refused=True)
    send(page, "start_search", preset="balanced", seconds=20, refused=True)


def test_the_board_shows_each_trainee_over_the_stages(page: RotationPage) -> None:
    assert [stage["days"] for stage in page.listing["stages"]][:2] == ["2026-09-01 – 10-15", "2026-10-16 – 11-30"]
    assert len(page.listing["rows"]) == 10
    assert page.listing["total"] == 120
    assert figures(page)["open"] == figures(page)["hard"] == "0"
    assert "草案中有 466 处安排" in page.frame["status"]["more"]


def test_a_figure_lists_whom_it_counts_and_is_taken_back(page: RotationPage, send: Send) -> None:
    send(page, "press_card", card="weighted")
    assert page.listing["total"] == int(figures(page)["weighted"])
    assert all("离家较远" in row["year"] for row in page.listing["rows"])
    send(page, "drop_filter", key="only")
    assert page.listing["total"] == 120
    send(page, "press_card", card="teams")
    assert (page.frame["view"], page.loads["total"]) == ("teams", 28)
    send(page, "press_card", card="trainees")
    assert page.frame["view"] == "people"


def test_people_are_found_by_initials_unit_and_team(page: RotationPage, send: Send) -> None:
    send(page, "search_list", text="kht")
    assert [row["name"] for row in page.listing["rows"]] == ["孔海天"]
    team = page.listing["rows"][0]["cells"][0]["team"]
    send(page, "search_list", text=team)
    assert "孔海天" in {row["name"] for row in page.listing["rows"]}
    send(page, "search_list", text="没有这个人")
    assert page.listing["empty"]["acts"][0]["act"] == "clear_filters"
    send(page, "clear_filters")
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    assert {row["unit"] for row in page.listing["rows"]} == {unit["label"]}
    send(page, "choose_unit", unit=99_999, refused=True)


def test_a_move_says_what_it_breaks_is_shown_as_broken_and_can_be_taken_back(page: RotationPage, send: Send) -> None:
    # Whoever comes to another place that he has already been to breaks a rule that must hold.
    person, before = next(
        (row["id"], row["cells"]) for row in page.listing["rows"] if all(one["team"] for one in row["cells"])
    )
    send(page, "open_cell", person=person, stage=2)
    bad = next(one for one in page.panel["choices"] if one["hard"] and "不应重复" in "".join(one["breaks"]))
    send(page, "move", **{name: bad[name] for name in ("team", "station", "crew")})
    assert "不应重复" in page.frame["notice"]["text"]
    assert page.frame["notice"]["tone"] == "attention"
    assert bad["breaks"][0] in [one["text"] for one in page.panel["broken"]]
    assert page.panel["choices"][0]["here"]
    assert int(figures(page)["hard"]) == 1
    send(page, "press_card", card="hard")
    assert person in [row["id"] for row in page.listing["rows"]]
    send(page, "undo_move")
    assert figures(page)["hard"] == "0"
    assert page.frame["undo"] == ""
    send(page, "clear_filters")
    assert cell(page, person, 2)["said"] == before[1]["said"]
    send(page, "undo_move", refused=True)


def test_a_placement_taken_away_leaves_a_place_to_fill(page: RotationPage, send: Send) -> None:
    person = page.listing["rows"][1]["id"]
    send(page, "open_cell", person=person, stage=1)
    send(page, "take_away")
    assert (figures(page)["open"], cell(page, person, 1)["word"]) == ("1", "待安排")
    send(page, "press_card", card="open")
    assert person in [row["id"] for row in page.listing["rows"]]
    best = page.panel["choices"][0]
    send(page, "move", **{name: best[name] for name in ("team", "station", "crew")})
    assert figures(page)["open"] == "0"


def test_who_has_no_placement_can_be_left_out_of_the_plan(page: RotationPage, planned: Workspace, send: Send) -> None:
    row = page.listing["rows"][2]
    for stage in (1, 2, 3, 4):
        send(page, "open_cell", person=row["id"], stage=stage)
        assert page.panel["leaves"] is False
        send(page, "take_away")
    assert page.panel["leaves"] is True
    send(page, "leave_out")
    assert page.notice["text"] == f"{row['name']}不再参加这个计划的轮岗。"
    assert page.panel is None
    assert (page.listing["total"], figures(page)["open"]) == (119, "0")
    assert row["id"] not in set(planned.rotation.trainees(PLAN)["person_id"])
    # What was done to somebody who is gone is not there to be taken back.
    assert page.frame["undo"] == ""


def test_after_moves_the_page_shows_what_a_page_opened_anew_shows(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    for row in page.listing["rows"][1:4]:
        send(page, "open_cell", person=row["id"], stage=2)
        choice = page.panel["choices"][-1]
        send(page, "move", **{name: choice[name] for name in ("team", "station", "crew")})
    fresh = RotationPage(planned)
    assert fresh.listing == page.listing
    assert fresh.cards == page.cards
    for one in (page, fresh):
        send(one, "choose_view", view="teams")
    assert fresh.loads == page.loads


def test_a_placement_is_fixed_and_freed(page: RotationPage, planned: Workspace, send: Send) -> None:
    person = page.listing["rows"][1]["id"]
    send(page, "open_cell", person=person, stage=1)
    send(page, "pin")
    assert (page.panel["pinned"], cell(page, person, 1)["pinned"]) == (True, True)
    assert person in set(planned.rotation.pins(PLAN)["person_id"])
    send(page, "unpin")
    assert page.panel["pinned"] is False


def test_somebody_elses_change_is_not_written_over(page: RotationPage, planned: Workspace, send: Send) -> None:
    person = page.listing["rows"][1]["id"]
    send(page, "open_cell", person=person, stage=1)
    choice = next(one for one in page.panel["choices"] if not one["here"])
    other = page.listing["rows"][2]["id"]
    version = int(planned.rotation.plans()["version"].iloc[0])
    planned.rotation.move(PLAN, other, 3, None, version=version)
    where = {name: choice[name] for name in ("team", "station", "crew")}
    send(page, "move", **where, refused=True)
    assert "别人改过" in page.problem
    assert figures(page)["open"] == "1", "what the other did is shown"
    send(page, "move", **where)


def test_a_team_shows_its_load_its_bounds_and_who_is_there(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="teams")
    row = next(row for row in page.loads["rows"] if row["cells"][0]["load"] != "0")
    send(page, "open_team", team=row["id"], stage=1)
    assert str(len(page.panel["people"])) == row["cells"][0]["load"]
    assert "师傅能带" in row["about"]
    one = page.panel["people"][0]
    send(page, "open_cell", person=one["person"], stage=one["stage"])
    assert page.panel["title"] == one["name"]


def test_too_many_in_a_team_is_said_with_the_figure(page: RotationPage, planned: Workspace, send: Send) -> None:
    send(page, "choose_view", view="teams")
    row = next(row for row in page.loads["rows"] if int(row["cells"][0]["load"]) > 1)
    planned.rotation.bound(PLAN, row["id"], 0, 1)
    send(page, "open_team", team=row["id"], stage=1)
    assert "名额只有 1 个" in page.panel["broken"][0]["text"]
    send(page, "choose_view", view="teams")
    assert page.loads["title"].startswith("28 支服务队中有 1 支")


def test_a_search_is_told_of_ends_and_becomes_the_draft(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    send(page, "accept_proposal", refused=True)
    send(page, "start_search", preset="balanced", seconds=60)
    assert (page.planning["step"], page.planning["found"]) == ("searching", None)
    send(page, "start_search", preset="balanced", seconds=60, refused=True)
    # The page answers meanwhile.
    send(page, "search_list", text="孔")
    assert page.search.running is not None
    page.search.running.wait(60)
    # Who looks at something else is told of the end, and led to what was found.
    page.show_search()
    assert (page.frame["view"], page.frame["notice"]["text"]) == ("people", "编排已结束。")
    send(page, page.frame["notice"]["act"])
    assert page.frame["view"] == "planning"
    assert page.planning["found"]["title"] == "已证明：没有更好的方案。"
    assert page.planning["found"]["figures"][2]["value"] == "0.00"
    assert any("安全准入" in group["title"] for group in page.planning["found"]["groups"])
    send(page, "accept_proposal")
    assert (page.frame["view"], figures(page)["open"]) == ("people", "0")
    assert len(demo.rotation.placements(PLAN)) == 466


def test_a_search_is_stopped_at_once_with_the_best_so_far_or_none(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    send(page, "start_search", preset="balanced", seconds=300)
    send(page, "stop_search")
    assert page.search.running is not None
    page.search.running.wait(30)
    assert page.search.running.ended
    send(page, "discard_proposal")
    assert page.planning["step"] == "choose"


def test_what_cannot_be_planned_is_said_in_sentences_with_what_helps(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    listed = planned.rotation.placements(PLAN)
    team = int(listed[listed["stage"] == 1]["team_id"].value_counts().index[0])
    for one in listed[(listed["stage"] == 1) & (listed["team_id"] == team)].itertuples():
        planned.rotation.pin(PLAN, int(one.person_id), 1, team, station_id=int(one.station_id))
    planned.rotation.bound(PLAN, team, 0, 1)
    send(page, "start_search", preset="balanced", seconds=60)
    assert page.search.running is not None
    page.search.running.wait(60)
    send(page, "choose_view", view="planning")
    found = page.planning["found"]
    assert (found["tone"], found["accepts"]) == ("trouble", False)
    assert any("名额" in line for line in found["lines"])
    send(page, "accept_proposal", refused=True)


def test_the_workbook_of_the_board_holds_who_is_listed(page: RotationPage, send: Send) -> None:
    send(page, "search_list", text="孔海天")
    send(page, "export_list")
    assert page.file_sent["name"] == "轮岗-2026.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(page.board.export()[1])).active
    assert sheet is not None
    assert [one.value for one in sheet[1]][:3] == ["姓名", "工号", "单位"]
    assert (sheet.max_row, sheet.max_column) == (2, 7)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.CAPTAIN, Role.TRAINEE, Role.SAFETY, Role.LEADER])
def test_who_does_not_plan_sees_what_is_published_for_them_and_moves_nothing(
    planned: Workspace, send: Send, role: Role
) -> None:
    ws = Workspace(planned.settings, identity=by_name(role.value), engine=planned.engine)
    before = RotationPage(ws)
    assert before.problem == ""
    assert all(cell["team"] == "" for row in before.listing["rows"] for cell in row["cells"]), (
        "drafts are the planners'"
    )
    planned.rotation.publish(PLAN, version=int(planned.rotation.plans()["version"].iloc[0]), decided_by="陈某")
    page = RotationPage(ws)
    asks = ["requests"] if role == Role.TRAINEE else []
    assert [one["id"] for one in page.frame["views"]] == ["people", "teams", *asks, "versions"]
    assert "陈某" in page.frame["status"]["text"]
    assert "hard" not in figures(page)
    for event, data in (
        ("choose_view", {"view": "planning"}),
        ("start_search", {"preset": "balanced", "seconds": 20}),
        ("move", {"team": 1}),
        ("pin", {}),
    ):
        send(page, event, refused=True, **data)
    if page.listing["rows"]:
        row = page.listing["rows"][0]
        send(page, "open_cell", person=row["id"], stage=1)
        assert (page.panel["moves"], page.panel["choices"]) == (False, [])
        send(page, "move", team=1, refused=True)


def test_a_role_without_the_rotation_is_told_so(demo: Workspace, send: Send) -> None:
    page = RotationPage(Workspace(demo.settings, identity=by_name("auditor"), engine=demo.engine))
    assert (page.frame["view"], page.listing, page.cards) == ("closed", {}, [])
    send(page, "open_cell", person=1, stage=1, refused=True)
    send(page, "start_search", preset="balanced", seconds=20, refused=True)
    send(page, "press_card", card="hard")
    assert (page.frame["view"], page.listing, page.cards, page.panel) == ("closed", {}, [], None)


def test_no_view_speaks_english_to_a_chinese_user(page: RotationPage, send: Send) -> None:
    send(page, "open_cell", person=page.listing["rows"][1]["id"], stage=2)
    seen = [page.listing, page.cards, page.panel, page.frame["status"], page.frame["views"]]
    for view in ("teams", "planning"):
        send(page, "choose_view", view=view)
    assert english(page.words, page.loads, page.planning, *seen) == []


def test_every_word_and_every_event_that_the_views_use_exists(page: RotationPage) -> None:
    assert words_asked(package, charts.VIEW) == set(WORDS)
    assert events_sent(package) <= set(page.EVENTS)


@pytest.mark.parametrize("path", views_of(package), ids=lambda path: path.stem)
def test_a_view_holds_no_words_of_its_own(path: Path) -> None:
    assert words_of_its_own(path) == []
