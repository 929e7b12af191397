"""`svc rotation` on the demo: one document on standard output, an exit status that a script can go by."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from svclib.demo import make_demo
from svclib.settings import load_settings
from tests.commands import svc


@pytest.fixture
def demo() -> None:
    make_demo(load_settings())


@pytest.mark.usefixtures("demo")
def test_the_demos_plan_is_proposed_kept_published_sent_out_and_checked(tmp_path: Path) -> None:
    done = svc("rotation", "propose", "2026", "--json", "--save")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"status", "objective", "bound", "gap", "seconds", "seed", "placements"} <= set(told)
    assert told["status"] in ("optimal", "within_gap")
    assert 0 <= told["gap"] <= 0.001
    assert told["bound"] <= told["objective"] + 1e-6
    assert 440 < len(told["placements"]) < 480
    assert {"person_id", "name", "stage", "starts_on", "team", "station"} <= set(told["placements"][0])
    placements = told["placements"]
    waiting = {sentence.partition("在第")[0] for sentence in told["waiting"]}
    assert len(waiting) == 3, "a few have no valid safety education or examination"
    assert len(told["waiting"]) == 3, "each of them in one sentence"
    assert any("4 个阶段都没有有效的安全教育和合格的安规考试。" in sentence for sentence in told["waiting"])

    nameless = svc("rotation", "publish", "2026")
    assert (nameless.returncode, "请写明由谁决定：--by 姓名" in nameless.stderr) == (2, True)
    done = svc("rotation", "publish", "2026", "--by", "王主任")
    assert done.returncode == 0, done.stderr
    assert "第 1 版" in done.stdout
    assert f"共 {len(placements)} 处安排，调整 0 处。" in done.stdout
    assert svc("rotation", "publish", "2026", "--by", "王主任").returncode == 2

    book = tmp_path / "绵阳.xlsx"
    assert svc("rotation", "export", "2026", str(book), "--unit", "绵阳供电公司").returncode == 0
    assert svc("rotation", "check", str(book)).returncode == 0
    assert "没有改动，草案不变。" in svc("rotation", "check", str(book), "--accept").stdout
    opened = load_workbook(book)
    sheet = opened["轮岗安排表"]
    first = [sheet.cell(row, 7).value for row in (4, 5)]
    sheet.cell(5, 6).value, sheet.cell(5, 7).value = sheet.cell(4, 6).value, first[0]
    sheet.cell(5, 8).value = None
    sheet.cell(6, 6).value = "没有这支队"
    opened.save(book)
    heading = sheet.cell(3, 6).value
    assert f"{heading} 没有这支队" in svc("rotation", "check", str(book)).stdout
    done = svc("rotation", "check", str(book), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert not told["clean"]
    assert told["violations"]
    (tmp_path / "notes.xlsx").write_bytes(b"nothing")
    assert svc("rotation", "check", str(tmp_path / "notes.xlsx")).returncode == 2

    notices = tmp_path / "notices.zip"
    done = svc("rotation", "notices", "2026", str(notices), "--unit", "绵阳供电公司")
    assert done.returncode == 0, done.stderr
    with ZipFile(notices) as archive:
        names = archive.namelist()
    assert f"{len(names)} 个文件" in done.stdout
    assert len([name for name in names if name.endswith("轮岗通知.docx")]) == 1
    assert len([name for name in names if name.endswith(".ics")]) == (len(names) - 1) / 2 == 5

    scan = tmp_path / "签字.pdf"
    scan.write_bytes(b"%PDF-1.7\n%%EOF\n")
    done = svc("rotation", "attach", "2026", "--version", "1", str(scan), "--unit", "绵阳供电公司")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(svc("rotation", "attachments", "2026", "--json").stdout)
    assert (row["file_name"], row["unit"], row["version"]) == ("签字.pdf", "绵阳供电公司", 1)
    assert "签字.pdf" in svc("rotation", "attachments", "2026").stdout
    back = tmp_path / "back.pdf"
    assert svc("rotation", "attachment", str(row["id"]), str(back)).returncode == 0
    assert back.read_bytes() == scan.read_bytes()
    assert svc("rotation", "withdraw", str(row["id"])).returncode == 0
    assert svc("rotation", "attachment", str(row["id"]), str(back)).returncode == 2

    every = tmp_path / "all.zip"
    assert svc("rotation", "export", "2026", str(every)).returncode == 0
    with ZipFile(every) as archive:
        assert "2026-绵阳供电公司.xlsx" in archive.namelist()


@pytest.mark.usefixtures("demo")
def test_plans_absences_and_differences_are_listed_and_no_reason_with_them() -> None:
    (plan,) = json.loads(svc("rotation", "show", "--json").stdout)
    assert (plan["name"], plan["state"], plan["trainees"]) == ("2026", "draft", 120)
    assert json.loads(svc("rotation", "diff", "2026", "--json").stdout) == []
    done = svc("rotation", "absences", "2026", "--json")
    assert len(json.loads(done.stdout)) > 3
    for reason in ("婚假", "病假", "探亲假"):
        assert reason not in done.stdout
    assert svc("rotation", "propose", "2031").returncode == 2
    assert "2026" in svc("rotation", "propose", "2031").stderr


@pytest.mark.usefixtures("demo")
def test_what_is_not_there_is_said_in_a_sentence_and_days_are_counted_as_people_do() -> None:
    assert svc("rotation", "show", "2026").stdout == "计划 2026 还没有安排。下一步：svc rotation propose 2026 --save\n"
    (plan,) = json.loads(svc("rotation", "show", "--json").stdout)
    last = date.fromisoformat(plan["ends_on"]) - timedelta(days=1)
    shown = svc("rotation", "show").stdout
    assert last.isoformat() in shown
    assert plan["ends_on"] not in shown
    assert "1 行" in shown
    assert svc("rotation", "diff", "2026").stdout == "两个版本没有差别。\n"
    assert svc("rotation", "attachments", "2026").stdout == "还没有扫描件。\n"


@pytest.mark.usefixtures("demo")
def test_before_anything_is_published_no_file_of_notices_is_left_behind(tmp_path: Path) -> None:
    done = svc("rotation", "notices", "2026", str(tmp_path / "notices.zip"))
    assert done.returncode == 2
    assert "先发布" in done.stderr
    assert list(tmp_path.glob("*notices*")) == []


@pytest.mark.usefixtures("demo")
def test_no_plan_is_told_with_exit_status_1() -> None:
    from svclib import open_workspace

    ws = open_workspace()
    team = int(ws.register.teams()["id"].iloc[-1])
    ws.rotation.bound("2026", team, 0, 0)
    ws.close()
    done = svc("rotation", "propose", "2026", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["status"], told["placements"]) == ("infeasible", [])
    assert told["conflict"]


@pytest.mark.usefixtures("demo")
def test_a_plan_is_made_for_an_intake() -> None:
    done = svc(
        "rotation", "create", "跟班", "--year", "2026", "--intake", "2026/activist", "--stage", "2026-09-01/2026-10-31"
    )
    assert done.returncode == 0, done.stderr
    plans = {row["name"]: row for row in json.loads(svc("rotation", "show", "--json").stdout)}
    assert (plans["跟班"]["trainees"], plans["跟班"]["ends_on"]) == (60, "2026-11-01")
    missing = svc(
        "rotation", "create", "x", "--year", "2026", "--intake", "1999/graduate", "--stage", "2026-09-01/2026-10-31"
    )
    assert missing.returncode == 2
    assert "2026/graduate" in missing.stderr
