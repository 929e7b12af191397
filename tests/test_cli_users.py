"""`svc user`, `svc --as`, and the first account."""

from __future__ import annotations

import io
import json
import re

import pytest

from svclib.demo import DEMO_PASSWORD
from svclib.settings import load_settings
from svclib.workspace import Workspace, open_workspace
from tests.commands import svc
from tests.workspace import factory

GOOD = "zebra-lantern-42-ok"


@pytest.fixture
def office() -> Workspace:
    """An initialised database with one unit, body, team and person."""
    assert svc("init").returncode == 0
    ws = open_workspace(load_settings())
    unit_id = factory.unit(ws)
    factory.body(ws, unit_id)
    factory.team(ws, unit_id)
    factory.person(ws, "李娜", employee_no="05230001", unit_id=unit_id)
    return ws


def users(ws: Workspace) -> dict[str, dict[str, object]]:
    return {row["username"]: row for row in ws.access.users().to_dict("records")}


def told_password(text: str) -> str:
    found = re.search(r"\b\w{4}(-\w{4}){3}\b", text)
    assert found is not None, text
    return found.group()


def test_the_first_account_is_made_once_and_its_password_told_once() -> None:
    first, again = svc("init"), svc("init")
    password = told_password(first.stdout)
    assert "admin" in first.stdout
    assert "admin" not in again.stdout
    ws = open_workspace(load_settings())
    assert ws.access.authenticate("admin", password, "127.0.0.1").must_change
    assert svc("user", "list").stdout.count("admin") == 1


@pytest.mark.parametrize(
    ("options", "column", "value"),
    [
        (("--role", "hr", "--unit", "成都供电公司"), "unit", "成都供电公司"),
        (("--role", "secretary", "--unit", "成都供电公司", "--party-body", "第一党支部"), "party_body", "第一党支部"),
        (("--role", "captain", "--team", "连心桥服务队"), "team", "连心桥服务队"),
        (("--role", "trainee", "--person", "05230001"), "person", "李娜"),
    ],
)
def test_an_account_is_added_by_names_people_use(
    office: Workspace, options: tuple[str, ...], column: str, value: str
) -> None:
    done = svc("user", "add", "li.na", "--display-name", "李娜", *options)
    assert done.returncode == 0, done.stderr
    row = users(office)["li.na"]
    assert (row["display_name"], row["role"], row[column]) == ("李娜", options[1], value)
    assert office.access.authenticate("li.na", told_password(done.stdout), "127.0.0.1").must_change


def test_a_name_that_is_nearly_right_is_suggested(office: Workspace) -> None:
    done = svc("user", "add", "li.na", "--role", "hr", "--unit", "成都供电")
    assert done.returncode == 2
    assert "是不是“成都供电公司”" in done.stderr
    assert "li.na" not in users(office)


def test_a_password_can_come_from_standard_input_and_is_not_printed(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    done = svc("user", "add", "li.na", "--role", "auditor", "--password-stdin")
    assert (done.returncode, GOOD in done.stdout + done.stderr) == (0, False)
    assert office.access.authenticate("li.na", GOOD, "127.0.0.1")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert svc("user", "password", "li.na", "--password-stdin").returncode == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("password12\n"))
    weak = svc("user", "password", "li.na", "--password-stdin")
    assert (weak.returncode, "容易猜到" in weak.stderr) == (2, True)


def test_an_account_for_single_sign_on_alone_has_no_password(office: Workspace) -> None:
    done = svc("user", "add", "li.na", "--role", "auditor", "--no-password")
    assert done.returncode == 0
    assert not users(office)["li.na"]["signs_on_by_password"]
    assert office.access.recognise("li.na").username == "li.na"


def test_an_account_is_disabled_enabled_given_another_role_and_password(office: Workspace) -> None:
    svc("user", "add", "li.na", "--role", "auditor")
    assert svc("user", "disable", "li.na").returncode == 0
    assert users(office)["li.na"]["disabled"]
    assert svc("user", "disable", "li.na").returncode == 2
    assert svc("user", "enable", "li.na").returncode == 0
    assert svc("user", "role", "li.na", "captain", "--team", "连心桥服务队").returncode == 0
    assert users(office)["li.na"]["role"] == "captain"
    refused = svc("user", "role", "li.na", "secretary")
    assert (refused.returncode, "党组织" in refused.stderr) == (2, True)
    fresh = told_password(svc("user", "password", "li.na").stdout)
    office.access.begin_session(office.access.authenticate("li.na", fresh, "127.0.0.1").account_id, origin="127.0.0.1")
    assert "1" in svc("user", "logout", "li.na").stdout
    assert office.access.sessions("li.na").empty


def test_the_list_tells_role_scope_and_state_also_as_json(office: Workspace) -> None:
    svc("user", "add", "li.na", "--role", "captain", "--team", "连心桥服务队")
    svc("user", "add", "wang.wu", "--role", "hr")
    text = svc("user", "list").stdout
    for words in ("队长", "连心桥服务队", "初始密码未改", "全省"):
        assert words in text
    rows = {row["username"]: row for row in json.loads(svc("user", "list", "--json").stdout)}
    assert rows["li.na"]["scope"] == "连心桥服务队"
    assert rows["wang.wu"] | {"last_login_at": None} == rows["wang.wu"]
    assert "password" not in svc("user", "list", "--json").stdout


def test_a_command_can_act_as_an_account_with_its_limits(office: Workspace) -> None:
    svc("user", "add", "li.na", "--role", "captain", "--team", "连心桥服务队")
    assert svc("--as", "li.na", "register", "people").returncode == 0
    refused = svc("--as", "li.na", "user", "list")
    assert (refused.returncode, "li.na" in refused.stderr) == (2, True)
    assert svc("--as", "nobody", "register", "people").returncode == 2
    # What was named for one command does not linger.
    assert svc("user", "list").returncode == 0


def test_the_demo_tells_its_accounts_each_time() -> None:
    for _time in range(2):
        text = svc("demo").stdout
        for words in ("hr-unit", "secretary", "administrator", DEMO_PASSWORD, "全省"):
            assert words in text


def test_other_machines_are_not_served_before_there_is_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    assert svc("init").returncode == 0
    ws = open_workspace(load_settings())
    with ws.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM account")
    done = svc("serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "svc init" in done.stderr


@pytest.mark.parametrize("path", ["svc", "/svc", "svc/", "//", "/a b/", "/../", "/<x>/"])
def test_a_path_to_serve_under_that_cannot_be_is_refused(path: str) -> None:
    done = svc("serve", "--base-url", path)
    assert (done.returncode, "SVC_BASE_URL" in done.stderr) == (2, True)
