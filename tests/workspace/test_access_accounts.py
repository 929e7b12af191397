"""Accounts: names, roles with their scope, passwords; and that the trail tells of each change without a secret."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from svclib import Duplicate, NotFound, RuleBroken
from svclib.models import Account, AuditRow, Role, table
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.access import LoginRefused
from tests.workspace import factory

GOOD = "zebra-lantern-42-ok"
OTHER = "quartz-meadow-17-up"
HOME = "10.1.2.3"


def _trail(ws: Workspace) -> list[dict[str, Any]]:
    with ws.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table(AuditRow)).order_by("number")).mappings()]


def test_an_account_is_made_with_its_role_and_listed_with_its_scope(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    ws.access.add_user("Li.Na", "hr", display_name="李娜", password=GOOD, unit_id=unit_id)
    (row,) = ws.access.users().to_dict("records")
    assert (row["username"], row["display_name"], row["role"]) == ("li.na", "李娜", "hr")
    assert (row["unit"], row["must_change"], row["disabled"]) == ("成都供电公司", True, False)


@pytest.mark.parametrize("name", ["a", "x" * 41, "li na", "li/na", "<b>x</b>", "", "system", "Server", "名;字"])
def test_what_cannot_be_a_user_name_is_refused(ws: Workspace, name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        ws.access.add_user(name, "administrator", password=GOOD)
    assert refused.value.field == "username"


@pytest.mark.parametrize("name", ["li.na", "LI.NA", " li.na ", "ｌｉ.ｎａ"])
def test_one_name_has_one_account_however_it_is_typed(ws: Workspace, name: str) -> None:
    ws.access.add_user("li.na", "auditor", password=GOOD)
    with pytest.raises(Duplicate):
        ws.access.add_user(name, "auditor", password=GOOD)


@pytest.mark.parametrize(
    ("role", "scope", "field"),
    [
        ("secretary", {}, "party_body_id"),
        ("organiser", {}, "party_body_id"),
        ("contact", {}, "person_id"),
        ("captain", {}, "team_id"),
        ("mentor", {}, "person_id"),
        ("trainee", {}, "person_id"),
        ("auditor", {"unit_id": 1}, "unit_id"),
        ("captain", {"team_id": 1, "unit_id": 1}, "unit_id"),
        ("king", {}, "role"),
    ],
)
def test_a_role_gets_the_scope_it_needs_and_no_other(
    ws: Workspace, role: str, scope: dict[str, int], field: str
) -> None:
    unit_id = factory.unit(ws)
    factory.team(ws, unit_id)
    with pytest.raises(RuleBroken) as refused:
        ws.access.add_user("somebody", role, password=GOOD, **scope)
    assert refused.value.field == field
    assert ws.access.users().empty


def test_a_scope_that_is_not_there_is_refused(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="17"):
        ws.access.add_user("somebody", "hr", password=GOOD, unit_id=17)


@pytest.mark.parametrize(
    "password",
    [
        "short-1x",
        "li.na-is-the-best-of-all",
        "Password12345",
        "1qaz2wsx3edc",
        "a123456789",
        "abcdefghijkl",
        "lina20260101",
        "x" * 201,
    ],
)
def test_a_weak_password_is_refused_with_the_reason(ws: Workspace, password: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        ws.access.add_user("li.na", "auditor", display_name="李娜", password=password)
    assert refused.value.field == "password"
    assert password not in str(refused.value)


def test_the_least_length_is_a_setting(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_PASSWORD_LENGTH_MIN", "24")
    strict = open_workspace()
    with pytest.raises(RuleBroken, match="24"):
        strict.access.add_user("li.na", "auditor", password=GOOD)


def test_the_first_administrator_is_made_once_and_must_change_the_password(ws: Workspace) -> None:
    name, password = ws.access.first_administrator() or ("", "")
    login = ws.access.authenticate(name, password, HOME)
    assert (login.username, login.role, login.must_change) == ("admin", Role.ADMINISTRATOR, True)
    assert ws.access.first_administrator() is None


def test_role_and_scope_are_replaced_together(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    team_id = factory.team(ws, unit_id)
    ws.access.add_user("li.na", "hr", password=GOOD, unit_id=unit_id)
    ws.access.set_role("li.na", "captain", team_id=team_id)
    (row,) = ws.access.users().to_dict("records")
    assert (row["role"], row["team_id"]) == ("captain", team_id)
    assert row["unit"] is None or row["unit"] != row["unit"]


def test_somebody_always_administers(ws: Workspace) -> None:
    ws.access.add_user("first", "administrator", password=GOOD)
    with pytest.raises(RuleBroken):
        ws.access.disable("first")
    with pytest.raises(RuleBroken):
        ws.access.set_role("first", "auditor")
    ws.access.add_user("second", "administrator", password=GOOD)
    ws.access.disable("first")
    with pytest.raises(RuleBroken):
        ws.access.disable("second")


def test_a_disabled_account_lets_nobody_in_until_it_is_enabled(ws: Workspace) -> None:
    account_id = ws.access.add_user("li.na", "auditor", password=GOOD)
    token = ws.access.begin_session(account_id, origin=HOME)
    ws.access.disable("li.na")
    assert ws.access.find_session(token) is None
    with pytest.raises(LoginRefused, match="停用"):
        ws.access.authenticate("li.na", GOOD, HOME)
    with pytest.raises(LoginRefused, match="不对"):
        ws.access.authenticate("li.na", OTHER, HOME)
    ws.access.enable("li.na")
    assert ws.access.authenticate("li.na", GOOD, HOME).username == "li.na"
    # The logins from before have ended for good.
    assert ws.access.find_session(token) is None


def test_a_password_set_by_another_is_to_be_changed_and_ends_every_login(ws: Workspace) -> None:
    account_id = ws.access.add_user("li.na", "auditor", password=GOOD, must_change=False)
    token = ws.access.begin_session(account_id, origin=HOME)
    fresh = ws.access.set_password("li.na")
    assert ws.access.find_session(token) is None
    assert ws.access.authenticate("li.na", fresh, HOME).must_change
    with pytest.raises(LoginRefused):
        ws.access.authenticate("li.na", GOOD, HOME)


def test_changing_ones_own_password_ends_all_other_logins_and_renews_this_one(ws: Workspace) -> None:
    account_id = ws.access.add_user("li.na", "auditor", password=GOOD)
    elsewhere = ws.access.begin_session(account_id, origin=HOME)
    here = ws.access.begin_session(account_id, origin=HOME)
    session = ws.access.find_session(here)
    assert session is not None
    assert session.must_change
    renewed = ws.access.change_own_password(session.session_id, GOOD, OTHER, HOME)
    assert ws.access.find_session(elsewhere) is None
    assert ws.access.find_session(here) is None
    after = ws.access.find_session(renewed)
    assert after is not None
    assert (after.session_id, after.must_change) == (session.session_id, False)


def test_the_current_password_is_asked_for_and_guessing_it_is_slowed_down(ws: Workspace) -> None:
    account_id = ws.access.add_user("li.na", "auditor", password=GOOD)
    session = ws.access.find_session(ws.access.begin_session(account_id, origin=HOME))
    assert session is not None
    for _attempt in range(5):
        with pytest.raises(LoginRefused, match="不对"):
            ws.access.change_own_password(session.session_id, "wrong", OTHER, HOME)
    with pytest.raises(LoginRefused, match="再试"):
        ws.access.change_own_password(session.session_id, GOOD, OTHER, HOME)


def test_the_new_password_must_differ_and_be_a_good_one(ws: Workspace) -> None:
    account_id = ws.access.add_user("li.na", "auditor", password=GOOD)
    session = ws.access.find_session(ws.access.begin_session(account_id, origin=HOME))
    assert session is not None
    for new in (GOOD, "Password12345"):
        with pytest.raises(RuleBroken):
            ws.access.change_own_password(session.session_id, GOOD, new, HOME)
    assert ws.access.authenticate("li.na", GOOD, HOME)


def test_the_trail_tells_of_every_change_and_holds_no_secret(ws: Workspace) -> None:
    account_id = ws.access.add_user("li.na", "auditor", password=GOOD, must_change=False)
    ws.access.set_role("li.na", "analyst")
    token = ws.access.begin_session(account_id, origin=HOME)
    session = ws.access.find_session(token)
    assert session is not None
    ticket = ws.access.issue_ticket(session.session_id, "kernel")
    renewed = ws.access.change_own_password(session.session_id, GOOD, OTHER, HOME)
    with pytest.raises(LoginRefused):
        ws.access.authenticate("li.na", "a wrong password", HOME)
    with pytest.raises(LoginRefused):
        ws.access.authenticate("a password typed as a name", "x", HOME)
    ws.access.end_session(session.session_id)
    ws.access.disable("li.na")
    ws.access.enable("li.na")
    trail = _trail(ws)
    assert [row["verb"] for row in trail] == [
        f"access.{verb}"
        for verb in (
            *("add_user", "set_role", "begin_session", "change_own_password", "settle", "settle", "end_session"),
            *("disable", "enable"),
        )
    ]
    assert [row["actor"] for row in trail if "session" in row["verb"] or "own" in row["verb"]] == ["li.na"] * 3
    with ws.engine.connect() as connection:
        hashed = connection.execute(select(table(Account).c.password_hash)).scalar_one()
    told = json.dumps(trail, default=str)
    for secret in (GOOD, OTHER, token, renewed, ticket, hashed, "a wrong password", "a password typed as a name"):
        assert secret not in told
