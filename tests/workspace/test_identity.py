"""Who acts is asked anew in each transaction: a ticket, a named account, or the machine's own user."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from svclib import Forbidden
from svclib.models import Account, AuditRow, LoginSession, PageTicket, table
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.identity import fingerprint
from tests.workspace import factory

NOW = datetime.now(UTC)


def _page(ws: Workspace, **account: Any) -> tuple[int, int]:
    """An account with a login and a page that holds the ticket `a-ticket`: ids of account and login."""
    known = {"username": "li.na", "display_name": "李娜", "role": "hr", "version": 1, "must_change": False}
    account_id = factory.add(ws, Account, created_at=NOW, **(known | account))
    times = {"begun_at": NOW, "seen_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    session_id = factory.add(
        ws, LoginSession, account_id=account_id, token_hash="0", method="password", origin="10.1.2.3", **times
    )
    ticket = {"ticket_hash": fingerprint("a-ticket"), "session_id": session_id, "kernel_id": "k", "issued_at": NOW}
    with ws.engine.begin() as connection:
        connection.execute(table(PageTicket).insert().values(**ticket))
    return account_id, session_id


def _change(ws: Workspace, model: type, **values: Any) -> None:
    with ws.engine.begin() as connection:
        connection.execute(update(table(model)).values(**values))


@pytest.fixture
def page(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace as a page's kernel opens it."""
    _page(ws)
    monkeypatch.setenv("SVC_SERVED", "1")
    monkeypatch.setenv("SVC_TICKET", "a-ticket")
    return open_workspace(ws.settings)


def test_a_page_acts_as_the_account_that_opened_it(page: Workspace) -> None:
    page.register.add_person({"name": "王伟", "employee_no": "10000001"}, on="2026-01-01")
    with page.engine.connect() as connection:
        assert connection.execute(select(table(AuditRow).c.actor).distinct()).scalars().all() == ["li.na"]


def test_the_ticket_is_gone_from_the_environment_once_read(page: Workspace) -> None:
    assert "SVC_TICKET" not in os.environ
    assert "SVC_TICKET" not in page.settings.environment()
    assert "SVC_SERVED" not in page.settings.environment()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (LoginSession, {"ended_at": NOW}),
        (LoginSession, {"ends_at": NOW - timedelta(seconds=1)}),
        (LoginSession, {"seen_at": NOW - timedelta(minutes=61)}),
        (Account, {"disabled_at": NOW}),
    ],
    ids=["logout", "expiry", "idling", "disabling"],
)
def test_the_very_next_action_of_an_open_page_is_refused_after(
    page: Workspace, model: type, change: dict[str, Any]
) -> None:
    page.register.units()
    _change(page, model, **change)
    with pytest.raises(Forbidden, match="重新登录"):
        page.register.units()
    with pytest.raises(Forbidden, match="重新登录"):
        page.drafts.save("a", {})


def test_a_page_whose_ticket_was_withdrawn_or_invented_gets_nothing(
    ws: Workspace, page: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVC_TICKET", "another")
    with pytest.raises(Forbidden):
        open_workspace(ws.settings).register.units()
    with ws.engine.begin() as connection:
        connection.execute(table(PageTicket).delete())
    with pytest.raises(Forbidden):
        page.register.units()


@pytest.mark.parametrize("as_user", [None, "li.na"])
def test_a_kernel_of_the_server_without_a_ticket_is_nobody(ws: Workspace, page: Workspace, as_user: str | None) -> None:
    with pytest.raises(Forbidden):
        open_workspace(ws.settings, as_user=as_user)


def test_a_changed_role_and_scope_count_at_once(page: Workspace) -> None:
    unit_id = factory.unit(page)
    _change(page, Account, role="leader", unit_id=unit_id)
    with page.transaction("register.units", writes=False) as tx:
        assert (tx.actor.role, tx.actor.unit_id, tx.actor.origin) == ("leader", unit_id, "10.1.2.3")


def test_the_command_line_can_act_as_an_account_by_name(ws: Workspace) -> None:
    account_id, _session = _page(ws)
    with open_workspace(ws.settings, as_user=" Li.Na ").transaction("register.units", writes=False) as tx:
        assert (tx.actor.name, tx.actor.account_id) == ("li.na", account_id)
        assert tx.actor.origin.startswith("command line (system user ")


def test_the_command_line_cannot_act_as_an_account_that_is_unknown_or_disabled(ws: Workspace) -> None:
    _page(ws, disabled_at=NOW)
    with pytest.raises(Forbidden, match="已停用"):
        open_workspace(ws.settings, as_user="li.na").register.units()
    with pytest.raises(Forbidden, match="没有账号 nobody"):
        open_workspace(ws.settings, as_user="nobody").register.units()
