"""Form 4: a unit's part of a plan goes out, comes back changed, is judged, and is taken as a whole or by row."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from svclib import BadFile, Forbidden, NotFound, StaleRecord
from svclib.models import Role
from svclib.workspace.frames import records
from tests.workspace.plan_year import HERE, PlanYear

Row = dict[str, Any]


def changed(content: bytes, change: Callable[[Row], Row]) -> tuple[str, bytes]:
    """The workbook with each row's cells, by heading, as `change` returns them."""
    book = load_workbook(BytesIO(content))
    sheet = book["轮岗安排表"]
    headings = [cell.value for cell in sheet[3]]
    for cells in sheet.iter_rows(min_row=4):
        row = {heading: cell.value for heading, cell in zip(headings, cells, strict=True)}
        if row.get("姓名"):
            for heading, value in change(dict(row)).items():
                cells[headings.index(heading)].value = value
    out = BytesIO()
    book.save(out)
    return "back.xlsx", out.getvalue()


def test_a_workbook_that_comes_back_as_it_went_out_is_clean_and_changes_nothing(year: PlanYear) -> None:
    year.publish()
    content = year.ws.rotation.workbook("2026", unit=year.units[1])
    checked = year.ws.rotation.check_file(("back.xlsx", content))
    assert checked.clean
    assert checked.diff.is_empty
    assert checked.diff.unchanged == len(HERE) * 2
    before = year.version
    assert year.ws.rotation.accept_file(("back.xlsx", content), version=before) == before


def test_what_a_unit_changes_is_told_with_the_rules_it_breaks_and_taken_by_row(year: PlanYear) -> None:
    year.publish()
    stand = year.stand()
    other = {"高新服务队": "简阳服务队", "简阳服务队": "高新服务队"}

    def swap(row: Row) -> Row:
        if row["姓名"] == "甲一" and "1" in str(row["阶段"]):
            return {"服务队": other[row["服务队"]], "服务站": None, "师傅": None}
        return {"备注": "带被褥"} if row["姓名"] == "乙二" else {}

    back = changed(year.ws.rotation.workbook("2026", unit=year.units[1]), swap)
    checked = year.ws.rotation.check_file(back)
    assert not checked.clean
    assert any("甲一" in sentence and "2 次" in sentence for sentence in checked.broken)
    assert {(one.after.name, one.after.stage) for one in checked.diff.changed} == {
        ("甲一", 1),
        ("乙二", 1),
        ("乙二", 2),
    }
    with pytest.raises(NotFound):
        year.ws.rotation.accept_file(back, version=year.version, places=[(year.people["丙三"], 1)])
    year.ws.rotation.accept_file(back, version=year.version, places=[(year.people["乙二"], 1)])
    rows = {(row["name"], row["stage"]): row for row in records(year.ws.rotation.placements("2026"))}
    assert (rows["乙二", 1]["note"], rows["乙二", 1]["state"]) == ("带被褥", "draft")
    assert (rows["乙二", 2]["note"], rows["乙二", 2]["state"]) == (None, "published")
    assert year.stand() == stand
    with pytest.raises(StaleRecord):
        year.ws.rotation.accept_file(back, version=year.version - 1)


def test_a_workbook_goes_out_and_comes_back_for_stations_too(year: PlanYear) -> None:
    year.publish()
    stations = {"东街服务站", "南街服务站", "西街服务站"}

    def move(row: Row) -> Row:
        if row["姓名"] != "戊五" or "2" not in str(row["阶段"]):
            return {}
        free = stations - {place.removeprefix("涪江服务队") for key, place in year.stand().items() if key[0] == "戊五"}
        return {"服务站": free.pop()}

    back = changed(year.ws.rotation.workbook("2026", unit=year.units[2]), move)
    checked = year.ws.rotation.check_file(back)
    assert checked.clean
    year.ws.rotation.accept_file(back, version=year.version)
    assert year.ws.rotation.publish("2026", version=year.version) == 2
    assert len(set(year.stand().items()) - set(year.stand(version=1).items())) == 1


def test_a_draft_goes_out_before_anything_is_published(year: PlanYear) -> None:
    year.ws.rotation.save_draft(year.ws.rotation.propose("2026"))
    content = year.ws.rotation.workbook("2026")
    assert year.ws.rotation.check_file(("back.xlsx", content)).clean


def test_a_file_that_is_no_form_4_or_of_another_plan_is_refused_as_a_whole(year: PlanYear) -> None:
    with pytest.raises(BadFile):
        year.ws.rotation.check_file(("notes.xlsx", b"nothing"))
    content = year.ws.rotation.workbook("2026", version="draft")
    intake = int(year.ws.register.intakes()["id"][0])
    year.ws.rotation.create_plan("2027", year=2027, stages=[("2027-09-01", "2027-11-01")], intakes=[intake])
    with pytest.raises(BadFile, match="2027"):
        year.ws.rotation.check_file(("back.xlsx", content), plan="2027")


def test_a_coordinator_gets_the_own_units_part_and_takes_in_no_other(year: PlanYear) -> None:
    year.publish()
    whole = year.ws.rotation.workbook("2026", unit=year.units[2])
    here = year.as_role("hr-here", Role.HR, unit_id=year.units[1])
    assert here.rotation.units("2026") == {year.units[1]: "成都供电公司"}
    with pytest.raises(NotFound):
        here.rotation.workbook("2026", unit=year.units[2])
    back = changed(whole, lambda row: {"备注": "带被褥"})
    assert not here.rotation.check_file(back).diff.changed
    captain = year.as_role("captain", Role.CAPTAIN, team_id=year.teams["a"])
    with pytest.raises(Forbidden):
        captain.rotation.workbook("2026")
