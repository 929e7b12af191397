"""Anchors: lines outside the database that cannot be changed, copied or left out unnoticed, save at the end."""

from __future__ import annotations

import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert

from svclib import DatabaseState
from svclib.models import Fact, table
from svclib.settings import Settings
from svclib.workspace import Workspace, init_database, open_workspace
from svclib.workspace.audit import anchors, checking
from svclib.workspace.audit.anchors import Anchor, Anchors, anchor_daily, read_anchors, write_anchor
from svclib.workspace.base import Transaction
from svclib.workspace.vault import Vault
from tests.commands import svc


def _write(ws: Workspace, count: int = 1) -> None:
    with ws.transaction("notes.write", writes=True) as tx:
        for number in range(count):
            tx.record(None, number, after={"n": number})


@pytest.fixture
def anchored(ws: Workspace) -> Workspace:
    """Three anchors, each after two more rows."""
    for _time in range(3):
        _write(ws, 2)
        ws.audit.anchor()
    return ws


def test_an_anchor_is_one_line_that_only_the_owner_can_read(anchored: Workspace) -> None:
    path = anchored.settings.anchors
    assert path == anchored.settings.data_dir.resolve() / "audit-anchors.jsonl"
    assert [json.loads(line)[:2] for line in path.read_text().splitlines()] == [["anchor", n] for n in (2, 4, 6)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_setting_names_another_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ws: Workspace) -> None:
    elsewhere = tmp_path / "elsewhere" / "anchors"
    monkeypatch.setenv("SVC_ANCHOR_FILE", str(elsewhere))
    _write(ws)
    assert svc("audit", "anchor").returncode == 0
    assert elsewhere.is_file()


def test_anchors_noted_at_the_same_moment_follow_one_another(
    anchored: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = anchors._seal

    def seal_slowly(vault: Vault, previous: str, anchor: Anchor) -> str:
        time.sleep(0.01)
        return seal(vault, previous, anchor)

    monkeypatch.setattr(anchors, "_seal", seal_slowly)
    settings, vault = anchored.settings, Vault.open(anchored.settings.keys)
    with ThreadPoolExecutor(4) as threads:
        noted = [threads.submit(write_anchor, settings, vault, "anchor", number, "mac") for number in range(8)]
    assert all(one.result() for one in noted)
    found = read_anchors(settings.anchors, vault)
    assert (len(found.lines), found.bad_line) == (3 + 8, None)


@pytest.mark.parametrize("harm", ["changed", "removed", "swapped", "copied", "cut in half"])
def test_a_line_that_was_tampered_with_is_named(anchored: Workspace, harm: str) -> None:
    path = anchored.settings.anchors
    lines = path.read_text().splitlines(keepends=True)
    changed = {
        "changed": [lines[0].replace('"anchor", 2', '"anchor", 1'), *lines[1:]],
        "removed": [lines[0], lines[2]],
        "swapped": [lines[1], lines[0], lines[2]],
        "copied": [*lines, lines[0]],
        "cut in half": [lines[0], lines[1][:40] + "\n", lines[2]],
    }[harm]
    path.write_text("".join(changed))
    found = anchored.audit.verify()
    assert (found.whole, found.fault, found.number) == (False, "anchors", None)
    line = {"changed": 1, "removed": 2, "swapped": 1, "copied": 4, "cut in half": 2}[harm]
    assert f"第 {line} 行" in found.sentence


def test_a_line_half_written_spoils_no_later_one_and_can_be_taken_out(anchored: Workspace) -> None:
    path = anchored.settings.anchors
    whole = path.read_text()
    path.write_text(whole + '["anchor", 6, "ab')
    anchored.audit.anchor()
    torn = path.read_text().splitlines()
    assert len(torn) == 5
    assert anchored.audit.verify().fault == "anchors"
    path.write_text("\n".join([*torn[:3], torn[4], ""]))
    assert anchored.audit.verify().whole


def test_an_anchor_of_another_key_counts_for_nothing(anchored: Workspace, tmp_path: Path) -> None:
    Vault.create(tmp_path / "other.json")
    write_anchor(anchored.settings, Vault.open(tmp_path / "other.json"), "begin", 0, "")
    assert anchored.audit.verify().fault == "anchors"


def test_the_day_is_anchored_once(ws: Workspace) -> None:
    _write(ws)
    assert anchor_daily(ws.settings) is not None
    _write(ws)
    assert anchor_daily(ws.settings) is None
    assert len(read_anchors(ws.settings.anchors, ws.vault).lines) == 1


def test_a_file_that_cannot_be_written_is_named_and_a_check_still_tells_what_it_found(ws: Workspace) -> None:
    _write(ws)
    ws.settings.anchors.mkdir()
    with pytest.raises(DatabaseState, match="audit-anchors"):
        ws.audit.anchor()


def test_a_new_database_beside_old_anchors_is_not_taken_for_a_cut_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from svclib.settings import load_settings

    monkeypatch.delenv("SVC_DATABASE_URL", raising=False)
    chosen: Settings = load_settings()
    init_database(chosen)
    first = open_workspace(chosen)
    _write(first, 5)
    first.audit.anchor()
    first.close()
    for path in chosen.data_dir.glob("svc.db*"):
        path.unlink()
    init_database(chosen)
    second = open_workspace(chosen)
    assert second.audit.verify().whole
    _write(second, 2)
    assert second.audit.verify().whole
    second.close()


def test_the_command_tells_whole_and_broken_by_its_exit_status(anchored: Workspace) -> None:
    done = svc("audit", "verify")
    assert (done.returncode, "留痕完整" in done.stdout) == (0, True)
    with anchored.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_row SET actor = 'nobody' WHERE number = 3")
    done = svc("audit", "verify", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["whole"], document["number"], document["fault"]) == (False, 3, "changed")
    assert "第 3 行" in document["sentence"]


def test_a_write_without_a_trail_is_no_matter_of_the_chain(ws: Workspace) -> None:
    with ws.transaction("drafts.save", writes=True) as tx:
        tx.connection.execute(insert(table(Fact)).values(name="x", value="y"))
    assert ws.audit.verify().rows == 0


def test_an_anchor_noted_while_the_trail_is_being_read_is_no_false_alarm(
    anchored: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, writer = checking.read_anchors, open_workspace(anchored.settings)
    times: list[int] = []

    def read_late(path: Path, vault: Vault) -> Anchors:
        if not times:
            _write(writer)
            writer.audit.anchor()
        times.append(1)
        return read(path, vault)

    def head_first(tx: Transaction) -> list[dict[str, object]]:
        return rows_before if len(times) == 1 else list(stored(tx))

    stored = checking._stored_rows
    with anchored.transaction("audit.verify", writes=False) as tx:
        rows_before = list(stored(tx))
    monkeypatch.setattr(checking, "read_anchors", read_late)
    monkeypatch.setattr(checking, "_stored_rows", head_first)
    assert anchored.audit.verify().whole
    assert len(times) == 2
    writer.close()
