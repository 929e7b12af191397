"""The panel: one person or one team, forms that keep what was typed, saves that lose nothing."""

from __future__ import annotations

from typing import Any

import pytest

from svclib.pages import RegisterPage
from svclib.pages.register.panel import PanelState
from svclib.pages.register.scope import Scope
from svclib.workspace import Workspace

from .conftest import Send


@pytest.fixture
def member(page: RegisterPage, send: Send) -> int:
    """A member of a team, open in the panel."""
    send(page, "press_card", card="members")
    person_id: int = page.listing["rows"][0]["id"]
    send(page, "open_row", id=person_id)
    return person_id


def fact(page: RegisterPage, key: str) -> dict[str, Any]:
    return next(item for group in page.panel["facts"] for item in group["items"] if item["key"] == key)


def fill(page: RegisterPage, **values: Any) -> dict[str, Any]:
    """What the browser sends of the open form after somebody typed these values."""
    form = page.panel["form"]
    return {"token": form["token"], "values": {**form["values"], **values}}


def action(page: RegisterPage, name: str) -> dict[str, Any]:
    return next(one for one in page.panel["actions"] if one["act"] == name)


def test_a_person_shows_facts_and_the_whole_history_newest_first(page: RegisterPage, member: int) -> None:
    assert page.panel["title"] == page.listing["rows"][0]["cells"]["name"]
    kinds = {line["kind"] for line in page.panel["history"]}
    assert {"服务队", "政治面貌"} <= kinds
    days = [line["when"][:10] for line in page.panel["history"]]
    assert days == sorted(days, reverse=True)


def test_the_history_tells_of_safety_education_and_examinations_and_what_counts_today(
    page: RegisterPage, demo: Workspace, send: Send
) -> None:
    ready = demo.rotation.trainees("2026").dropna(subset=["safe_until"]).iloc[0]
    send(page, "open_person", id=int(ready["person_id"]))
    told = [line for line in page.panel["history"] if line["kind"] == "安全教育与安规"]
    exam, education = told
    assert exam["what"].startswith("安规考试 · ")
    assert exam["what"].endswith(" 分 · 合格 · 有效期至 2027-08-11")
    assert education["what"] == "三级安全教育 · 24 学时 · 合格 · 有效期至 2027-07-16"
    assert [line["when"] for line in told] == ["2026-08-12", "2026-07-17"]
    assert all(line["now"] and line["icon"] == "mdi-hard-hat" for line in told)


def test_protected_values_are_masked_until_asked_for_and_asking_is_remembered(
    page: RegisterPage, demo: Workspace, send: Send, member: int
) -> None:
    assert "*" in fact(page, "phone")["value"]
    send(page, "reveal_field", field="phone")
    shown = fact(page, "phone")
    assert "*" not in shown["value"]
    assert not shown["masked"]
    assert "*" in fact(page, "id_number")["value"]
    send(page, "close_panel")
    send(page, "open_person", id=member)
    assert "*" in fact(page, "phone")["value"]


def test_the_browser_can_reveal_no_other_field(page: RegisterPage, send: Send, member: int) -> None:
    send(page, "reveal_field", field="pinyin", refused=True)


def test_a_field_is_judged_when_it_is_left(page: RegisterPage, send: Send, member: int) -> None:
    send(page, "open_form", form="edit")
    send(page, "check_field", field="phone", **fill(page, phone="12345"))
    assert set(page.panel["form"]["errors"]) == {"phone"}
    send(page, "check_field", field="phone", **fill(page, phone="138 1234 5678"))
    assert page.panel["form"]["errors"] == {}


def test_an_edit_is_saved_and_the_list_shows_it(page: RegisterPage, send: Send, member: int) -> None:
    send(page, "open_form", form="edit")
    send(page, "save_form", **fill(page, name="新名字", hired_on="2010年7月1日"))
    assert page.panel["title"] == "新名字"
    assert page.panel["form"] is None
    assert fact(page, "hired_on")["value"] == "2010-07-01"
    assert page.frame["notice"]["text"] == "已保存：新名字。"


