"""A new encryption key: all that lives opens with it, nobody has to stop, and nothing is lost when it is broken off."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import select

from svclib import DatabaseState, RuleBroken, StaleRecord, open_workspace
from svclib.models import Draft, ImportChange, Person, table
from svclib.workspace import Workspace
from svclib.workspace.vault import PROTECTED
from tests.commands import svc
from tests.workspace.factory import person
from tests.workspace.import_files import bring, held, row, small_province

ID_NUMBER, PHONE = "510105199001011237", "13812345678"


@pytest.fixture
def full(ws: Workspace) -> Workspace:
    """One person by hand, one by import, and a draft."""
    small_province(ws)
    person(ws, "欧阳明", employee_no="20000001", id_number=ID_NUMBER, phone=PHONE, address="成都市武侯区一环路1号")
    assert bring(ws, row(联系电话="13600000000")).run_id == 1
    ws.drafts.save("person/1", {"phone": "13900000000"})
    return ws


def _ciphertexts(ws: Workspace) -> list[str]:
    with ws.engine.connect() as connection:
        people = connection.execute(select(*(table(Person).c[field] for field in PROTECTED)))
        found = [value for row in people for value in row if value is not None]
        for before, after in connection.execute(select(table(ImportChange).c.before, table(ImportChange).c.after)):
            found += [values[field] for values in (before, after) if values for field in PROTECTED if values.get(field)]
        found += connection.execute(select(table(Draft).c.content)).scalars()
    return found


def _keys(ws: Workspace) -> dict[str, Any]:
    return json.loads(ws.settings.keys.read_text())


def test_everything_that_lives_is_under_the_new_key_and_opens(full: Workspace) -> None:
    search = _keys(full)["search"]
    done = full.keys.rotate()
    assert (done.current, done.retired) == ("k2", ("k1",))
    assert {one.split(":")[0] for one in _ciphertexts(full)} == {"k2"}
    assert full.register.reveal(1, "phone") == PHONE
    assert full.drafts.load("person/1")[0] == {"phone": "13900000000"}  # type: ignore[index]
    assert _keys(full)["search"] == search
    assert full.audit.verify().whole
    assert done.people == 2


def test_an_import_can_still_be_undone_after_a_rotation(full: Workspace) -> None:
    full.keys.rotate()
    full.keys.rotate()
    full.register.undo_import(1)
    assert [one["name"] for one in held(full, "person")] == ["欧阳明"]


def test_the_same_file_again_still_changes_nothing(full: Workspace) -> None:
    full.keys.rotate()
    result = bring(full, row(联系电话="13600000000"))
    assert (result.unchanged, result.run_id) == (1, None)


def test_a_workspace_opened_before_reads_and_writes_with_the_new_key(full: Workspace) -> None:
    other = open_workspace(full.settings)
    assert other.register.reveal(1, "phone") == PHONE
    full.keys.rotate()
    assert other.register.person(1).facts["phone"] == "138****5678"
    added = person(other, "新来的", employee_no="20000009", phone="13700000000")
    assert {one.split(":")[0] for one in _ciphertexts(full)} == {"k2"}
    assert full.register.reveal(added, "phone") == "13700000000"
    other.close()


BROKEN_OFF = """
import os, signal
from svclib import open_workspace
from svclib.workspace import key_rotation as rotation
ws = open_workspace()
def kill(tx, after):
    os.kill(os.getpid(), signal.SIGKILL)
rotation._TASKS = dict(rotation._TASKS) | {"imports": kill}
ws.keys.rotate()
"""


def test_a_rotation_killed_in_the_middle_loses_nothing_and_goes_on_with_the_same_key(full: Workspace) -> None:
    done = subprocess.run([sys.executable, "-c", BROKEN_OFF], check=False, capture_output=True)
    assert done.returncode == -9
    assert {one.split(":")[0] for one in _ciphertexts(full)} == {"k1", "k2"}
    assert full.register.reveal(1, "phone") == PHONE
    with pytest.raises(RuleBroken, match="svc keys rotate"):
        full.keys.forget("k1")
    again = full.keys.rotate()
    assert (again.current, again.people) == ("k2", 0)
    assert {one.split(":")[0] for one in _ciphertexts(full)} == {"k2"}


WRITER = """
from svclib import open_workspace
ws = open_workspace()
print("writing", flush=True)
for n in range(60):
    ws.register.add_person({"name": "写入", "employee_no": f"7{n:07d}", "phone": f"139{n:08d}"}, on="2026-01-01")
"""


def test_another_process_writes_on_while_keys_are_rotated(full: Workspace) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    writer.stdout.readline()
    for _time in range(3):
        full.keys.rotate()
    _out, errors = writer.communicate(timeout=120)
    assert writer.returncode == 0, errors
    full.keys.rotate()
    assert {one.split(":")[0] for one in _ciphertexts(full)} == {"k5"}
    assert full.audit.verify().whole
    written = held(full, "person", name="写入")
    assert {full.register.reveal(one["id"], "phone") for one in written} == {f"139{n:08d}" for n in range(60)}


def test_an_old_key_is_forgotten_only_by_name_and_only_when_nothing_living_needs_it(full: Workspace) -> None:
    for wrong in ("k1", "k9"):
        with pytest.raises(RuleBroken):
            full.keys.forget(wrong)
    full.register.edit_person(1, {"phone": "13987654321"}, version=1)
    full.keys.rotate()
    assert full.keys.forget("k1") >= 2
    assert list(_keys(full)["encryption"]) == ["k2"]
    after = open_workspace(full.settings)
    assert after.register.reveal(1, "phone") == "13987654321"
    # Somebody who opened the person before all this is still told of the conflict.
    with pytest.raises(StaleRecord) as stale:
        after.register.edit_person(1, {"phone": "13000000000"}, version=1)
    assert stale.value.conflicts["phone"] == (None, "139****4321", "130****0000")
    assert after.audit.verify().whole
    after.close()


def test_a_key_that_is_gone_is_told_and_not_made_anew(full: Workspace) -> None:
    content = _keys(full)
    full.keys.rotate()
    full.settings.keys.write_text(json.dumps(content))
    older = open_workspace(full.settings)
    with pytest.raises(DatabaseState, match="密钥"):
        older.register.reveal(1, "phone")
    older.close()


def test_the_commands_say_what_they_did(full: Workspace) -> None:
    done = svc("keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert "k2" in done.stdout
    assert "k1" in done.stdout
    assert svc("keys", "forget", "k2").returncode == 2
    done = svc("keys", "forget", "k1")
    assert done.returncode == 0, done.stderr
    listed = json.loads(svc("audit", "list", "--verb", "keys.rotate", "--json").stdout)
    assert listed["rows"][0]["changes"].startswith("密钥：k2")
