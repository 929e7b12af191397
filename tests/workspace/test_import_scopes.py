"""Each role imports its own people only, and of them what its role keeps; nothing in a file finds out about others."""

from __future__ import annotations

from datetime import date

import pytest

from svclib import Forbidden, NotFound
from svclib.models import Role
from svclib.workspace import Workspace
from tests.workspace.import_files import bring, dump, held, id_number, table_file
from tests.workspace.offices import Offices

HEAD = ("工号", "姓名", "单位", "岗位")
ACTIVISTS = ("工号", "姓名", "申请入党时间", "确定为入党积极分子时间", "培养联系人")


@pytest.fixture
def hr(offices: Offices) -> Workspace:
    return offices.account("hr", Role.HR, unit_id=offices.units[1])


def number(offices: Offices, name: str) -> str:
    return str(offices.people[offices.named(name)]["employee_no"])


def reasons(result: object) -> dict[int, tuple[str, str]]:
    return {one.row: (one.field, one.reason) for one in result.rejected}  # type: ignore[attr-defined]


def test_rows_of_other_units_are_refused_with_a_reason_and_without_a_name(offices: Offices, hr: Workspace) -> None:
    stranger = offices.people[offices.named("绵队员一")]
    rows = [
        [number(offices, "成队员一"), "成队员一", "成都供电公司", "抢修工"],
        [number(offices, "县队员一"), "县队员一", "崇州供电公司", "抢修工"],
        ["N0000001", "成新人", "成都供电公司", "抢修工"],
        [stranger["employee_no"], "绵队员一", "成都供电公司", "抢修工"],
        [stranger["employee_no"], "李某某", "绵阳供电公司", "抢修工"],
        ["N0000002", "绵新人", "绵阳供电公司", "抢修工"],
    ]
    for dry_run in (True, False):
        result = bring(hr, *rows, head=HEAD, dry_run=dry_run)
        assert (result.updated, result.created, result.rejected_rows) == (2, 1, 3)
        told = reasons(result)
        assert told[5] == ("employee_no", "此号码属于您管理范围之外的人员。")
        assert told[7][0] == "unit"
        assert "绵队员一" not in " ".join(reason for row, (_field, reason) in told.items())
        assert "绵阳" not in (result.rejected[-1].suggestion or "")
    assert {row["post"] for row in held(offices.ws, "employment", person_id=offices.named("绵队员一"))} == {None}


def test_an_id_number_of_another_unit_is_not_confirmed(offices: Offices, hr: Workspace) -> None:
    stranger = offices.people[offices.named("绵队员一")]
    head = ("姓名", "身份证号", "单位")
    known = bring(hr, ["绵队员一", stranger["id_number"], "成都供电公司"], head=head, dry_run=True)
    wrong = bring(hr, ["别人", stranger["id_number"], "成都供电公司"], head=head, dry_run=True)
    assert reasons(known) == reasons(wrong) == {2: ("id_number", "此号码属于您管理范围之外的人员。")}


def test_nobody_is_moved_between_units_by_a_file_of_one_of_them(offices: Offices, hr: Workspace) -> None:
    before = dump(offices.ws)
    result = bring(hr, [number(offices, "成队员一"), "成队员一", "绵阳供电公司", "抢修工"], head=HEAD)
    assert reasons(result)[2][0] == "unit"
    assert dump(offices.ws) == before


def test_a_membership_in_a_team_elsewhere_is_not_ended_by_a_file(offices: Offices, hr: Workspace) -> None:
    lent = offices.named("成联系人")
    offices.ws.register.join_team(lent, offices.teams[2], on="2026-08-01")
    before = dump(offices.ws)
    head = ("工号", "姓名", "单位", "所属服务队")
    result = bring(hr, [number(offices, "成联系人"), "成联系人", "成都供电公司", "成心服务队"], head=head)
    assert reasons(result)[2][0] == "team"
    assert dump(offices.ws) == before


def test_hr_neither_writes_nor_guesses_the_dates_of_activists(offices: Offices, hr: Workspace) -> None:
    who = number(offices, "成积极")
    for decided in ("2025-03-01", "2025-04-01"):
        result = hr.register.import_file(
            table_file(ACTIVISTS, [who, "成积极", "2024-01-01", decided, "成联系人"]), dry_run=True
        )
        assert {one.field for one in result.rejected} == {"applied_on", "decided_on", "contact"}
        assert reasons(result)[2][1] == "您的角色不能修改此项：积极分子档案与培养联系人。"
        assert result.updated == result.unchanged == 0


