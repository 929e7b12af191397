"""What leave means for the safety gate, and how often the same leave may be asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from svclib import Duplicate, Forbidden, RuleBroken
from svclib.models import Role, SafetyKind, SafetyRecord
from svclib.workspace import Workspace
from svclib.workspace.frames import records
from tests.workspace import factory
from tests.workspace.plan_year import PlanYear


@pytest.fixture
def hr(year: PlanYear) -> Workspace:
    """The coordinator of unit 1."""
    return year.as_role("hr-here", Role.HR, unit_id=year.units[1])


def asked(ws: Workspace, request_id: int) -> dict[str, Any]:
    return next(row for row in records(ws.rotation.requests("2026")) if row["id"] == request_id)


def long_leave(ws: Workspace, year: PlanYear) -> int:
    """More than three months, up to the middle of stage 1."""
    return ws.rotation.request("2026", year.people["甲一"], "absence", starts_on="2026-07-15", ends_on="2026-10-20")


def test_long_leave_tells_the_stage_before_which_the_examination_is_to_be_passed_again(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    before = year.stand(version="published")
    request_id = long_leave(hr, year)
    effect = hr.rotation.request_effect(request_id)
    both = tuple(f"第 {stage} 阶段 {before['甲一', stage]}" for stage in (1, 2))
    assert effect.touched == both
    assert any("重新通过" in line and "2026-11-01" in line for line in effect.breaks)
    assert hr.rotation.approve_request(request_id).touched == both
    hr.rotation.move("2026", year.people["甲一"], 1, None, version=year.version)
    with pytest.raises(RuleBroken, match="重新通过"):
        hr.rotation.publish("2026")
    hr.rotation.discard_draft("2026", version=year.version)
    hr.rotation.save_draft(hr.rotation.propose("2026", preset="least_change"))
    assert asked(hr, request_id)["open"]
    hr.rotation.publish("2026")
    assert not {("甲一", 1), ("甲一", 2)} & year.stand(version="published").keys()
    assert not asked(hr, request_id)["open"]


def test_long_leave_is_carried_out_once_the_stage_is_left_and_the_examination_passed_again(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    request_id = long_leave(hr, year)
    hr.rotation.approve_request(request_id)
    hr.rotation.move("2026", year.people["甲一"], 1, None, version=year.version)
    hr.rotation.move("2026", year.people["甲一"], 2, None, version=year.version)
    hr.rotation.publish("2026")
    again = {"level": "", "passed": True, "version": 1, "recorded_at": datetime(2026, 10, 22, tzinfo=UTC)}
    person = year.people["甲一"]
    factory.add(
        year.ws, SafetyRecord, person_id=person, kind=SafetyKind.EXAM.value, taken_on=date(2026, 10, 21), **again
    )
    assert not asked(hr, request_id)["open"]
    hr.rotation.save_draft(hr.rotation.propose("2026"))
    hr.rotation.publish("2026")
    assert ("甲一", 2) in year.stand(version="published")
    assert not asked(hr, request_id)["open"]


def test_leave_of_two_requests_that_only_together_shut_the_gate_is_open_with_both(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    person, days = year.people["甲一"], ("2026-07-15", "2026-08-20", "2026-09-01", "2026-10-20")
    hr.rotation.absence(person, days[0], days[1])
    whole = [
        hr.rotation.request("2026", person, "absence", starts_on=first, ends_on=last)
        for first, last in (("2026-08-20", "2026-09-10"), ("2026-09-10", "2026-10-20"))
    ]
    assert not [line for line in hr.rotation.request_effect(whole[0]).touched if "第 2 阶段" in line]
    hr.rotation.approve_request(whole[0])
    assert [line for line in hr.rotation.request_effect(whole[1]).touched if "第 2 阶段" in line]
    hr.rotation.approve_request(whole[1])
    assert [asked(hr, one)["open"] for one in whole] == [True, True]


def test_leave_that_was_ended_may_be_asked_for_again(year: PlanYear, hr: Workspace) -> None:
    first = long_leave(hr, year)
    hr.rotation.approve_request(first)
    with pytest.raises(Duplicate, match="已同意"):
        long_leave(hr, year)
    hr.rotation.end_absence(int(records(hr.rotation.absences("2026"))[0]["id"]))
    again = long_leave(hr, year)
    with pytest.raises(Duplicate, match="待审批"):
        long_leave(hr, year)
    hr.rotation.approve_request(again)
    assert len(hr.rotation.absences("2026")) == 1


def test_an_approval_of_leave_is_revoked_with_its_absence_and_waits_again(year: PlanYear, hr: Workspace) -> None:
    year.publish()
    request_id = long_leave(hr, year)
    with pytest.raises(RuleBroken, match="待审批"):
        hr.rotation.revoke_request(request_id, "销假")
    hr.rotation.approve_request(request_id)
    (absence,) = records(hr.rotation.absences("2026"))
    hr.rotation.absence(year.people["甲一"], "2026-12-01", "2026-12-05")
    with pytest.raises(RuleBroken) as caught:
        hr.rotation.revoke_request(request_id, " ")
    assert caught.value.field == "answer"
    about = year.as_role("hr-self", Role.HR, unit_id=year.units[1], person_id=year.people["甲一"])
    with pytest.raises(Forbidden, match="本人"):
        about.rotation.revoke_request(request_id, "销假")
    before = year.version
    assert hr.rotation.revoke_request(request_id, "提前销假", version=2) == 3
    row = asked(hr, request_id)
    assert (row["state"], row["decided_by"], row["answer"], row["open"]) == ("pending", None, "提前销假", False)
    assert absence["id"] not in {one["id"] for one in records(hr.rotation.absences("2026"))}
    assert len(hr.rotation.absences("2026")) == 1
    assert year.version > before
    assert hr.rotation.return_request(request_id, "已销假") == 4
