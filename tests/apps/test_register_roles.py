"""Roles at the register in a real browser: what each finds, and that nothing else is on the way to it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocket, expect

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Page]


def test_a_captain_finds_the_own_team_without_buttons_that_would_be_refused(
    page_at: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = page_at("register", as_user="captain")
    expect(page.locator(".ui-rail button")).to_have_text(["人员", "服务队构成"])
    expect(page.get_by_role("button", name="新增人员")).to_have_count(0)
    expect(page.get_by_role("button", name="发展阶段")).to_have_count(0)
    page.locator(".ui-rowname").first.click()
    expect(page.locator(".ui-side h2")).to_be_visible()
    expect(page.locator(".ui-side__acts")).to_have_count(0)
    expect(page.locator(".ui-facts__show")).to_have_count(0)
    assert_accessible(page)


def test_what_a_captain_may_not_see_never_reaches_the_browser(page_at: Open) -> None:
    received: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda data: received.append(data if isinstance(data, str) else data.decode("utf-8", "replace")),
        )

    page = page_at("register", as_user="captain", prepare=lambda page: page.on("websocket", listen))
    page.locator(".ui-rowname").first.click()
    expect(page.locator(".ui-side h2")).to_be_visible()
    told = "".join(received)
    assert page.locator(".ui-side h2").inner_text() in told
    for word in ("积极分子", "发展对象", "activist", "****"):
        assert word not in told


def test_a_trainee_on_a_phone_sees_the_own_record_at_once(page_at: Open) -> None:
    page = page_at("register", 390, 844, as_user="trainee")
    expect(page.locator(".ui-panel--over h2")).to_be_visible()
    expect(page.locator(".ui-facts__show")).to_have_count(0)
    page.get_by_role("button", name=re.compile("关闭")).first.click()
    expect(page.locator(".ui-rowcard")).to_have_count(1)


def test_an_auditor_is_told_that_the_register_is_not_for_the_role(
    page_at: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = page_at("register", as_user="auditor")
    expect(page.get_by_role("heading", name="您的角色不使用花名册")).to_be_visible()
    expect(page.get_by_role("search")).to_have_count(0)
    assert_accessible(page)
