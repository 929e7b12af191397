"""Planning a year: proposed, kept, judged, published as a whole, planned again with as few moves as possible."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import update

from svclib import NotFound, RuleBroken, StaleRecord, open_workspace
from svclib.models import SafetyKind, SafetyRecord, Team, table
from svclib.planning.rotation import Status
from svclib.workspace import Workspace
from svclib.workspace.frames import records
from tests.examples import examples
from tests.workspace import factory
from tests.workspace.plan_year import HERE, THERE, PlanYear, dump


def _hard(ws: Workspace) -> list[str]:
    judged = ws.rotation.violations("2026")
    return list(judged[judged["hard"]]["sentence"])


def test_a_proposal_places_everybody_in_each_stage_and_writes_nothing(year: PlanYear) -> None:
    before = dump(year.ws)
    proposal = year.ws.rotation.propose("2026", seed=5)
    assert dump(year.ws) == before
    assert (proposal.status, proposal.seed, proposal.gap) == (Status.OPTIMAL, 5, pytest.approx(0, abs=1e-9))
    assert sum(proposal.parts.values()) == pytest.approx(proposal.objective)
    assert {(one.person_id, one.stage) for one in proposal.placements} == {
        (person_id, stage) for person_id in year.people.values() for stage in (1, 2)
    }
    again = year.ws.rotation.propose("2026", seed=5)
    assert again.placements == proposal.placements


def test_a_unit_with_a_team_for_each_stage_rotates_between_teams_a_small_one_between_stations(year: PlanYear) -> None:
    year.publish()
    stand = year.stand()
    for name in HERE:
        assert {stand[name, 1], stand[name, 2]} == {"高新服务队", "简阳服务队"}
    for name in THERE:
        places = {stand[name, stage] for stage in (1, 2)}
        assert len(places) == 2
        assert all(place.startswith("涪江服务队") and place.endswith("服务站") for place in places)


def test_no_plan_is_an_answer_in_sentences_and_nothing_to_keep(year: PlanYear) -> None:
    for team in ("a", "b"):
        year.ws.rotation.bound("2026", year.teams[team], 0, 1)
    proposal = year.ws.rotation.propose("2026")
    assert proposal.status == Status.INFEASIBLE
    assert not proposal.placements
    assert any("高新服务队" in sentence or "简阳服务队" in sentence for sentence in proposal.conflict)
    assert len(proposal.conflict) > 1, "what clashes, and what would help"
    with pytest.raises(RuleBroken, match="没有可保存的方案"):
        year.ws.rotation.save_draft(proposal)


def test_whoever_is_not_examined_has_no_placement_and_a_sentence_says_so_until_the_record_is_there(
    year: PlanYear,
) -> None:
    year.people["庚七"] = year.newcomer("庚七", 1)
    assert year.ws.rotation.add_trainees("2026") == 1
    first = year.ws.rotation.propose("2026")
    assert year.people["庚七"] not in {one.person_id for one in first.placements}
    assert any("庚七" in sentence and "安规考试" in sentence for sentence in first.waiting)
    year.ws.rotation.save_draft(first)
    assert _hard(year.ws) == []
    year.safe("庚七")
    assert any("庚七" in sentence for sentence in _hard(year.ws))
    second = year.ws.rotation.propose("2026")
    assert second.waiting == ()
    assert {one.stage for one in second.placements if one.person_id == year.people["庚七"]} == {1, 2}


def test_a_passed_examination_that_ends_before_a_stage_begins_opens_the_stages_before_alone(year: PlanYear) -> None:
    year.people["庚七"] = year.newcomer("庚七", 1)
    year.safe("庚七", until=date(2026, 10, 31))
    year.ws.rotation.add_trainees("2026")
    proposal = year.ws.rotation.propose("2026")
    assert {one.stage for one in proposal.placements if one.person_id == year.people["庚七"]} == {1}


def test_after_three_months_away_nobody_is_placed_before_another_examination(year: PlanYear) -> None:
    person = year.people["甲一"]
    year.ws.rotation.absence(person, "2026-07-15", "2026-10-20")
    placed = {one.stage for one in year.ws.rotation.propose("2026").placements if one.person_id == person}
    assert placed == set()
    told = [row["sentence"] for row in records(year.ws.rotation.violations("2026")) if row["rule"] == "safety_again"]
    assert told == ["甲一长期离岗，须在第 2 阶段首日（2026-11-01）前重新通过安规考试。"]
    moved = year.ws.rotation.move("2026", person, 2, year.teams["a"], version=year.version)
    assert told[0] in moved.new
    assert [row["hard"] for row in records(year.ws.rotation.violations("2026")) if row["rule"] == "safety_again"] == [
        True
    ]
    again = {"kind": SafetyKind.EXAM.value, "level": "", "taken_on": date(2026, 10, 25), "passed": True, "version": 1}
    stamp = {"valid_until": date(2027, 10, 24), "recorded_at": datetime.now(UTC)}
    factory.add(year.ws, SafetyRecord, person_id=person, **again, **stamp)
    assert not [row for row in records(year.ws.rotation.violations("2026")) if row["rule"] == "safety_again"]


def test_publishing_makes_a_version_that_can_be_read_for_ever(year: PlanYear) -> None:
    year.ws.rotation.edit_plan("2026", {"hard": ["apart"]}, version=year.version)
    assert year.publish() == 1
    first = year.stand(version=1)
    assert list(year.ws.rotation.plans()[["state", "published_version", "drafts"]].iloc[0]) == ["published", 1, 0]
    person = year.people["甲一"]
    other = next(team for team, name in (("a", "高新服务队"), ("b", "简阳服务队")) if first["甲一", 1] != name)
    year.ws.rotation.move("2026", person, 1, year.teams[other], version=year.version)
    assert year.ws.rotation.publish("2026", version=year.version, decided_by="王主任") == 2
    assert year.stand(version=1) == first
    second = year.stand(version=2)
    assert {key for key in first if first[key] != second[key]} == {("甲一", 1)}
    (row,) = records(year.ws.rotation.diff("2026", 1, 2))
    assert (row["name"], row["stage"], row["change"]) == ("甲一", 1, "moved")
    versions = records(year.ws.rotation.versions("2026"))
    assert [(one["number"], one["published_by"], one["moved"]) for one in versions] == [
        (2, "王主任", 1),
        (1, "system", 0),
    ]


def test_a_publication_upon_something_changed_since_is_stale_and_saves_nothing(year: PlanYear) -> None:
    year.ws.rotation.save_draft(year.ws.rotation.propose("2026"))
    read = year.version
    year.ws.rotation.wish("2026", year.people["甲一"], [year.teams["b"]])
    before = dump(year.ws)
    with pytest.raises(StaleRecord) as stale:
        year.ws.rotation.publish("2026", version=read)
    assert stale.value.version == year.version
    assert dump(year.ws) == before
    proposal = year.ws.rotation.propose("2026")
    year.ws.rotation.pin("2026", year.people["甲一"], 1, year.teams["a"])
    with pytest.raises(StaleRecord):
        year.ws.rotation.save_draft(proposal)


def test_a_proposal_is_published_as_it_is_unless_the_plan_was_changed_since(year: PlanYear) -> None:
    proposal = year.ws.rotation.propose("2026", seed=7)
    assert year.ws.rotation.publish(proposal) == 1
    placed = year.ws.rotation.placements("2026", version=1)
    assert set(zip(placed["person_id"], placed["stage"], placed["team_id"], strict=True)) == {
        (one.person_id, one.stage, one.place.team_id) for one in proposal.placements
    }
    before = dump(year.ws)
    with pytest.raises(StaleRecord):
        year.ws.rotation.publish(proposal)
    assert dump(year.ws) == before


def test_a_plan_that_breaks_a_rule_that_must_hold_is_not_published_and_says_which(year: PlanYear) -> None:
    year.publish()
    stand = year.stand()
    elsewhere = {"高新服务队": "a", "简阳服务队": "b"}[stand["甲一", 2]]
    moved = year.ws.rotation.move("2026", year.people["甲一"], 1, year.teams[elsewhere], version=year.version)
    assert any("甲一" in sentence for sentence in moved.new)
    before = dump(year.ws)
    with pytest.raises(RuleBroken, match=r"甲一到.*2 次"):
        year.ws.rotation.publish("2026", version=year.version)
    assert dump(year.ws) == before
    year.ws.rotation.discard_draft("2026", version=year.version)
    with pytest.raises(RuleBroken, match="没有草案"):
        year.ws.rotation.publish("2026", version=year.version)
    assert year.stand() == stand


def test_what_a_move_leads_to_is_what_was_told_before(year: PlanYear) -> None:
    year.publish()
    person = year.people["乙二"]
    for team in ("a", "b", "c"):
        why = year.ws.rotation.why("2026", person, 2, year.teams[team])
        place = why.place
        station = place.station_id or None
        moved = year.ws.rotation.move("2026", person, 2, place.team_id, station_id=station, version=year.version)
        assert set(moved.new) == set(why.breaks)
        assert why.allowed == (_hard(year.ws) == [])
        year.ws.rotation.discard_draft("2026", version=year.version)
    assert any("其他单位" in sentence for sentence in year.ws.rotation.why("2026", person, 2, year.teams["c"]).breaks)


def test_what_a_move_tells_with_the_rest_as_it_was_is_the_plan_read_anew(year: PlanYear) -> None:
    year.publish()
    year.people["庚七"] = year.newcomer("庚七", 1)
    year.ws.rotation.add_trainees("2026")
    before = records(year.ws.rotation.violations("2026"))
    for name, stage, team in (
        ("乙二", 2, "a"),
        ("乙二", 1, "c"),
        ("庚七", 1, "b"),
        ("甲一", 1, None),
        ("庚七", 1, None),
    ):
        person, team_id = year.people[name], None if team is None else year.teams[team]
        moved = year.ws.rotation.move("2026", person, stage, team_id, version=year.version)
        rest = [one for one in before if not moved.tells_anew(_people_of(one), one["team_id"])]
        after = records(year.ws.rotation.violations("2026"))
        assert sorted(map(str, (*rest, *records(moved.broken())))) == sorted(map(str, after)), (name, stage, team)
        assert records(moved.choices()) == records(year.ws.rotation.choices("2026", person, stage))
        listed = records(year.ws.rotation.placements("2026"))
        assert records(moved.placement()) == [
            one for one in listed if (one["person_id"], one["stage"]) == (person, stage)
        ]
        before = after


def _people_of(violation: dict[str, Any]) -> list[int]:
    return [violation[name] for name in ("person_id", "other_id") if violation[name] is not None]


def test_two_of_one_name_are_two_of_whom_a_rule_is_broken(year: PlanYear) -> None:
    for _twin in range(2):
        year.people["庚七"] = year.newcomer("庚七", 1)
        year.safe("庚七")
    year.ws.rotation.add_trainees("2026")
    told = records(year.ws.rotation.violations("2026"))
    assert len([one for one in told if one["sentence"] == "庚七第 1 阶段有 0 个岗位，应为 1 个。"]) == 2


def test_every_place_is_offered_with_its_cost_the_allowed_first(year: PlanYear) -> None:
    year.publish()
    choices = year.ws.rotation.choices("2026", year.people["戊五"], 1)
    assert set(choices["station"]) == {"东街服务站", "南街服务站", "西街服务站"}
    allowed = list(choices["allowed"])
    assert allowed == sorted(allowed, reverse=True)
    here = choices[choices["cost"].abs() < 1e-9]
    assert len(here) > 0


def test_a_leave_moves_as_few_published_placements_as_possible_each_with_its_reason(year: PlanYear) -> None:
    year.publish()
    year.ws.rotation.absence(year.people["丙三"], "2026-11-01", "2027-01-01")
    proposal = year.ws.rotation.propose("2026", preset="least_change")
    year.ws.rotation.save_draft(proposal)
    (row,) = records(year.ws.rotation.diff("2026"))
    assert (row["name"], row["stage"], row["change"]) == ("丙三", 2, "removed")
    assert row["reason"] == "丙三第 2 阶段大部分时间不在岗。"
    year.ws.rotation.publish("2026", version=year.version)
    assert ("丙三", 2) not in year.stand()
    assert ("丙三", 2) in year.stand(version=1)


def test_who_comes_late_is_due_from_the_next_stage_on_and_nobody_else_moves(year: PlanYear) -> None:
    year.publish()
    before = year.stand()
    later = open_workspace(year.ws.settings.model_copy(update={"today": date(2026, 9, 20)}))
    year.people["庚七"] = year.newcomer("庚七", 1)
    year.safe("庚七")
    assert later.rotation.add_trainees("2026") == 1
    proposal = later.rotation.propose("2026", preset="least_change")
    assert {one.stage for one in proposal.placements if one.person_id == year.people["庚七"]} == {2}
    later.rotation.save_draft(proposal)
    assert set(later.rotation.diff("2026")["change"]) == {"added"}
    later.rotation.publish("2026", version=year.version)
    after = year.stand()
    assert {key: place for key, place in after.items() if key[0] != "庚七"} == before
    later.close()


def test_a_stage_that_has_begun_is_left_as_it_is_by_a_search_and_can_be_changed_by_hand(year: PlanYear) -> None:
    year.publish()
    before = year.stand()
    later = open_workspace(year.ws.settings.model_copy(update={"today": date(2026, 9, 20)}))
    team = next(team for team, name in (("a", "高新服务队"), ("b", "简阳服务队")) if before["甲一", 1] != name)
    later.rotation.wish("2026", year.people["甲一"], [year.teams[team]])
    placed = {(one.person_id, one.stage): one.place.team_id for one in later.rotation.propose("2026").placements}
    assert placed[year.people["甲一"], 1] != year.teams[team]
    later.rotation.move("2026", year.people["甲一"], 1, year.teams[team], version=year.version)
    own_stage_2 = year.teams["b" if team == "a" else "a"]
    later.rotation.move("2026", year.people["甲一"], 2, own_stage_2, version=year.version)
    assert _hard(later) == []
    later.close()


def test_who_has_left_is_taken_out_of_what_is_to_come(year: PlanYear) -> None:
    year.publish()
    year.ws.register.end_employment(year.people["甲一"], on="2026-08-15")
    assert {row["person_id"] for row in records(year.ws.rotation.violations("2026")) if row["hard"]} == {
        year.people["甲一"]
    }
    year.ws.rotation.save_draft(year.ws.rotation.propose("2026", preset="least_change"))
    year.ws.rotation.publish("2026", version=year.version)
    assert set(year.stand()) == {(name, stage) for name in (*HERE[1:], *THERE) for stage in (1, 2)}


def test_a_team_that_closes_takes_nobody_in_the_stages_after(year: PlanYear) -> None:
    year.ws.rotation.edit_plan("2026", {"hard": ["team_bounds"]}, version=year.version)
    year.publish()
    place = table(Team)
    with year.ws.engine.begin() as connection:
        connection.execute(update(place).where(place.c.id == year.teams["a"]).values(closed_on=date(2026, 12, 1)))
    assert any("高新服务队" in sentence and "第 2 阶段" in sentence for sentence in _hard(year.ws))
    year.ws.rotation.save_draft(year.ws.rotation.propose("2026", preset="least_change"))
    assert {year.stand()[name, 2] for name in HERE} == {"简阳服务队"}
    assert _hard(year.ws) == []


def test_pins_pairs_and_kept_placements_are_kept(year: PlanYear) -> None:
    year.ws.rotation.pin("2026", year.people["甲一"], 1, year.teams["b"])
    year.ws.rotation.pair("2026", year.people["乙二"], year.people["甲一"], apart=True)
    year.publish()
    stand = year.stand()
    assert stand["甲一", 1] == "简阳服务队"
    assert stand["乙二", 1] == "高新服务队"
    year.ws.rotation.pin("2026", year.people["甲一"], 1, None)
    year.ws.rotation.wish("2026", year.people["丙三"], [year.teams["b"]])
    kept = year.ws.rotation.propose("2026", keep=[(year.people["乙二"], 1), (year.people["丙三"], 2)])
    placed = {(one.person_id, one.stage): one.place.team_id for one in kept.placements}
    teams = {"高新服务队": year.teams["a"], "简阳服务队": year.teams["b"]}
    assert placed[year.people["乙二"], 1] == teams[stand["乙二", 1]]
    assert placed[year.people["丙三"], 2] == teams[stand["丙三", 2]]


def test_what_is_not_there_is_said_by_name(year: PlanYear) -> None:
    with pytest.raises(NotFound, match="2026"):
        year.ws.rotation.propose("2031")
    with pytest.raises(NotFound, match="第 9 阶段"):
        year.ws.rotation.pin("2026", year.people["甲一"], 9, year.teams["a"])
    with pytest.raises(NotFound, match="第 3 版"):
        year.ws.rotation.placements("2026", version=3)
    with pytest.raises(NotFound, match="服务站"):
        year.ws.rotation.pin("2026", year.people["甲一"], 1, year.teams["a"], station_id=year.stations[0])
    with pytest.raises(RuleBroken, match="志愿最多 3 个"):
        year.ws.rotation.wish("2026", year.people["甲一"], [1, 2, 3, 4])
    with pytest.raises(RuleBroken) as flaw:
        year.ws.rotation.edit_plan("2026", {"far_km": -1}, version=year.version)
    assert flaw.value.field == "far_km"


moves = st.lists(
    st.tuples(st.sampled_from((*HERE, *THERE)), st.sampled_from((1, 2)), st.sampled_from(("a", "b", "c", None))),
    min_size=1,
    max_size=4,
)


@hypothesis_settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=moves)
def test_whatever_is_moved_a_publication_saves_all_of_it_or_nothing(
    year: PlanYear, wanted: list[tuple[str, int, Any]]
) -> None:
    if not year.ws.rotation.plans()["published_version"].iloc[0]:
        year.publish()
    for name, stage, team in wanted:
        team_id = None if team is None else year.teams[team]
        year.ws.rotation.move("2026", year.people[name], stage, team_id, version=year.version)
    wished, hard, before = year.stand(), _hard(year.ws), dump(year.ws)
    published = year.stand(version="published")
    try:
        year.ws.rotation.publish("2026", version=year.version)
    except RuleBroken:
        assert hard or wished == published
        assert dump(year.ws) == before
        year.ws.rotation.discard_draft("2026", version=year.version)
    else:
        assert not hard
        assert year.stand(version="published") == wished
