"""Adding and changing people: judged, dated, audited, and never on top of somebody else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from svclib import Duplicate, NotFound, RuleBroken, StaleRecord
from svclib.models import AuditRow, Employment, Membership, Person, TeamOffice, table
from svclib.rules.identity import check_digit
from svclib.workspace import Workspace
from tests.workspace import factory

BODY = "51010419900307771"
ID_NUMBER = BODY + check_digit(BODY)


def rows(ws: Workspace, model: type) -> list[dict]:
    place = table(model)
    order = place.c.number if model is AuditRow else place.c.id
    with ws.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(place).order_by(order)).mappings()]


def periods(ws: Workspace, model: type, what: str) -> list[tuple]:
    return [(row[what], row["valid_from"], row["valid_to"]) for row in rows(ws, model)]


def test_a_person_is_added_with_unit_team_and_status(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    team_id = factory.team(ws, unit_id)
    added = ws.register.add_person(
        {
            "name": " 单雄信 ",
            "employee_no": "00012345",
            "id_number": ID_NUMBER.lower(),
            "phone": "138 1234 5678",
            "hired_on": "2012-07-10",
            "unit_id": unit_id,
            "team_id": team_id,
            "status": "member",
            "party_joined_on": "2010-07-01",
        },
        on="2026-08-01",
    )
    row = ws.register.people().iloc[0]
    assert (row["id"], row["name"], row["employee_no"], row["sex"]) == (added, "单雄信", "00012345", "male")
    assert (row["unit"], row["team"], row["status"]) == ("成都供电公司", "连心桥服务队", "member")
    assert str(row["birth_date"].date()) == "1990-03-07"
    stored = rows(ws, Person)[0]
    assert (stored["pinyin"], stored["initials"]) == ("shan xiong xin", "sxx")
    assert periods(ws, Employment, "unit_id") == [(unit_id, date(2012, 7, 10), None)]
    assert periods(ws, Membership, "team_id") == [(team_id, date(2026, 8, 1), None)]


def test_protected_fields_are_stored_and_audited_as_ciphertext_only(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳", id_number=ID_NUMBER, phone="13812345678", address="成都市武侯区桐梓林路1号")
    ws.register.edit_person(person_id, {"phone": "13987654321"}, version=1)
    everything = str(rows(ws, Person)) + str(rows(ws, AuditRow))
    for secret in (ID_NUMBER, "13812345678", "13987654321", "桐梓林路"):
        assert secret not in everything
    facts = ws.register.person(person_id).facts
    assert facts["phone"] == "139****4321"
    assert facts["id_number"] == "5101**********" + ID_NUMBER[-4:]
    assert facts["address"] == "成都市武侯区****"
    assert "id_number_index" not in facts


def test_revealing_gives_the_value_and_leaves_a_trace(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳", phone="13812345678")
    assert ws.register.reveal(person_id, "phone") == "13812345678"
    last = rows(ws, AuditRow)[-1]
    assert (last["verb"], last["row_id"], last["after"]) == ("register.reveal", person_id, {"revealed": "phone"})
    with pytest.raises(RuleBroken):
        ws.register.reveal(person_id, "name")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"employee_no": "1"}, "name"),
        ({"name": "王芳"}, "employee_no"),
        ({"name": "=1+1", "employee_no": "1"}, "name"),
        ({"name": "王芳", "id_number": BODY + ("0" if ID_NUMBER[-1] != "0" else "1")}, "id_number"),
        ({"name": "王芳", "id_number": ID_NUMBER, "sex": "female"}, "sex"),
        ({"name": "王芳", "id_number": ID_NUMBER, "birth_date": "1991-03-07"}, "birth_date"),
        ({"name": "王芳", "employee_no": "1", "phone": "12"}, "phone"),
        ({"name": "王芳", "employee_no": "1", "birth_date": "2026-08-21"}, "birth_date"),
        ({"name": "王芳", "employee_no": "1", "birth_date": "2010-01-01", "hired_on": "2025-01-01"}, "hired_on"),
        ({"name": "王芳", "employee_no": "1", "hired_on": "2025-02-30"}, "hired_on"),
        ({"name": "王芳", "employee_no": "1", "sex": "m"}, "sex"),
        ({"name": "王芳", "employee_no": "1", "status": "king"}, "status"),
        ({"name": "王芳", "employee_no": "1", "school": "x" * 81}, "school"),
        ({"name": "王芳", "employee_no": "1", "note": "a\x00b"}, "note"),
        ({"name": "王芳", "employee_no": "1", "version": 7}, "version"),
        ({"name": "王芳", "employee_no": "1", "post": "班长"}, "unit_id"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_field_and_nothing_is_saved(
    ws: Workspace, values: dict, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        ws.register.add_person(values)
    assert refused.value.field == field
    assert str(refused.value)
    assert rows(ws, Person) == []
    assert rows(ws, AuditRow) == []


def test_a_number_taken_names_the_person_who_has_it(ws: Workspace) -> None:
    factory.person(ws, "王芳", employee_no="00000001", id_number=ID_NUMBER)
    with pytest.raises(Duplicate, match="王芳"):
        ws.register.add_person({"name": "李强", "employee_no": "00000001"})
    with pytest.raises(Duplicate, match=r"王芳.*00000001"):
        ws.register.add_person({"name": "李强", "id_number": ID_NUMBER})
    other = factory.person(ws, "李强")
    with pytest.raises(Duplicate, match="王芳"):
        ws.register.edit_person(other, {"employee_no": "00000001"}, version=1)


def test_editing_raises_the_version_keeps_search_keys_and_records_both_values(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳", school="四川大学")
    assert ws.register.edit_person(person_id, {"name": "曾芳", "school": ""}, version=1) == 2
    stored = rows(ws, Person)[0]
    assert (stored["name"], stored["pinyin"], stored["school"]) == ("曾芳", "zeng fang", None)
    last = rows(ws, AuditRow)[-1]
    assert (last["before"]["name"], last["after"]["name"]) == ("王芳", "曾芳")
    assert ws.register.edit_person(person_id, {"name": "曾芳"}, version=2) == 2
    assert rows(ws, AuditRow)[-1]["number"] == last["number"]


def test_a_stale_save_is_refused_and_shows_what_was_read_what_is_stored_and_what_was_typed(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳", school="四川大学", phone="13812345678", graduated_on="2012-06-30")
    ws.register.edit_person(
        person_id, {"school": "重庆大学", "phone": "13912345678", "graduated_on": "2013-06-30"}, version=1
    )
    changes = {"school": "西南交通大学", "phone": "13712345678", "major": "电气", "graduated_on": "2014-06-30"}
    with pytest.raises(StaleRecord) as stale:
        ws.register.edit_person(person_id, changes, version=1)
    assert stale.value.version == 2
    assert stale.value.conflicts == {
        "school": ("四川大学", "重庆大学", "西南交通大学"),
        "phone": ("138****5678", "139****5678", "137****5678"),
        "major": (None, None, "电气"),
        "graduated_on": (date(2012, 6, 30), date(2013, 6, 30), date(2014, 6, 30)),
    }
    assert rows(ws, Person)[0]["school"] == "重庆大学"
    assert ws.register.edit_person(person_id, changes, version=2) == 3


def test_a_transfer_ends_the_old_employment_the_foreign_team_and_its_offices(ws: Workspace) -> None:
    old, new = factory.unit(ws), factory.unit(ws, "绵阳供电公司")
    _team, people = factory.sound_team(ws, unit_id=old)
    ws.register.transfer(people[0], on="2026-10-01", unit_id=new, crew_id=factory.crew(ws, new), post="值班员")
    before, after = ws.register.people("2026-09-30"), ws.register.people("2026-10-01")
    moved = after[after["id"] == people[0]].iloc[0]
    assert (moved["unit"], moved["crew"], moved["post"]) == ("绵阳供电公司", "变电运维班", "值班员")
    assert moved.isna()["team"]
    assert before[before["id"] == people[0]].iloc[0]["team"] == "连心桥服务队"
    assert ws.register.teams("2026-09-30").iloc[0]["captain"] == "赵伟"
    assert ws.register.teams("2026-10-01").iloc[0][["captain", "party_head"]].isna().all()


def test_a_transfer_inside_the_unit_keeps_team_and_offices(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    team_id, people = factory.sound_team(ws, unit_id=unit_id)
    ws.register.transfer(people[0], on="2026-10-01", unit_id=unit_id, post="班长")
    assert ws.register.teams("2026-10-01").iloc[0]["captain"] == "赵伟"
    assert ws.register.people("2026-10-01", team=team_id)["id"].isin([people[0]]).any()


def test_a_crew_or_station_of_another_place_is_refused(ws: Workspace) -> None:
    one, two = factory.unit(ws), factory.unit(ws, "绵阳供电公司")
    person_id, team_id = factory.person(ws, "王芳", unit_id=one), factory.team(ws, one)
    foreign = factory.station(ws, factory.team(ws, two, "光明服务队"))
    with pytest.raises(RuleBroken) as refused:
        ws.register.transfer(person_id, on="2026-01-01", unit_id=one, crew_id=factory.crew(ws, two))
    assert refused.value.field == "crew_id"
    with pytest.raises(RuleBroken) as refused:
        ws.register.join_team(person_id, team_id, on="2026-01-01", station_id=foreign)
    assert refused.value.field == "station_id"


def test_history_is_kept_and_a_change_before_a_later_one_is_refused(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    person_id = factory.person(ws, "王芳", unit_id=unit_id, status="masses")
    ws.register.record_status(person_id, "probationary", "2026-07-01")
    ws.register.record_status(person_id, "member", "2027-07-01")
    days = ("2026-06-30", "2026-07-01", "2027-07-01")
    assert [ws.register.people(day).iloc[0]["status"] for day in days] == ["masses", "probationary", "member"]
    history = ws.register.person(person_id).history
    history = history[history["kind"] == "status"]
    assert list(history["valid_from"].dt.strftime("%Y-%m-%d")) == ["2027-07-01", "2026-07-01", "2024-01-01"]
    with pytest.raises(RuleBroken, match="2027-07-01") as refused:
        ws.register.record_status(person_id, "league", "2026-08-01")
    assert refused.value.field == "on"


def test_a_fact_told_again_for_the_same_day_corrects_it(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳")
    first = ws.register.record_stage(person_id, "applicant", "2026-07-01")
    assert ws.register.record_stage(person_id, "activist", "2026-07-01") == first
    assert ws.register.record_stage(person_id, "activist", "2026-08-01") == first
    assert len(ws.register.person(person_id).history) == 1


def test_joining_another_team_ends_the_one_before_and_the_captaincy_there(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    other = factory.team(ws, factory.unit(ws, "绵阳供电公司"), "光明服务队")
    ws.register.join_team(people[0], other, on="2026-10-01", duty="抢修")
    assert periods(ws, Membership, "team_id")[0] == (team_id, factory.SINCE, date(2026, 10, 1))
    assert periods(ws, TeamOffice, "office")[0] == ("captain", factory.SINCE, date(2026, 10, 1))
    assert periods(ws, TeamOffice, "office")[1] == ("party_head", factory.SINCE, None)


def test_leaving_ends_membership_and_captaincy_and_cannot_be_done_twice(ws: Workspace) -> None:
    _team, people = factory.sound_team(ws)
    ws.register.leave_team(people[0], on="2026-09-01")
    assert ws.register.teams("2026-08-31").iloc[0]["captain"] == "赵伟"
    assert ws.register.teams("2026-09-01").iloc[0].isna()["captain"]
    with pytest.raises(RuleBroken):
        ws.register.leave_team(people[0], on="2026-09-02")


def test_ending_an_employment_ends_team_and_offices(ws: Workspace) -> None:
    _team, people = factory.sound_team(ws)
    ws.register.end_employment(people[0], on="2026-09-01")
    assert people[0] in set(ws.register.people("2026-08-31")["id"])
    assert people[0] not in set(ws.register.people("2026-09-01")["id"])
    assert all(row["valid_to"] == date(2026, 9, 1) for row in rows(ws, TeamOffice))


def test_a_membership_taken_back_on_its_first_day_has_never_been(ws: Workspace) -> None:
    person_id, team_id = factory.person(ws, "王芳"), factory.team(ws, factory.unit(ws))
    ws.register.join_team(person_id, team_id, on="2026-10-01")
    ws.register.leave_team(person_id, on="2026-10-01")
    assert rows(ws, Membership) == []


def test_only_a_member_becomes_captain_and_the_one_before_ends(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    stranger = factory.person(ws, "李强")
    with pytest.raises(RuleBroken) as refused:
        ws.register.appoint(team_id, "captain", stranger, on="2026-09-01")
    assert refused.value.field == "person_id"
    ws.register.appoint(team_id, "captain", people[1], on="2026-09-01")
    assert ws.register.teams("2026-08-31").iloc[0]["captain"] == "赵伟"
    assert ws.register.teams("2026-09-01").iloc[0]["captain"] == "钱伟"
    ws.register.dismiss(team_id, "captain", on="2026-10-01")
    assert ws.register.teams("2026-10-01").iloc[0].isna()["captain"]
    with pytest.raises(RuleBroken):
        ws.register.dismiss(team_id, "captain", on="2026-10-01")


def test_a_team_is_edited_with_its_version_and_closed_only_when_empty(ws: Workspace) -> None:
    team_id, _people = factory.sound_team(ws)
    assert ws.register.edit_team(team_id, {"supervision_phone": "", "setting": "rural"}, version=1) == 2
    with pytest.raises(StaleRecord) as stale:
        ws.register.edit_team(team_id, {"setting": "emergency"}, version=1)
    assert stale.value.conflicts == {"setting": ("urban", "rural", "emergency")}
    for changes, field in (
        ({"closed_on": "2026-12-31"}, "closed_on"),
        ({"founded_on": "2025-01-01"}, "founded_on"),
        ({"setting": "sea"}, "setting"),
        ({"short_name": ""}, "short_name"),
        ({"latitude": 91}, "latitude"),
        ({"parent_id": team_id}, "parent_id"),
        ({"unit_id": 1}, "unit_id"),
        ({"party_body_id": factory.body(ws, factory.unit(ws, "绵阳供电公司"))}, "party_body_id"),
    ):
        with pytest.raises(RuleBroken) as refused:
            ws.register.edit_team(team_id, changes, version=2)
        assert refused.value.field == field
    other = factory.team(ws, int(ws.register.teams().iloc[0]["unit_id"]), "光明服务队")
    with pytest.raises(Duplicate, match="连心桥"):
        ws.register.edit_team(other, {"short_name": "连心桥服务队"}, version=1)


def test_what_is_not_there_is_said_to_be_missing(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳")
    for attempt in (
        lambda: ws.register.person(99),
        lambda: ws.register.edit_person(99, {}, version=1),
        lambda: ws.register.transfer(person_id, on="2026-01-01", unit_id=99),
        lambda: ws.register.join_team(person_id, 99, on="2026-01-01"),
        lambda: ws.register.appoint(99, "captain", person_id, on="2026-01-01"),
        lambda: ws.register.edit_team(99, {}, version=1),
        lambda: ws.register.composition(leaving=[99]),
    ):
        with pytest.raises(NotFound):
            attempt()
