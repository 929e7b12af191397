"""Requests for leave and for other placements: filed, decided by somebody else, carried out by a new version."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from svclib import Duplicate, Forbidden, NotFound, RuleBroken, StaleRecord
from svclib.models import AuditRow, Role, RotationRequest, table
from svclib.workspace import Workspace
from svclib.workspace.audit import AuditQuery
from svclib.workspace.frames import records
from tests.workspace.plan_year import WHY_AWAY, PlanYear, dump

ANSWER = "术后复查完再来"


@pytest.fixture
def hr(year: PlanYear) -> Workspace:
    """The coordinator of unit 1."""
    return year.as_role("hr-here", Role.HR, unit_id=year.units[1])


@pytest.fixture
def trainee(year: PlanYear) -> Workspace:
    return year.as_role("trainee", Role.TRAINEE, person_id=year.people["甲一"])


def asked(ws: Workspace, request_id: int) -> dict[str, Any]:
    return next(row for row in records(ws.rotation.requests("2026")) if row["id"] == request_id)


def leave(ws: Workspace, year: PlanYear, name: str = "甲一", **options: Any) -> int:
    days = {"starts_on": "2026-09-05", "ends_on": "2026-10-20", "reason": WHY_AWAY}
    return ws.rotation.request("2026", year.people[name], "absence", **(days | options))


def at(ws: Workspace, year: PlanYear, name: str, stage: int) -> str:
    return year.stand(ws, "published")[name, stage]


def test_a_trainee_asks_and_the_unit_approves_and_the_plan_follows_with_few_moves(
    year: PlanYear, hr: Workspace, trainee: Workspace
) -> None:
    year.publish()
    before = year.stand(version="published")
    request_id = leave(trainee, year)
    row = asked(hr, request_id)
    assert (row["state"], row["name"], row["asked_by"], row["decidable"]) == ("pending", "甲一", "甲一", None)
    assert row["present"] == f"第 1 阶段 {before['甲一', 1]}"
    decided = hr.rotation.approve_request(request_id, version=row["version"], answer="注意休息")
    assert decided.touched == (f"第 1 阶段 {before['甲一', 1]}",)
    assert year.stand(version="published") == before, "nothing that is published moves by itself"
    (absence,) = records(hr.rotation.absences("2026"))
    assert (str(absence["starts_on"].date()), str(absence["ends_on"].date())) == ("2026-09-05", "2026-10-20")
    row = asked(trainee, request_id)
    assert (row["state"], row["decided_by"], row["answer"], row["open"]) == ("approved", "hr-here", "注意休息", True)
    hr.rotation.save_draft(hr.rotation.propose("2026", preset="least_change"))
    assert asked(hr, request_id)["open"], "a draft is not published yet"
    hr.rotation.publish("2026", version=year.version)
    after = year.stand(version="published")
    assert ("甲一", 1) not in after
    assert {key: place for key, place in before.items() if key[0] in ("戊五", "己六")}.items() <= after.items()
    assert not asked(hr, request_id)["open"]


def test_a_change_to_a_team_fixes_the_person_there_and_counts_as_open_until_it_is_published(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    here = at(hr, year, "乙二", 2)
    other = next(name for name in ("a", "b") if year.stand()["乙二", 2] != _called(year, name))
    request_id = hr.rotation.request("2026", year.people["乙二"], "change", stage=2, team_id=year.teams[other])
    row = asked(hr, request_id)
    assert (row["present"], row["wanted"], row["stage"]) == (here, _called(year, other), 2)
    effect = hr.rotation.request_effect(request_id)
    assert effect.touched == (f"第 2 阶段 {here}",)
    assert effect.place is not None
    assert effect.place.startswith(_called(year, other))
    decided = hr.rotation.approve_request(request_id, version=1)
    # The station is left to the search: what is told and what is fixed are the team alone, as it was asked for.
    assert effect.fixes == decided.fixes == _called(year, other)
    assert (decided.plan, decided.touched) == ("2026", effect.touched)
    pins = {(row["name"], row["stage"]): row["team"] for row in records(hr.rotation.pins("2026"))}
    assert pins == {("乙二", 2): _called(year, other)}
    assert at(hr, year, "乙二", 2) == here
    hr.rotation.move("2026", year.people["甲一"], 1, None, version=year.version)
    with pytest.raises(RuleBroken, match="乙二"):
        hr.rotation.publish("2026", version=year.version)
    hr.rotation.discard_draft("2026", version=year.version)
    hr.rotation.save_draft(hr.rotation.propose("2026", preset="least_change"))
    hr.rotation.publish("2026", version=year.version)
    reasons = {(row["name"], row["stage"]): row["reason"] for row in records(hr.rotation.diff("2026", 1, 2))}
    assert reasons["乙二", 2] == f"按已同意的调整申请（编号 {request_id}）。"
    assert [key for key, reason in reasons.items() if reason and "申请" in reason] == [("乙二", 2)]
    assert at(hr, year, "乙二", 2) == _called(year, other)
    assert not asked(hr, request_id)["open"]


def test_a_change_to_anywhere_else_bars_the_present_team_by_hand_and_by_search(year: PlanYear, hr: Workspace) -> None:
    year.publish()
    here = at(hr, year, "丙三", 1)
    team = year.teams["a" if here == _called(year, "a") else "b"]
    request_id = hr.rotation.request("2026", year.people["丙三"], "change", stage=1)
    hr.rotation.approve_request(request_id, version=1)
    assert asked(hr, request_id)["open"]
    why = hr.rotation.why("2026", year.people["丙三"], 1, team)
    assert not why.breaks, "it is broken already where the person stands"
    told = [row["sentence"] for row in records(hr.rotation.violations("2026")) if row["rule"] == "pin"]
    assert [here in sentence and "丙三" in sentence for sentence in told] == [True]
    proposal = hr.rotation.propose("2026", preset="least_change")
    hr.rotation.save_draft(proposal)
    hr.rotation.publish("2026", version=year.version)
    assert at(hr, year, "丙三", 1) != here
    assert not asked(hr, request_id)["open"]
    back = hr.rotation.why("2026", year.people["丙三"], 1, team)
    assert any(here in sentence for sentence in back.breaks)
    assert not back.allowed


def test_of_two_changes_of_one_stage_the_later_counts(year: PlanYear, hr: Workspace) -> None:
    year.publish()
    name, person = "丙三", year.people["丙三"]
    here = at(hr, year, name, 1)
    team, other = ("a", "b") if here == _called(year, "a") else ("b", "a")
    first = hr.rotation.request("2026", person, "change", stage=1, team_id=year.teams[other])
    hr.rotation.approve_request(first)
    with pytest.raises(Duplicate, match="已同意"):
        hr.rotation.request("2026", person, "change", stage=1, team_id=year.teams[other])
    hr.rotation.save_draft(hr.rotation.propose("2026", preset="least_change"))
    hr.rotation.publish("2026")
    assert at(hr, year, name, 1) == _called(year, other)
    second = hr.rotation.request("2026", person, "change", starts_on="2026-09-02", ends_on="2026-09-03")
    hr.rotation.approve_request(second)
    assert len(records(hr.rotation.pins("2026"))) == 0, "who is to leave a team is no longer fixed there"
    assert [asked(hr, one)["open"] for one in (first, second)] == [False, True]
    hr.rotation.save_draft(hr.rotation.propose("2026", preset="least_change"))
    hr.rotation.publish("2026")
    assert at(hr, year, name, 1) == _called(year, team)
    assert [asked(hr, one)["open"] for one in (first, second)] == [False, False]


def test_what_leave_would_break_is_told_before_anybody_decides_and_nothing_is_written(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    request_id = leave(hr, year)
    before = dump(year.ws)
    effect = hr.rotation.request_effect(request_id)
    assert effect.touched == (f"第 1 阶段 {at(hr, year, '甲一', 1)}",)
    assert effect.cost is not None
    assert dump(year.ws) == before
    short = hr.rotation.request("2026", year.people["乙二"], "absence", starts_on="2026-09-05", ends_on="2026-09-08")
    assert hr.rotation.request_effect(short).touched == (), "three days take no placement away"


def test_two_short_absences_that_together_take_most_of_a_stage_touch_its_placement(
    year: PlanYear, hr: Workspace
) -> None:
    year.publish()
    hr.rotation.absence(year.people["甲一"], "2026-09-01", "2026-09-25")
    request_id = leave(hr, year, starts_on="2026-10-01", ends_on="2026-10-12")
    assert hr.rotation.request_effect(request_id).touched == (f"第 1 阶段 {at(hr, year, '甲一', 1)}",)


def test_nobody_decides_about_oneself_or_what_one_asked_for(year: PlanYear, hr: Workspace, trainee: Workspace) -> None:
    own = leave(trainee, year)
    with pytest.raises(Forbidden):
        trainee.rotation.approve_request(own, version=1)
    about = year.as_role("hr-self", Role.HR, unit_id=year.units[1], person_id=year.people["甲一"])
    with pytest.raises(Forbidden, match="本人"):
        about.rotation.approve_request(own, version=1)
    units = hr.rotation.request(
        "2026", year.people["乙二"], "change", stage=2, team_id=year.teams["a"], asked_by="hr-here"
    )
    for attempt in (
        lambda: hr.rotation.approve_request(units, version=1),
        lambda: hr.rotation.return_request(units, "不必", version=1),
        lambda: hr.rotation.approve_request(own, version=1, decided_by="王主任"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert "他人" in asked(hr, units)["decidable"]
    assert asked(about, units)["decidable"] is None
    with pytest.raises(RuleBroken, match="谁"):
        year.ws.rotation.approve_request(units, version=1)
    for name in ("hr-here", "乙二"):
        with pytest.raises(Forbidden):
            year.ws.rotation.approve_request(units, version=1, decided_by=name)
    year.ws.rotation.approve_request(units, version=1, decided_by="王主任")
    assert asked(year.ws, units)["decided_by"] == "王主任"


def test_a_request_is_sent_back_with_a_reason_and_may_be_asked_again(
    year: PlanYear, hr: Workspace, trainee: Workspace
) -> None:
    first = leave(trainee, year)
    with pytest.raises(Duplicate, match="待审批"):
        leave(trainee, year)
    with pytest.raises(RuleBroken):
        hr.rotation.return_request(first, " ", version=1)
    hr.rotation.return_request(first, ANSWER, version=1)
    assert asked(trainee, first)["answer"] == ANSWER
    for attempt in (
        lambda: hr.rotation.approve_request(first, version=2),
        lambda: hr.rotation.return_request(first, "又一次", version=2),
        lambda: trainee.rotation.withdraw_request(first, version=2),
    ):
        with pytest.raises(RuleBroken, match="已退回"):
            attempt()
    second = leave(trainee, year)
    trainee.rotation.withdraw_request(second, version=1)
    assert asked(hr, second)["state"] == "withdrawn"
    assert records(hr.rotation.absences("2026")) == []
    assert [row["id"] for row in records(hr.rotation.requests("2026", state="returned"))] == [first]


def test_only_who_asked_or_filed_it_takes_a_request_back(year: PlanYear, hr: Workspace, trainee: Workspace) -> None:
    other = year.as_role("hr-other", Role.HR, unit_id=year.units[1])
    request_id = leave(hr, year)
    with pytest.raises(Forbidden, match="退回"):
        other.rotation.withdraw_request(request_id, version=1)
    trainee.rotation.withdraw_request(request_id, version=1)
    assert asked(other, request_id)["decided_by"] == "trainee"


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(year: PlanYear, hr: Workspace) -> None:
    other = year.as_role("hr-other", Role.HR, unit_id=year.units[1])
    request_id = leave(hr, year)
    start, ends = Barrier(2), list[Any]()

    def decide(act: Callable[[], object]) -> None:
        start.wait()
        try:
            ends.append(act())
        except RuleBroken as error:
            ends.append(str(error))

    threads = [
        Thread(target=decide, args=(act,))
        for act in (
            lambda: hr.rotation.approve_request(request_id, version=1),
            lambda: other.rotation.return_request(request_id, "人手不够", version=1),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(end, str) for end in ends) == [False, True]
    state = asked(hr, request_id)["state"]
    assert state in ("approved", "returned")
    assert len(records(hr.rotation.absences("2026"))) == (state == "approved")
    assert any(isinstance(end, str) and "已" in end for end in ends)


def test_a_decision_about_what_was_changed_since_is_refused(year: PlanYear, hr: Workspace) -> None:
    request_id = leave(hr, year)
    with pytest.raises(StaleRecord):
        hr.rotation.approve_request(request_id, version=7)
    assert asked(hr, request_id)["state"] == "pending"


def test_why_somebody_asks_is_read_by_the_person_and_the_own_units_hr_and_by_nobody_else(
    year: PlanYear, hr: Workspace, trainee: Workspace
) -> None:
    company = year.as_role("hr-company", Role.HR)
    request_id = leave(trainee, year)
    assert [ws.rotation.request_reason(request_id) for ws in (hr, trainee)] == [WHY_AWAY] * 2
    assert [asked(ws, request_id)["reason_readable"] for ws in (hr, trainee, company)] == [True, True, False]
    with pytest.raises(Forbidden):
        company.rotation.request_reason(request_id)
    # The planner decides: the absence keeps the reason from whoever approved it.
    company.rotation.approve_request(request_id, version=1, answer=ANSWER)
    (absence,) = records(company.rotation.absences("2026"))
    with pytest.raises(Forbidden):
        company.rotation.reason("absence", int(absence["id"]))
    assert hr.rotation.reason("absence", int(absence["id"])) == WHY_AWAY
    third = year.as_role("hr-third", Role.HR)
    assert asked(third, request_id)["answer"] is None
    assert asked(company, request_id)["answer"] is None, "what may tell the reason is not told to who only decides"
    assert asked(hr, request_id)["answer"] == ANSWER
    for ws in (company, third):
        assert WHY_AWAY not in ws.rotation.requests("2026").to_csv()
    listed = company.rotation.propose("2026")
    assert WHY_AWAY not in str(listed)
    readings = [
        row
        for row in records(year.ws.audit.page(AuditQuery(limit=None)).rows)
        if row["verb"] == "rotation.request_reason"
    ]
    assert {row["actor"] for row in readings} == {"hr-here", "trainee"}


def test_neither_the_trail_nor_the_table_holds_a_reason_or_an_answer_in_clear(
    year: PlanYear, hr: Workspace, trainee: Workspace
) -> None:
    request_id = leave(trainee, year)
    hr.rotation.approve_request(request_id, version=1, answer=ANSWER)
    stored = json.dumps(dump(year.ws), ensure_ascii=False, default=str)
    assert WHY_AWAY not in stored
    assert ANSWER not in stored
    trail = table(AuditRow)
    with year.ws.engine.connect() as connection:
        verbs = connection.execute(select(trail.c.verb).where(trail.c.table_name == RotationRequest.__tablename__))
        assert [row.verb for row in verbs] == ["rotation.request", "rotation.approve_request"]


def test_a_role_files_and_reads_within_its_scope_alone(year: PlanYear, hr: Workspace, trainee: Workspace) -> None:
    stranger, colleague = year.people["戊五"], year.people["乙二"]
    theirs = leave(year.ws, year, "戊五")
    for ws, person in ((hr, stranger), (trainee, stranger), (trainee, colleague)):
        with pytest.raises(NotFound):
            ws.rotation.request("2026", person, "absence", stage=1)
    for attempt in (
        lambda: hr.rotation.request_effect(theirs),
        lambda: hr.rotation.approve_request(theirs, version=1),
        lambda: hr.rotation.request_reason(theirs),
        lambda: trainee.rotation.withdraw_request(theirs, version=1),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(Forbidden):
        trainee.rotation.request(
            "2026", year.people["甲一"], "change", stage=1, team_id=year.teams["a"], asked_by="单位"
        )
    assert len(hr.rotation.requests("2026")) == 0
    assert set(trainee.rotation.people_to_ask("2026")["name"]) == {"甲一"}
    assert set(trainee.rotation.places_to_ask("2026", year.people["甲一"])["team"]) == {"高新服务队", "简阳服务队"}
    secretary = year.as_role("secretary", Role.SECRETARY, party_body_id=year.bodies[1])
    for refused in (secretary, year.as_role("leader", Role.LEADER), year.as_role("auditor", Role.AUDITOR)):
        with pytest.raises(Forbidden):
            refused.rotation.requests("2026")


def test_a_change_into_another_unit_is_for_whoever_coordinates_both(year: PlanYear, hr: Workspace) -> None:
    request_id = hr.rotation.request("2026", year.people["甲一"], "change", stage=1, team_id=year.teams["c"])
    with pytest.raises(Forbidden):
        hr.rotation.approve_request(request_id, version=1)
    assert asked(hr, request_id)["state"] == "pending", "nothing of it was saved"
    company = year.as_role("hr-company", Role.HR)
    assert not company.rotation.request_effect(request_id).allowed
    company.rotation.approve_request(request_id, version=1)


@pytest.mark.parametrize(
    ("kind", "options", "field"),
    [
        ("holiday", {"stage": 1}, "kind"),
        ("absence", {}, "starts_on"),
        ("absence", {"starts_on": "2026-10-02", "ends_on": "2026-10-02"}, "ends_on"),
        ("absence", {"starts_on": "2027-05-01", "ends_on": "2027-05-09"}, "starts_on"),
        ("change", {"starts_on": "2026-10-20", "ends_on": "2026-11-20"}, "stage"),
        ("change", {"stage": 1, "asked_on": "2099-01-01"}, "asked_on"),
        ("absence", {"stage": 1, "reason": "长" * 201}, "reason"),
        ("absence", {"stage": 1, "team_id": 1}, "team_id"),
        ("absence", {"stage": 1, "station_id": 1}, "team_id"),
        ("change", {"stage": 1, "station_id": 1}, "team_id"),
        ("absence", {"stage": 1, "starts_on": "2026-09-05", "ends_on": "2026-09-06"}, "starts_on"),
        ("change", {"stage": 1, "ends_on": "2026-09-06"}, "starts_on"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    year: PlanYear, kind: str, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        year.ws.rotation.request("2026", year.people["甲一"], kind, **options)
    assert caught.value.field == field


def test_nobody_asks_for_the_place_where_they_stand(year: PlanYear) -> None:
    year.publish()
    placed = records(year.ws.rotation.placements("2026", version="published"))
    row = next(one for one in placed if (one["name"], one["stage"]) == ("甲一", 1))
    with pytest.raises(RuleBroken):
        year.ws.rotation.request("2026", year.people["甲一"], "change", stage=1, team_id=int(row["team_id"]))


def _called(year: PlanYear, team: str) -> str:
    return {"a": "高新服务队", "b": "简阳服务队"}[team]
