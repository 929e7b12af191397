"""Logging in, how guessing is slowed down without locking others out, and how long a login lasts."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from svclib import Forbidden, SvcError
from svclib.models import Account, LoginAttempt, LoginSession, PageTicket, table
from svclib.workspace import Workspace, open_for_server
from svclib.workspace.access import LoginRefused, hashing
from svclib.workspace.identity import fingerprint

GOOD = "zebra-lantern-42-ok"
HOME, AFAR = "10.1.2.3", "203.0.113.9"
_ATTEMPT, _SESSION, _TICKET, _ACCOUNT = (table(m) for m in (LoginAttempt, LoginSession, PageTicket, Account))


@pytest.fixture
def server(ws: Workspace) -> Workspace:
    """The workspace as the server opens it, with one account."""
    ws.access.add_user("li.na", "auditor", password=GOOD, must_change=False)
    return open_for_server(ws.settings)


def _fail(server: Workspace, count: int, *, name: str = "li.na", origin: str = AFAR) -> None:
    for _attempt in range(count):
        with pytest.raises(LoginRefused, match="不对"):
            server.access.authenticate(name, "wrong", origin)


def _later(server: Workspace, by: timedelta) -> None:
    """Let time pass for the counts."""
    with server.engine.begin() as connection:
        for row in connection.execute(select(_ATTEMPT)).mappings().all():
            mine = (_ATTEMPT.c.address == row["address"]) & (_ATTEMPT.c.name_index == row["name_index"])
            connection.execute(update(_ATTEMPT).where(mine).values(tried_at=row["tried_at"] - by))


def test_the_server_may_begin_and_end_logins_and_see_no_data(server: Workspace) -> None:
    login = server.access.authenticate("li.na", GOOD, HOME)
    server.access.end_session(
        server.access.find_session(server.access.begin_session(login.account_id, origin=HOME)).session_id
    )
    for forbidden in (
        server.register.units,
        server.register.people,
        server.access.users,
        lambda: server.access.add_user("x.y", "administrator"),
        lambda: server.access.set_password("li.na"),
        lambda: server.access.set_role("li.na", "administrator"),
        lambda: server.drafts.load("a"),
    ):
        with pytest.raises(Forbidden):
            forbidden()


def test_an_unknown_name_is_told_and_worked_on_like_a_wrong_password(
    server: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = hashing.HASHER

    class Counting:
        def verify(self, against: str, password: str) -> bool:
            checked.append(against.split("$")[3])
            return real.verify(against, password)

        hash = staticmethod(real.hash)

    monkeypatch.setattr(hashing, "HASHER", Counting())
    told = []
    for name in ("li.na", "nobody"):
        with pytest.raises(LoginRefused) as refused:
            server.access.authenticate(name, "wrong", HOME)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert checked == ["m=64,t=1,p=1"] * 2


def test_an_account_without_a_password_cannot_be_entered_by_one(ws: Workspace) -> None:
    ws.access.add_user("sso.only", "auditor")
    for password in ("", "None"):
        with pytest.raises(LoginRefused):
            ws.access.authenticate("sso.only", password, HOME)
    assert ws.access.recognise("SSO.only").username == "sso.only"


def test_a_sign_on_is_recognised_by_an_account_in_use_only(ws: Workspace) -> None:
    ws.access.add_user("li.na", "auditor")
    with pytest.raises(Forbidden, match=r"wang\.wu"):
        ws.access.recognise("wang.wu")
    ws.access.disable("li.na")
    with pytest.raises(Forbidden):
        ws.access.recognise("li.na")


def test_a_hash_made_with_other_parameters_is_renewed_at_the_next_login(
    server: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "HASHER", PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    server.access.authenticate("li.na", GOOD, HOME)
    with server.engine.connect() as connection:
        assert "m=128,t=2,p=1" in connection.execute(select(_ACCOUNT.c.password_hash)).scalar_one()
    assert server.access.authenticate("li.na", GOOD, HOME)


def test_the_right_password_must_wait_like_a_wrong_one_after_too_many_failures(server: Workspace) -> None:
    _fail(server, 5)
    for password in (GOOD, "wrong"):
        with pytest.raises(LoginRefused) as refused:
            server.access.authenticate("li.na", password, AFAR)
        assert refused.value.wait_seconds > 0
    _later(server, timedelta(seconds=2))
    assert server.access.authenticate("li.na", GOOD, AFAR)
    _fail(server, 4)


def test_hammering_while_one_must_wait_does_not_make_the_wait_longer(server: Workspace) -> None:
    _fail(server, 5)
    for _attempt in range(30):
        with pytest.raises(LoginRefused, match="再试"):
            server.access.authenticate("li.na", "wrong", AFAR)
    _later(server, timedelta(seconds=2))
    assert server.access.authenticate("li.na", GOOD, AFAR)


def test_nobody_can_be_locked_out_from_elsewhere(server: Workspace) -> None:
    for _round in range(8):
        _fail(server, 1)
        _later(server, timedelta(minutes=20))
    _fail(server, 1)
    assert server.access.authenticate("li.na", GOOD, HOME)


def test_an_address_that_tries_many_names_must_wait_for_each_of_them(server: Workspace) -> None:
    for n in range(20):
        _fail(server, 1, name=f"name{n}")
    with pytest.raises(LoginRefused, match="再试"):
        server.access.authenticate("li.na", GOOD, AFAR)
    assert server.access.authenticate("li.na", GOOD, HOME)


def test_who_has_logged_in_from_an_address_before_does_not_wait_for_others_there(server: Workspace) -> None:
    server.access.authenticate("li.na", GOOD, HOME)
    for n in range(20):
        _fail(server, 1, name=f"name{n}", origin=HOME)
    assert server.access.authenticate("li.na", GOOD, HOME)


def test_a_network_of_ipv6_addresses_counts_as_one(server: Workspace) -> None:
    for n in range(5):
        _fail(server, 1, origin=f"2001:db8:1:2::{n}")
    with pytest.raises(LoginRefused, match="再试"):
        server.access.authenticate("li.na", GOOD, "2001:db8:1:2:ffff::1")
    assert server.access.authenticate("li.na", GOOD, "2001:db8:1:3::1")


def test_many_guesses_at_the_same_instant_are_no_way_around_the_count(server: Workspace) -> None:
    looked_at: list[str] = []

    def guess() -> None:
        try:
            server.access.authenticate("li.na", "wrong", AFAR)
        except LoginRefused as refused:
            if not refused.wait_seconds:
                looked_at.append(str(refused))

    threads = [threading.Thread(target=guess) for _n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # After the fifth one each waits a second at least, so the machine's pace lets few more through.
    assert 5 <= len(looked_at) <= 8


def test_what_was_typed_as_a_name_is_not_kept(server: Workspace) -> None:
    _fail(server, 1, name="a password typed as a name")
    with server.engine.connect() as connection:
        kept = connection.execute(select(_ATTEMPT.c.name_index)).scalars().all()
    assert len(kept) == 2
    assert all("password" not in index for index in kept)


def test_a_login_lasts_until_it_ends(server: Workspace) -> None:
    login = server.access.authenticate("li.na", GOOD, HOME)
    token = server.access.begin_session(login.account_id, origin=HOME)
    session = server.access.find_session(token)
    assert session is not None
    assert (session.username, session.origin) == ("li.na", HOME)
    assert server.access.living([session.session_id, 99]) == {session.session_id}
    server.access.end_session(session.session_id)
    server.access.end_session(session.session_id)
    assert server.access.find_session(token) is None
    assert server.access.living([session.session_id]) == set()
    assert server.access.living([]) == set()


def test_each_login_has_a_token_of_its_own_stored_as_a_hash(server: Workspace) -> None:
    login = server.access.authenticate("li.na", GOOD, HOME)
    tokens = [server.access.begin_session(login.account_id, origin=HOME) for _n in range(3)]
    assert len(set(tokens)) == 3
    with server.engine.connect() as connection:
        stored = set(connection.execute(select(_SESSION.c.token_hash)).scalars())
    assert stored == {fingerprint(token) for token in tokens}
    assert server.access.find_session(sorted(stored)[0]) is None


@pytest.mark.parametrize(
    "values",
    [{"ends_at": timedelta(seconds=-1)}, {"seen_at": timedelta(minutes=-61)}],
    ids=["too long in all", "idle too long"],
)
def test_a_login_ends_by_itself(server: Workspace, values: dict[str, timedelta]) -> None:
    token = server.access.begin_session(1, origin=HOME)
    with server.engine.begin() as connection:
        connection.execute(update(_SESSION).values({name: datetime.now(UTC) + by for name, by in values.items()}))
    assert server.access.find_session(token) is None


def test_a_login_in_use_does_not_idle(server: Workspace) -> None:
    session = server.access.find_session(server.access.begin_session(1, origin=HOME))
    assert session is not None
    with server.engine.begin() as connection:
        connection.execute(update(_SESSION).values(seen_at=datetime.now(UTC) - timedelta(minutes=59)))
    server.access.touch([session.session_id])
    with server.engine.connect() as connection:
        assert datetime.now(UTC) - connection.execute(select(_SESSION.c.seen_at)).scalar_one() < timedelta(minutes=1)


def test_all_logins_of_an_account_are_listed_and_ended_at_once(ws: Workspace, server: Workspace) -> None:
    for origin in (HOME, AFAR):
        server.access.begin_session(1, origin=origin)
    assert ws.access.sessions("li.na")["origin"].tolist() == [AFAR, HOME]
    assert ws.access.end_sessions_of("li.na") == 2
    assert ws.access.sessions().empty


def test_a_ticket_is_for_one_kernel_and_gone_when_it_is_withdrawn(server: Workspace) -> None:
    session = server.access.find_session(server.access.begin_session(1, origin=HOME))
    assert session is not None
    ticket = server.access.issue_ticket(session.session_id, "kernel-1")
    with server.engine.connect() as connection:
        assert connection.execute(select(_TICKET.c.ticket_hash)).scalars().all() == [fingerprint(ticket)]
    server.access.withdraw_ticket("kernel-2")
    server.access.withdraw_ticket("kernel-1")
    with server.engine.connect() as connection:
        assert connection.execute(select(_TICKET)).all() == []


def test_no_ticket_for_a_login_that_ended_or_whose_password_must_be_changed(ws: Workspace, server: Workspace) -> None:
    session = server.access.find_session(server.access.begin_session(1, origin=HOME))
    assert session is not None
    ws.access.set_password("li.na")
    with pytest.raises(Forbidden):
        server.access.issue_ticket(session.session_id, "kernel")
    again = server.access.find_session(server.access.begin_session(1, origin=HOME))
    assert again is not None
    with pytest.raises(Forbidden):
        server.access.issue_ticket(again.session_id, "kernel")


def test_a_disabled_account_begins_no_login(ws: Workspace, server: Workspace) -> None:
    ws.access.disable("li.na")
    with pytest.raises(SvcError, match="停用"):
        server.access.begin_session(1, origin=HOME)


def test_tickets_of_ended_logins_are_cleared_away(server: Workspace) -> None:
    session = server.access.find_session(server.access.begin_session(1, origin=HOME))
    assert session is not None
    server.access.issue_ticket(session.session_id, "kernel")
    server.access.end_session(session.session_id)
    server.access.begin_session(1, origin=HOME)
    with server.engine.connect() as connection:
        assert connection.execute(select(_TICKET)).all() == []
