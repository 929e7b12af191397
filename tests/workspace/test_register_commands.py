"""`svc register check`, `people` and `export`: one document on standard output, an exit status that means something."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from svclib.cli import main
from svclib.settings import load_settings
from svclib.workspace import Workspace, init_database, open_workspace
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


def svc(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["svc", "register", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_check_as_json_is_one_document_with_every_rule_of_every_team(
    team: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert svc(monkeypatch, "check", "--json", "--strict") == 0
    document = json.loads(capsys.readouterr().out)
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


def test_check_foresees_who_leaves_and_strict_says_so_by_exit_status(
    team: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    leaving = ["--on", "2026-10-01", "--leaving", f"{team[0]:03d}00000,{team[0]:03d}00001"]
    assert svc(monkeypatch, "check", "--json", *leaving) == 0
    document = json.loads(capsys.readouterr().out)
    broken = {row["rule"]: row["since"] for row in document["rows"] if not row["holds"]}
    assert broken == dict.fromkeys(("member_share", "captain", "captain_member"), "2026-10-01")
    assert svc(monkeypatch, "check", "--strict", *leaving) == 1
    said = capsys.readouterr().out
    assert "党员比例" in said
    assert "1 支有 3 项不达标" in said


def test_a_mistake_is_one_sentence_on_standard_error_and_exit_status_2(
    team: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, told in (
        (["check", "--json", "--unit", "成都供电局"], "成都供电公司"),
        (["check", "--json", "--leaving", "777"], "777"),
        (["check", "--json", "--on", "soon"], "soon"),
        (["export", "/nowhere/out.xlsx"], "/nowhere/out.xlsx"),
        (["export", "out.xlsx", "--group", "secret"], "secret"),
    ):
        assert svc(monkeypatch, *words) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert told in captured.err


def test_people_are_listed_masked_and_exported(
    ws: Workspace,
    team: tuple[int, list[int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ws.register.edit_person(team[1][0], {"phone": "13812345678"}, version=1)
    assert svc(monkeypatch, "people", "--json", "--search", "赵") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["status"], row["phone"]) for row in listed] == [("赵伟", "member", "*" * 11)]
    assert svc(monkeypatch, "people", "--search", "赵") == 0
    assert "赵伟" in capsys.readouterr().out
    out = tmp_path / "out.xlsx"
    assert svc(monkeypatch, "export", str(out), "--group", "members") == 0
    sheet = openpyxl.load_workbook(out).active
    assert sheet.max_row == 12
