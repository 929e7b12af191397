"""About which days, and about which plan, a row of form 9 is: nothing is guessed where it may be something else."""

from __future__ import annotations

from datetime import date

import pytest

from svclib.workspace.frames import records
from svclib.workspace.importing import ImportResult
from tests.workspace.import_files import table_file
from tests.workspace.plan_year import PlanYear
from tests.workspace.test_import_requests import brought, listed

COLUMNS = ("姓名", "类型", "开始日期", "结束日期", "阶段", "申请安排", "审批意见")


def told(year: PlanYear, *cells: str, head: tuple[str, ...] = COLUMNS) -> ImportResult:
    padded = (*cells, *[""] * (len(head) - len(cells)))
    return brought(year.ws, padded, head=head)


def days_of(year: PlanYear) -> list[tuple[date, date]]:
    """First and last day of each request."""
    one = date.resolution
    return [(row["starts_on"].date(), row["ends_on"].date() - one) for row in listed(year.ws)]


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (("2026-09-03", "", "1"), ["结束日期"]),
        (("", "2026-09-20", "1"), ["开始日期"]),
        (("2026-09-03", "", ""), ["结束日期"]),
        (("2026-09-03", "待定", "1"), ["结束日期"]),
        (("2026-11-03", "2026-11-20", "1"), ["开始日期"]),
        (("2026-10-20", "2026-11-20", "1"), ["开始日期"]),
    ],
)
def test_days_that_are_half_told_or_not_of_the_stage_are_refused_and_never_the_whole_stage(
    year: PlanYear, cells: tuple[str, str, str], columns: list[str]
) -> None:
    result = told(year, "甲一", "事假", *cells)
    assert [one.column for one in result.rejected] == columns
    assert listed(year.ws) == []


def test_days_within_the_stage_that_is_told_beside_them_count(year: PlanYear) -> None:
    assert told(year, "甲一", "事假", "2026-09-03", "2026-09-20", "1").rejected == ()
    assert days_of(year) == [(date(2026, 9, 3), date(2026, 9, 20))]


@pytest.mark.parametrize(
    ("period", "stage", "column"),
    [
        ("第2阶段 2026-09-03 至 2026-09-20", "", "起止日期"),
        ("第1阶段 2026-09-03 至 2026-09-20", "2", "阶段"),
        ("第1阶段", "2", "阶段"),
        ("2026-09-03 至 2026-09-20", "2", "起止日期"),
    ],
)
def test_a_stage_and_days_that_contradict_each_other_are_refused(
    year: PlanYear, period: str, stage: str, column: str
) -> None:
    head = ("姓名", "类型", "起止日期", "阶段", "审批")
    result = told(year, "甲一", "事假", period, stage, head=head)
    assert [one.column for one in result.rejected] == [column]


@pytest.mark.parametrize("text", ["2026-11-02", "2026年11月2日", "20261102", "11月2日"])
def test_one_day_alone_is_the_first_and_the_last(year: PlanYear, text: str) -> None:
    assert told(year, "甲一", "事假", text, head=("姓名", "类型", "起止日期", "审批")).rejected == ()
    assert days_of(year) == [(date(2026, 11, 2), date(2026, 11, 2))]


def long_plan(year: PlanYear, name: str) -> None:
    """A second plan of the same people, that begins as the first does and lasts until May."""
    stages = [("2026-09-01", "2027-01-01"), ("2027-01-01", "2027-06-01")]
    intake = int(year.ws.register.intakes()["id"][0])
    year.ws.rotation.create_plan(name, year=2026, stages=stages, intakes=[intake])


def leave_titled(year: PlanYear, title: str = "", period: str = "2026-09-03至2026-09-20") -> ImportResult:
    """One row of leave under a title."""
    name, content = table_file(("姓名", "类型", "起止日期", "审批"), ("甲一", "事假", period, ""), name="申请表.csv")
    return year.ws.register.import_file((name, (f"{title}\n" if title else "").encode("gb18030") + content))


def in_plan(year: PlanYear, name: str) -> int:
    return len(year.ws.rotation.requests(name))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("9月3日-9月20日", date(2026, 9, 3), date(2026, 9, 20)),
        ("3月1日至3月20日", date(2027, 3, 1), date(2027, 3, 20)),
        ("5.4-5.9", date(2027, 5, 4), date(2027, 5, 9)),
        ("12月20日至1月10日", date(2026, 12, 20), date(2027, 1, 10)),
        ("4月7日", date(2027, 4, 7), date(2027, 4, 7)),
    ],
)
def test_days_without_a_year_are_those_that_the_plan_has(year: PlanYear, text: str, first: date, last: date) -> None:
    long_plan(year, "全年")
    assert leave_titled(year, "全年请假/调整申请表", text).rejected == ()
    (row,) = records(year.ws.rotation.requests("全年"))
    assert (row["starts_on"].date(), row["ends_on"].date() - date.resolution) == (first, last)


def test_what_is_published_is_meant_before_a_plan_that_is_tried(year: PlanYear) -> None:
    year.publish()
    long_plan(year, "试排")
    assert leave_titled(year).rejected == ()
    assert (in_plan(year, "2026"), in_plan(year, "试排")) == (1, 0)


def test_of_several_plans_the_one_in_the_title_is_meant_and_without_one_none(year: PlanYear) -> None:
    long_plan(year, "2026试排")
    refused = leave_titled(year)
    assert [one.column for one in refused.rejected] == ["起止日期"]
    assert "2026试排、2026" in refused.rejected[0].reason
    assert leave_titled(year, "2026试排请假/调整申请表").rejected == ()
    assert (in_plan(year, "2026"), in_plan(year, "2026试排")) == (0, 1)
    assert leave_titled(year, "2026年度轮岗请假/调整申请表").rejected == ()
    assert (in_plan(year, "2026"), in_plan(year, "2026试排")) == (1, 1)


def test_a_title_that_names_the_trial_counts_also_when_another_plan_is_published(year: PlanYear) -> None:
    year.publish()
    long_plan(year, "试排")
    assert leave_titled(year, "试排请假/调整申请表").rejected == ()
    assert (in_plan(year, "2026"), in_plan(year, "试排")) == (0, 1)


def test_a_year_in_the_title_is_no_reason_to_take_a_plan_that_is_tried(year: PlanYear) -> None:
    year.publish()
    long_plan(year, "年度轮岗")
    assert leave_titled(year, "2026年度轮岗请假/调整申请表").rejected == ()
    assert (in_plan(year, "2026"), in_plan(year, "年度轮岗")) == (1, 0)
