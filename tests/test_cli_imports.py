"""`svc register import` and its kin, run as the command they are."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from svclib.settings import load_settings
from svclib.workspace import init_database, open_workspace
from tests.commands import svc
from tests.workspace.import_files import dump, small_province, table_file

HEAD = ("工号", "姓名", "单位", "联系电话")
GOOD = ("07000001", "王一", "成都公司", "13800005678")
BAD = ("07000002", "李二", "成都供点公司", "")


@pytest.fixture(autouse=True)
def province() -> None:
    settings = load_settings()
    init_database(settings)
    ws = open_workspace(settings)
    small_province(ws)
    ws.close()


def another_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from svclib.cli import main; main()", "register", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def write(path: Path, *rows: tuple[str, ...]) -> str:
    path.write_bytes(table_file(HEAD, *rows)[1])
    return str(path)


def test_all_rows_accepted_is_status_0_and_json_alone_on_standard_output(tmp_path: Path) -> None:
    done = another_process("import", write(tmp_path / "名册.csv", GOOD), "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert {key: document[key] for key in ("rows", "created", "updated", "unchanged", "rejected")} == {
        "rows": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
    }
    assert (document["saved"], document["dry_run"], document["form"]) == (True, False, "people")
    assert "13800005678" not in done.stdout + done.stderr


def test_a_refused_row_is_status_1_and_the_others_are_saved(tmp_path: Path) -> None:
    out = tmp_path / "退回.xlsx"
    done = svc("register", "import", write(tmp_path / "名册.csv", GOOD, BAD), "--json", "--rejects", str(out))
    assert done.returncode == 1, done.stderr
    document = json.loads(done.stdout)
    (refused,) = document["rejected"]
    assert (refused["row"], refused["column"], refused["value"]) == (3, "单位", "成都供点公司")
    assert refused["reason"]
    assert document["created"] == 1
    assert openpyxl.load_workbook(out).active is not None


def test_a_refused_row_is_told_with_the_stops_and_colons_of_its_language(tmp_path: Path) -> None:
    nameless = ("07000003", "", "成都公司", "")
    told = svc("register", "import", write(tmp_path / "名册.csv", BAD, nameless), "--dry-run").stdout
    assert "“单位” “成都供点公司”：花名册中没有单位“成都供点公司”。建议：成都供电公司\n" in told
    assert "“姓名”：缺少姓名。" in told


def test_strict_and_dry_run_save_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "名册.csv", GOOD, BAD)
    ws = open_workspace()
    before = dump(ws)
    assert svc("register", "import", file, "--strict").returncode == 1
    assert svc("register", "import", file, "--dry-run").returncode == 1
    assert dump(ws) == before
    ws.close()


def test_a_file_that_cannot_be_used_is_status_2_with_a_sentence(tmp_path: Path) -> None:
    plain = svc("register", "import", str(tmp_path / "没有.xlsx"))
    assert (plain.returncode, plain.stdout) == (2, "")
    assert "没有.xlsx" in plain.stderr
    as_json = svc("register", "import", str(tmp_path / "没有.xlsx"), "--json")
    assert as_json.returncode == 2
    assert "没有.xlsx" in json.loads(as_json.stdout)["error"]
    assert svc("register", "import-structure", write(tmp_path / "名册.csv", GOOD), "--json").returncode == 2


def test_a_bad_option_is_status_2(tmp_path: Path) -> None:
    file = write(tmp_path / "名册.csv", GOOD)
    assert svc("register", "import", file, "--kind", "else").returncode == 2
    assert svc("register", "import", file, "--intake", "1890").returncode == 2
    assert svc("register", "import", file, "--sheet", "没有这个表").returncode == 2
    nowhere = str(tmp_path / "没有" / "退回.xlsx")
    assert svc("register", "import", file, "--rejects", nowhere).returncode == 2
    assert json.loads(svc("register", "imports", "--json").stdout) == []


def test_where_nothing_was_imported_that_is_said() -> None:
    assert svc("register", "imports").stdout == "还没有导入记录。\n"


def test_imports_are_listed_and_undone(tmp_path: Path) -> None:
    assert svc("register", "import", write(tmp_path / "名册.csv", GOOD)).returncode == 0
    listed = json.loads(svc("register", "imports", "--json").stdout)
    assert [(one["id"], one["file_name"], one["created"]) for one in listed] == [(1, "名册.csv", 1)]
    assert svc("register", "undo", "1").returncode == 0
    table = svc("register", "imports").stdout
    for word in ("导入时间", "撤销时间", "名册.csv"):
        assert word in table
    clock = datetime.fromisoformat(listed[0]["recorded_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{clock:%Y-%m-%d %H:%M}" in table
    assert "起止" not in table
    again = svc("register", "undo", "1")
    assert again.returncode == 2
    assert "已经撤销" in again.stderr