def test_a_missing_name_is_refused_at_its_field_and_nothing_is_saved(
    page: RegisterPage, send: Send, member: int
) -> None:
    before = page.panel["title"]
    send(page, "open_form", form="edit")
    send(page, "save_form", **fill(page, name=" "))
    assert page.panel["form"]["errors"] == {"name": "请填写姓名。"}
    assert page.panel["form"]["refused"] == 1
    send(page, "close_form")
    assert page.panel["title"] == before


def test_what_was_typed_is_kept_and_open_again_after_the_page_is_loaded_anew(
    page: RegisterPage, demo: Workspace, send: Send, member: int
) -> None:
    send(page, "open_form", form="edit")
    send(page, "keep_draft", **fill(page, major="电气工程"))
    assert page.panel["form"]["draft"].startswith("草稿已保存 ")
    again = RegisterPage(demo)
    assert again.panel["id"] == member
    assert again.panel["form"]["values"]["major"] == "电气工程"
    send(again, "discard_draft")
    assert again.panel["form"]["values"].get("major") != "电气工程"
    assert RegisterPage(demo).panel is None


def test_a_draft_for_a_form_that_was_closed_meanwhile_is_dropped(page: RegisterPage, send: Send, member: int) -> None:
    send(page, "open_form", form="edit")
    late = fill(page, name="晚到的")
    send(page, "close_form")
    send(page, "keep_draft", **late)
    send(page, "open_form", form="edit")
    assert page.panel["form"]["values"]["name"] != "晚到的"


def test_a_save_on_top_of_another_shows_both_values_and_the_person_chooses(
    page: RegisterPage, demo: Workspace, send: Send, member: int
) -> None:
    send(page, "open_form", form="edit")
    version = demo.register.person(member).version
    demo.register.edit_person(member, {"school": "四川大学", "note": "先保存的"}, version=version)
    send(page, "save_form", **fill(page, school="重庆大学", major="热能"))
    stale = page.panel["stale"]
    assert [(one["key"], one["mine"], one["theirs"]) for one in stale["fields"]] == [("school", "重庆大学", "四川大学")]
    send(page, "settle_stale", choices={"school": "theirs"})
    facts = demo.register.person(member).facts
    assert (facts["school"], facts["major"], facts["note"]) == ("四川大学", "热能", "先保存的")


def test_what_was_typed_wins_where_the_person_says_so(
    page: RegisterPage, demo: Workspace, send: Send, member: int
) -> None:
    send(page, "open_form", form="edit")
    demo.register.edit_person(member, {"school": "四川大学"}, version=demo.register.person(member).version)
    send(page, "save_form", **fill(page, school="重庆大学"))
    send(page, "leave_stale")
    assert page.panel["form"]["values"]["school"] == "重庆大学"
    send(page, "save_form", **fill(page, school="重庆大学"))
    assert demo.register.person(member).facts["school"] == "重庆大学"


def test_changes_to_different_fields_both_stand_without_a_question(
    page: RegisterPage, demo: Workspace, send: Send, member: int
) -> None:
    send(page, "open_form", form="edit")
    demo.register.edit_person(member, {"school": "四川大学"}, version=demo.register.person(member).version)
    send(page, "save_form", **fill(page, major="热能"))
    assert page.panel["form"] is None
    facts = demo.register.person(member).facts
    assert (facts["school"], facts["major"]) == ("四川大学", "热能")


def test_an_empty_protected_field_keeps_what_is_stored(
    page: RegisterPage, demo: Workspace, send: Send, member: int
) -> None:
    phone = demo.register.reveal(member, "phone")
    send(page, "open_form", form="edit")
    assert "phone" not in page.panel["form"]["values"]
    send(page, "save_form", **fill(page, note="备注"))
    assert demo.register.reveal(member, "phone") == phone


def test_a_person_is_added_and_shown(page: RegisterPage, send: Send) -> None:
    send(page, "add_person")
    unit = page.frame["units"][1]["id"]
    send(page, "save_form", **fill(page, name="林新来", employee_no="99000001", unit_id=unit))
    assert page.panel["title"] == "林新来"
    send(page, "search_list", text="林新来")
    assert page.listing["total"] == 1


def test_a_number_that_somebody_has_is_refused_in_the_form(page: RegisterPage, send: Send) -> None:
    number = page.listing["rows"][0]["cells"]["employee_no"]
    send(page, "add_person")
    send(page, "save_form", **fill(page, name="林新来", employee_no=number, unit_id=page.frame["units"][1]["id"]))
    assert number in page.panel["form"]["errors"]["employee_no"]
    assert page.panel["form"]["values"]["name"] == "林新来"


