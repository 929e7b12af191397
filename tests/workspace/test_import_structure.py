"""Units, party bodies, crews, teams, stations and offices come in from one workbook, from nothing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
import xlsxwriter

from svclib import BadFile
from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.importing import ImportResult
from tests.workspace.import_files import TEAM, dump, held, small_province, table_file

TODAY = date(2026, 8, 20)
Sheets = Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]]

STRUCTURE: Sheets = {
    # Upside down: each sheet points at one further below.
    "服务站": (
        ("服务站", "所属服务队", "单位", "地址", "纬度", "经度", "成立时间"),
        [("和平社区服务站", "高新连心桥服务队", "成都供电公司", "成都市和平路1号", 30.57, 104.06, "2010-01-01")],
    ),
    "服务队": (
        ("服务队", "简称", "单位", "班组", "党组织", "监督电话", "成立日期"),
        [(TEAM, "高新连心桥服务队", "成都公司", "抢修班", "营销党支部", "028-86000001", "2002-09-11")],
    ),
    "班组": (("班组", "班组类别", "单位"), [("抢修班", "班组", "成都公司"), ("柳林供电所", "", "成都公司")]),
    "党组织": (
        ("党组织", "类别", "上级党组织", "单位"),
        [
            ("营销党支部", "党支部", "中共成都供电公司委员会", "成都供电公司"),
            ("中共成都供电公司委员会", "", "", "成都供电公司"),
        ],
    ),
    "单位": (
        ("单位", "简称", "类别", "上级单位"),
        [
            ("国网四川省电力公司成都供电公司", "成都供电公司", "", "国网四川省电力公司"),
            ("国网四川省电力公司", "四川省电力公司", "", ""),
        ],
    ),
}
OFFICES = ("服务队", "单位", "职务", "姓名", "人员编码", "任职时间")
CAPTAIN = ("高新连心桥服务队", "成都公司", "队长", "王一", "", "2024-01-01")


def workbook(sheets: Sheets) -> tuple[str, bytes]:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, (head, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate([head, *rows]):
            sheet.write_row(number, 0, row)
    book.close()
    return "组织机构.xlsx", out.getvalue()


def bring(ws: Workspace, sheets: Sheets, *, dry_run: bool = False, strict: bool = False) -> ImportResult:
    return ws.register.import_structure(workbook(sheets), dry_run=dry_run, strict=strict)


def with_offices(*rows: Sequence[object]) -> Sheets:
    return {"职务": (OFFICES, rows), **STRUCTURE}


def test_a_whole_structure_comes_in_from_nothing_whatever_the_order_of_sheets_and_rows(ws: Workspace) -> None:
    result = bring(ws, STRUCTURE)
    assert result.rejected == ()
    assert (result.rows, result.created, result.form) == (8, 8, "structure")
    (city,) = held(ws, "unit", short_name="成都供电公司")
    (province,) = held(ws, "unit", short_name="四川省电力公司")
    assert (city["parent_id"], city["kind"], province["kind"]) == (province["id"], "company", "province")
    (committee,) = held(ws, "party_body", kind="committee")
    (branch,) = held(ws, "party_body", kind="branch")
    assert branch["parent_id"] == committee["id"]
    (team,) = held(ws, "team")
    assert (team["official_name"], team["party_body_id"], team["founded_on"]) == (TEAM, branch["id"], date(2002, 9, 11))
    assert {crew["kind"] for crew in held(ws, "crew")} == {"crew", "supply_station"}
    assert [(one["team_id"], one["latitude"]) for one in held(ws, "station")] == [(team["id"], 30.57)]


def test_a_preview_of_a_structure_writes_nothing(ws: Workspace) -> None:
    before = dump(ws)
    assert bring(ws, STRUCTURE, dry_run=True).created == 8
    assert dump(ws) == before


def test_the_same_structure_again_changes_nothing(ws: Workspace) -> None:
    bring(ws, STRUCTURE)
    before = dump(ws)
    result = bring(ws, STRUCTURE)
    assert (result.unchanged, result.run_id) == (8, None)
    assert dump(ws) == before


def test_a_corrected_structure_updates_only_what_differs(ws: Workspace) -> None:
    bring(ws, STRUCTURE)
    head, (team,) = STRUCTURE["服务队"]
    result = bring(ws, {"服务队": (head, [(*team[:5], "028-86000002", "")])})
    assert (result.updated, result.created) == (1, 0)
    assert list(result.preview["column"]) == ["监督电话"]
    assert [(one["supervision_phone"], one["version"]) for one in held(ws, "team")] == [("028-86000002", 2)]


def test_captains_come_after_the_people_with_the_same_workbook(ws: Workspace, settings: Settings) -> None:
    first = bring(ws, with_offices(CAPTAIN))
    assert (first.created, first.rejected_rows) == (8, 1)
    assert "没有这个姓名" in first.rejected[0].reason
    people = (("工号", "姓名", "单位"), ("07000001", "王一", "成都公司"), ("07000002", "李二", "成都公司"))
    ws.register.import_file(table_file(*people))
    second = bring(ws, with_offices(CAPTAIN))
    assert (second.created, second.unchanged, second.rejected) == (1, 8, ())
    assert bring(ws, with_offices(CAPTAIN)).unchanged == 9
    changed = bring(ws, with_offices((*CAPTAIN[:3], "", "07000002", "2026-01-01")))
    assert (changed.updated, changed.rejected) == (1, ())
    assert [(one["valid_from"], one["valid_to"]) for one in held(ws, "team_office", office="captain")] == [
        (date(2024, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), None),
    ]


def test_one_person_may_hold_an_office_in_several_teams(ws: Workspace) -> None:
    small_province(ws)
    ws.register.import_file(table_file(("工号", "姓名", "单位"), ("07000001", "王一", "成都公司")))
    heads = [(team, "成都公司", "第一责任人（党）", "王一", "", "") for team in ("高新连心桥服务队", "锦江同心服务队")]
    result = bring(ws, {"职务": (OFFICES, heads)})
    assert (result.created, result.rejected) == (2, ())
    assert {one["office"] for one in held(ws, "team_office")} == {"party_head"}


def test_a_row_that_points_at_nothing_is_refused_with_the_nearest_and_the_others_are_saved(ws: Workspace) -> None:
    bring(ws, STRUCTURE)
    head, _rows = STRUCTURE["班组"]
    result = bring(ws, {"班组": (head, [("检修班", "", "成都供点公司"), ("计量班", "", "成都供电公司")])})
    assert (result.created, result.rejected_rows) == (1, 1)
    assert (result.rejected[0].row, result.rejected[0].column) == (2, "单位")
    assert result.rejected[0].suggestion == "成都供电公司"


def test_a_circle_of_parents_is_refused(ws: Workspace) -> None:
    bring(ws, STRUCTURE)
    head, _rows = STRUCTURE["单位"]
    result = bring(ws, {"单位": (head, [("国网四川省电力公司", "四川省电力公司", "", "成都供电公司")])})
    assert "上级" in result.rejected[0].reason


def test_one_name_for_two_teams_is_refused(ws: Workspace) -> None:
    bring(ws, STRUCTURE)
    head, (team,) = STRUCTURE["服务队"]
    units, city = STRUCTURE["单位"]
    elsewhere = ("国网四川省电力公司绵阳供电公司", "绵阳供电公司", "", "国网四川省电力公司")
    bring(ws, {"单位": (units, [*city, elsewhere])})
    other = ("国家电网四川电力(成都锦江)同心共产党员服务队", "高新连心桥服务队", "成都公司", "", "", "", "")
    both = bring(ws, {"服务队": (head, [(*team[:2], "绵阳公司", "", "", "", ""), team, other])})
    assert [(one.row, one.field) for one in both.rejected] == [(2, "team"), (4, "team_short")]
    assert [one["official_name"] for one in held(ws, "team")] == [TEAM]


def test_places_off_the_earth_are_refused(ws: Workspace) -> None:
    bring(ws, STRUCTURE)
    head, (station,) = STRUCTURE["服务站"]
    result = bring(ws, {"服务站": (head, [(*station[:4], 304.1, 104.06, "")])})
    assert [one.field for one in result.rejected] == ["latitude"]


def test_a_structure_is_undone_as_a_whole(ws: Workspace) -> None:
    before = dump(ws)
    result = bring(ws, STRUCTURE)
    assert result.run_id is not None
    ws.register.undo_import(result.run_id)
    assert dump(ws) == before


def test_a_list_of_people_is_no_structure_and_the_reverse(ws: Workspace) -> None:
    with pytest.raises(BadFile, match="import"):
        ws.register.import_structure(table_file(("工号", "姓名", "单位"), ("1", "王一", "成都公司")))
    with pytest.raises(BadFile, match="import-structure"):
        ws.register.import_file(workbook(STRUCTURE))


def test_a_rotation_plan_is_neither_people_nor_structure(ws: Workspace) -> None:
    plan = table_file(("姓名", "阶段", "服务队", "住宿"), ("王一", "1", "连心桥服务队", "宿舍"))
    for bring_in in (ws.register.import_file, ws.register.import_structure):
        with pytest.raises(BadFile, match="轮岗安排表"):
            bring_in(plan)


def test_a_later_day_changes_nothing_either(ws: Workspace, settings: Settings) -> None:
    bring(ws, STRUCTURE)
    later = open_workspace(settings.model_copy(update={"today": date(2027, 5, 5)}))
    assert bring(later, STRUCTURE).unchanged == 8
    later.close()
