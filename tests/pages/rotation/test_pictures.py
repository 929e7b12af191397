"""What is drawn of a plan, without a browser: figures and states, limits, absences without reasons, empty plans."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.models import Role
from svclib.pages import RotationPage
from svclib.pages.parts.charts import moment
from svclib.pages.rotation.chosen import Chosen
from svclib.pages.rotation.distributions import mentor_loads
from svclib.pages.rotation.facts import Facts
from svclib.pages.rotation.fairness import bins_of
from svclib.pages.rotation.province import hull, province_map
from svclib.workspace import Workspace
from svclib.workspace.frames import records
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN, figures
from tests.pages.rotation.test_files import sent
from tests.pages.views import english

Chart = dict[str, Any]


def charts(page: RotationPage) -> dict[str, Chart]:
    return {one["name"]: one for one in page.drawing["charts"]}


def series(chart: Chart) -> dict[str, list[Any]]:
    """What is drawn, by the names in the legend."""
    return {one.get("name", ""): one["data"] for one in chart["option"]["series"]}


def column(chart: Chart, head: str) -> list[Any]:
    place = [one["label"] for one in chart["table"]["heads"]].index(head)
    return [row[place] for row in chart["table"]["rows"]]


@pytest.fixture
def pictured(page: RotationPage, send: Send) -> RotationPage:
    send(page, "choose_view", view="pictures")
    return page


def test_the_matrix_shows_each_team_and_stage_with_the_figures_of_the_plan(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    send(page, "draw_board", drawn=True)
    send(page, "choose_view", view="teams")
    matrix = page.drawn
    stored = {(row["team_id"], row["stage"]): row for row in records(planned.rotation.loads(PLAN))}
    drawn = {(datum[3], datum[4]): datum for data in series(matrix).values() for datum in data}
    assert drawn.keys() == stored.keys()
    assert all(drawn[key][7] == row["trainees"] for key, row in stored.items())
    assert matrix["rows"] == page.loads["total"] == 28
    assert Counter(column(matrix, "学员")) == Counter(row["trainees"] for row in stored.values())
    # What is clicked says which cell it is.
    assert matrix["option"]["series"][0]["click"] == {"act": "open_team", "keys": {"team": 3, "stage": 4}}


def test_a_team_beyond_its_places_has_sign_word_and_colour(page: RotationPage, planned: Workspace, send: Send) -> None:
    full = max(records(planned.rotation.loads(PLAN)), key=lambda row: int(row["trainees"]))
    planned.rotation.bound(PLAN, full["team_id"], 0, full["trainees"] - 1)
    send(page, "draw_board", drawn=True)
    send(page, "choose_view", view="teams")
    over = next(one for one in page.drawn["option"]["series"] if one["name"] == "超员 ▲")
    assert [datum[2] for datum in over["data"] if datum[3:5] == [full["team_id"], full["stage"]]] == [
        f"{full['trainees']}/{full['trainees'] - 1} ▲"
    ]
    assert over["itemStyle"] == {"color": "@trouble"}
    send(page, "choose_view", view="pictures")
    send(page, "choose_stage", stage=int(full["stage"]))
    loads = charts(page)["teams"]
    assert loads["title"].endswith("支队伍学员超员或不足")
    assert series(loads)["超员 ▲"][0][2] == full["team"]


def test_the_timeline_has_a_span_for_each_placement_on_its_days(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    send(page, "draw_board", drawn=True)
    timeline = page.drawn
    spans = {tuple(datum[4:6]): datum for data in series(timeline).values() for datum in data if len(datum) > 6}
    placed = records(planned.rotation.placements(PLAN))
    assert spans.keys() == {(row["person_id"], row["stage"]) for row in placed}
    for row in placed:
        datum = spans[row["person_id"], row["stage"]]
        assert datum[1:3] == [moment(row["starts_on"].date()), moment(row["ends_on"].date())]
        assert timeline["option"]["series"][0]["texts"][datum[3]] == row["team"]
        assert timeline["option"]["yAxis"]["data"][datum[0]].split("\n")[0] == row["name"]
    assert moment(date(1970, 1, 2)) == 86_400_000
    # As in the list, so in the picture: only who is searched for.
    send(page, "search_list", text="孔海天")
    assert page.drawn["rows"] == page.listing["total"] == 1


def test_an_absence_is_hatched_within_the_year_and_nothing_says_why(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    person = int(page.listing["rows"][0]["id"])
    planned.rotation.absence(person, "2026-08-01", "2026-09-20", reason="住院手术")
    page.chosen.forget()
    send(page, "draw_board", drawn=True)
    timeline = page.drawn
    away = next(one for one in timeline["option"]["series"] if one["name"] == "不在岗")
    assert away["hatched"]
    mine = [datum for datum in away["data"] if datum[0] == 0]
    assert mine == [[0, moment(date(2026, 9, 1)), moment(date(2026, 9, 20)), 0]]
    assert away["texts"] == ["不在岗"]
    assert "住院" not in json.dumps(page.listing, ensure_ascii=False)


def test_a_placement_that_breaks_a_rule_is_marked_and_the_sign_explained(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    send(page, "draw_board", drawn=True)
    first = series(page.drawn)
    datum = next(datum for data in first.values() for datum in data if len(datum) > 6)
    team = int(planned.rotation.placements(PLAN).set_index(["person_id", "stage"]).loc[tuple(datum[4:6]), "team_id"])
    planned.rotation.bound(PLAN, team, 0, 0)
    page.chosen.forget()
    page.show()
    marked = {tuple(one[4:6]): one[6] for data in series(page.drawn).values() for one in data if len(one) > 6}
    assert marked[tuple(datum[4:6])] == 1
    assert "! 违反必须遵守的规则" in page.drawn["lead"]


def test_the_loads_of_a_stage_are_those_of_the_plan_the_fullest_first(
    pictured: RotationPage, planned: Workspace, send: Send
) -> None:
    for stage in (1, 3):
        send(pictured, "choose_stage", stage=stage)
        rows = [row for row in records(planned.rotation.loads(PLAN)) if row["stage"] == stage]
        loads = charts(pictured)["teams"]
        assert dict(zip(column(loads, "服务队"), column(loads, "学员"), strict=True)) == {
            row["team"]: row["trainees"] for row in rows
        }
        shares = [row[1] / min(row[2], row[3]) for row in loads["table"]["rows"]]
        assert shares == sorted(shares, reverse=True)
        # A tick for each team, where the smaller of its limits is.
        limits = {name: limit for limit, _line, name in series(loads)["上限"]}
        assert limits == {row["team"]: min(row["upper"], row["mentees_max"]) for row in rows}
    send(pictured, "choose_stage", stage=9, refused=True)


def test_the_mentors_are_counted_by_team_until_a_placement_names_one(
    pictured: RotationPage, planned: Workspace
) -> None:
    by_team = charts(pictured)["mentors"]
    assert "每名正式党员带 2 人" in by_team["lead"]
    stored = {row["team"]: row["mentees_max"] for row in records(planned.rotation.loads(PLAN)) if row["stage"] == 1}
    assert dict(zip(column(by_team, "服务队"), column(by_team, "师傅能带"), strict=True)) == stored
    chosen = Chosen(planned)
    plan = chosen.plan
    placed = [row for (_person, stage), row in plan.placements.items() if stage == 1]
    for row, mentor in zip(placed, (7, 7, 7, 8), strict=False):
        row["mentor_id"], row["mentor"], row["team"] = mentor, f"师傅{mentor}", "甲队"
    made = mentor_loads(Facts(plan), [], 1, None)
    assert made["title"] == "1 位师傅所带学员超过上限"
    assert f"还有 {len(placed) - 4} 名学员没有师傅" in made["lead"]
    assert made["table"]["rows"] == [["师傅7", "甲队", 3, 2], ["师傅8", "甲队", 1, 2]]
    assert series(made)["超员 ▲"] == [[3, 0, "师傅7", "甲队"]]


def test_fairness_counts_everybody_once_and_names_the_worst_off(pictured: RotationPage, planned: Workspace) -> None:
    ways = planned.rotation.ways(PLAN)
    burdens = ways.groupby(["person_id", "name"])["burden"].sum().sort_values(ascending=False)
    shown = charts(pictured)["fairness"]
    assert sum(column(shown, "人数")) == ways["person_id"].nunique() == 117
    fair = float(ways["fair_burden"].iloc[0])
    beyond, badly = (int((burdens > most).sum()) for most in (fair, 2 * fair))
    assert 0 < badly < beyond
    assert sum(column(shown, "超过公平线")) == beyond - badly
    assert sum(column(shown, "超过公平线两倍")) == badly
    assert shown["title"] == f"117 人中有 {badly} 人的负担超过公平线的两倍"
    assert f"负担最重：{burdens.index[0][1]} {burdens.iloc[0]:,.0f}" in shown["lead"]
    parts = [datum for data in series(shown).values() for datum in data]
    assert sum(datum[2] for datum in parts) == 117
    # Parts of a bar stand on each other; the whole is written on top, once.
    assert sum(datum[4] for datum in parts if datum[4]) == 117
    assert [line["xAxis"] for line in shown["option"]["series"][0]["markLine"]["data"]] == [
        fair,
        pytest.approx(burdens.iloc[0]),
    ]


@given(st.lists(st.floats(0, 1e6), max_size=60))
def test_bins_hold_every_value_once_in_equal_ranges(values: list[float]) -> None:
    found = bins_of(values)
    assert sum(count for _start, _end, count in found) == len(values)
    assert len(found) <= 16
    assert all(end == pytest.approx(start) for (_s, end, _c), (start, _e, _n) in pairwise(found))
    if values:
        assert found[0][0] == 0
        assert found[-1][1] >= max(values)


def test_the_map_shows_teams_where_they_are_and_ways_that_are_too_long(
    pictured: RotationPage, planned: Workspace
) -> None:
    shown = charts(pictured)["map"]
    teams = {row["id"]: row for row in records(planned.register.teams())}
    drawn = [one["value"] for name, data in series(shown).items() for one in data if name == "有余额"]
    assert len(drawn) == 28
    for value in drawn:
        assert value[:2] == [teams[value[4]]["longitude"], teams[value[4]]["latitude"]]
    ways = [row for row in records(planned.rotation.ways(PLAN)) if row["stage"] == 1 and (row["km"] or 0) > 80]
    lines = series(shown)["离家较远"]
    assert {one["value"][3] for one in lines} == {row["person_id"] for row in ways}
    assert f"有 {len(ways)} 人离家超过 80 公里" in shown["title"]
    # A degree of longitude is shorter than one of latitude by the cosine: some 0.86 in Sichuan.
    assert shown["aspect"] == pytest.approx(0.86, abs=0.01)


def test_teams_without_coordinates_are_counted_instead_of_being_put_somewhere(planned: Workspace) -> None:
    plan = Chosen(planned).plan
    loads = [row for row in plan.loads if row["stage"] == 1]
    for row in loads[:3]:
        plan.team_units[int(row["team_id"])]["latitude"] = None
    made = province_map(Facts(plan), loads, 1, None)
    assert "3 支队伍没有坐标，未显示" in made["lead"]
    assert column(made, "位置").count("没有坐标") == 3
    assert sum(len(data) for name, data in series(made).items() if name == "有余额") == 25
    for row in loads:
        plan.team_units[int(row["team_id"])]["longitude"] = None
    assert province_map(Facts(plan), loads, 1, None)["option"] is None


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=30))
def test_the_outline_has_every_spot_inside(spots: list[tuple[int, int]]) -> None:
    corners = hull([(float(x), float(y)) for x, y in spots])
    assert set(corners) <= {(float(x), float(y)) for x, y in spots}
    for one, two in zip(corners, corners[1:] + corners[:1], strict=True) if len(corners) > 2 else ():
        assert all((two[0] - one[0]) * (y - one[1]) - (two[1] - one[1]) * (x - one[0]) >= 0 for x, y in spots)


def test_a_plan_without_placements_says_what_will_stand_here(demo: Workspace, send: Send) -> None:
    page = RotationPage(demo)
    send(page, "draw_board", drawn=True)
    # Nobody stands anywhere, but everybody is due: that is shown, and can be clicked.
    (series_open,) = [one for one in page.drawn["option"]["series"] if one["name"] == "待安排"]
    assert (len(series_open["data"]), series_open["hollow"]) == (int(figures(page)["open"]), True)
    send(page, "choose_view", view="pictures")
    shown = charts(page)
    assert shown["teams"]["title"] == "第 1 阶段还没有安排任何人"
    assert shown["fairness"]["option"] is None
    assert shown["fairness"]["empty"] == "安排学员后，这里显示每个人全年的负担。"
    send(page, "download_chart", chart="fairness", refused=True)


def test_the_data_of_a_chart_are_its_table(pictured: RotationPage, send: Send) -> None:
    for name, shown in charts(pictured).items():
        send(pictured, "download_chart", chart=name)
        assert pictured.file_sent["name"] == f"{shown['file']}.xlsx"
        sheet = openpyxl.load_workbook(io.BytesIO(sent(pictured))).worksheets[0]
        title, heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert title[0] == shown["title"]
        assert heads == [one["label"] for one in shown["table"]["heads"]]
        told = [[value if value != "" else None for value in row] for row in shown["table"]["rows"]]
        assert [[value if value != "" else None for value in row] for row in rows] == told
    send(pictured, "download_chart", chart="timeline", refused=True)


def test_what_stands_in_the_pictures_is_said_in_chinese(pictured: RotationPage, send: Send) -> None:
    for shown in charts(pictured).values():
        told = [line["label"] for one in shown["option"]["series"] for line in one.get("told", ())]
        heads = [one["label"] for one in shown["table"]["heads"]]
        assert english(shown["title"], shown["lead"], list(series(shown)), told, heads) == []


def test_a_unit_sees_its_own_teams_and_people_alone(pictured: RotationPage, send: Send) -> None:
    unit = pictured.frame["units"][1]
    send(pictured, "choose_unit", unit=unit["id"])
    shown = charts(pictured)
    assert shown["teams"]["rows"] == 3
    assert sum(column(shown["fairness"], "人数")) == 5
    assert {row[1] for row in shown["map"]["table"]["rows"]} == {unit["label"]}


def test_who_does_not_judge_plans_has_no_loads_and_may_draw_what_is_published(planned: Workspace, send: Send) -> None:
    planned.rotation.publish(PLAN, version=int(planned.rotation.plans()["version"].iloc[0]), decided_by="陈某")
    captain = Workspace(planned.settings, identity=by_name(Role.CAPTAIN.value), engine=planned.engine)
    page = RotationPage(captain)
    assert "pictures" not in {one["id"] for one in page.frame["views"]}
    send(page, "choose_view", view="pictures", refused=True)
    send(page, "draw_board", drawn=True)
    assert page.drawn["rows"] == page.listing["total"]
