"""`svc register check`, `people` and `export`: one document on standard output, an exit status that means something."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from svclib.settings import load_settings
from svclib.workspace import Workspace, init_database, open_workspace
from tests.commands import svc
from tests.workspace import factory


@pytest.fixture
def ws() -> Workspace:
    """The command line opens the database itself: SQLite is enough to prove the commands."""
    settings = load_settings()
    init_database(settings)
    return open_workspace(settings)


@pytest.fixture
def team(ws: Workspace) -> tuple[int, list[int]]:
    return factory.sound_team(ws)


def test_check_as_json_is_one_document_with_every_rule_of_every_team(team: tuple[int, list[int]]) -> None:
    done = svc("register", "check", "--json", "--strict")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert {key: document[key] for key in ("on", "teams", "rules_broken", "teams_broken")} == {
        "on": "2026-08-20",
        "teams": 1,
        "rules_broken": 0,
        "teams_broken": 0,
    }
    assert len(document["rows"]) == 7
    row = document["rows"][0]
    assert (row["unit"], row["team"], row["rule"]) == ("成都供电公司", "连心桥服务队", "member_share")
    assert (row["figure"], row["limit"], row["holds"], row["since"], row["sentence"]) == (0.6, 0.6, True, None, "")


def test_check_says_that_all_rules_are_kept(team: tuple[int, list[int]]) -> None:
    assert svc("register", "check").stdout == "2026-08-20：共检查 1 支服务队，都符合规则。\n"


def test_a_unit_that_is_like_none_suggests_none(team: tuple[int, list[int]]) -> None:
    done = svc("register", "check", "--unit", "凉山供电公司")
    assert done.returncode == 2
    assert "凉山供电公司" in done.stderr
    assert "成都" not in done.stderr
    near = svc("register", "check", "--unit", "国网四川省电力公司成都供电局")
    assert near.stderr.endswith("是不是“成都供电公司”？\n")


def test_check_foresees_who_leaves_and_strict_says_so_by_exit_status(team: tuple[int, list[int]]) -> None:
    leaving = ["--on", "2026-10-01", "--leaving", f"{team[0]:03d}00000,{team[0]:03d}00001"]
    document = json.loads(svc("register", "check", "--json", *leaving).stdout)
    broken = {row["rule"]: row["since"] for row in document["rows"] if not row["holds"]}
    assert broken == dict.fromkeys(("member_share", "captain"), "2026-10-01")
    said = svc("register", "check", "--strict", *leaving)
    assert said.returncode == 1
    assert "党员比例" in said.stdout
    assert "1 支有 2 项不达标" in said.stdout


def test_a_mistake_is_one_sentence_on_standard_error_and_exit_status_2(team: tuple[int, list[int]]) -> None:
    for words, told in (
        (["check", "--json", "--unit", "成都供电局"], "成都供电公司"),
        (["check", "--json", "--leaving", "777"], "777"),
        (["check", "--json", "--on", "soon"], "soon"),
        (["export", "/nowhere/out.xlsx"], "/nowhere/out.xlsx"),
        (["export", "out.xlsx", "--group", "secret"], "secret"),
    ):
        done = svc("register", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr


def test_people_are_listed_masked_and_exported(
    ws: Workspace,
    team: tuple[int, list[int]],
    tmp_path: Path,
) -> None:
    ws.register.edit_person(team[1][0], {"phone": "13812345678"}, version=1)
    listed = json.loads(svc("register", "people", "--json", "--search", "赵").stdout)
    assert [(row["name"], row["status"], row["phone"]) for row in listed] == [("赵伟", "member", "*" * 11)]
    assert "赵伟" in svc("register", "people", "--search", "赵").stdout
    out = tmp_path / "out.xlsx"
    assert svc("register", "export", str(out), "--group", "members").returncode == 0
    sheet = openpyxl.load_workbook(out).active
    assert sheet.max_row == 12
