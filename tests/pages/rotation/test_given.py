"""What is given to a plan beside the plan: a person's wishes, days away, home, exceptions and pairs, at the side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from svclib.models import Role
from svclib.pages import RotationPage
from svclib.pages.rotation.given_events import DETAILS, PERSON_FORMS, TEAM_FORMS
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.audit import AuditQuery
from svclib.workspace.frames import records
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN
from tests.pages.views import english

WHY = "住院手术"


def opened(page: RotationPage, send: Send, at: int = 1) -> int:
    """Somebody of the first page, shown at the side."""
    person = int(page.listing["rows"][at]["id"])
    send(page, "open_cell", person=person, stage=1)
    return person


def part(page: RotationPage, key: str) -> dict[str, Any]:
    return next(one for one in page.panel["given"] if one["key"] == key)


def texts(page: RotationPage, key: str) -> list[str]:
    return [line["text"] for line in part(page, key)["lines"]]


def fill(page: RotationPage, send: Send, form: str, row: int = 0, **values: object) -> None:
    """Open a form at the side and save it with these values."""
    send(page, "give", form=form, row=row)
    assert page.form["name"] == form
    typed = page.form["values"] | values
    send(page, "check_field", token=page.form["token"], field=next(iter(values), ""), values=typed)
    send(page, "save_form", token=page.form["token"], values=typed)


def test_wishes_are_ordered_changed_and_taken_back(page: RotationPage, planned: Workspace, send: Send) -> None:
    person = opened(page, send)
    send(page, "give", form="wish", row=0)
    teams = [one["id"] for one in page.form["fields"][0]["options"] if one["id"]]
    names = {one["id"]: one["label"] for one in page.form["fields"][0]["options"]}
    assert (page.frame["view"], page.panel["kind"]) == ("people", "person"), "the board stays"
    fill(page, send, "wish", wish_1=teams[3], wish_2=teams[3], wish_3=None)
    assert page.form["errors"] == {"wish_2": "各志愿不能是同一支服务队。"}
    fill(page, send, "wish", wish_1=teams[3], wish_2=None, wish_3=teams[0])
    assert page.form is None
    assert texts(page, "wish") == [f"1. {names[teams[3]]}", f"2. {names[teams[0]]}"]
    wishes = planned.rotation.wishes(PLAN, person_id=person)
    assert list(wishes["team_id"]) == [teams[3], teams[0]]
    assert "第 2 志愿" in "".join(one["about"] for one in page.panel["choices"]), "and weighed at once"
    fill(page, send, "wish", wish_1=None, wish_2=None)
    assert texts(page, "wish") == []
    assert part(page, "wish")["empty"] == "还没有填志愿。"


def test_days_away_are_noted_changed_and_deleted_and_the_plan_is_judged_by_them(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    person = opened(page, send)
    fill(page, send, "absence", starts_on="2026-09-10", ends_on="2026-09-01")
    assert page.form["errors"] == {"ends_on": "缺勤的结束日期应在开始之后。"}
    fill(page, send, "absence", starts_on="2026-09-01", ends_on="2026-10-15", reason=WHY)
    (line,) = part(page, "absence")["lines"]
    assert (line["text"], line["reason"]) == ("2026-09-01 – 2026-10-15", None)
    assert WHY not in repr((page.panel, page.listing, page.frame))
    assert any("不在岗" in one["text"] for one in page.panel["broken"]), "the page knows at once"
    fill(page, send, "edit_absence", line["id"], ends_on="2026-09-02")
    assert texts(page, "absence") == ["2026-09-01 – 2026-09-02"]
    assert page.panel["broken"] == []
    send(page, "show_given_reason", kind="absence", row=line["id"])
    assert part(page, "absence")["lines"][0]["reason"] == WHY
    assert len(records(planned.audit.page(AuditQuery(verbs=("rotation.reason",))).rows)) == 1
    send(page, "close_panel")
    send(page, "open_cell", person=person, stage=1)
    assert part(page, "absence")["lines"][0]["reason"] is None, "shown until the panel closes"
    fill(page, send, "end_absence", line["id"])
    assert texts(page, "absence") == []
    send(page, "give", form="end_absence", row=line["id"], refused=True)


def test_a_home_is_near_a_seat_or_in_degrees_or_unknown(page: RotationPage, planned: Workspace, send: Send) -> None:
    person = opened(page, send)

    def home() -> tuple[object, object]:
        row = planned.rotation.trainees(PLAN).set_index("person_id").loc[person]
        return row["home_latitude"], row["home_longitude"]

    fill(page, send, "home", near="degrees", latitude="北", longitude="104.06")
    assert page.form["errors"] == {"latitude": "“北”不是数字。"}
    fill(page, send, "home", near="degrees", latitude="130", longitude="104.06")
    assert "不是" in page.form["errors"]["latitude"]
    fill(page, send, "home", near="degrees", latitude="30.66", longitude="104.06")
    assert home() == (30.7, 104.1)
    assert texts(page, "home") == ["北纬 30.7°，东经 104.1°"]
    send(page, "give", form="home", row=0)
    seat = next(one for one in page.form["fields"][0]["options"] if one["id"] not in ("unknown", "degrees"))
    fill(page, send, "home", near=seat["id"])
    assert part(page, "home")["lines"][0]["hint"] == f"{seat['label']}附近"
    fill(page, send, "home", near="unknown")
    assert texts(page, "home") == []


def test_other_units_are_allowed_one_by_one(page: RotationPage, planned: Workspace, send: Send) -> None:
    person = opened(page, send)
    send(page, "give", form="exception", row=0)
    assert len(page.form["fields"]) == 1
    own = planned.rotation.trainees(PLAN).set_index("person_id").loc[person, "unit_id"]
    units = [one for one in page.form["fields"][0]["options"] if one["id"]]
    assert own not in [one["id"] for one in units]
    fill(page, send, "exception", unit_1=units[0]["id"])
    fill(page, send, "exception", unit_2=units[1]["id"])
    assert sorted(texts(page, "exception")) == sorted(one["label"] for one in units[:2])
    fill(page, send, "exception", unit_1=None, unit_2=None)
    assert texts(page, "exception") == []


def test_a_pair_is_noted_told_to_both_and_undone(page: RotationPage, send: Send) -> None:
    person = opened(page, send)
    name = page.panel["title"]
    send(page, "give", form="pair", row=0)
    other = page.form["fields"][0]["options"][0]
    fill(page, send, "pair", other_id=other["id"], way="apart", reason="两人有矛盾")
    assert texts(page, "pair") == [f"与{other['label']}分开"]
    fill(page, send, "pair", other_id=other["id"], way="together")
    assert page.form["problem"] == "这两人已经是一个搭配。"
    send(page, "close_form")
    send(page, "open_cell", person=other["id"], stage=1)
    (line,) = part(page, "pair")["lines"]
    assert (line["text"], line["locked"]) == (f"与{name}分开", "pair")
    send(page, "show_given_reason", kind="pair", row=line["id"])
    assert part(page, "pair")["lines"][0]["reason"] == "两人有矛盾"
    fill(page, send, "unpair", line["id"])
    assert texts(page, "pair") == []
    assert person != other["id"]


def test_a_form_at_the_side_closes_when_something_else_is_shown_there(page: RotationPage, send: Send) -> None:
    opened(page, send)
    send(page, "give", form="wish", row=0)
    send(page, "close_form")
    assert (page.form, page.panel["kind"]) == (None, "person")
    for leave in (("close_panel", {}), ("open_team", {"team": 1, "stage": 1}), ("choose_view", {"view": "planning"})):
        opened(page, send)
        send(page, "give", form="wish", row=0)
        assert page.form is not None
        send(page, leave[0], **leave[1])
        assert page.form is None
        send(page, "choose_view", view="people")
    send(page, "give", form="wish", row=0, refused=True)
    assert page.problem == "请先选一个人的一个阶段。"


def test_a_reason_that_another_may_read_alone_is_not_offered(planned: Workspace, send: Send) -> None:
    hr = RotationPage(Workspace(planned.settings, identity=by_name(Role.HR.value), engine=planned.engine))
    person = opened(hr, send)
    planned.rotation.absence(person, "2026-09-01", "2026-09-03", reason=WHY)
    send(hr, "open_cell", person=person, stage=1)
    (line,) = part(hr, "absence")["lines"]
    assert line["locked"] == ""
    send(hr, "show_given_reason", kind="absence", row=line["id"], refused=True)
    assert WHY not in repr(hr.panel)


def test_a_trainee_sees_the_own_wishes_and_days_away_and_changes_none(planned: Workspace, send: Send) -> None:
    planned.rotation.publish(PLAN, decided_by="陈某")
    page = RotationPage(Workspace(planned.settings, identity=by_name(Role.TRAINEE.value), engine=planned.engine))
    person = int(page.listing["rows"][0]["id"])
    planned.rotation.absence(person, "2026-09-01", "2026-09-03", reason=WHY)
    send(page, "open_cell", person=person, stage=1)
    assert [one["key"] for one in page.panel["given"]] == ["wish", "absence"]
    assert [one["act"] for one in page.panel["given"]] == [None, None]
    assert part(page, "absence")["lines"][0]["acts"] == []
    for form in PERSON_FORMS:
        send(page, "give", form=form, row=1, refused=True)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.CAPTAIN, Role.LEADER])
def test_who_does_not_plan_is_told_nothing_of_it(planned: Workspace, send: Send, role: Role) -> None:
    planned.rotation.publish(PLAN, decided_by="陈某")
    page = RotationPage(Workspace(planned.settings, identity=by_name(role.value), engine=planned.engine))
    rows = page.listing["rows"]
    if rows:
        send(page, "open_cell", person=int(rows[0]["id"]), stage=1)
        assert page.panel["given"] == []
    for form in PERSON_FORMS:
        send(page, "give", form=form, row=1, refused=True)


def test_the_forms_speak_chinese(page: RotationPage, planned: Workspace, send: Send) -> None:
    person = opened(page, send)
    absence = planned.rotation.absence(person, "2026-09-01", "2026-09-03", reason=WHY)
    other = next(int(row["id"]) for row in page.listing["rows"] if row["id"] != person)
    pair = planned.rotation.pair(PLAN, person, other, apart=True)
    for form in PERSON_FORMS:
        send(page, "give", form=form, row=pair if form == "unpair" else absence)
        keys = ("label", "help", "placeholder", "section", "options")
        seen = [{key: one[key] for key in keys} for one in page.form["fields"]]
        assert english(page.form["title"], page.form["submit"], page.form["lead"], seen) == []
        send(page, "close_form")
    acts = [act for one in page.panel["given"] for line in one["lines"] for act in line["acts"]]
    acts += [one["act"] for one in page.panel["given"]]
    said = [(one["label"], one["empty"], texts(page, one["key"])) for one in page.panel["given"]]
    assert english([list(one) for one in said], [one["label"] for one in acts]) == []


def test_a_mentor_is_chosen_from_the_team_and_stands_in_the_draft(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    person = opened(page, send)
    assert part(page, "details")["empty"] == "还没有指定师傅。"
    placed = planned.rotation.placements(PLAN).set_index(["person_id", "stage"]).loc[(person, 1)]
    send(page, "give", form="details", row=0)
    mentors = [one for one in page.form["fields"][0]["options"] if one["id"]]
    team = set(planned.register.people(team=int(placed["team_id"]))["id"])
    assert {one["id"] for one in mentors} == team - set(planned.rotation.trainees(PLAN)["person_id"])
    fill(page, send, "details", mentor_id=mentors[0]["id"], lodging="队部宿舍", note="")
    assert texts(page, "details") == [f"师傅：{mentors[0]['label']}", "住宿：队部宿舍"]
    after = planned.rotation.placements(PLAN).set_index(["person_id", "stage"]).loc[(person, 1)]
    assert (after["mentor_id"], after["team_id"]) == (mentors[0]["id"], placed["team_id"])
    # Somebody else changes the plan meanwhile: what is typed stays, and is saved when that is wanted again.
    send(page, "give", form="details", row=0)
    typed = page.form["values"] | {"mentor_id": None}
    planned.rotation.wish(PLAN, person, [1])
    send(page, "save_form", token=page.form["token"], values=typed)
    assert "别人改过" in page.form["problem"] or "他人" in page.form["problem"]
    send(page, "save_form", token=page.form["token"], values=typed)
    assert texts(page, "details") == ["住宿：队部宿舍"]


def test_a_team_and_its_stations_have_bounds_of_their_own(page: RotationPage, planned: Workspace, send: Send) -> None:
    team, station = next(
        (int(row["team_id"]), int(row["id"])) for row in planned.register.stations().to_dict("records")
    )
    send(page, "open_team", team=team, stage=1)
    assert texts(page, "bound") == ["全队：按计划参数"]

    def give(form: str, row: int = 0, **values: object) -> None:
        send(page, "give_places", form=form, row=row)
        typed = page.form["values"] | values
        send(page, "save_form", token=page.form["token"], values=typed)

    give("bound", lower="6", upper="2")
    assert "2" in page.form["errors"]["upper"]
    give("bound", lower="三", upper="")
    assert page.form["errors"] == {"lower": "“三”不是数字。"}
    give("bound", lower="2", upper="6")
    assert texts(page, "bound") == ["全队：2–6 人"]
    assert "2–6" in page.panel["facts"][0]["value"], "in the figures above, too"
    give("station_bound", station=station, lower="", upper="1")
    bounds = planned.rotation.bounds(PLAN)
    assert set(zip(bounds["station_id"].fillna(0), bounds["lower"], bounds["upper"], strict=True)) == {
        (0, 2, 6),
        (station, 0, 1),
    }
    name = planned.register.stations().set_index("id").loc[station, "name"]
    assert texts(page, "bound") == ["全队：2–6 人", f"{name}：0–1 人"]
    give("bound", station, lower="", upper="")
    give("bound", lower="", upper="")
    assert texts(page, "bound") == ["全队：按计划参数"]
    assert planned.rotation.bounds(PLAN).empty


def test_stages_are_moved_together_until_they_have_begun(page: RotationPage, planned: Workspace, send: Send) -> None:
    assert "阶段日期" in [one["label"] for one in page.frame["status"]["acts"]]
    send(page, "edit_stages")
    values = page.form["values"]
    # Both go two weeks on at once: one after the other they would overlap.
    later = {"last_1": "2026-10-31", "first_2": "2026-11-01", "last_2": "2026-12-15"}
    send(page, "save_form", token=page.form["token"], values=values | later | {"first_2": "2026-10-20"})
    assert "2026-10-20" in page.form["problem"]
    send(page, "save_form", token=page.form["token"], values=values | later)
    assert page.frame["notice"]["text"] == "阶段日期已保存。"
    assert [stage["days"] for stage in page.listing["stages"]][:2] == ["2026-09-01 – 10-31", "2026-11-01 – 12-15"]
    planned.rotation.publish(planned.rotation.propose(PLAN, time_limit_s=60))
    begun = open_workspace(planned.settings.model_copy(update={"today": date(2026, 11, 3)}))
    page = RotationPage(begun)
    send(page, "edit_stages")
    assert {one["key"] for one in page.form["fields"]} == {"first_3", "last_3", "first_4", "last_4"}
    assert "2026-11-01" in page.form["lead"]
    begun.close()


def test_who_does_not_plan_changes_no_places_and_no_stages(planned: Workspace, send: Send) -> None:
    planned.rotation.publish(PLAN, decided_by="陈某")
    page = RotationPage(Workspace(planned.settings, identity=by_name(Role.CAPTAIN.value), engine=planned.engine))
    send(page, "edit_stages", refused=True)
    team = int(planned.rotation.placements(PLAN)["team_id"].iloc[0])
    send(page, "open_team", team=team, stage=1)
    assert page.panel is None or page.panel["given"] == []
    for form in TEAM_FORMS:
        send(page, "give_places", form=form, row=0, refused=True)
    send(page, "give", form=DETAILS, row=0, refused=True)


def test_a_mentor_stays_with_the_team_that_is_left_and_comes_back_with_the_move(page: RotationPage, send: Send) -> None:
    opened(page, send)
    send(page, "give", form="details", row=0)
    mentor = next(one for one in page.form["fields"][0]["options"] if one["id"])
    fill(page, send, "details", mentor_id=mentor["id"], note="自带电脑")
    here = page.panel["choices"][0]["team"]
    other = next(one for one in page.panel["choices"] if one["team"] != here)
    send(page, "move", **{name: other[name] for name in ("team", "station", "crew")})
    assert texts(page, "details") == ["备注：自带电脑"], "nobody's mentor is in another team"
    send(page, "undo_move")
    assert texts(page, "details") == [f"师傅：{mentor['label']}", "备注：自带电脑"]
