"""What an approved change means for a plan that is under way, and for what is asked next."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from svclib import Duplicate, RuleBroken, open_workspace
from svclib.models import Role, RotationRequest
from svclib.workspace import Workspace
from svclib.workspace.frames import records
from tests.workspace import factory
from tests.workspace.plan_year import HERE, THERE, PlanYear

CALLED = {"a": "高新服务队", "b": "简阳服务队"}


@pytest.fixture
def hr(year: PlanYear) -> Workspace:
    """The coordinator of unit 1."""
    return year.as_role("hr-here", Role.HR, unit_id=year.units[1])


def on(year: PlanYear, day: date) -> Workspace:
    """The coordinator of unit 1 on another day."""
    return open_workspace(year.ws.settings.model_copy(update={"today": day}), as_user="hr-here")


def team_of(year: PlanYear, name: str, stage: int) -> str:
    here = year.stand(version="published")[name, stage]
    return next(team for team, word in CALLED.items() if word == here)


def other(team: str) -> str:
    return "b" if team == "a" else "a"


def told(ws: Workspace) -> set[str]:
    """The sentences of all that is broken."""
    return {row["sentence"] for row in records(ws.rotation.violations("2026"))}


def replan(ws: Workspace, **options: Any) -> None:
    ws.rotation.save_draft(ws.rotation.propose("2026", **options))
    ws.rotation.publish("2026")


@pytest.mark.parametrize("preset", ["balanced", "least_change"])
def test_who_may_leave_a_team_while_the_stage_runs_is_placed_elsewhere_and_the_others_stay(
    year: PlanYear, hr: Workspace, preset: str
) -> None:
    year.publish()
    before = year.stand(version="published")
    request_id = hr.rotation.request("2026", year.people["丙三"], "change", stage=1)
    hr.rotation.approve_request(request_id)
    running = on(year, date(2026, 9, 20))
    replan(running, preset=preset)
    after = year.stand(version="published")
    assert after["丙三", 1] != before["丙三", 1]
    assert {key: after[key] for key in after if key[1] == 1 and key[0] != "丙三"} == {
        key: before[key] for key in before if key[1] == 1 and key[0] != "丙三"
    }


def test_who_is_fixed_elsewhere_while_the_stage_runs_is_placed_there(year: PlanYear, hr: Workspace) -> None:
    year.publish()
    wanted = other(team_of(year, "丙三", 1))
    request_id = hr.rotation.request("2026", year.people["丙三"], "change", stage=1, team_id=year.teams[wanted])
    hr.rotation.approve_request(request_id)
    replan(on(year, date(2026, 9, 20)))
    assert team_of(year, "丙三", 1) == wanted


def test_a_move_by_hand_in_a_running_stage_is_kept_by_the_next_search(year: PlanYear, hr: Workspace) -> None:
    year.publish()
    wanted = other(team_of(year, "丙三", 1))
    running = on(year, date(2026, 9, 20))
    running.rotation.move("2026", year.people["丙三"], 1, year.teams[wanted], version=year.version)
    proposal = running.rotation.propose("2026")
    placed = {(one.person_id, one.stage): one.place.team_id for one in proposal.placements}
    assert placed[year.people["丙三"], 1] == year.teams[wanted]


@pytest.mark.parametrize("named", [False, True])
def test_a_change_that_nobody_carried_out_locks_nothing_once_its_stage_is_over(
    year: PlanYear, hr: Workspace, named: bool
) -> None:
    year.publish()
    here = team_of(year, "丙三", 1)
    place = {"team_id": year.teams[other(here)]} if named else {}
    hr.rotation.approve_request(hr.rotation.request("2026", year.people["丙三"], "change", stage=1, **place))
    later = on(year, date(2026, 11, 20))
    assert not [sentence for sentence in told(later) if "丙三" in sentence]
    later.rotation.absence(year.people["甲一"], "2026-11-01", "2027-01-01")
    replan(later)
    assert team_of(year, "丙三", 1) == here
    assert ("甲一", 2) not in year.stand(version="published")
    assert {name for name, stage in year.stand(version="published") if stage == 1} >= set(HERE)


def test_a_second_change_of_a_stage_is_weighed_without_what_its_approval_takes_away(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    here = team_of(year, "丙三", 1)
    hr.rotation.approve_request(
        hr.rotation.request("2026", year.people["丙三"], "change", stage=1, team_id=year.teams[other(here)])
    )
    replan(hr)
    back = hr.rotation.request("2026", year.people["丙三"], "change", stage=1)
    hr.rotation.move("2026", year.people["丙三"], 2, year.teams[other(here)], version=year.version)
    effect = hr.rotation.request_effect(back)
    assert effect.allowed
    assert (effect.place, effect.touched) == (CALLED[here], (f"第 1 阶段 {CALLED[other(here)]}",))
    assert not effect.breaks


@pytest.mark.parametrize("seed", [1, 2])
def test_what_a_change_would_mean_is_what_judging_says_once_it_is_approved_and_carried_out(
    year: PlanYear, seed: int
) -> None:
    year.publish()
    ws, draw, weighed = year.ws, Random(seed), 0
    for _step in range(9):
        name, stage = draw.choice((*HERE, *THERE)), draw.choice((1, 2))
        wishes: list[dict[str, int]] = [{"team_id": year.teams["a"]}, {"team_id": year.teams["b"]}, {}]
        if name in THERE:
            wishes = [{"team_id": year.teams["c"], "station_id": one} for one in year.stations]
        person = year.people[name]
        try:
            request_id = ws.rotation.request("2026", person, "change", stage=stage, **draw.choice(wishes))
        except (RuleBroken, Duplicate):
            continue
        before, effect = told(ws), ws.rotation.request_effect(request_id)
        ws.rotation.approve_request(request_id, decided_by="王主任")
        if effect.place is None:
            continue
        places = records(ws.rotation.choices("2026", person, stage))
        place = next(one for one in places if effect.place == " ".join(filter(None, (one["team"], one["station"]))))
        assert place["cost"] == pytest.approx(effect.cost)
        where = {"station_id": None if place["station_id"] is None else int(place["station_id"])}
        moved = ws.rotation.move("2026", person, stage, int(place["team_id"]), version=year.version, **where)
        after = told(ws)
        assert (set(effect.breaks), set(effect.mends)) == (after - before, before - after)
        hard = {row["sentence"] for row in records(ws.rotation.violations("2026")) if row["hard"]}
        assert effect.allowed == (not hard & (after - before))
        weighed += 1
        if hard:
            ws.rotation.discard_draft("2026", version=moved.version)
        elif len(ws.rotation.diff("2026")):
            ws.rotation.publish("2026")
    assert weighed >= 3


def test_a_published_placement_that_is_as_asked_by_now_has_not_to_change(year: PlanYear, hr: Workspace) -> None:
    year.publish()
    here = team_of(year, "丙三", 1)
    person = year.people["丙三"]
    anywhere = hr.rotation.request("2026", person, "change", stage=1)
    for number, team in ((1, other(here)), (2, here)):
        hr.rotation.move("2026", person, number, year.teams[team], version=year.version)
    hr.rotation.publish("2026")
    assert hr.rotation.request_effect(anywhere).touched == ()
    assert hr.rotation.approve_request(anywhere).touched == ()


def test_a_team_that_is_asked_for_means_any_of_its_stations_where_trainees_stand_at_stations(year: PlanYear) -> None:
    ws = year.ws
    second = factory.team(ws, year.units[2], "安昌服务队", setting="rural", latitude=31.6, longitude=104.5)
    factory.members(ws, second, ["member"] * 3, unit_id=year.units[2])
    stations = [factory.station(ws, second, f"{name}服务站") for name in ("河东", "河西")]
    days = ("2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01")
    intake = int(ws.register.intakes()["id"][0])
    ws.rotation.create_plan("三段", year=2026, stages=list(pairwise(days)), intakes=[intake], unit=year.units[2])
    ws.rotation.publish(ws.rotation.propose("三段"))
    person = year.people["戊五"]
    placed = {int(row["stage"]): row for row in records(ws.rotation.placements("三段")) if row["person_id"] == person}
    stage, row = next((number, row) for number, row in placed.items() if row["team_id"] != second)
    assert row["station_id"] is not None
    with pytest.raises(RuleBroken, match="现在的安排"):
        ws.rotation.request("三段", person, "change", stage=stage, team_id=int(row["team_id"]))
    request_id = ws.rotation.request("三段", person, "change", stage=stage, team_id=second)
    effect = ws.rotation.request_effect(request_id)
    assert effect.place is not None
    assert effect.place.startswith("安昌服务队 河")
    ws.rotation.approve_request(request_id, decided_by="王主任")
    for station in stations:
        why = ws.rotation.why("三段", person, stage, second, station_id=station)
        assert not [line for line in why.breaks if "固定" in line]
        assert [line for line in why.mends if "固定" in line]
    ws.rotation.publish(ws.rotation.propose("三段", preset="least_change"))
    (row,) = (
        one for one in records(ws.rotation.placements("三段")) if (one["person_id"], one["stage"]) == (person, stage)
    )
    assert (row["team_id"], row["station_id"] in stations) == (second, True)
    assert not ws.rotation.requests("三段")["open"].any()


def test_nobody_leaves_for_any_other_team_before_anything_is_published(year: PlanYear, hr: Workspace) -> None:
    with pytest.raises(RuleBroken) as caught:
        hr.rotation.request("2026", year.people["丙三"], "change", stage=1)
    assert caught.value.field == "team_id"
    row = {"plan_id": 1, "person_id": year.people["丙三"], "kind": "change", "stage_number": 1, "state": "pending"}
    row |= {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 11, 1), "by_person": True, "asked_by": "丙三"}
    known = factory.add(year.ws, RotationRequest, **row, recorded_by="hr", recorded_at=datetime.now(UTC), version=1)
    with pytest.raises(RuleBroken):
        hr.rotation.approve_request(known)
    assert hr.rotation.return_request(known, "请写明哪个队") == 2


def test_a_revoked_change_fixes_and_bars_nothing_and_the_one_before_it_holds_again(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    person, here = year.people["丙三"], team_of(year, "丙三", 1)
    there = year.teams[other(here)]
    named = hr.rotation.request("2026", person, "change", stage=1, team_id=there)
    hr.rotation.approve_request(named)
    hr.rotation.revoke_request(named, "人手不够")
    assert len(hr.rotation.pins("2026")) == 0
    assert not told(hr)
    hr.rotation.approve_request(named)
    replan(hr)
    anywhere = hr.rotation.request("2026", person, "change", stage=1)
    hr.rotation.approve_request(anywhere)
    assert [sentence for sentence in told(hr) if "丙三" in sentence]
    hr.rotation.revoke_request(anywhere, "人手不够")
    assert not told(hr)
    assert [int(row["team_id"]) for row in records(hr.rotation.pins("2026"))] == [there]
