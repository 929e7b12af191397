"""What every verb passes: permission, one transaction, the trail."""

import subprocess
import sys
import threading

import pytest
from sqlalchemy import insert, select

from svclib import Forbidden
from svclib.models import AuditHead, AuditRow, Fact, Role, table
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.identity import acting
from svclib.workspace.policy import Actor

_AUDIT, _HEAD, _FACT = table(AuditRow), table(AuditHead), table(Fact)


class Facts(Area):
    @verb("facts.note", writes=True)
    def note(self, tx: Transaction, name: str, *, fail: bool = False) -> None:
        tx.connection.execute(insert(_FACT).values(name=name, value="1"))
        tx.record(_FACT, None, after={"name": name, "on": tx.today})
        if fail:
            raise ZeroDivisionError

    @verb("facts.names", writes=False)
    def names(self, tx: Transaction) -> list[str]:
        return [row["name"] for row in tx.rows(select(_FACT.c.name).order_by(_FACT.c.name))]

    @verb("facts.sneak", writes=False)
    def sneak(self, tx: Transaction) -> None:
        tx.record(_FACT, None, after={})


def _trail(ws: Workspace) -> list[dict[str, object]]:
    with ws.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(_AUDIT).order_by(_AUDIT.c.number)).mappings()]


def test_a_write_leaves_who_when_what_in_the_trail(ws: Workspace) -> None:
    Facts(ws).note("a")
    (row,) = _trail(ws)
    assert (row["number"], row["actor"], row["verb"], row["table_name"]) == (1, "system", "facts.note", "fact")
    assert row["after"] == {"name": "a", "on": "2026-08-20"}


def test_a_failing_verb_leaves_neither_row_nor_trail(ws: Workspace) -> None:
    with pytest.raises(ZeroDivisionError):
        Facts(ws).note("a", fail=True)
    assert Facts(ws).names() == []
    assert _trail(ws) == []


def test_an_actor_without_permission_is_refused_and_nothing_is_written(ws: Workspace) -> None:
    stranger = Workspace(ws.settings, identity=acting(Actor("stranger")), engine=ws.engine)
    with pytest.raises(Forbidden, match="stranger"):
        Facts(stranger).note("a")
    with pytest.raises(Forbidden):
        Facts(stranger).names()
    assert Facts(ws).names() == []


def test_who_is_refused_is_told_in_words_what_was_refused(ws: Workspace) -> None:
    captain = Actor("captain", account_id=1, role=Role.CAPTAIN, team_id=1)
    refused = Workspace(ws.settings, identity=acting(captain), engine=ws.engine)
    with pytest.raises(Forbidden) as caught:
        refused.register.add_person({"name": "王一"})
    assert str(caught.value) == "captain 无权进行此操作：新增人员。"


def test_a_verb_declared_as_reading_cannot_leave_a_trail(ws: Workspace) -> None:
    with pytest.raises(RuntimeError, match=r"facts\.sneak"):
        Facts(ws).sneak()


def test_writers_at_the_same_time_number_the_trail_without_gaps(ws: Workspace) -> None:
    faults: list[BaseException] = []

    def write(who: int) -> None:
        own = open_workspace(ws.settings)
        try:
            for n in range(5):
                Facts(own).note(f"{who}-{n}")
        except BaseException as error:  # a thread's failure must fail the test
            faults.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [row["number"] for row in _trail(ws)] == list(range(1, 41))
    with ws.engine.connect() as connection:
        assert connection.execute(select(_HEAD.c.number)).scalar_one() == 40


KILLED_IN_THE_MIDDLE = """
import os, signal
from sqlalchemy import insert
from svclib import open_workspace
from svclib.models import Fact, table
ws = open_workspace()
with ws.transaction("facts.note", writes=True) as tx:
    tx.connection.execute(insert(table(Fact)).values(name="half", value="1"))
    tx.record(table(Fact), None, after={"name": "half"})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_in_the_middle_of_a_write_leaves_nothing(ws: Workspace) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED_IN_THE_MIDDLE], check=False, capture_output=True)
    assert done.returncode == -9
    assert Facts(ws).names() == []
    assert _trail(ws) == []
    Facts(ws).note("after")
    assert Facts(ws).names() == ["after"]
