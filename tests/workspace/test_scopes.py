"""Each role reads its own scope and nothing else, in every verb, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import insert, update

from svclib import BadFile, Forbidden, NotFound, RuleBroken
from svclib.models import Account, Role, TrainingContact, table
from svclib.workspace import Workspace
from svclib.workspace.policy import FIELDS, REACHES, Group, Reach, Shown
from svclib.workspace.register.listing import PeopleQuery
from svclib.workspace.register.sight import SORTABLE
from tests.workspace.import_files import bring, dump, row
from tests.workspace.offices import PHONE, RECORDED, Offices

ROLES = ("company", "hr", "secretary", "organiser", "contact", "captain", "mentor", "trainee", "safety", "leader")
LEFT = {"成离职", "绵离职", "县离职"}


def present(offices: Offices, who: str) -> set[int]:
    """Who of a scope is in the register on the day: lists leave out who has left."""
    return {one for one in offices.reach(who) if offices.people[one]["name"] not in LEFT}


def everything_read(ws: Workspace, offices: Offices) -> str:
    """All that a role can read, as text: every list, figure, card and workbook that it is let to."""
    register, told = ws.register, []

    def read(what: Callable[[], Any]) -> None:
        try:
            found = what()
        except (Forbidden, NotFound):
            return
        told.append(found.to_csv() if isinstance(found, pd.DataFrame) else str(found))

    for ask in (register.people, register.units, register.bodies, register.crews, register.teams, register.stations):
        read(ask)
    for ask in (register.intakes, register.imports, register.composition, register.summary):
        read(ask)
    read(lambda: register.page(PeopleQuery(limit=None)).rows)
    for person in offices.people:
        read(lambda person=person: (register.person(person).facts, register.person(person).history.to_csv()))
    for team in offices.teams.values():
        for rule in ("member_share", "captain", "size", "first_responsible"):
            read(lambda team=team, rule=rule: register.who(team, rule))
    return "\n".join(told)


def test_lists_cards_and_figures_are_exactly_the_scope_of_the_role(offices: Offices) -> None:
    everyone = offices.every_role()
    for who in ROLES:
        register = everyone[who].register
        expected = present(offices, who)
        page = register.page(PeopleQuery(limit=None))
        assert set(page.rows["id"]) == expected, who
        assert page.total == len(expected), who
        assert set(register.people()["id"]) == expected, who
        for group in ("members", "trainees", "broken"):
            assert set(register.page(PeopleQuery(group=group, limit=None)).rows["id"]) <= expected, who
        if everyone[who].may("register.person"):
            cards = {one for one in offices.people if _has_card(everyone[who], one)}
            assert cards == offices.reach(who), who
        if everyone[who].may("register.summary"):
            figures = register.summary()
            assert figures.people == len(expected), who
            assert figures.members == register.page(PeopleQuery(group="members")).total, who
            assert figures.trainees == register.page(PeopleQuery(group="trainees")).total, who
            assert figures.teams == len(register.teams()), who
            assert figures.stations == len(register.stations()), who
            assert figures.units == len(register.units()), who


def _has_card(ws: Workspace, person_id: int) -> bool:
    try:
        ws.register.person(person_id)
    except NotFound:
        return False
    return True


def test_places_are_those_of_the_scope(offices: Offices) -> None:
    everyone, unit, team, body = offices.every_role(), offices.units, offices.teams, offices.branches
    units = {"company": {1, 2, 3}, "hr": {1, 3}, "secretary": {1}, "captain": {1}, "trainee": {1}, "leader": {2}}
    for who, keys in units.items():
        assert set(everyone[who].register.units()["id"]) == {unit[key] for key in keys}, who
    assert set(everyone["mentor"].register.units()["id"]) == set()
    teams = {"company": {1, 2, 3}, "hr": {1, 3}, "secretary": {1}, "organiser": {1}, "captain": {1}, "leader": {2}}
    for who, keys in teams.items():
        expected = {team[key] for key in keys}
        assert set(everyone[who].register.teams()["id"]) == expected, who
        assert set(everyone[who].register.stations()["team_id"]) == expected, who
        assert set(everyone[who].register.composition()["team_id"]) == expected, who
    assert set(everyone["secretary"].register.bodies()["id"]) == {body[1], offices.groups[1]}
    assert set(everyone["hr"].register.crews()["id"]) == {offices.crews[1], offices.crews[3]}
    counted = everyone["hr"].register.intakes().set_index("kind")["trainees"].to_dict()
    assert counted == {"graduate": 2, "activist": 2}


def test_a_team_is_judged_with_everybody_in_it_but_its_list_holds_only_the_scope(offices: Offices) -> None:
    everyone = offices.every_role()
    stranger = offices.named("绵队员二")
    offices.ws.register.leave_team(stranger, on="2026-08-01")
    offices.ws.register.join_team(stranger, offices.teams[1], on="2026-08-01")
    whole = offices.ws.register.composition().set_index(["team_id", "rule"])["figure"]
    for who in ("hr", "secretary", "captain"):
        seen = everyone[who].register.composition().set_index(["team_id", "rule"])["figure"]
        assert seen[offices.teams[1]].to_dict() == whole[offices.teams[1]].to_dict()
    assert stranger not in set(everyone["hr"].register.who(offices.teams[1], "size")["id"])
    assert stranger in set(everyone["captain"].register.who(offices.teams[1], "size")["id"])
    with pytest.raises(NotFound):
        everyone["hr"].register.who(offices.teams[2], "size")
    with pytest.raises(NotFound):
        everyone["hr"].register.composition(leaving=[stranger])
    with pytest.raises(NotFound):
        everyone["hr"].register.composition(joining=[(offices.named("成队员一"), offices.teams[2])])


def test_an_earlier_day_shows_who_belonged_to_the_scope_then(offices: Offices) -> None:
    hr = offices.account("hr", Role.HR, unit_id=offices.units[1])
    gone = offices.named("成队员一")
    offices.ws.register.transfer(gone, on="2026-05-01", unit_id=offices.units[2])
    assert gone in set(hr.register.people("2026-04-30")["id"])
    assert gone not in set(hr.register.people("2026-05-01")["id"])
    with pytest.raises(NotFound):
        hr.register.person(gone, on="2026-04-30")
    with pytest.raises(NotFound):
        hr.register.reveal(gone, "phone")


CALLS: dict[str, Callable[[Workspace, Offices, int], Any]] = {
    "register.people": lambda ws, o, p: ws.register.people(),
    "register.page": lambda ws, o, p: ws.register.page(PeopleQuery()),
    "register.person": lambda ws, o, p: ws.register.person(p),
    "register.units": lambda ws, o, p: ws.register.units(),
    "register.summary": lambda ws, o, p: ws.register.summary(),
    "register.teams": lambda ws, o, p: ws.register.teams(),
    "register.stations": lambda ws, o, p: ws.register.stations(),
    "register.composition": lambda ws, o, p: ws.register.composition(),
    "register.who": lambda ws, o, p: ws.register.who(o.teams[1], "size"),
    "register.intakes": lambda ws, o, p: ws.register.intakes(),
    "register.bodies": lambda ws, o, p: ws.register.bodies(),
    "register.crews": lambda ws, o, p: ws.register.crews(),
    "register.export": lambda ws, o, p: ws.register.export(PeopleQuery(), ["name"]),
    "register.reveal": lambda ws, o, p: ws.register.reveal(p, "phone"),
    "register.add_person": lambda ws, o, p: ws.register.add_person(
        {"name": "新来", "employee_no": f"N{p}", "unit_id": o.units[o.people[p]["unit"]]}
    ),
    "register.edit_person": lambda ws, o, p: ws.register.edit_person(p, {"degree": "学士"}, version=1),
    "register.record_status": lambda ws, o, p: ws.register.record_status(p, "probationary", "2026-08-01"),
    "register.record_stage": lambda ws, o, p: ws.register.record_stage(p, "target", "2026-08-01"),
    "register.transfer": lambda ws, o, p: ws.register.transfer(
        p, on="2026-08-02", unit_id=o.units[o.people[p]["unit"]], post="抢修工"
    ),
    "register.join_team": lambda ws, o, p: ws.register.join_team(
        p, o.teams[o.people[p]["unit"]], on="2026-08-02", duty="组长"
    ),
    "register.leave_team": lambda ws, o, p: ws.register.leave_team(p, on="2026-08-10"),
    "register.end_employment": lambda ws, o, p: ws.register.end_employment(p, on="2026-09-01"),
    "register.appoint": lambda ws, o, p: ws.register.appoint(
        o.teams[o.people[p]["unit"]], "party_head", p, on="2026-08-03"
    ),
    "register.dismiss": lambda ws, o, p: ws.register.dismiss(o.teams[o.people[p]["unit"]], "captain", on="2026-08-03"),
    "register.edit_team": lambda ws, o, p: ws.register.edit_team(
        o.teams[o.people[p]["unit"]], {"setting": "rural"}, version=1
    ),
    "register.import": lambda ws, o, p: bring(ws, row(单位="成都供电公司")),
    "register.import_structure": lambda ws, o, p: ws.register.import_structure(
        ("单位.csv", "单位名称,单位简称,单位类别\n国网自贡供电公司,自贡供电公司,地市公司\n".encode())
    ),
    "register.imports": lambda ws, o, p: ws.register.imports(),
    "register.undo_import": lambda ws, o, p: ws.register.undo_import(10**6),
    "drafts.save": lambda ws, o, p: ws.drafts.save("a", {}),
    "drafts.load": lambda ws, o, p: ws.drafts.load("a"),
    "drafts.discard": lambda ws, o, p: ws.drafts.discard("a"),
}
"""One call of each verb, about a person, e.g. of the own unit."""
CHANGES = (
    *("register.edit_person", "register.record_status", "register.record_stage", "register.transfer"),
    *("register.join_team", "register.leave_team", "register.end_employment", "register.appoint", "register.dismiss"),
    *("register.edit_team", "register.reveal", "register.add_person"),
)


def test_every_verb_is_refused_to_the_roles_that_do_not_have_it_and_to_no_other(offices: Offices) -> None:
    of_register = {name for name in REACHES if name.startswith(("register.", "drafts."))}
    assert set(CALLS) == of_register
    everyone, own = offices.every_role(), offices.named("成队员一")
    roles = {name: ws for name, ws in everyone.items() if name != "company"}
    for verb, call in CALLS.items():
        for who, ws in roles.items():
            allowed = REACHES[verb][Role(who)] not in (Reach.NONE, Reach.PROVINCE)
            assert ws.may(verb) is allowed, (verb, who)
            if allowed and verb in CHANGES:
                continue
            try:
                call(ws, offices, own)
                refused = False
            except Forbidden:
                refused = True
            except (NotFound, BadFile):
                # The verb is theirs; what it was asked for is not there, or a file of what the role does not keep.
                refused = False
            assert refused is not allowed, (verb, who)


def test_a_change_outside_the_scope_is_refused_and_changes_nothing(offices: Offices) -> None:
    everyone = offices.every_role()
    for verb in CHANGES:
        for who in ("hr", "secretary", "organiser"):
            if not everyone[who].may(verb):
                continue
            before = dump(offices.ws)
            with pytest.raises((NotFound, Forbidden)):
                CALLS[verb](everyone[who], offices, offices.named("绵队员一"))
            assert dump(offices.ws) == before, (verb, who)


def test_a_change_inside_the_scope_is_done(offices: Offices) -> None:
    everyone = offices.every_role()
    for who, verbs in (("hr", CHANGES), ("secretary", ("register.record_status", "register.record_stage"))):
        for verb in verbs:
            if verb == "register.dismiss":
                continue
            CALLS[verb](everyone[who], offices, offices.named("县队员二" if who == "hr" else "成队员二"))


def test_both_ends_of_a_change_must_be_in_scope(offices: Offices) -> None:
    hr = offices.account("hr", Role.HR, unit_id=offices.units[1])
    own, team = offices.named("成队员一"), offices.teams
    before = dump(offices.ws)
    for change in (
        lambda: hr.register.transfer(own, on="2026-09-01", unit_id=offices.units[2]),
        lambda: hr.register.join_team(own, team[2], on="2026-09-01"),
        lambda: hr.register.appoint(team[2], "party_head", own, on="2026-09-01"),
        lambda: hr.register.appoint(team[1], "party_head", offices.named("绵队长"), on="2026-09-01"),
        lambda: hr.register.add_person({"name": "无处", "employee_no": "N1"}),
        lambda: hr.register.edit_team(team[1], {"party_body_id": offices.branches[2]}, version=1),
    ):
        with pytest.raises((NotFound, Forbidden, RuleBroken)):
            change()
        assert dump(offices.ws) == before
    hr.register.transfer(own, on="2026-09-01", unit_id=offices.units[3])


def test_somebody_lent_to_a_team_elsewhere_is_not_taken_out_of_it_by_the_own_unit(offices: Offices) -> None:
    hr = offices.account("hr", Role.HR, unit_id=offices.units[1])
    lent = offices.named("成联系人")
    offices.ws.register.join_team(lent, offices.teams[2], on="2026-08-01")
    before = dump(offices.ws)
    for change in (
        lambda: hr.register.leave_team(lent, on="2026-08-15"),
        lambda: hr.register.join_team(lent, offices.teams[1], on="2026-08-15"),
    ):
        with pytest.raises(Forbidden, match="服务队"):
            change()
        assert dump(offices.ws) == before


def test_what_a_role_is_not_shown_appears_in_nothing_it_can_read(offices: Offices) -> None:
    bring(offices.ws, row(单位="成都供电公司"))
    everyone = offices.every_role()
    for who, ws in everyone.items():
        told = everything_read(ws, offices)
        for facts in offices.people.values():
            assert facts["phone"] not in told, who
            assert facts["id_number"] not in told, who
            assert facts["address"] not in told, who
        assert ("备注" in told) is (ws.shown(Group.NOTE) == Shown.SHOWN), who
        if ws.shown(Group.STAGE) != Shown.SHOWN:
            # The figures of an intake name nobody.
            assert who in {"leader", "analyst"} or "activist" not in told, who
            assert "积极分子" not in told, who
        if ws.shown(Group.CULTIVATION) != Shown.SHOWN:
            assert "2025-03-01" not in told, who
        if ws.shown(Group.PERSONAL) != Shown.SHOWN:
            assert "大学" not in told, who
        if ws.shown(Group.NAMES) != Shown.SHOWN:
            assert not any(facts["name"] in told for facts in offices.people.values()), who
        if who in {"auditor", "administrator"}:
            assert told == ""


def test_a_hidden_field_is_neither_sorted_nor_filtered_nor_searched_by(offices: Offices) -> None:
    everyone = offices.every_role()
    for who in ROLES:
        ws = everyone[who]
        for sort in SORTABLE:
            if ws.shown(FIELDS[sort]) == Shown.SHOWN:
                ws.register.page(PeopleQuery(sort=sort))
            else:
                with pytest.raises(Forbidden):
                    ws.register.page(PeopleQuery(sort=sort))
        for group, asked in ((Group.STAGE, {"stages": ("activist",)}), (Group.PARTY, {"statuses": ("member",)})):
            if ws.shown(group) == Shown.SHOWN:
                ws.register.page(PeopleQuery(**asked))
            else:
                with pytest.raises(Forbidden):
                    ws.register.page(PeopleQuery(**asked))
        assert ws.register.page(PeopleQuery(search="1000")).total <= len(offices.people)


def test_hidden_columns_keep_their_place_and_kind_and_are_empty(offices: Offices) -> None:
    everyone = offices.every_role()
    whole = offices.ws.register.people()
    for who in (*ROLES, "analyst"):
        seen = everyone[who].register.people()
        assert list(seen.columns) == list(whole.columns)
        assert seen.dtypes.to_dict() == whole.dtypes.to_dict()
        for name in seen.columns:
            if everyone[who].shown(FIELDS[name]) == Shown.ABSENT:
                assert seen[name].isna().all(), (who, name)


def test_a_card_shows_contact_data_masked_at_most_and_leaves_out_the_history_of_hidden_facts(offices: Offices) -> None:
    everyone, who = offices.every_role(), offices.named("成积极")
    kinds = {name: set(everyone[name].register.person(who).history["kind"]) for name in ("hr", "secretary", "contact")}
    assert {"activist", "contact"} <= kinds["secretary"]
    assert {"activist", "contact"} <= kinds["contact"]
    assert "stage" in kinds["hr"]
    assert not {"activist", "contact"} & kinds["hr"]
    facts = {name: everyone[name].register.person(who).facts for name in ("hr", "secretary", "contact")}
    serial = list(offices.people).index(who) + 1
    masked = PHONE.format(serial)[:3] + "****" + PHONE.format(serial)[-4:]
    assert (facts["hr"]["phone"], facts["secretary"]["phone"], facts["contact"]["phone"]) == (masked, masked, None)
    trainee = everyone["captain"].register.person(offices.named("成学员"))
    assert trainee.facts["trainee_kind"] is None
    assert "毕业" not in " ".join(trainee.history["what"])


def test_a_contact_known_by_name_alone_is_meant_only_where_nobody_else_can_be(offices: Offices) -> None:
    contact = offices.account("contact", Role.CONTACT, person_id=offices.named("成联系人"))
    place, add = table(TrainingContact), offices.named
    times = {"valid_from": date(2026, 1, 1), "recorded_at": RECORDED, "contact_id": None}
    with offices.ws.engine.begin() as connection:
        for person in ("成队员一", "绵队员一", "成队员二"):
            named = "成联系人" if person != "成队员二" else "县联系人"
            connection.execute(insert(place).values(person_id=add(person), contact_name=named, **times))
    assert set(contact.register.people()["name"]) == {"成积极", "成队员一"}
    assert set(contact.register.people("2025-12-31")["name"]) == {"成积极"}
    namesake = {"name": "成联系人", "employee_no": "N1", "unit_id": offices.units[1]}
    offices.ws.register.add_person(namesake, on="2026-01-01")
    assert set(contact.register.people()["name"]) == {"成积极"}


def test_only_hr_unmasks_and_only_in_the_own_unit(offices: Offices) -> None:
    everyone = offices.every_role()
    own, foreign = offices.named("县队员一"), offices.named("绵队员一")
    assert everyone["hr"].register.reveal(own, "phone") == offices.people[own]["phone"]
    assert everyone["company"].register.reveal(foreign, "phone") == offices.people[foreign]["phone"]
    with pytest.raises(NotFound):
        everyone["hr"].register.reveal(foreign, "phone")
    with pytest.raises(Forbidden):
        everyone["secretary"].register.reveal(offices.named("成队员一"), "phone")


def test_an_export_holds_the_scope_and_refuses_hidden_columns(offices: Offices) -> None:
    hr = offices.account("hr", Role.HR, unit_id=offices.units[1])
    book = openpyxl.load_workbook(BytesIO(hr.register.export(PeopleQuery(), ["name", "unit"])))
    names = {line[0] for line in book.active.iter_rows(min_row=3, values_only=True)}
    assert names == {offices.people[one]["name"] for one in present(offices, "hr")}


def test_an_account_without_the_place_that_its_role_needs_reaches_nothing(offices: Offices) -> None:
    for role in (Role.SECRETARY, Role.ORGANISER, Role.CONTACT, Role.CAPTAIN, Role.MENTOR, Role.TRAINEE):
        lost = offices.account(f"lost-{role.value}", role)
        assert lost.register.page(PeopleQuery()).total == 0
        assert lost.register.people().empty


def test_a_change_of_scope_counts_in_the_very_next_call(offices: Offices) -> None:
    hr = offices.account("hr", Role.HR, unit_id=offices.units[1])
    assert hr.register.page(PeopleQuery()).total == len(present(offices, "hr"))
    account = table(Account)
    with offices.ws.engine.begin() as connection:
        connection.execute(update(account).values(unit_id=offices.units[2]).where(account.c.username == "hr"))
    assert set(hr.register.people()["unit_id"]) == {offices.units[2]}
