"""What an approved change means for a plan that is under way, and for what is asked next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from svclib import open_workspace
from svclib.models import Role
from svclib.workspace import Workspace
from svclib.workspace.frames import records
from tests.workspace.plan_year import HERE, PlanYear

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
