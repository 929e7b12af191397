"""Who plans whom, who reads what, and who never learns why."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, update

from svclib import Forbidden, NotFound, RuleBroken
from svclib.models import BranchMembership, Role, RotationTrainee, Unit, table
from svclib.workspace import Workspace
from svclib.workspace.audit import AuditQuery
from svclib.workspace.base import Area
from svclib.workspace.frames import records
from tests.workspace import factory
from tests.workspace.plan_year import HERE, REASON, THERE, WHY_AWAY, PlanYear


@pytest.fixture
def hr_here(year: PlanYear) -> Workspace:
    """The coordinator of unit 1."""
    return year.as_role("hr-here", Role.HR, unit_id=year.units[1])


@pytest.fixture
def hr_there(year: PlanYear) -> Workspace:
    """The coordinator of unit 2."""
    return year.as_role("hr-there", Role.HR, unit_id=year.units[2])


def _names(ws: Workspace) -> set[str]:
    return set(ws.rotation.placements("2026")["name"])


def test_a_units_coordinator_plans_and_publishes_the_own_people_alone(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace
) -> None:
    proposal = hr_here.rotation.propose("2026")
    assert {one.person_id for one in proposal.placements} == {year.people[name] for name in HERE}
    hr_here.rotation.save_draft(proposal)
    hr_there.rotation.save_draft(hr_there.rotation.propose("2026"))
    assert hr_here.rotation.publish("2026", version=year.version) == 1
    assert _names(hr_here) == set(HERE)
    published = year.ws.rotation.placements("2026", version="published")
    assert set(published["name"]) == set(HERE)
    assert _names(hr_there) == set(THERE), "the other unit's draft is still there"
    assert hr_there.rotation.publish("2026", version=year.version) == 2
    assert set(year.ws.rotation.placements("2026", version="published")["name"]) == {*HERE, *THERE}


def test_a_units_coordinator_changes_nothing_outside_the_own_unit(year: PlanYear, hr_here: Workspace) -> None:
    stranger, mine = year.people["戊五"], year.people["甲一"]
    for attempt in (
        lambda: hr_here.rotation.pin("2026", stranger, 1, year.teams["a"]),
        lambda: hr_here.rotation.wish("2026", stranger, [year.teams["a"]]),
        lambda: hr_here.rotation.move("2026", stranger, 1, year.teams["a"], version=year.version),
        lambda: hr_here.rotation.pair("2026", mine, stranger, apart=True),
        lambda: hr_here.rotation.absence(stranger, "2026-10-01", "2026-10-03"),
        lambda: hr_here.rotation.why("2026", stranger, 1, year.teams["a"]),
    ):
        with pytest.raises(NotFound):
            attempt()
    for refused in (
        lambda: hr_here.rotation.pin("2026", mine, 1, year.teams["c"]),
        lambda: hr_here.rotation.move("2026", mine, 1, year.teams["c"], version=year.version),
        lambda: hr_here.rotation.allow_units("2026", mine, [year.units[2]]),
        lambda: hr_here.rotation.bound("2026", year.teams["c"], 0, 1),
    ):
        with pytest.raises(Forbidden):
            refused()
    with pytest.raises(RuleBroken, match="统管"):
        hr_here.rotation.edit_plan("2026", {"far_km": 60}, version=year.version)


def test_who_comes_from_another_unit_takes_up_a_place_and_is_told_to_the_receiving_unit(
    year: PlanYear, hr_here: Workspace
) -> None:
    guest = year.people["戊五"]
    year.ws.rotation.allow_units("2026", guest, [year.units[1]])
    year.ws.rotation.pin("2026", guest, 1, year.teams["a"])
    year.ws.rotation.bound("2026", year.teams["a"], 0, 3)
    year.publish()
    assert year.stand()["戊五", 1] == "高新服务队"
    shown = records(hr_here.rotation.placements("2026"))
    assert {(row["name"], row["stage"]) for row in shown if row["name"] == "戊五"} == {("戊五", 1)}
    own = [name for name in HERE if year.stand()[name, 1] == "高新服务队"]
    loads = {(row["team"], row["stage"]): row["trainees"] for row in records(hr_here.rotation.loads("2026"))}
    assert loads["高新服务队", 1] == len(own) + 1, "the guest takes up a place"
    year.ws.rotation.bound("2026", year.teams["a"], 0, len(own) + 1)
    other = next(name for name in HERE if name not in own)
    broken = hr_here.rotation.why("2026", year.people[other], 1, year.teams["a"])
    assert any("高新服务队" in sentence and "第 1 阶段" in sentence for sentence in broken.breaks)
    assert not broken.allowed


def test_others_read_what_is_published_of_whom_they_may_know_and_no_draft(year: PlanYear) -> None:
    with year.ws.engine.begin() as connection:
        tie = {"person_id": year.people["甲一"], "party_body_id": year.bodies[1], "valid_from": factory.SINCE}
        connection.execute(insert(table(BranchMembership)).values(**tie, recorded_at=_moment()))
    secretary = year.as_role("secretary", Role.SECRETARY, party_body_id=year.bodies[1])
    trainee = year.as_role("trainee", Role.TRAINEE, person_id=year.people["乙二"])
    captain = year.as_role("captain", Role.CAPTAIN, team_id=year.teams["a"], person_id=year.members["a"][0])
    leader = year.as_role("leader", Role.LEADER, unit_id=year.units[2])
    readers = (secretary, trainee, captain, leader)
    year.ws.rotation.save_draft(year.ws.rotation.propose("2026"))
    assert [_names(ws) for ws in readers] == [set()] * 4
    year.ws.rotation.publish("2026", version=year.version)
    stand = year.stand()
    assert _names(secretary) == {"甲一"}
    assert set(year.stand(trainee)) == {("乙二", 1), ("乙二", 2)}
    assert year.stand(captain) == {key: team for key, team in stand.items() if team == "高新服务队"}
    assert _names(leader) == set(THERE)
    for ws in readers:
        with pytest.raises(Forbidden):
            ws.rotation.propose("2026")
        with pytest.raises(Forbidden):
            ws.rotation.publish("2026", version=year.version)


def test_auditors_analysts_and_administrators_have_no_verb_of_the_rotation(year: PlanYear) -> None:
    for role in (Role.AUDITOR, Role.ANALYST, Role.ADMINISTRATOR):
        ws = year.as_role(role.value, role)
        for attempt in (ws.rotation.plans, lambda ws=ws: ws.rotation.placements("2026"), ws.rotation.absences):
            with pytest.raises(Forbidden):
                attempt()


def test_a_trainee_reads_the_own_wishes_and_absences_alone(year: PlanYear) -> None:
    for name in ("甲一", "乙二"):
        year.ws.rotation.wish("2026", year.people[name], [year.teams["b"]])
        year.ws.rotation.absence(year.people[name], "2026-10-01", "2026-10-03")
    trainee = year.as_role("trainee", Role.TRAINEE, person_id=year.people["甲一"])
    assert list(trainee.rotation.wishes("2026")["name"]) == ["甲一"]
    assert list(trainee.rotation.absences()["name"]) == ["甲一"]
    for attempt in (trainee.rotation.pairs, trainee.rotation.pins, trainee.rotation.trainees):
        with pytest.raises(Forbidden):
            attempt("2026")


def test_why_two_are_kept_apart_is_read_by_who_wrote_it_and_leaves_a_trace(year: PlanYear, hr_here: Workspace) -> None:
    pair = hr_here.rotation.pair("2026", year.people["甲一"], year.people["乙二"], apart=True, reason=REASON)
    company = year.as_role("hr", Role.HR)
    with pytest.raises(Forbidden, match="登记人"):
        company.rotation.reason("pair", pair)
    before = year.ws.audit.summary().rows
    assert hr_here.rotation.reason("pair", pair) == REASON
    assert list(hr_here.rotation.pairs("2026")["readable"]) == [True]
    assert list(company.rotation.pairs("2026")["readable"]) == [False]
    (row,) = records(year.ws.audit.page(AuditQuery(verbs=("rotation.reason",))).rows)
    assert (row["actor"], row["number"]) == ("hr-here", before + 1)


def test_why_somebody_is_away_is_read_by_the_own_units_hr_and_not_by_who_plans_the_province(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace
) -> None:
    written = year.as_role("writer", Role.HR, unit_id=year.units[1])
    absence = written.rotation.absence(year.people["甲一"], "2026-10-01", "2026-10-20", reason=WHY_AWAY)
    company = year.as_role("hr", Role.HR)
    assert hr_here.rotation.reason("absence", absence) == WHY_AWAY
    with pytest.raises(Forbidden):
        company.rotation.reason("absence", absence)
    with pytest.raises(NotFound):
        hr_there.rotation.reason("absence", absence)
    assert list(company.rotation.absences("2026")["has_reason"]) == [True]
    readers = {"hr": company, "hr-here": hr_here, "writer": written}
    told = {name: bool(ws.rotation.absences("2026")["readable"].iloc[0]) for name, ws in readers.items()}
    assert told == {"hr": False, "hr-here": True, "writer": True}


def test_an_absence_is_moved_by_whoever_reaches_the_person_and_its_reason_stays(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace
) -> None:
    person = year.people["甲一"]
    absence = hr_here.rotation.absence(person, "2026-10-01", "2026-10-20", reason=WHY_AWAY)
    hr_here.rotation.edit_absence(absence, "2026-10-01", "2026-10-05")
    (row,) = records(hr_here.rotation.absences("2026", person_id=person))
    assert (str(row["ends_on"])[:10], hr_here.rotation.reason("absence", absence)) == ("2026-10-05", WHY_AWAY)
    assert records(hr_here.rotation.absences("2026", person_id=year.people["乙二"])) == []
    with pytest.raises(RuleBroken):
        hr_here.rotation.edit_absence(absence, "2026-10-05", "2026-10-05")
    for attempt in (hr_there.rotation.edit_absence, year.ws.rotation.edit_absence):
        with pytest.raises(NotFound):
            attempt(absence if attempt == hr_there.rotation.edit_absence else 99, "2026-10-01", "2026-10-02")


def test_what_is_asked_for_one_person_is_listed_alone(year: PlanYear) -> None:
    first, second, third = (year.people[name] for name in ("甲一", "乙二", "戊五"))
    year.ws.rotation.wish("2026", first, [year.teams["a"]])
    year.ws.rotation.wish("2026", second, [year.teams["a"]])
    year.ws.rotation.allow_units("2026", first, [year.units[2]])
    year.ws.rotation.pair("2026", first, second, apart=True)
    for person, wishes, exceptions, pairs in ((first, 1, 1, 1), (second, 1, 0, 1), (third, 0, 0, 0)):
        assert len(year.ws.rotation.wishes("2026", person_id=person)) == wishes
        assert len(year.ws.rotation.exceptions("2026", person_id=person)) == exceptions
        assert len(year.ws.rotation.pairs("2026", person_id=person)) == pairs


def test_no_answer_of_the_rotation_says_why(year: PlanYear, hr_here: Workspace) -> None:
    first, second = year.people["甲一"], year.people["乙二"]
    hr_here.rotation.pair("2026", first, second, apart=True, reason=REASON)
    hr_here.rotation.absence(first, "2026-11-01", "2027-01-01", reason=WHY_AWAY)
    hr_here.rotation.save_draft(hr_here.rotation.propose("2026"))
    hr_here.rotation.move("2026", first, 2, year.teams["a"], version=year.version)
    proposal = hr_here.rotation.propose("2026")
    book = load_workbook(BytesIO(hr_here.rotation.workbook("2026", version="draft")))
    told = [
        *(hr_here.rotation.violations("2026").to_json(force_ascii=False, date_format="iso")),
        *(hr_here.rotation.pairs("2026").to_json(force_ascii=False, date_format="iso")),
        *(hr_here.rotation.absences("2026").to_json(force_ascii=False, date_format="iso")),
        *(hr_here.rotation.diff("2026").to_json(force_ascii=False, date_format="iso")),
    ]
    text = "".join(told) + repr(proposal) + json.dumps(proposal.parts)
    text += "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    text += year.ws.audit.page(AuditQuery(limit=None)).rows.to_json(force_ascii=False, date_format="iso")
    assert "甲一" in text
    for secret in (REASON, WHY_AWAY):
        assert secret not in text


def test_reasons_open_after_the_keys_were_rotated_and_the_old_key_forgotten(year: PlanYear) -> None:
    pair = year.ws.rotation.pair("2026", year.people["甲一"], year.people["乙二"], apart=True, reason=REASON)
    absence = year.ws.rotation.absence(year.people["甲一"], "2026-10-01", "2026-10-20", reason=WHY_AWAY)
    assert year.ws.keys.rotate().reasons == 2
    assert year.ws.keys.forget("k1") > 0
    assert year.ws.rotation.reason("pair", pair) == REASON
    assert year.ws.rotation.reason("absence", absence) == WHY_AWAY


def test_every_verb_of_the_rotation_is_refused_to_whoever_has_no_role_for_it(year: PlanYear) -> None:
    mentor = year.as_role("mentor", Role.MENTOR, person_id=year.members["a"][0])
    assert isinstance(mentor.rotation, Area)
    assert _names(mentor) == set()
    with pytest.raises(Forbidden):
        mentor.rotation.trainees("2026")


def _moment() -> object:
    from datetime import UTC, datetime

    return datetime(2026, 8, 1, tzinfo=UTC)


def test_a_units_plan_is_for_its_own_people_whoever_takes_in_late_ones(year: PlanYear, hr_here: Workspace) -> None:
    intake = int(year.ws.register.intakes()["id"][0])
    days = {"year": 2026, "stages": [("2026-09-01", "2026-10-01")], "intakes": [intake]}
    hr_here.rotation.create_plan("own", **days)
    year.ws.rotation.create_plan("there", unit=year.units[2], **days)
    listed = {row["name"]: (row["unit"], row["trainees"]) for row in records(year.ws.rotation.plans())}
    assert listed == {"2026": (None, 6), "own": ("成都供电公司", len(HERE)), "there": ("绵阳供电公司", len(THERE))}
    year.newcomer("庚七", 1)
    year.newcomer("辛八", 2)
    assert [year.ws.rotation.add_trainees(name) for name in ("own", "there", "2026")] == [1, 1, 2]
    assert set(year.ws.rotation.trainees("own")["name"]) == {*HERE, "庚七"}
    with pytest.raises(NotFound):
        year.ws.rotation.create_plan("nowhere", unit=999, **days)
    with pytest.raises(Forbidden):
        hr_here.rotation.create_plan("not mine", unit=year.units[2], **days)
    with pytest.raises(RuleBroken, match="2000") as refused:
        year.ws.rotation.create_plan("long ago", **{**days, "year": 1999})
    assert refused.value.field == "year"
    assert "not mine" not in set(year.ws.rotation.plans()["name"])


def test_stages_are_moved_together_or_not_at_all(year: PlanYear, hr_here: Workspace) -> None:
    rows = records(year.ws.rotation.stages("2026"))
    first, second = ((row["starts_on"].date(), row["ends_on"].date()) for row in rows[:2])
    later = {1: (first[0], second[0] + timedelta(days=3)), 2: (second[0] + timedelta(days=3), second[1])}
    with pytest.raises(RuleBroken):
        year.ws.rotation.edit_stages("2026", {1: later[1]}, version=year.version)
    with pytest.raises(NotFound):
        year.ws.rotation.edit_stages("2026", {**later, 9: second}, version=year.version)
    with pytest.raises(RuleBroken):
        hr_here.rotation.edit_stages("2026", later, version=year.version)
    assert records(year.ws.rotation.stages("2026")) == rows
    version = year.version
    assert year.ws.rotation.edit_stages("2026", later, version=version) == version + 1
    assert year.ws.rotation.edit_stages("2026", later, version=version + 1) == version + 1, (
        "the same again is no change"
    )
    moved = records(year.ws.rotation.stages("2026"))
    assert [(row["starts_on"].date(), row["ends_on"].date()) for row in moved[:2]] == [later[1], later[2]]


@pytest.fixture
def own_plan(year: PlanYear, hr_here: Workspace) -> str:
    """A plan of unit 1 alone."""
    intake = int(year.ws.register.intakes()["id"][0])
    hr_here.rotation.create_plan("own", year=2026, stages=[("2026-09-01", "2026-10-01")], intakes=[intake])
    return "own"


def _version(ws: Workspace, plan: str) -> int:
    return next(int(row["version"]) for row in records(ws.rotation.plans()) if row["name"] == plan)


def test_the_plan_of_a_unit_is_worked_in_by_the_units_below_it_each_for_its_own_people(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace
) -> None:
    top = factory.unit(year.ws, "四川公司")
    unit = table(Unit)
    with year.ws.engine.begin() as connection:
        connection.execute(update(unit).where(unit.c.id.in_(list(year.units.values()))).values(parent_id=top))
    intake = int(year.ws.register.intakes()["id"][0])
    days = [("2026-09-01", "2026-11-01"), ("2026-11-01", "2027-01-01")]
    company = year.as_role("hr-company", Role.HR, unit_id=top)
    company.rotation.create_plan("whole", year=2026, stages=days, intakes=[intake])
    for number, (ws, names) in enumerate(((hr_here, HERE), (hr_there, THERE)), start=1):
        ws.rotation.pin("whole", year.people[names[0]], 1, None)
        ws.rotation.save_draft(ws.rotation.propose("whole"))
        person, stage = year.people[names[0]], 2
        ws.rotation.move("whole", person, stage, None, version=_version(ws, "whole"))
        ws.rotation.discard_draft("whole", version=_version(ws, "whole"), people=[person])
        ws.rotation.save_draft(ws.rotation.propose("whole"))
        assert ws.rotation.publish("whole") == number
        with pytest.raises(RuleBroken):
            ws.rotation.edit_plan("whole", {"far_km": 60}, version=_version(ws, "whole"))
        with pytest.raises(Forbidden):
            ws.rotation.create_plan(f"top {number}", year=2026, stages=days, intakes=[intake], unit=top)
    assert set(year.ws.rotation.placements("whole", version="published")["name"]) == {*HERE, *THERE}


def test_a_units_plan_without_anybody_in_it_is_still_that_units(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace
) -> None:
    hr_here.rotation.create_plan("empty", year=2026, stages=[("2026-09-01", "2026-10-01")], intakes=[])
    with pytest.raises(RuleBroken):
        hr_there.rotation.edit_plan("empty", {"far_km": 60}, version=1)
    assert hr_here.rotation.edit_plan("empty", {"far_km": 60}, version=1) == 2


def test_nobody_puts_people_into_another_units_plan(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace, own_plan: str
) -> None:
    guest = year.people["戊五"]
    for people in ([guest], []):
        with pytest.raises(Forbidden, match="成都供电公司"):
            hr_there.rotation.add_trainees(own_plan, people)
    with pytest.raises(RuleBroken, match="戊五") as refused:
        year.ws.rotation.add_trainees(own_plan, [guest, year.newcomer("庚七", 1)])
    assert refused.value.field == "people"
    assert set(year.ws.rotation.trainees(own_plan)["name"]) == set(HERE), "nothing of it was saved"
    assert hr_here.rotation.edit_plan(own_plan, {"far_km": 60}, version=_version(hr_here, own_plan))
    assert hr_there.rotation.add_trainees("2026", [year.newcomer("辛八", 2)]) == 1, "a plan of all units takes them"


def test_whoever_got_into_a_units_plan_is_left_out_again_by_the_unit(
    year: PlanYear, hr_here: Workspace, hr_there: Workspace, own_plan: str
) -> None:
    guest, plan = year.people["戊五"], _plan_id(year, own_plan)
    with year.ws.engine.begin() as connection:
        connection.execute(insert(table(RotationTrainee)).values(plan_id=plan, person_id=guest))
    with pytest.raises(RuleBroken, match="统管"):
        hr_here.rotation.edit_plan(own_plan, {"far_km": 60}, version=_version(hr_here, own_plan))
    hr_here.rotation.remove_trainee(own_plan, guest)
    assert hr_here.rotation.edit_plan(own_plan, {"far_km": 60}, version=_version(hr_here, own_plan))
    for stranger in (year.people["甲一"], guest):
        with pytest.raises(NotFound):
            hr_there.rotation.remove_trainee(own_plan, stranger)
    assert year.ws.audit.verify().whole


def test_who_takes_no_part_any_more_leaves_nothing_behind_but_must_have_no_placement_or_waiting_request(
    year: PlanYear, hr_here: Workspace
) -> None:
    mine, other = year.people["甲一"], year.people["乙二"]
    hr_here.rotation.wish("2026", mine, [year.teams["a"]])
    hr_here.rotation.pair("2026", mine, other, apart=True)
    hr_here.rotation.pin("2026", mine, 1, year.teams["a"])
    year.ws.rotation.allow_units("2026", mine, [year.units[2]])
    hr_here.rotation.move("2026", mine, 1, year.teams["a"], version=year.version)
    with pytest.raises(RuleBroken, match="甲一"):
        hr_here.rotation.remove_trainee("2026", mine)
    hr_here.rotation.discard_draft("2026", version=year.version)
    asked = hr_here.rotation.request("2026", mine, "absence", stage=1)
    with pytest.raises(RuleBroken, match="甲一"):
        hr_here.rotation.remove_trainee("2026", mine)
    hr_here.rotation.withdraw_request(asked)
    before = year.version
    assert hr_here.rotation.remove_trainee("2026", mine) == before + 1
    for left in (year.ws.rotation.wishes, year.ws.rotation.pins, year.ws.rotation.exceptions, year.ws.rotation.pairs):
        assert records(left("2026")) == []
    assert "甲一" not in set(hr_here.rotation.trainees("2026")["name"])
    year.publish()
    assert ("甲一", 1) not in year.stand()
    assert [row["name"] for row in records(hr_here.rotation.requests("2026"))] == ["甲一"], "what was asked stays told"


def _plan_id(year: PlanYear, name: str) -> int:
    return next(int(row["id"]) for row in records(year.ws.rotation.plans()) if row["name"] == name)


def test_mentor_and_lodging_stay_behind_when_somebody_is_moved_to_another_team(year: PlanYear) -> None:
    person, rotation = year.people["甲一"], year.ws.rotation
    first, second = year.teams["a"], year.teams["b"]
    told = {"mentor_id": year.members["a"][0], "lodging": "队部宿舍", "note": "自带电脑"}
    rotation.move("2026", person, 1, first, version=year.version, details=told)

    def details() -> list[object]:
        (row,) = [
            one for one in records(rotation.placements("2026")) if (one["person_id"], one["stage"]) == (person, 1)
        ]
        return [row["mentor"] is not None, row["lodging"], row["note"]]

    rotation.move("2026", person, 1, first, version=year.version)
    assert details() == [True, "队部宿舍", "自带电脑"]
    rotation.move("2026", person, 1, second, version=year.version)
    assert details() == [False, None, "自带电脑"]