def test_crews_to_choose_from_follow_the_unit(page: RegisterPage, send: Send, member: int) -> None:
    send(page, "open_form", form="transfer")
    unit = page.frame["units"][2]["id"]
    send(page, "check_field", field="unit_id", **fill(page, unit_id=unit))
    crews = next(one for one in page.panel["form"]["fields"] if one["key"] == "crew_id")
    assert [one["id"] for one in crews["options"]] == list(page.ws.register.crews(unit=unit)["id"])


def test_leaving_the_team_is_done_from_the_panel_and_then_blocked_with_the_reason(
    page: RegisterPage, send: Send, member: int
) -> None:
    assert action(page, "leave")["blocker"] is None
    send(page, "open_form", form="leave")
    send(page, "save_form", **fill(page, on="2026-08-20"))
    assert action(page, "leave")["blocker"] == "当日不在任何服务队。"
    send(page, "open_form", form="leave", refused=True)
    assert page.problem == "当日不在任何服务队。"


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("status", {"status": "member", "on": "2026-08-20"}),
        ("stage", {"stage": "full", "on": "2026-08-20"}),
        ("captain", {"on": "2026-08-20"}),
        ("end", {"on": "2026-08-20"}),
    ],
)
def test_each_small_form_saves_and_tells_it(
    page: RegisterPage, send: Send, member: int, form: str, values: dict[str, Any]
) -> None:
    send(page, "open_form", form=form)
    send(page, "save_form", **fill(page, **values))
    assert page.panel["form"] is None
    assert page.frame["notice"]["tone"] == "good"


def test_joining_another_team_and_transferring_save_too(page: RegisterPage, send: Send, member: int) -> None:
    send(page, "open_form", form="join")
    team = next(one for one in page.panel["form"]["fields"] if one["key"] == "team_id")["options"][-1]
    send(page, "save_form", **fill(page, team_id=team["id"]))
    assert fact(page, "team")["value"] == team["label"]
    send(page, "open_form", form="transfer")
    unit = page.frame["units"][3]
    send(page, "save_form", **fill(page, unit_id=unit["id"], post="班长"))
    assert fact(page, "unit")["value"] == unit["label"]


def test_the_register_refuses_a_day_before_the_last_record_at_its_field(
    page: RegisterPage, send: Send, member: int
) -> None:
    send(page, "open_form", form="leave")
    send(page, "save_form", **fill(page, on="1990-01-01"))
    form = page.panel["form"]
    assert form["errors"].get("on") or form["problem"]


def test_a_person_who_does_not_exist_is_said_to_be_missing(page: RegisterPage, send: Send) -> None:
    send(page, "open_person", id=10**9, refused=True)
    assert page.panel is None


def test_a_team_shows_its_rules_and_the_people_behind_a_figure(page: RegisterPage, send: Send) -> None:
    send(page, "press_card", card="teams")
    send(page, "open_row", id=page.listing["rows"][0]["id"])
    assert page.panel["kind"] == "team"
    assert len(page.panel["rules"]) == 7
    counted = [one for one in page.panel["people"]["rows"] if one["word"] == "计入"]
    assert f"计入 {len(counted)} 人" in page.panel["people"]["title"]


def test_what_if_tells_which_rules_would_break(demo: Workspace) -> None:
    state = PanelState(Scope(demo))
    teams = demo.register.composition()
    sound = teams.groupby("team_id")["holds"].all()
    state.open_team(int(sound[sound].index[0]), None)
    assert state.team is not None
    assert state.team.outcome() is None
    for row in state.view()["people"]["rows"]:  # type: ignore[index]
        state.team.tick(row["id"], leaving=True)
    state.team.leave_on("2026-10-01")
    outcome = state.team.outcome()
    assert outcome is not None
    assert outcome["tone"] == "trouble"
    assert outcome["lines"]


def test_a_change_cannot_lie_before_the_day_shown(page: RegisterPage, send: Send) -> None:
    send(page, "choose_view", view="composition")
    send(page, "open_team", id=page.composition["rows"][0]["id"])
    send(page, "set_change_day", on="2026-08-01", refused=True)
    assert "2026-08-20" in page.problem
