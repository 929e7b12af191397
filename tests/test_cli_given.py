"""What is given to a plan from the command line: wishes, pairs, days away, places; listed, set and taken back."""

from __future__ import annotations

import json

import pytest

from svclib.demo import make_demo
from svclib.settings import load_settings
from tests.commands import Done, svc


@pytest.fixture(autouse=True)
def demo() -> None:
    make_demo(load_settings())


def done(*words: str) -> Done:
    told = svc("rotation", *words)
    assert told.returncode == 0, told.stderr
    return told


def listed(*words: str) -> list[dict[str, object]]:
    return list(json.loads(done(*words, "--json").stdout))


def test_wishes_pairs_and_days_away_are_noted_listed_and_taken_back() -> None:
    before = {name: len(listed(name, "2026")) for name in ("wishes", "pairs", "absences")}
    wish = listed("wishes", "2026")[0]
    name, team = str(wish["name"]), str(wish["team"])
    done("wish", "2026", name, team)
    assert [one["team"] for one in listed("wishes", "2026") if one["name"] == name] == [team]
    done("wish", "2026", name)
    assert name not in {one["name"] for one in listed("wishes", "2026")}
    assert svc("rotation", "wish", "2026", "没有这个人", team).returncode == 2
    other = next(str(one["name"]) for one in listed("wishes", "2026") if one["name"] != name)
    done("pair", "2026", name, other, "--together", "--reason", "同住一处")
    shown = done("pairs", "2026").stdout
    assert ("同队" in shown, "同住" in shown) == (True, False)
    pair = max(int(str(one["id"])) for one in listed("pairs", "2026"))
    done("unpair", "2026", str(pair))
    done("absence", "2026", name, "--days", "2026-09-01/2026-09-20", "--reason", "住院手术")
    shown = done("absences", "2026").stdout
    assert ("2026-09-20" in shown, "住院" in shown) == (True, False)
    new = max(int(str(one["id"])) for one in listed("absences", "2026"))
    done("end-absence", str(new))
    assert {one: len(listed(one, "2026")) for one in ("pairs", "absences")} == {
        one: before[one] for one in ("pairs", "absences")
    }


def test_places_of_teams_and_stations_are_set_listed_and_left_to_the_plan_again() -> None:
    assert "按计划参数" in done("bounds", "2026").stdout
    done("bound", "2026", "高新同心服务队", "--least", "1", "--most", "4")
    wrong = svc("rotation", "bound", "2026", "高新同心服务队", "--station", "没有")
    assert wrong.returncode == 2
    station = wrong.stderr.partition("：")[2].partition("、")[0].strip()
    done("bound", "2026", "高新同心服务队", "--most", "1", "--station", station)
    assert [(one["lower"], one["upper"]) for one in listed("bounds", "2026")] == [(1, 4), (0, 1)]
    assert station in done("bounds", "2026").stdout
    done("bound", "2026", "高新同心服务队", "--station", station)
    done("bound", "2026", "高新同心服务队")
    assert listed("bounds", "2026") == []
