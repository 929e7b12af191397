"""Charts beside a search: they say the same with it and without; a board is drawn once as long as it stays the same."""

from __future__ import annotations

from typing import Any

import pytest

from svclib.i18n import use_language
from svclib.pages import RotationPage
from svclib.pages.rotation.chosen import Chosen
from svclib.pages.rotation.distributions import mentor_loads
from svclib.pages.rotation.facts import Facts
from svclib.pages.rotation.fairness import fairness
from svclib.pages.rotation.province import province_map
from svclib.workspace import Workspace
from tests.pages.conftest import Send
from tests.pages.rotation.test_pictures import charts, column


def test_charts_say_the_same_while_somebody_is_searched_for(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="pictures")
    before = page.drawing
    send(page, "choose_view", view="people")
    send(page, "search_list", text="孔海天")
    send(page, "choose_view", view="pictures")
    assert page.drawing == before
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    assert 0 < len(column(charts(page)["teams"], "学员")) < 28


def test_typing_beside_the_charts_says_who_is_found_and_stays(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="pictures")
    send(page, "search_list", text="孔海天")
    assert page.frame["view"] == "pictures"
    assert page.frame["notice"]["text"] == "“孔海天”匹配 1 名学员，图表不受搜索影响。"
    send(page, page.frame["notice"]["act"])
    assert (page.frame["view"], page.listing["total"]) == ("people", 1)


@pytest.mark.parametrize("view", ["pictures", "planning", "requests", "versions"])
def test_taking_a_search_back_leaves_one_where_one_is(page: RotationPage, send: Send, view: str) -> None:
    send(page, "search_list", text="孔海天")
    send(page, "choose_view", view=view)
    send(page, "search_list", text="")
    assert page.frame["view"] == view


def test_teams_that_no_search_meets_are_said_to_be_none_with_a_way_back(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="teams")
    for drawn in (False, True):
        send(page, "draw_board", drawn=drawn)
        send(page, "search_list", text="孔海天")
        assert page.loads["title"] == page.loads["empty"]["title"] == "没有符合的服务队"
        assert "一旦" not in page.loads["empty"]["text"]
        (leave,) = page.loads["empty"]["acts"]
        send(page, leave["act"])
        assert (page.loads["empty"], page.loads["total"]) == (None, 28)


def test_where_no_team_receives_anybody_none_is_said_to_keep_its_places(demo: Workspace) -> None:
    page = RotationPage(demo)
    page.chosen.plan.__dict__["loads"] = []
    assert page.teams.view("")["title"] == "还没有服务队接收学员"


def test_the_matrix_says_what_was_searched_for(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="teams")
    send(page, "draw_board", drawn=True)
    send(page, "search_list", text="锦江")
    assert page.drawn["rows"] == page.loads["total"] == 1
    assert "搜索：锦江" in page.drawn["title"]


@pytest.mark.parametrize("view", ["people", "teams"])
def test_a_drawn_board_is_made_once_and_sent_once(
    page: RotationPage, send: Send, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    send(page, "choose_view", view=view)
    send(page, "draw_board", drawn=True)
    drawn = page.drawn
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(page, "_send", lambda msg, buffers=None: sent.append(msg["state"]))
    send(page, "open_cell", person=next(iter(page.chosen.plan.people)), stage=1)
    send(page, "close_notice")
    assert page.drawn is drawn
    assert not [state for state in sent if "drawn" in state]
    # What it shows has changed: a unit, another language.
    send(page, "choose_unit", unit=page.frame["units"][1]["id"])
    assert page.drawn["rows"] < drawn["rows"]
    assert [state for state in sent if "drawn" in state]
    shown = page.drawn["lead"] + page.drawn["title"]
    use_language("en")
    page.show()
    assert page.drawn["lead"] + page.drawn["title"] != shown


def test_mentors_with_room_for_all_are_not_counted_as_none(planned: Workspace) -> None:
    plan = Chosen(planned).plan
    row = next(row for (_person, stage), row in plan.placements.items() if stage == 1)
    row["mentor_id"], row["mentor"] = 7, "师傅"
    assert mentor_loads(Facts(plan), [], 1, None)["title"] == "每位师傅都还能带学员"


def test_where_a_team_lies_is_said_in_the_language_of_the_page(planned: Workspace) -> None:
    plan = Chosen(planned).plan
    loads = [row for row in plan.loads if int(row["stage"]) == 1]
    where = column(province_map(Facts(plan), loads, 1, None), "位置")
    assert all(one.startswith("东经 ") and "北纬 " in one for one in where)
    use_language("en")
    english = province_map(Facts(plan), loads, 1, None)
    assert all("° E" in one for one in column(english, "Where"))
    use_language("zh_CN")


def test_the_map_keeps_room_for_its_marks_and_names_no_unit_on_them(planned: Workspace) -> None:
    plan = Chosen(planned).plan
    loads = [row for row in plan.loads if int(row["stage"]) == 1]
    shown = province_map(Facts(plan), loads, 1, None)["option"]["series"]
    scattered = [one for one in shown if one["type"] == "scatter" and one.get("symbol") != "rect"]
    assert all(one["labelLayout"] == {"hideOverlap": True} and one["label"]["show"] for one in scattered)
    (names,) = [one for one in scattered if one.get("silent")]
    southernmost = {(row["longitude"], row["latitude"]) for row in plan.team_units.values()}
    assert {(x, y) for x, y, _name in names["data"]} <= southernmost


def test_a_figure_on_a_bar_knows_which_lines_to_stand_beside(planned: Workspace) -> None:
    option = fairness(Facts(Chosen(planned).plan), None)["option"]
    marked = [line["xAxis"] for line in option["series"][0]["markLine"]["data"]]
    assert all(one["avoids"] == marked for one in option["series"])
