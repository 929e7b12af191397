"""`svc --as NAME`: a command acts with that account's rights, and the trail says who and from where."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from svclib.demo import make_demo
from svclib.models import AuditRow, table
from svclib.settings import load_settings
from svclib.workspace import Workspace, open_workspace
from tests.commands import svc


@pytest.fixture
def ws() -> Workspace:
    make_demo(load_settings())
    return open_workspace()


def listed(*words: str) -> list[dict[str, object]]:
    done = svc(*words, "register", "people", "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_lists_are_those_of_the_account(ws: Workspace) -> None:
    everybody, captains = listed(), listed("--as", "captain")
    assert 0 < len(captains) < len(everybody)
    assert len({row["team"] for row in captains}) == 1
    assert {row["stage"] for row in captains} == {None}
    assert any(row["stage"] for row in everybody)
    assert len(listed("--as", "trainee")) == 1
    document = json.loads(svc("--as", "captain", "register", "check", "--json").stdout)
    assert document["teams"] == 1


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("captain", ["register", "export", "out.xlsx"]),
        ("leader", ["register", "imports"]),
        ("auditor", ["register", "people"]),
        ("hr-unit", ["user", "list"]),
        ("administrator", ["register", "people"]),
        ("nobody", ["register", "people"]),
    ],
)
def test_what_the_account_may_not_is_refused_in_a_sentence(ws: Workspace, who: str, words: list[str]) -> None:
    done = svc("--as", who, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_trail_names_the_account_and_the_command_line(ws: Workspace) -> None:
    own = open_workspace(as_user="hr-unit")
    person = int(own.register.people()["id"].iloc[0])
    own.register.reveal(person, "phone")
    row = table(AuditRow)
    with ws.engine.connect() as connection:
        last = connection.execute(select(row).order_by(row.c.number.desc()).limit(1)).mappings().one()
    assert (last["actor"], last["verb"], last["row_id"]) == ("hr-unit", "register.reveal", person)
    assert last["origin"].startswith("command line (system user ")
