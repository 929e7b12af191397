"""What is given to a plan, in a real browser: wishes and days away of a person, from the keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.apps.rotation.views import view
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def own_drafted_server(own_server: Server, drafted_data: Path) -> Server:
    """The drafted plan, for a test that writes."""
    own_server.restore(drafted_data)
    return own_server


def test_days_away_are_noted_at_the_side_and_the_board_knows(
    own_drafted_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", server=own_drafted_server)
    page.locator(".ui-board__table tbody tr").nth(1).locator("button").first.click()
    given = page.get_by_role("region", name="编排信息")
    expect(given).to_contain_text("没有登记缺勤。")
    given.get_by_role("button", name="登记缺勤").press("Enter")
    first = page.get_by_role("textbox", name="起日")
    expect(first).to_be_focused()
    first.fill("2026年9月1日")
    page.get_by_role("textbox", name="止日").fill("2026-10-15")
    page.get_by_role("textbox", name="原因").fill("住院手术")
    assert_accessible(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".ui-notice")).to_contain_text("2026-09-01 – 2026-10-15 不在岗")
    expect(given).to_contain_text("2026-09-01 – 2026-10-15")
    expect(given.get_by_role("button", name="登记缺勤")).to_be_focused()
    expect(given).not_to_contain_text("住院手术")
    expect(page.locator(".ui-card--trouble")).to_contain_text("违反硬性规则")
    given.get_by_role("button", name="查看原因").click()
    expect(given).to_contain_text("住院手术")
    assert_accessible(page)
    given.get_by_role("button", name="删除这段缺勤").press("Enter")
    expect(page.get_by_role("heading", name="删除这段缺勤？")).to_be_focused()
    page.keyboard.press("Escape")
    expect(given.get_by_role("button", name="删除这段缺勤")).to_be_focused()
    page.keyboard.press("Escape")
    expect(given).to_have_count(0)


def test_on_a_phone_wishes_and_a_teams_places_are_within_reach(
    drafted_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", 390, 844, server=drafted_server, dark=True)
    page.locator(".ui-board button").filter(has_text="服务队").first.click()
    given = page.get_by_role("region", name="编排信息")
    for button in given.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert_accessible(page)
    given.get_by_role("button", name="修改志愿").click()
    expect(page.get_by_role("button", name="第一志愿")).to_be_focused()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    expect(given).to_be_visible()
    page.keyboard.press("Escape")
    view(page, "服务队")
    page.locator(".ui-loads button").filter(has_text="/").first.click()
    page.get_by_role("button", name="设定服务站名额").click()
    expect(page.get_by_role("button", name="服务站")).to_be_focused()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
