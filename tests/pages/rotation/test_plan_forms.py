"""Plans made and set on the page: the form of a new one, figures with their bounds, who comes later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from svclib.models import Role
from svclib.pages import RotationPage
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN
from tests.pages.views import english


def opened(page: RotationPage, send: Send, event: str) -> dict[str, object]:
    send(page, event)
    assert page.frame["view"] == "form"
    return dict(page.form["values"])


def version_of(ws: Workspace) -> int:
    return int(ws.rotation.plans()["version"].iloc[0])


def save(page: RotationPage, send: Send, values: dict[str, object]) -> None:
    send(page, "save_form", token=page.form["token"], values=values)


def test_where_there_is_no_plan_the_first_step_is_to_make_one(nobody: Workspace, send: Send) -> None:
    page = RotationPage(nobody)
    assert (page.frame["view"], page.frame["makes"]) == ("none", True)
    values = opened(page, send, "new_plan")
    field = next(one for one in page.form["fields"] if one["key"] == "intake_1")
    assert field["help"] == "还没有入职批次，请先导入新入职毕业生名册。"
    save(page, send, values)
    assert page.form["errors"] == {"intake_1": "请选择参加的入职批次。"}


def test_a_new_plan_is_made_with_its_stages_and_shown(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    values = opened(page, send, "new_plan")
    units = next(one for one in page.form["fields"] if one["key"] == "unit")["options"]
    unit = next(one for one in units if one["label"] == "简阳供电公司")
    values |= {"name": "2026 试点", "unit": unit["id"], "stages": 2, "last_2": "2026-11-29", "far_km": "60"}
    save(page, send, values)
    assert (page.form, page.frame["view"]) == (None, "people")
    made = demo.rotation.plans().set_index("name").loc["2026 试点"]
    assert page.frame["plan"] == made["id"]
    assert made["unit"] == unit["label"]
    assert 0 < made["trainees"] < 120
    assert page.frame["notice"]["text"] == f"计划 2026 试点 已建立，{made['trainees']} 名学员参加。"
    assert {row["unit"] for row in page.listing["rows"]} == {unit["label"]}
    stages = demo.rotation.stages("2026 试点")
    assert [str(one.date()) for one in stages["ends_on"]] == ["2026-10-16", "2026-11-30"], "the day after the last"
    assert demo.rotation.figures("2026 试点")["far_km"] == 60


def test_the_form_asks_for_as_many_stages_as_are_wanted(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    values = opened(page, send, "new_plan")
    assert sum(one["kind"] == "day" for one in page.form["fields"]) == 8
    send(page, "check_field", token=page.form["token"], field="stages", values=values | {"stages": 6})
    assert sum(one["kind"] == "day" for one in page.form["fields"]) == 12
    save(page, send, values | {"stages": 5})
    assert set(page.form["errors"]) == {"first_5", "last_5", "name"}, "2026 is there already: no name is proposed"


def test_what_cannot_be_is_said_at_its_field_or_above_the_form(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    values = opened(page, send, "new_plan") | {"name": "2027", "stages": 2}
    for key, typed, told in (
        ("far_km", "很远", "“很远”不是数字。"),
        ("team_places_max", "1.5", "应为整数"),
        ("away_share_max", "70", "0 到 1 之间"),
        ("year", "今年", "“今年”不是数字。"),
        ("first_1", "九月", "不是日期"),
    ):
        send(page, "check_field", token=page.form["token"], field=key, values=values | {key: typed})
        assert told in page.form["errors"][key], page.form["errors"]
    save(page, send, values | {"year": "1999"})
    assert "2000 到 2100" in page.form["errors"]["year"]
    save(page, send, values | {"first_2": "2026-10-01"})
    assert "2026-10-01" in page.form["errors"]["stages"], "stages overlap"
    save(page, send, values | {"name": PLAN})
    assert PLAN in page.form["problem"]
    assert set(demo.rotation.plans()["name"]) == {PLAN}


def test_what_is_typed_is_there_again_after_a_refresh_until_it_is_forgotten(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    values = opened(page, send, "new_plan") | {"name": "半途", "stages": 3}
    send(page, "keep_draft", token=page.form["token"], values=values)
    assert page.form["draft"].startswith("草稿已保存")
    send(page, "close_form")
    again = RotationPage(demo)
    kept = opened(again, send, "new_plan")
    assert (kept["name"], kept["stages"]) == ("半途", 3)
    send(again, "discard_draft")
    assert again.form["values"]["name"] == ""


def test_figures_of_a_plan_are_set_until_it_is_published(page: RotationPage, planned: Workspace, send: Send) -> None:
    values = opened(page, send, "edit_figures")
    # Somebody moves a placement meanwhile: that has nothing to do with the figures, and both changes stand.
    person = page.listing["rows"][1]["id"]
    planned.rotation.move(PLAN, person, 1, None, version=version_of(planned))
    save(page, send, values | {"far_km": "60", "rule_far": "must"})
    assert (page.form, (person, 1) in page.chosen.plan.placements) == (None, False)
    figures = planned.rotation.figures(PLAN)
    assert (figures["far_km"], "far" in figures["hard"]) == (60, True)
    assert page.frame["notice"]["text"] == "计划 2026 的参数已保存。"
    usual = {"hard": [name for name in figures["hard"] if name != "far"]}
    planned.rotation.edit_plan(PLAN, usual, version=version_of(planned))
    planned.rotation.publish(planned.rotation.propose(PLAN, time_limit_s=60))
    send(page, "edit_figures", refused=True)
    assert page.problem == "计划已发布，评判它的参数不再改动。"
    send(page, "close_notice")
    assert "计划参数" not in [one["label"] for one in page.frame["status"]["acts"]]


def test_an_old_draft_of_figures_sends_only_what_was_typed_and_undoes_nobodys_change(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    values = opened(page, send, "edit_figures")
    send(page, "keep_draft", token=page.form["token"], values=values | {"far_km": "60", "rule_far": "must"})
    send(page, "close_form")
    others = {"uneven_cost": 7.5, "hard": ["apart"], "weights": {"kinds": 99}}
    planned.rotation.edit_plan(PLAN, others, version=version_of(planned))
    late = opened(page, send, "edit_figures")
    assert (late["far_km"], late["rule_far"]) == ("60", "must"), "what was typed"
    assert (late["uneven_cost"], late["weight_kinds"]) == ("7.5", "99"), "what was not typed stands as it is now"
    save(page, send, late)
    assert page.form is None
    figures = planned.rotation.figures(PLAN)
    assert (figures["far_km"], figures["uneven_cost"], figures["weights"]["kinds"]) == (60, 7.5, 99)
    assert figures["hard"] == ["apart", "far"]


def test_a_figure_that_somebody_else_has_set_meanwhile_is_shown_beside_the_own(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    values = opened(page, send, "edit_figures")
    planned.rotation.edit_plan(PLAN, {"far_km": 70, "uneven_cost": 7.5}, version=version_of(planned))
    save(page, send, values | {"far_km": "60", "unfair_cost": "3"})
    (field,) = page.form["stale"]["fields"]
    assert (field["key"], field["read"], field["theirs"], field["mine"]) == ("far_km", values["far_km"], "70", "60")
    assert english(page.form["stale"]) == []
    assert planned.rotation.figures(PLAN)["far_km"] == 70, "nothing is saved before somebody has decided"
    # A page that is loaded anew asks again instead of saving over it.
    again = RotationPage(planned)
    save(again, send, dict(again.form["values"]))
    assert [one["key"] for one in again.form["stale"]["fields"]] == ["far_km"]
    send(page, "leave_stale")
    assert (page.form["stale"], page.form["values"]["far_km"]) == (None, "60")
    send(page, "save_form", token=page.form["token"], values=page.form["values"])
    assert page.form is None
    figures = planned.rotation.figures(PLAN)
    assert (figures["far_km"], figures["uneven_cost"], figures["unfair_cost"]) == (60, 7.5, 3)


def test_what_is_stored_stands_where_that_is_chosen(page: RotationPage, planned: Workspace, send: Send) -> None:
    values = opened(page, send, "edit_figures")
    planned.rotation.edit_plan(PLAN, {"far_km": 70}, version=version_of(planned))
    save(page, send, values | {"far_km": "60", "unfair_cost": "3"})
    send(page, "settle_stale", choices={"far_km": "theirs"})
    assert page.form is None
    figures = planned.rotation.figures(PLAN)
    assert (figures["far_km"], figures["unfair_cost"]) == (70, 3)


def test_days_of_stages_that_were_not_typed_undo_nobodys_move_and_those_that_were_are_shown_beside_it(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    values = opened(page, send, "edit_stages")
    last = planned.rotation.stages(PLAN).iloc[3]
    moved = {4: (last["starts_on"].date(), last["ends_on"].date() + timedelta(days=2))}
    planned.rotation.edit_stages(PLAN, moved, version=version_of(planned))
    save(page, send, values | {"last_1": "2026-10-14"})
    assert page.form is None
    ends = [one.date() for one in planned.rotation.stages(PLAN)["ends_on"]]
    assert (ends[0], ends[3]) == (date(2026, 10, 15), moved[4][1])
    values = opened(page, send, "edit_stages")
    planned.rotation.edit_stages(PLAN, {1: ("2026-09-01", "2026-10-13")}, version=version_of(planned))
    save(page, send, values | {"last_1": "2026-10-10"})
    (field,) = page.form["stale"]["fields"]
    assert (field["read"], field["theirs"], field["mine"]) == ("2026-10-14", "2026-10-12", "2026-10-10")
    send(page, "settle_stale", choices={"last_1": "mine"})
    assert planned.rotation.stages(PLAN)["ends_on"].iloc[0].date() == date(2026, 10, 11)


def test_figures_of_a_plan_published_meanwhile_are_refused_in_the_form(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    values = opened(page, send, "edit_figures")
    planned.rotation.publish(planned.rotation.propose(PLAN, time_limit_s=60))
    save(page, send, values | {"far_km": "60"})
    assert page.form["problem"] == "计划已发布，评判它的参数不再改动。"


def test_a_form_with_a_draft_is_open_again_after_a_refresh_until_it_is_left(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    for event, key, typed in (("new_plan", "name", "半途"), ("edit_figures", "far_km", "61")):
        values = opened(page, send, event)
        assert RotationPage(planned).form is None, "nothing is typed yet"
        send(page, "keep_draft", token=page.form["token"], values=values | {key: typed})
        again = RotationPage(planned)
        assert (again.frame["view"], again.form["name"], again.form["values"][key]) == (
            "form",
            page.form["name"],
            typed,
        )
        send(again, "close_form")
        assert RotationPage(planned).form is None
        send(page, "close_form")


@pytest.mark.parametrize("event", ["close_form", "choose_view", "choose_plan"])
def test_what_was_typed_last_before_a_form_was_left_is_kept_and_the_form_stays_closed(
    page: RotationPage, planned: Workspace, send: Send, event: str
) -> None:
    values = opened(page, send, "new_plan")
    late = {"token": page.form["token"], "values": values | {"name": "半途"}}
    send(page, event, **{"choose_view": {"view": "teams"}, "choose_plan": {"plan": page.frame["plan"]}}.get(event, {}))
    send(page, "keep_draft", **late)
    assert (page.form, RotationPage(planned).form) == (None, None)
    assert opened(page, send, "new_plan")["name"] == "半途"


def test_what_comes_late_from_a_form_that_was_saved_or_discarded_is_dropped(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    values = opened(page, send, "edit_figures") | {"far_km": "60"}
    late = {"token": page.form["token"], "values": values}
    save(page, send, values)
    send(page, "keep_draft", **late)
    opened(page, send, "edit_figures")
    assert page.form["draft"] is None
    late["token"] = page.form["token"]
    send(page, "discard_draft")
    send(page, "close_form")
    send(page, "keep_draft", **late)
    opened(page, send, "edit_figures")
    assert page.form["draft"] is None


def test_a_form_about_another_plan_or_one_that_has_no_place_any_more_is_open_again_or_forgotten(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    values = opened(page, send, "edit_figures")
    send(page, "keep_draft", token=page.form["token"], values=values | {"far_km": "61"})
    stages = [("2027-09-01", "2027-10-01")]
    planned.rotation.create_plan("2027", year=2027, stages=stages, intakes=[_graduates(planned)])
    again = RotationPage(planned)
    assert again.form["values"]["far_km"] == "61"
    assert again.frame["plan"] == page.frame["plan"], "not the newest, which a page shows at first"
    planned.rotation.publish(planned.rotation.propose(PLAN, time_limit_s=60))
    later = RotationPage(planned)
    assert (later.problem, later.form, later.frame["view"]) == ("", None, "people")


def test_a_unit_without_trainees_in_the_plan_is_led_to_one_of_its_own(demo: Workspace, send: Send) -> None:
    units = demo.register.units().set_index("short_name")
    demo.rotation.create_plan(
        "只有成都",
        year=2026,
        stages=[("2026-09-01", "2026-10-01")],
        intakes=[_graduates(demo)],
        unit=_id(units, "成都"),
    )
    demo.access.add_user("hr-my", Role.HR.value, password="correct horse battery staple", unit_id=_id(units, "绵阳"))
    ws = open_workspace(demo.settings, as_user="hr-my")
    page = RotationPage(ws)
    send(page, "choose_plan", plan=int(demo.rotation.plans().set_index("name").loc["只有成都", "id"]))
    assert [one["act"] for one in page.listing["empty"]["acts"]] == ["new_plan"]
    assert "其他单位" in page.listing["empty"]["text"]
    send(page, "take_in", refused=True)
    send(page, "choose_plan", plan=int(demo.rotation.plans().set_index("name").loc["2026", "id"]))
    send(page, "take_in")
    assert "没有新人" in page.frame["notice"]["text"]
    values = opened(page, send, "new_plan")
    save(page, send, values | {"name": "绵阳 2026"})
    assert page.frame["notice"]["text"].startswith("计划 绵阳 2026 已建立")
    assert {row["unit"] for row in page.listing["rows"]} == {"绵阳供电公司", "江油供电公司"}, "and those below"
    ws.close()


def _id(units: object, start: str) -> int:
    return int(next(row["id"] for name, row in units.iterrows() if name.startswith(start)))  # type: ignore[attr-defined]


def _graduates(ws: Workspace) -> int:
    listed = ws.register.intakes()
    return int(listed[(listed["year"] == 2026) & (listed["kind"] == "graduate")]["id"].iloc[0])


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.TRAINEE, Role.LEADER])
def test_who_makes_no_plans_is_not_offered_it_and_cannot_press_it(demo: Workspace, send: Send, role: Role) -> None:
    page = RotationPage(Workspace(demo.settings, identity=by_name(role.value), engine=demo.engine))
    assert page.frame["makes"] is False
    for event in ("new_plan", "edit_figures", "take_in"):
        send(page, event, refused=True)
    assert page.form is None


def test_the_forms_speak_chinese(page: RotationPage, send: Send) -> None:
    for event in ("new_plan", "edit_figures"):
        opened(page, send, event)
        texts = ("label", "help", "placeholder", "section", "options")
        seen = [{key: one[key] for key in texts} for one in page.form["fields"]]
        assert english(page.form["title"], page.form["submit"], page.form["lead"], seen) == []
        send(page, "close_form")
