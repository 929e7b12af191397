"""When two spellings mean one thing."""

from datetime import date

import pytest

from svclib.models import DevelopmentStage, IntakeKind
from svclib.rules.imports import (
    body_key,
    contact_names,
    intake_days,
    may_follow,
    same_day,
    short_unit_name,
    station_key,
    team_key,
    unit_key,
)


@pytest.mark.parametrize(
    "name",
    [
        "国网四川省电力公司成都供电公司",
        "国网成都供电公司",
        "成都供电公司",
        "成都公司",
        "成都市供电局",
        "国家电网公司成都供电分公司",
    ],
)
def test_the_usual_names_of_a_unit_are_one(name: str) -> None:
    assert unit_key(name) == unit_key("成都供电公司")


def test_the_province_is_no_city_and_a_county_keeps_its_name() -> None:
    assert unit_key("国网四川省电力公司") == unit_key("省公司") != unit_key("成都公司")
    assert unit_key("国网四川简阳市供电有限责任公司") == unit_key("简阳供电公司")
    assert unit_key("达州供电公司") != unit_key("达供电公司") + "市"


def test_the_short_name_of_a_unit_drops_whose_it_is() -> None:
    assert short_unit_name("国网四川省电力公司成都供电公司") == "成都供电公司"
    assert short_unit_name("国网四川省电力公司") == "四川省电力公司"


def test_long_and_short_names_of_teams_stations_and_party_bodies_are_one() -> None:
    assert team_key("国家电网四川电力（成都高新）连心桥共产党员服务队") == team_key("成都高新连心桥服务队")
    assert station_key("和平社区服务站") == station_key("和平服务站")
    assert body_key("中共成都供电公司委员会") == body_key("成都供电公司党委")
    assert body_key("机关第一党支部") == body_key("机关第一支部") != body_key("机关第二支部")


def test_a_month_that_holds_the_known_day_says_nothing_new() -> None:
    known, month = date(1998, 7, 15), date(1998, 7, 1)
    assert same_day(known, month, month_only=True)
    assert not same_day(known, month, month_only=False)
    assert not same_day(None, month, month_only=True)


def test_an_implied_stage_only_leads_forward() -> None:
    assert may_follow(None, DevelopmentStage.ACTIVIST)
    assert may_follow(DevelopmentStage.APPLICANT, DevelopmentStage.ACTIVIST)
    assert not may_follow(DevelopmentStage.TARGET, DevelopmentStage.ACTIVIST)


def test_graduates_train_a_year_and_activists_three_months() -> None:
    assert intake_days(2026, IntakeKind.GRADUATE) == (date(2026, 7, 1), date(2027, 7, 1))
    assert intake_days(2026, IntakeKind.ACTIVIST) == (date(2026, 9, 1), date(2026, 12, 1))


def test_a_cell_may_name_two_contacts() -> None:
    assert contact_names("周七、吴八") == ("周七", "吴八")
