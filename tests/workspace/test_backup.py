"""Backups: one moment of everything while others write, read back, put back as a whole; on both engines and across."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, inspect, select
from sqlmodel import SQLModel

from svclib import BadFile, DatabaseState, Duplicate, migrations, open_workspace
from svclib.models import AuditRow, LoginSession, Person, RotationVersion, Unit, table
from svclib.settings import Settings, load_settings
from svclib.workspace import Workspace, init_database
from svclib.workspace.backup import database_name, restore_backup, restoring
from svclib.workspace.backup.writing import LEFT_OUT
from svclib.workspace.base import lock
from svclib.workspace.engine import WRITE, make_engine
from svclib.workspace.vault import Vault
from tests.commands import svc
from tests.workspace.factory import add, person, sound_team, trainee, unit

KEPT = [place for place in SQLModel.metadata.sorted_tables if place.name not in LEFT_OUT]
Content = dict[str, list[tuple[Any, ...]]]


def _content(ws: Workspace) -> Content:
    with ws.engine.connect() as connection:
        return {
            place.name: [tuple(row) for row in connection.execute(select(place).order_by(*place.primary_key))]
            for place in KEPT
        }


@pytest.fixture
def full(ws: Workspace) -> Workspace:
    """A little of everything: units under units (the parent after its child), a team, protected fields, drafts."""
    child = unit(ws, "双流供电公司")
    parent = unit(ws, "成都供电公司")
    with ws.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE unit SET parent_id = {parent} WHERE id = {child}")
    team_id, people = sound_team(ws, unit_id=parent)
    someone = person(ws, "欧阳明", id_number="510105199001011237", phone="13812345678", address="成都市武侯区一环路1号")
    trainee(ws, someone, starts_on=ws.today, ends_on=ws.today.replace(year=2027))
    ws.register.reveal(someone, "phone")
    ws.register.leave_team(people[1], on="2026-09-01")
    ws.register.edit_team(team_id, {"latitude": 30.657421, "longitude": 104.065735}, version=1)
    ws.drafts.save("person/1", {"name": "草稿"})
    _signed(ws)
    ws.audit.anchor()
    return ws


def _signed(ws: Workspace) -> None:
    """A published plan with two scans of the signed notice, one of them withdrawn."""
    intake = int(ws.register.intakes()["id"][0])
    plan = ws.rotation.create_plan("2026", year=2026, stages=[("2026-09-01", "2026-11-01")], intakes=[intake])
    told = {"published_at": datetime.now(UTC), "published_by": "王主任", "cost": 0.0, "placements": 0, "moved": 0}
    add(ws, RotationVersion, plan_id=plan, number=1, **told)
    ws.rotation.attach("2026", 1, ("签字.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 4000 + b"%%EOF"))
    ws.rotation.withdraw(ws.rotation.attach("2026", 1, ("误传.pdf", b"%PDF-1.7\n%%EOF")))


@pytest.fixture
def empty(tmp_path: Path, full: Workspace, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same keys for a database that does not exist yet, as for a rehearsal: SQLite, with anchors of its own."""
    monkeypatch.setenv("SVC_ANCHOR_FILE", str(tmp_path / "other-anchors"))
    monkeypatch.setenv("SVC_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    return load_settings()


def test_what_was_backed_up_comes_back_value_for_value(full: Workspace, empty: Settings, tmp_path: Path) -> None:
    done = full.backup.write(tmp_path / "b.zip")
    before = _content(full)
    restored = restore_backup(empty, tmp_path / "b.zip")
    assert (done.trail, restored.trail) == (None, None)
    assert restored.rows == done.rows == sum(len(rows) for rows in before.values())
    other = open_workspace(empty)
    after = _content(other)
    told = after["audit_row"].pop()
    assert told[table(AuditRow).columns.keys().index("verb")] == "backup.restore"
    before.pop("audit_head"), after.pop("audit_head")
    assert after == before
    found = other.audit.verify()
    assert found.whole, found.sentence
    someone = next(row[0] for row in after["person"] if row[table(Person).columns.keys().index("name")] == "欧阳明")
    assert other.register.reveal(someone, "id_number") == "510105199001011237"
    # New rows are numbered on, not over those that came back.
    assert person(other, "新来的", employee_no="20000001") > max(row[0] for row in after["person"])
    other.close()


def test_a_postgresql_database_takes_an_sqlite_backup_and_the_other_way_round(
    full: Workspace, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = full.engine.dialect.name
    full.backup.write(tmp_path / "b.zip")
    other_url = f"sqlite:///{tmp_path / 'o.db'}" if here == "postgresql" else request.getfixturevalue("postgres_url")
    monkeypatch.setenv("SVC_DATABASE_URL", other_url)
    chosen = load_settings()
    restore_backup(chosen, tmp_path / "b.zip")
    other = open_workspace(chosen)
    assert other.engine.dialect.name != here
    assert _content(other)["person"] == _content(full)["person"]
    assert other.audit.verify().whole
    assert unit(other, "新单位") > 2
    other.close()


def test_a_backup_is_anchored_noted_in_the_trail_and_readable_by_its_owner_alone(
    full: Workspace, tmp_path: Path
) -> None:
    full.backup.write(tmp_path / "b.zip")
    found = full.audit.verify()
    assert found.anchored == found.rows
    with full.engine.connect() as connection:
        last = connection.execute(select(table(AuditRow)).order_by(table(AuditRow).c.number.desc())).mappings().first()
    assert last is not None
    assert (last["verb"], last["after"]) == ("backup.write", {"file": "b.zip"})
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600


def test_a_backup_holds_no_key_no_clear_protected_value_and_no_login(full: Workspace, tmp_path: Path) -> None:
    full.backup.write(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = "\n".join(archive.read(name).decode() for name in archive.namelist())
        held = {Path(name).stem for name in archive.namelist()}
    assert "person" in held
    assert not {"login_session", "page_ticket", "login_attempt"} & held
    keys = json.loads(full.settings.keys.read_text())
    secrets = [keys["search"], keys["audit"], *keys["encryption"].values()]
    for secret in (*secrets, "510105199001011237", "13812345678", "一环路", "草稿"):
        assert secret not in content
        assert json.dumps(secret).strip('"') not in content


WRITER = """
from svclib import open_workspace
ws = open_workspace()
print("writing", flush=True)
n = 0
while True:
    n += 1
    person = ws.register.add_person({"name": "写入", "employee_no": f"7{n:07d}"}, on="2026-01-01")
    ws.register.record_status(person, "masses", "2026-01-01")
"""


def test_a_backup_made_while_another_process_writes_is_of_one_moment(
    full: Workspace, empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVC_DATABASE_URL", full.settings.database_url)
    writer = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        backups = [full.backup.write(tmp_path / f"{n}.zip") for n in range(3)]
    finally:
        writer.kill()
        writer.communicate()
    assert [one.trail for one in backups] == [None, None, None]
    restore_backup(empty, backups[-1].path)
    other = open_workspace(empty)
    with other.engine.connect() as connection:
        people = connection.execute(select(func.count()).where(table(Person).c.name == "写入")).scalar_one()
        adding = select(func.count()).where(table(AuditRow).c.verb == "register.add_person")
        told = connection.execute(adding.where(table(AuditRow).c.row_id > 11)).scalar_one()
    # Of each person the trail tells, in the same moment.
    assert 0 < people == told
    assert other.audit.verify().whole
    other.close()
    # The database that went on has not lost anything; its trail is whole up to now.
    assert open_workspace(full.settings).audit.verify().whole


# What is refused ------------------------------------------------------------------------------------------------


def test_a_database_that_holds_something_is_replaced_only_by_name(full: Workspace, tmp_path: Path) -> None:
    full.backup.write(tmp_path / "b.zip")
    backed_up = _content(full)
    person(full, "后来的", employee_no="20000001")
    add(full, LoginSession, **_login(full))
    full.audit.anchor()
    held = _content(full)
    name = database_name(full.settings)
    with pytest.raises(DatabaseState, match=re.escape(f"--replace {name}")):
        restore_backup(full.settings, tmp_path / "b.zip")
    with pytest.raises(DatabaseState, match="叫做"):
        restore_backup(full.settings, tmp_path / "b.zip", replace="wrong")
    assert _content(full) == held
    restore_backup(full.settings, tmp_path / "b.zip", replace=name)
    assert _content(full)["person"] == backed_up["person"]
    with full.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(table(LoginSession))).scalar_one() == 0
    # Rows of after the backup are gone, and the anchors know that this was meant.
    found = full.audit.verify()
    assert found.whole, found.sentence


def test_what_somebody_writes_between_the_look_and_the_restore_is_not_lost(
    full: Workspace, empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.backup.write(tmp_path / "b.zip")
    look = restoring._prepare

    def look_then_somebody_writes(*about: Any) -> None:
        look(*about)
        init_database(empty)
        other = open_workspace(empty)
        unit(other, "阿坝供电公司")
        other.close()

    monkeypatch.setattr(restoring, "_prepare", look_then_somebody_writes)
    with pytest.raises(DatabaseState, match="其间有人写入了数据库"):
        restore_backup(empty, tmp_path / "b.zip")
    other = open_workspace(empty)
    assert list(other.register.units()["short_name"]) == ["阿坝供电公司"]
    other.close()


def test_a_restore_waits_for_whoever_is_writing_and_loses_nothing_of_it(
    full: Workspace, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.backup.write(tmp_path / "b.zip")
    here = full.engine.dialect.name
    other_url = f"sqlite:///{tmp_path / 'o.db'}" if here == "postgresql" else request.getfixturevalue("postgres_url")
    monkeypatch.setenv("SVC_DATABASE_URL", other_url)
    init_database(load_settings())
    other = open_workspace(load_settings())
    with ThreadPoolExecutor(1) as thread:
        with other.engine.connect().execution_options(**{WRITE: True}) as writing, writing.begin():
            lock(writing)
            writing.execute(
                insert(table(Unit)).values(short_name="阿坝供电公司", name="阿坝供电公司", kind="company", version=1)
            )
            restoring = thread.submit(restore_backup, other.settings, tmp_path / "b.zip")
            with pytest.raises(TimeoutError):
                restoring.result(1)
        with pytest.raises(DatabaseState, match="其间有人写入了数据库"):
            restoring.result(20)
    assert list(other.register.units()["short_name"]) == ["阿坝供电公司"]
    other.close()


@pytest.mark.parametrize("harm", ["row", "manifest", "cut", "noise", "missing table", "another file"])
def test_a_damaged_or_changed_backup_is_refused_and_nothing_is_touched(
    full: Workspace, empty: Settings, tmp_path: Path, harm: str
) -> None:
    path = tmp_path / "b.zip"
    full.backup.write(path)
    _harm(path, harm)
    with pytest.raises(BadFile, match=r"b\.zip"):
        restore_backup(empty, path)
    assert not (tmp_path / "other.db").exists() or not _tables(empty)


def test_other_keys_are_refused_and_named(full: Workspace, empty: Settings, tmp_path: Path) -> None:
    full.backup.write(tmp_path / "b.zip")
    content = json.loads(empty.keys.read_text())
    kept = empty.keys.read_text()
    empty.keys.unlink()
    Vault.create(empty.keys)
    with pytest.raises(DatabaseState, match=r"audit、encryption/k1、search"):
        restore_backup(empty, tmp_path / "b.zip")
    other = json.loads(empty.keys.read_text())
    empty.keys.write_text(json.dumps(content | {"encryption": other["encryption"]}))
    with pytest.raises(DatabaseState, match=r"encryption/k1"):
        restore_backup(empty, tmp_path / "b.zip")
    empty.keys.unlink()
    with pytest.raises(DatabaseState, match=r"secret\.json"):
        restore_backup(empty, tmp_path / "b.zip")
    assert not empty.keys.exists()
    empty.keys.write_text(kept)
    assert restore_backup(empty, tmp_path / "b.zip").trail is None


def test_a_backup_of_a_newer_program_is_refused(
    full: Workspace, empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "head", lambda: "9999_future")
    full.backup.write(tmp_path / "b.zip")
    monkeypatch.undo()
    monkeypatch.setenv("SVC_DATA_DIR", str(empty.data_dir))
    with pytest.raises(DatabaseState, match="更新版本"):
        restore_backup(empty, tmp_path / "b.zip")
    assert not (tmp_path / "other.db").exists() or not _tables(empty)


def test_a_backup_with_a_broken_trail_is_written_and_restored_and_says_so(
    full: Workspace, empty: Settings, tmp_path: Path
) -> None:
    with full.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_row SET actor = 'nobody' WHERE number = 5")
    done = full.backup.write(tmp_path / "b.zip")
    assert done.trail is not None
    assert "第 5 行" in done.trail
    restored = restore_backup(empty, tmp_path / "b.zip")
    assert restored.trail == done.trail


def test_an_existing_file_is_not_overwritten_and_a_failed_backup_leaves_none(
    full: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(Duplicate):
        full.backup.write(tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "mine"
    with pytest.raises(BadFile, match="nowhere"):
        full.backup.write(tmp_path / "nowhere" / "b.zip")

    def fail(*_arguments: object) -> None:
        raise BadFile("read back wrongly")

    monkeypatch.setattr("svclib.workspace.backup.writing.check_archive", fail)
    (tmp_path / "sub").mkdir()
    with pytest.raises(BadFile):
        full.backup.write(tmp_path / "sub" / "b.zip")
    assert list((tmp_path / "sub").iterdir()) == []


def test_the_commands_say_what_they_did(full: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "b.zip")
    done = svc("backup", path)
    assert done.returncode == 0, done.stderr
    assert "密钥不在其中" in done.stdout
    again = svc("backup", path)
    assert (again.returncode, "已经有文件" in again.stderr) == (2, True)
    monkeypatch.setenv("SVC_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    done = svc("restore", path)
    assert done.returncode == 0, done.stderr
    assert "重新登录" in done.stdout
    assert svc("audit", "verify").returncode == 0
    refused = svc("restore", path)
    assert (refused.returncode, "--replace other.db" in refused.stderr) == (2, True)
    assert svc("--as", "somebody", "restore", path, "--replace", "other.db").returncode == 2
    assert svc("restore", path, "--replace", "other.db").returncode == 0
    assert svc("restore", str(tmp_path / "none.zip")).returncode == 2


# Helpers ----------------------------------------------------------------------------------------------------------


def _login(ws: Workspace) -> dict[str, Any]:
    ws.access.add_user("somebody", "administrator", password="correct horse battery staple")
    moments = dict.fromkeys(("begun_at", "seen_at", "ends_at"), datetime.now(UTC))
    return {"account_id": 1, "token_hash": "0" * 64, "method": "password", "origin": "127.0.0.1", **moments}


def _tables(settings: Settings) -> list[str]:
    engine = make_engine(settings.url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _harm(path: Path, harm: str) -> None:
    if harm == "another file":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hello.txt", "hello")
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif harm == "noise":
        content = bytearray(path.read_bytes())
        middle = len(content) // 3
        content[middle : middle + 8] = b"\0" * 8
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        if harm == "row":
            files["tables/person.jsonl"] = files["tables/person.jsonl"].replace(b"\\u6b27", b"\\u6b28")
        elif harm == "manifest":
            files["manifest.json"] = files["manifest.json"].replace(b'"rows": 1', b'"rows": 2', 1)
        else:
            del files["tables/person.jsonl"]
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
