"""Which name is suggested for one that is not known: the nearest by what tells names apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from svclib.rules.imports import body_core, body_key, plain, station_key, team_core, team_key, unit_key
from svclib.tabular.names import Names

UNITS = (
    ("成都供电公司", "国网四川省电力公司成都供电公司"),
    ("绵阳供电公司", "国网四川省电力公司绵阳供电公司"),
    ("眉山供电公司", None),
)
TEAMS = (
    ("高新连心桥服务队", "国家电网四川电力(成都高新)连心桥共产党员服务队"),
    ("天回连心桥服务队", None),
    ("涪江服务队", None),
)
BODIES = (("中共成都供电公司委员会",), ("成都供电公司城东供电所党支部",))


def names_of(
    key: Callable[[str], str], core: Callable[[str], str] | None, known: tuple[tuple[str | None, ...], ...]
) -> Names:
    names = Names(key, core)
    for number, written in enumerate(known):
        names.add(number, written)
    return names


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("凉山供电公司", None),
        ("国网四川省电力公司凉山供电公司", None),
        ("成都供点公司", "成都供电公司"),
        ("成都电厂", "成都供电公司"),
    ],
)
def test_a_units_name_is_suggested_by_what_tells_it_from_others(text: str, near: str | None) -> None:
    names = names_of(unit_key, None, UNITS)
    assert (names.find(text), names.nearest(text)) == ((), near)


@pytest.mark.parametrize("text", ["国网四川省电力公司成都供电公司", "国网成都供电公司", "成都公司"])
def test_a_unit_is_found_by_its_legal_name_where_it_is_known_by_its_short_one(text: str) -> None:
    assert names_of(unit_key, None, (("成都供电公司", None),)).find(text) == (0,)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("高新连心侨服务队", "高新连心桥服务队"),
        ("国家电网四川电力(高新区)连心桥共产党员服务队", "高新连心桥服务队"),
        ("武侯连心桥服务队", None),
        ("天府连心桥服务队", None),
        ("嘉陵江服务队", None),
    ],
)
def test_what_all_teams_are_called_makes_no_two_of_them_alike(text: str, near: str | None) -> None:
    assert names_of(team_key, team_core, TEAMS).nearest(text) == near


@pytest.mark.parametrize(
    ("text", "near"),
    [("绵阳供电公司党委", None), ("成都供电公司城东所党支部", "成都供电公司城东供电所党支部")],
)
def test_a_party_body_of_another_unit_is_no_slip(text: str, near: str | None) -> None:
    assert names_of(body_key, body_core, BODIES).nearest(text) == near


def test_stations_and_crews_are_compared_without_their_kind() -> None:
    assert (
        names_of(station_key, None, (("和平社区服务站",), ("青年服务站",))).nearest("和平街服务站") == "和平社区服务站"
    )
    assert names_of(plain, None, (("配电运检一班",),)).nearest("配电运检二班") == "配电运检一班"