def test_the_secretary_brings_the_activists_of_the_own_branch_and_nothing_else(offices: Offices) -> None:
    secretary = offices.account("secretary", Role.SECRETARY, party_body_id=offices.branches[1])
    own, foreign = number(offices, "成积极"), number(offices, "绵积极")
    rows = [
        [own, "成积极", "2024-01-01", "2025-04-01", "成联系人"],
        [foreign, "绵积极", "2024-01-01", "2025-04-01", "绵联系人"],
        ["N0000003", "新积极", "2024-01-01", "2025-04-01", "成联系人"],
    ]
    result = secretary.register.import_file(table_file(ACTIVISTS, *rows))
    assert (result.updated, result.created, result.rejected_rows) == (1, 0, 2)
    (file,) = held(offices.ws, "activist_file", person_id=offices.named("成积极"))
    assert file["decided_on"].isoformat() == "2025-04-01"
    phones = bring(secretary, [own, "成积极", "13900001111"], head=("工号", "姓名", "联系电话"), dry_run=True)
    assert reasons(phones)[2][0] == "phone"
    school = bring(secretary, [own, "成积极", "别的大学"], head=("工号", "姓名", "毕业院校"), dry_run=True)
    assert reasons(school)[2] == ("school", "您的角色不能修改此项：出生、籍贯与学历。")


def test_a_list_of_activists_brings_people_without_ties_into_the_branch(offices: Offices) -> None:
    secretary = offices.account("secretary", Role.SECRETARY, party_body_id=offices.branches[1])
    head = ("党支部", "工号", "姓名", "申请入党时间")
    names = ("成学员", "绵学员", "成离职")
    rows = [["运检党支部", number(offices, name), name, "2026-05-04"] for name in names]
    result = secretary.register.import_file(table_file(head, *rows))
    assert (result.updated, result.rejected_rows) == (1, 2)
    assert "成学员" in set(secretary.register.people()["name"])
    assert any("职责范围" in note for note in result.notes)


def test_without_a_branch_nobody_is_brought_into_one(offices: Offices) -> None:
    secretary = offices.account("secretary", Role.SECRETARY, party_body_id=offices.branches[1])
    row = [number(offices, "成学员"), "成学员", "2026-05-04", "2026-06-20", "成联系人"]
    before = dump(offices.ws)
    result = secretary.register.import_file(table_file(ACTIVISTS, row))
    assert reasons(result)[2][0] == "branch"
    assert dump(offices.ws) == before


def test_only_the_province_makes_units(offices: Offices, hr: Workspace) -> None:
    row = ["N0000001", "新人", "自贡供电公司", "抢修工"]
    with pytest.raises(Forbidden):
        bring(hr, row, head=HEAD, create_units=True)
    company = offices.account("company", Role.HR)
    assert bring(company, row, head=HEAD, create_units=True).created == 1


def test_imports_are_listed_and_undone_within_the_scope(offices: Offices, hr: Workspace) -> None:
    county = offices.account("county", Role.HR, unit_id=offices.units[3])
    other = offices.account("other", Role.HR, unit_id=offices.units[2])
    head = ("工号", "姓名", "身份证号", "单位")
    born = id_number(date(1999, 1, 1), serial=77)
    run = bring(county, ["N0000009", "县新人", born, "崇州供电公司"], head=head).run_id
    mine = bring(hr, ["N0000008", "成新人", "", "成都供电公司"], head=head).run_id
    assert set(hr.register.imports()["id"]) == {run, mine}
    assert set(county.register.imports()["id"]) == {run}
    assert other.register.imports().empty
    for ws, foreign in ((other, run), (county, mine)):
        with pytest.raises(NotFound):
            ws.register.undo_import(foreign)
    hr.register.undo_import(run)
    assert held(offices.ws, "person", name="县新人") == []


def test_an_import_is_not_undone_once_somebody_in_it_belongs_to_another_unit(offices: Offices, hr: Workspace) -> None:
    run = bring(hr, [number(offices, "成队员一"), "成队员一", "成都供电公司", "抢修工"], head=HEAD).run_id
    offices.ws.register.transfer(offices.named("成队员一"), on="2026-08-20", unit_id=offices.units[2])
    before = dump(offices.ws)
    with pytest.raises(Forbidden):
        hr.register.undo_import(run)
    assert dump(offices.ws) == before
