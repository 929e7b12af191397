"""A place that the product writes into form 9 is the one that it reads there, whatever names hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.tabular.request_places import stage_beside, without_stage
from svclib.tabular.texts import half_width
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.request_places import Spot, find_spot, spot_words


class Rows:
    """Tables as `Organisation` reads them."""

    def __init__(self, **tables: list[dict[str, Any]]) -> None:
        self.tables = tables

    def all(self, table: str) -> Iterator[dict[str, Any]]:
        return iter(self.tables.get(table, []))

    def get(self, table: str, row_id: int) -> dict[str, Any]:
        return next(row for row in self.all(table) if row["id"] == row_id)


def office(teams: list[str], stations: list[str], crews: list[str]) -> Organisation:
    """One unit; every team has every station."""
    rows = Rows(
        unit=[{"id": 1, "short_name": "成都", "name": "成都供电公司"}],
        team=[
            {"id": number, "short_name": name, "official_name": None, "unit_id": 1}
            for number, name in enumerate(teams, start=1)
        ],
        station=[
            {"id": team * 100 + number, "name": name, "team_id": team}
            for team in range(1, len(teams) + 1)
            for number, name in enumerate(stations)
        ],
        crew=[{"id": number, "name": name, "unit_id": 1} for number, name in enumerate(crews, start=1)],
    )
    return Organisation(rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("高新服务队 西区（一期）服务站", Spot(1, station_id=100)),
        ("第 1 阶段 高新服务队 西区（一期）服务站", Spot(1, station_id=100)),
        ("高新服务队(西区(一期)服务站)", Spot(1, station_id=100)),
        ("高新服务队 运维 2 班", Spot(1, crew_id=1)),
        ("高新服务队/运维2班", Spot(1, crew_id=1)),
        ("天府-新区（东）服务队", Spot(2)),
        ("天府-新区（东）服务队 3-1 服务站", Spot(2, station_id=201)),
        ("高新服务队（第2阶段）", Spot(1)),
        ("2 高新服务队", Spot(1)),
        ("95598 服务队", Spot(3)),
        ("高新服务队 没有的站", None),
        ("没有的队 运维 2 班", None),
        ("", None),
    ],
)
def test_a_place_is_found_by_a_name_with_blanks_brackets_and_hyphens(text: str, spot: Spot | None) -> None:
    org = office(
        ["高新服务队", "天府-新区（东）服务队", "95598 服务队"], ["西区（一期）服务站", "3-1 服务站"], ["运维 2 班"]
    )
    assert find_spot(org, text, 1) == spot


PARTS = st.sampled_from(["高新", "西区", "一期", "运维", "2", "班", "服务站", "服务队", "A", "东街"])
GAPS = st.sampled_from(["", " ", "-", "（", "）", "、", "/", " (", ") "])
NAMES = (
    st.lists(st.tuples(PARTS, GAPS), min_size=1, max_size=4)
    .map(lambda parts: "".join(word + gap for word, gap in parts).strip())
    .filter(lambda name: any(letter.isalpha() for letter in name))
)


def lists(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(NAMES, min_size=1, max_size=most, unique_by=lambda name: "".join(half_width(name).split()))


@given(teams=lists(3), stations=lists(3), crews=lists(2))
def test_a_place_that_is_written_is_read_as_itself_or_as_none_where_two_are_written_alike(
    teams: list[str], stations: list[str], crews: list[str]
) -> None:
    org = office(teams, stations, crews)
    spots = [Spot(team) for team in range(1, len(teams) + 1)]
    spots += [Spot(team.team_id, station_id=team.team_id * 100 + n) for team in spots for n in range(len(stations))]
    alike = [" ".join(half_width(spot_words(org, one)).split()) for one in spots]
    for spot, written in zip(spots, alike, strict=True):
        found = find_spot(org, written, 1)
        assert found == spot or (found is None and alike.count(written) > 1)


@pytest.mark.parametrize(
    ("text", "stage", "rest"),
    [
        ("第 1 阶段 高新服务队", 1, "高新服务队"),
        ("第二阶段：高新服务队", 2, "高新服务队"),
        ("Stage 3 高新服务队", 3, "高新服务队"),
        ("高新服务队（阶段2）", 2, "高新服务队"),
        ("高新服务队", None, "高新服务队"),
        ("第二服务队", None, "第二服务队"),
    ],
)
def test_a_stage_beside_a_place_is_read_and_left_out(text: str, stage: int | None, rest: str) -> None:
    assert stage_beside(text) == stage
    assert without_stage(text).strip(" :()") == rest
