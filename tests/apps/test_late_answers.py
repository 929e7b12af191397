"""A person is quicker than the page's answers: nothing that was asked for is lost, nothing late undoes it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.apps.conftest import PATIENCE_MS

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
APPS = pytest.mark.parametrize(("app", "username"), [("register", "hr"), ("audit", "auditor")])


class Line:
    """The line from a page's kernel to its browser. While held, what speaks of the bar waits, and all after it."""

    def __init__(self) -> None:
        self.held: list[str | bytes] | None = None
        self.browser: WebSocketRoute | None = None

    def between(self, page: Page) -> None:
        page.route_web_socket(re.compile(r"/channels\?"), self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        browser.connect_to_server().on_message(self._carry)

    def _carry(self, message: str | bytes) -> None:
        assert self.browser is not None
        if self.held is not None and (self.held or (isinstance(message, bytes) and b'"frame"' in message)):
            self.held.append(message)
        else:
            self.browser.send(message)

    def hold(self) -> None:
        self.held = []

    def wait_until_something_is_held(self, page: Page) -> None:
        for _ in range(PATIENCE_MS // 50):
            if self.held:
                return
            page.wait_for_timeout(50)
        pytest.fail("no answer came")

    def release(self) -> None:
        assert self.browser is not None
        assert self.held is not None
        held, self.held = self.held, None
        for message in held:
            self.browser.send(message)


@APPS
def test_a_search_cleared_before_its_answer_is_there_stays_cleared(page_at: Open, app: str, username: str) -> None:
    line = Line()
    page = page_at(app, as_user=username, prepare=line.between)
    box = page.get_by_role("searchbox")
    line.hold()
    box.press_sequentially("wx")
    line.wait_until_something_is_held(page)
    page.keyboard.press("Escape")
    line.release()
    expect(page.get_by_text("搜索：wx")).to_have_count(0)
    expect(box).to_have_value("")
    # Nothing is on the way any more: what is asked for now is the last word.
    box.press_sequentially("wx")
    expect(page.get_by_text("搜索：wx")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("搜索：wx")).to_have_count(0)


@APPS
def test_a_search_taken_away_by_its_chip_can_be_asked_for_again(page_at: Open, app: str, username: str) -> None:
    page = page_at(app, as_user=username)
    box = page.get_by_role("searchbox")
    box.press_sequentially("wx")
    page.get_by_role("button", name="取消筛选 搜索：wx").click()
    expect(page.get_by_text("搜索：wx")).to_have_count(0)
    expect(box).to_have_value("")
    box.press_sequentially("wx")
    expect(page.get_by_text("搜索：wx")).to_be_visible()
