"""A list of requests that comes again: asked anew after a decision, or just the same as before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from svclib.i18n import speaking
from svclib.models import RotationRequest, table
from svclib.workspace.importing import ImportResult
from tests.workspace.import_files import dump
from tests.workspace.plan_year import PlanYear
from tests.workspace.test_import_requests import CHANGE, LEAVE, brought, listed

EARLIER = datetime(2026, 8, 10, 18, 0, tzinfo=UTC)
"""When requests were decided: in the office it is the 11th already."""


def settle(year: PlanYear, how: str, number: int = -1) -> None:
    """Decide the newest request, or another one, on 11 August."""
    row = max(listed(year.ws), key=lambda row: row["id"]) if number < 0 else listed(year.ws)[number]
    if how == "withdrawn":
        year.ws.rotation.withdraw_request(int(row["id"]))
    elif how == "returned":
        year.ws.rotation.return_request(int(row["id"]), "人手不够", decided_by="王主任")
    else:
        year.ws.rotation.approve_request(int(row["id"]), decided_by="王主任")
    place = table(RotationRequest)
    with year.ws.engine.begin() as connection:
        connection.execute(update(place).where(place.c.id == int(row["id"])).values(decided_at=EARLIER))


def asked(year: PlanYear, row: tuple[str, ...], *, verdict: str = "", on: str = "") -> ImportResult:
    return brought(year.ws, (*row[:5], verdict, row[6], on))


def states(year: PlanYear) -> list[str]:
    return [row["state"] for row in listed(year.ws)]


@pytest.mark.parametrize("row", [LEAVE, CHANGE], ids=["leave", "change"])
@pytest.mark.parametrize("how", ["returned", "withdrawn"])
def test_what_was_sent_back_or_taken_back_is_filed_again_when_it_is_asked_on_a_later_day(
    year: PlanYear, row: tuple[str, ...], how: str
) -> None:
    asked(year, row, on="2026-08-01")
    settle(year, how)
    assert asked(year, row, on="2026-08-12").created == 1
    assert states(year) == [how, "pending"]
    again = asked(year, row, on="2026-08-12")
    assert (again.created, again.updated, again.rejected) == (0, 0, ())
    assert states(year) == [how, "pending"]


@pytest.mark.parametrize(("how", "said"), [("returned", "不同意"), ("withdrawn", "已撤回")])
def test_without_a_later_day_nothing_is_filed_and_a_note_says_how_to_ask_again(
    year: PlanYear, how: str, said: str
) -> None:
    asked(year, LEAVE, on="2026-08-01")
    settle(year, how)
    for on in ("", "2026-08-01", "2026-08-11"):
        result = asked(year, LEAVE, on=on)
        assert (result.unchanged, result.run_id) == (1, None)
        (note,) = [one for one in result.notes if "重新申请" in one]
        assert "甲一" in note
        assert "第 2 行" in note
        assert not [one for one in asked(year, LEAVE, on=on, verdict=said).notes if "重新申请" in one]
    assert states(year) == [how]


def test_an_approved_request_is_not_filed_again_by_a_later_day(year: PlanYear) -> None:
    asked(year, LEAVE, on="2026-08-01")
    settle(year, "approved")
    assert asked(year, LEAVE, on="2026-08-12").unchanged == 1
    assert states(year) == ["approved"]


def test_a_list_may_tell_of_the_request_that_was_sent_back_and_ask_anew(year: PlanYear) -> None:
    asked(year, LEAVE, on="2026-08-01")
    settle(year, "returned")
    old, new = ((*LEAVE[:5], verdict, "", on) for verdict, on in (("退回", "2026-08-01"), ("", "2026-08-12")))
    for rows in ((old, new), (new, old)):
        result = brought(year.ws, *rows)
        assert result.rejected == ()
    assert states(year) == ["returned", "pending"]


@pytest.mark.parametrize("reverse", [False, True], ids=["as written", "sorted otherwise"])
@pytest.mark.parametrize("published", [False, True], ids=["draft", "published"])
def test_a_form_with_several_requests_of_the_same_days_comes_back_and_changes_nothing(
    year: PlanYear, published: bool, reverse: bool
) -> None:
    if published:
        year.publish()
    # Whom nothing published places cannot ask for any other place.
    other = (*CHANGE[:4], "其他", *CHANGE[5:]) if published else CHANGE
    for row in (LEAVE, other):
        for how, on in (("returned", "2026-08-01"), ("withdrawn", "2026-08-12"), ("", "2026-08-13")):
            assert asked(year, row, on=on).created == 1
            if how:
                settle(year, how)
    year.ws.rotation.request(
        "2026", year.people["丁四"], "change", stage=1, team_id=None if published else year.teams["b"]
    )
    settle(year, "approved", number=0)
    before = dump(year.ws)
    content = year.ws.rotation.requests_workbook("2026")
    if reverse:
        content = _upside_down(content)
    again = year.ws.register.import_file(("申请.xlsx", content))
    assert again.rejected == ()
    assert (again.rows, again.unchanged) == (7, 7)
    assert dump(year.ws) == before


def _upside_down(content: bytes) -> bytes:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    for number, row in enumerate(reversed(rows), start=3):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_form_comes_back_unchanged_also_when_a_stage_is_over(year: PlanYear, monkeypatch: pytest.MonkeyPatch) -> None:
    year.publish()
    year.ws.rotation.request("2026", year.people["丁四"], "change", stage=1)
    content = year.ws.rotation.requests_workbook("2026")
    later = year.ws.settings.model_copy(update={"today": date(2026, 12, 1)})
    monkeypatch.setattr(year.ws, "settings", later)
    again = year.ws.register.import_file(("申请.xlsx", content))
    assert (again.unchanged, again.rejected) == (1, ())
    refused = brought(year.ws, ("丙三", "调整", "第1阶段", "", "其他", "", "", ""))
    assert [one.column for one in refused.rejected] == ["起止"]


def test_the_plan_of_a_form_is_named_also_where_it_was_chosen_by_its_number(year: PlanYear) -> None:
    number = int(year.ws.rotation.plans()["id"].iloc[0])
    assert "2026年度轮岗请假/调整申请表" in _title(year.ws.rotation.requests_workbook(number))


def _title(content: bytes) -> str:
    import io

    import openpyxl

    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).active
    return str(sheet.cell(1, 1).value)


def test_the_present_place_of_leave_must_be_what_is_published_too(year: PlanYear) -> None:
    year.publish()
    first, second = (year.stand(version="published")["甲一", stage] for stage in (1, 2))
    over_both = ("甲一", "请假", "2026-10-20至2026-11-10")
    for wrong in (
        ("甲一", "请假", "第1阶段", second),
        (*over_both, f"第 1 阶段 {second}；第 2 阶段 {first}"),
        (*over_both, f"第 2 阶段 {first}"),
        ("甲一", "请假", "第1阶段", "不在岗"),
    ):
        result = brought(year.ws, (*wrong, "", "", "", ""))
        assert [one.column for one in result.rejected] == ["原安排"]
        assert f"第 1 阶段 {first}" in str(result.rejected[0].suggestion)
    right = brought(year.ws, (*over_both, f"第 1 阶段 {first}；第 2 阶段 {second}", "", "", "", ""))
    assert right.created == 1
    assert brought(year.ws, ("甲一", "请假", "第1阶段", first, "", "", "", "")).created == 1


def test_the_present_station_must_be_what_is_published_where_one_is_named(year: PlanYear) -> None:
    year.publish()
    here = year.stand(version="published")["戊五", 1].removeprefix("涪江服务队")
    other = next(name for name in ("东街服务站", "南街服务站", "西街服务站") if name != here)
    refused = brought(year.ws, ("戊五", "调整", "第1阶段", f"涪江服务队 {other}", "其他", "", "", ""))
    assert [one.column for one in refused.rejected] == ["原安排"]
    assert here in str(refused.rejected[0].suggestion)
    for team, person in (("涪江服务队", "戊五"), (f"涪江服务队 {here}", "戊五")):
        assert brought(year.ws, (person, "调整", "第1阶段", team, "其他", "", "", "")).rejected == ()


def test_where_somebody_stood_is_told_in_the_readers_language(year: PlanYear) -> None:
    year.publish()
    place = year.stand(version="published")["甲一", 1]
    with speaking("en"):
        brought(year.ws, LEAVE)
        year.ws.rotation.request("2026", year.people["乙二"], "absence", stage=1)
        assert listed(year.ws)[1]["present"] == f"Stage 1 {place}"
    assert listed(year.ws)[1]["present"] == f"第 1 阶段 {place}"
    with year.ws.engine.begin() as connection:
        connection.execute(update(table(RotationRequest)).values(present=f"第 1 阶段 {place}；第 2 阶段 {place}"))
    with speaking("en"):
        assert listed(year.ws)[0]["present"] == f"Stage 1 {place}；Stage 2 {place}", "as it was stored before"
