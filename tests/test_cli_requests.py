"""`svc rotation requests` on the demo: filed, weighed, decided, listed, written as form 9."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svclib.demo import make_demo
from svclib.settings import load_settings
from tests.commands import svc


@pytest.fixture
def demo() -> None:
    make_demo(load_settings())


@pytest.mark.usefixtures("demo")
def test_a_request_goes_from_the_command_line_to_a_decision(tmp_path: Path) -> None:
    told = json.loads(svc("rotation", "requests", "2026", "--json").stdout)
    assert {row["state"] for row in told} == {"pending", "approved", "returned", "withdrawn"}
    placed = json.loads(svc("rotation", "propose", "2026", "--json", "--save").stdout)["placements"]
    assert svc("rotation", "publish", "2026", "--by", "王主任").returncode == 0
    one = next(row for row in placed if row["stage"] == 2)
    who = ("2026", one["name"]) if one["employee_no"] is None else ("2026", one["employee_no"])
    days = ("--days", "2026-10-16/2026-11-25")
    nameless = svc("rotation", "approve", "1")
    assert (nameless.returncode, "请写明由谁决定：--by 姓名" in nameless.stderr) == (2, True)
    done = svc("rotation", "request", *who, *days, "--reason", "住院手术")
    assert done.returncode == 0, done.stderr
    assert svc("rotation", "request", *who, *days).returncode == 2, "asked already"
    new = max(row["id"] for row in json.loads(svc("rotation", "requests", "2026", "--json").stdout))
    weighed = json.loads(svc("rotation", "effect", str(new), "--json").stdout)
    assert len(weighed["touched"]) == 1
    assert one["team"] in weighed["touched"][0]
    assert svc("rotation", "approve", str(new), "--by", one["name"]).returncode == 2, "not about oneself"
    done = svc("rotation", "approve", str(new), "--by", "王主任", "--answer", "同意")
    assert done.returncode == 0, done.stderr
    assert one["team"] in done.stdout
    assert "下一步：svc rotation propose 2026 --preset" in done.stdout
    done = svc("rotation", "return", str(new), "--why", "人手不够", "--by", "王主任")
    assert done.returncode == 2
    assert "已同意" in done.stderr
    listed = svc("rotation", "requests", "2026", "--state", "approved")
    assert "已同意（已发布的计划尚未落实）" in "".join(listed.stdout.split())
    assert "住院" not in listed.stdout
    assert "2026-11-25" in listed.stdout, "the last day, as on the page"
    assert "2026-11-26" not in listed.stdout
    out = tmp_path / "申请.xlsx"
    assert svc("rotation", "requests", "2026", "--out", str(out)).returncode == 0
    back = json.loads(svc("register", "import", str(out), "--dry-run", "--json").stdout)
    assert (back["form"], back["created"], back["updated"]) == ("requests", 0, 0)


@pytest.mark.usefixtures("demo")
def test_a_request_is_sent_back_with_a_reason_or_taken_back() -> None:
    pending = json.loads(svc("rotation", "requests", "2026", "--state", "pending", "--json").stdout)
    first, second = (str(row["id"]) for row in pending[:2])
    assert svc("rotation", "return", first, "--why", " ", "--by", "王主任").returncode == 2
    assert svc("rotation", "return", first, "--why", "人手不够", "--by", "王主任").returncode == 0
    assert svc("rotation", "take-back", second).returncode == 0
    states = {row["id"]: row for row in json.loads(svc("rotation", "requests", "2026", "--json").stdout)}
    assert (states[int(first)]["state"], states[int(first)]["answer"]) == ("returned", "人手不够")
    assert states[int(second)]["state"] == "withdrawn"
    assert svc("rotation", "request", "2026", "没有这个人", "--stage", "1").returncode == 2


@pytest.mark.usefixtures("demo")
def test_who_names_a_team_asks_for_a_change_and_leave_names_none() -> None:
    placed = json.loads(svc("rotation", "propose", "2026", "--json", "--save").stdout)["placements"]
    one, other = placed[0], next(row for row in placed if row["team"] != placed[0]["team"])
    asked = ("rotation", "request", "2026", one["employee_no"] or one["name"], "--team", other["team"], "--stage")
    before = json.loads(svc("rotation", "requests", "2026", "--json").stdout)
    assert svc(*asked, "1", "--kind", "absence").returncode == 2
    assert svc(*asked, "1", "--days", "2026-09-02/2026-09-03").returncode == 2
    assert json.loads(svc("rotation", "requests", "2026", "--json").stdout) == before
    done = svc(*asked, "1")
    assert done.returncode == 0, done.stderr
    (filed,) = [
        row
        for row in json.loads(svc("rotation", "requests", "2026", "--json").stdout)
        if row["id"] not in {old["id"] for old in before}
    ]
    assert (filed["kind"], filed["stage"], filed["wanted"]) == ("change", 1, other["team"])
