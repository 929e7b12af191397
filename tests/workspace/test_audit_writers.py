"""Many processes write at once, some are killed: the chain has no fork and no hole."""

from __future__ import annotations

import signal
import subprocess
import sys

from sqlalchemy import func, select

from svclib.models import AuditRow, table
from svclib.workspace import Workspace

WRITE_FOR_EVER = """
import sys
from svclib import open_workspace
ws = open_workspace()
print("writing", flush=True)
for turn in range(int(sys.argv[2])):
    with ws.transaction("notes.write", writes=True) as tx:
        for n in range(3):
            tx.record(None, n, before={"turn": turn}, after={"who": sys.argv[1], "turn": turn})
"""


def _start(who: int, turns: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(who), str(turns)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_writing_at_once_never_fork_the_chain_even_when_killed(ws: Workspace) -> None:
    steady = [_start(who, 20) for who in range(3)]
    doomed = [_start(who, 10_000) for who in range(3, 5)]
    for process in (*steady, *doomed):
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
    while not ws.audit.verify().rows:
        pass
    for process in doomed:
        process.send_signal(signal.SIGKILL)
    # While the others write, a check sees one moment and finds it whole.
    assert ws.audit.verify().whole
    for process in steady:
        _out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    for process in doomed:
        process.communicate(timeout=60)
    found = ws.audit.verify()
    assert found.whole, found.sentence
    row = table(AuditRow)
    with ws.engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(row)).scalar_one()
    # Each transaction wrote its three rows or none.
    assert count == found.rows >= 180
    assert count % 3 == 0
