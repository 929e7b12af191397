"""What placements cost those who are placed: as the rules count it, for whom the actor answers, on both engines."""

from __future__ import annotations

import pytest

from svclib import Forbidden
from svclib.models import Role
from svclib.workspace.frames import records
from tests.workspace.plan_year import THERE, PlanYear


def test_each_placement_is_told_with_its_way_and_its_cost(year: PlanYear) -> None:
    proposal = year.ws.rotation.propose("2026", seed=5)
    year.ws.rotation.save_draft(proposal)
    ways = year.ws.rotation.ways("2026")
    assert {(row["person_id"], row["stage"], row["team_id"]) for row in records(ways)} == {
        (one.person_id, one.stage, one.place.team_id) for one in proposal.placements
    }
    assert ways.groupby("person_id")["burden"].sum().to_dict() == pytest.approx(proposal.burdens)


def test_an_earlier_version_is_told_as_it_was(year: PlanYear) -> None:
    year.publish()
    before = records(year.ws.rotation.ways("2026", version=1))
    person = before[0]
    year.ws.rotation.move("2026", person["person_id"], person["stage"], None, version=year.version)
    assert len(year.ws.rotation.ways("2026")) == len(before) - 1
    assert records(year.ws.rotation.ways("2026", version=1)) == before


def test_a_home_that_is_told_is_where_the_way_begins(year: PlanYear) -> None:
    year.publish()
    person = records(year.ws.rotation.ways("2026"))[0]["person_id"]
    year.ws.rotation.home("2026", person, 28.5, 102.5)
    mine = [row for row in records(year.ws.rotation.ways("2026")) if row["person_id"] == person]
    assert {(row["home_latitude"], row["home_longitude"]) for row in mine} == {(28.5, 102.5)}
    assert all((row["km"] is None) == (row["latitude"] is None) for row in mine)


def test_a_units_own_hr_is_told_of_its_own_people_and_who_does_not_judge_plans_of_nobody(year: PlanYear) -> None:
    year.publish()
    own = year.as_role("hr-two", Role.HR, unit_id=year.units[2]).rotation.ways("2026")
    assert set(own["person_id"]) == {year.people[name] for name in THERE}
    with pytest.raises(Forbidden):
        year.as_role("leader", Role.LEADER).rotation.ways("2026")
