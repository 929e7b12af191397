"""Stages and periods as offices write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.tabular.rotation.periods import period_of, period_text, stage_of, stage_text

AUTUMN = date(2026, 9, 1), date(2026, 11, 1)
WINTER = date(2026, 12, 15), date(2027, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01 至 2026-10-31",
        "2026.9.1-2026.10.31",
        "2026.9.1—10.31",
        "2026年9月1日至10月31日",
        "自2026年9月1日起至2026年10月31日止",
        "２０２６／９／１～２０２６／１０／３１",
        "20260901-20261031",
        "2026-09-01--2026-10-31",
        "2026-09-01 00:00:00 至 2026-10-31 00:00:00",
        "2026年9月至2026年10月",
        "2026.09-2026.10",
        "9月1日－10月31日",
        "9.1-10.31",
    ],
)
def test_a_period_is_read_in_any_of_its_spellings(text: str) -> None:
    assert period_of(text, near=date(2026, 8, 20)) == (AUTUMN, None)


@pytest.mark.parametrize("text", ["2026-12-15 至 2027-01-31", "2026.12.15-1.31", "12月15日至1月31日"])
def test_a_period_over_the_turn_of_the_year_ends_in_the_next(text: str) -> None:
    assert period_of(text, near=date(2026, 12, 1)) == (WINTER, None)


def test_a_year_that_is_not_written_is_the_one_nearest_to_the_stage() -> None:
    assert period_of("1月4日-2月28日", near=date(2026, 12, 20)) == ((date(2027, 1, 4), date(2027, 3, 1)), None)
    assert period_of("12月20日-12月31日", near=date(2027, 1, 4)) == ((date(2026, 12, 20), date(2027, 1, 1)), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "不是起止日期"),
        ("九月到十月", "不是起止日期"),
        ("2026-09-01", "首日和末日"),
        ("9.1-10.31", "首日和末日"),
        ("2026-09", "首日和末日"),
        ("2026-09-31 至 2026-10-31", "没有这一天"),
        ("2026.13-2026.14", "没有这一天"),
        ("2026-10-31 至 2026-09-01", "早于"),
        ("第1周至第6周", "不是起止日期"),
    ],
)
def test_a_period_that_is_unclear_is_refused_with_an_example(text: str, said: str) -> None:
    period, flaw = period_of(text)
    assert period is None
    assert flaw is not None
    assert said in flaw.reason
    assert "2026-09-01 至 2026-10-31" in str(flaw.suggestion)


@given(st.dates(date(1900, 1, 1), date(2099, 1, 1)), st.integers(1, 700))
def test_a_period_reads_back_as_it_was_written(first: date, days: int) -> None:
    period = first, first + timedelta(days=days)
    assert period_of(period_text(*period)) == (period, None)


@pytest.mark.parametrize(
    "text", ["2", "2.0", "第2阶段", "第 二 阶段", "二", "阶段二", "２", "②", "Ⅱ", "第二期", "S2", "轮岗第2阶段"]
)
def test_a_stage_is_read_in_any_of_its_spellings(text: str) -> None:
    assert stage_of(text) == 2


@pytest.mark.parametrize("text", ["", "阶段", "2026-09-01", "最后", "2阶段3"])
def test_what_names_no_stage_is_none(text: str) -> None:
    assert stage_of(text) is None


@given(st.integers(1, 9999))
def test_a_stage_reads_back_as_it_was_written(number: int) -> None:
    assert stage_of(stage_text(number)) == number
