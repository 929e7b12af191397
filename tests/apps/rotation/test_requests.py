"""Requests in a real browser: a trainee asks, the unit's coordinator approves, the plan follows by a new version."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.apps.rotation.views import view
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_a_trainee_asks_the_unit_approves_and_the_plan_follows(
    own_published_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    trainee = page_at("rotation", server=own_published_server, as_user="trainee")
    view(trainee, "申请")
    expect(trainee.locator(".ui-asked__list [data-request]")).to_have_count(1)
    trainee.get_by_role("button", name="新申请…").click()
    trainee.get_by_role("button", name="提交申请").click()
    expect(trainee.locator(".ui-error").first).to_be_visible()
    trainee.get_by_role("textbox", name="起日").fill("2026-09-01")
    trainee.get_by_role("textbox", name="止日").fill("2026-10-15")
    trainee.get_by_role("textbox", name="原因").fill("住院手术")
    assert_accessible(trainee)
    trainee.get_by_role("button", name="提交申请").click()
    expect(trainee.locator(".ui-notice")).to_contain_text("等待审批")
    name = trainee.locator("#ui-asked-title").inner_text().partition(" ")[0]
    expect(trainee.get_by_role("button", name="同意申请")).to_have_count(0)

    page = page_at("rotation", server=own_published_server, as_user="hr-unit")
    view(page, "申请")
    page.get_by_role("button", name="待审批 3").click()
    rows = page.locator(".ui-asked__list [data-request]")
    expect(rows).to_have_count(3)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    rows.filter(has_text=name).filter(has_text="请假").press("Enter")
    opened = page.locator("article.ui-asked__side")
    expect(opened).to_contain_text("需要调整 1 处已发布的安排")
    expect(opened).not_to_contain_text("住院")
    opened.get_by_role("button", name="查看原因").click()
    expect(opened).to_contain_text("住院手术")
    assert_accessible(page)
    opened.get_by_role("button", name="退回申请").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_role("button", name="退回申请")).to_be_disabled()
    page.keyboard.press("Escape")
    opened.get_by_role("button", name="同意申请").click()
    dialog.get_by_role("textbox", name="审批意见").fill("同意，注意休息")
    assert_accessible(page)
    dialog.get_by_role("button", name="同意申请").click()
    expect(page.locator(".ui-notice")).to_contain_text("需要调整 1 处已发布的安排")
    expect(opened).to_contain_text("已发布的安排不会自动变动")
    opened.get_by_role("button", name="尽量少动地重排").click()
    page.get_by_role("button", name="采用为草案").click()
    expect(page.locator(".ui-standing")).to_contain_text("草案中有")
    view(page, "发布")
    page.get_by_role("button", name="发布第 2 版轮岗安排").click()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="发布第 2 版轮岗安排").click()
    expect(page.locator(".ui-notice")).to_have_text("第 2 版已发布。")
    view(page, "申请")
    page.get_by_role("button", name="待审批 2").click()
    mine = page.locator(".ui-asked__list [data-request]").filter(has_text=name).filter(has_text="请假")
    expect(mine).to_contain_text("已同意")
    expect(mine).not_to_contain_text("计划尚未落实")

    view(trainee, "学员")
    view(trainee, "申请")
    expect(trainee.locator("article.ui-asked__side")).to_contain_text("同意，注意休息")


def test_the_words_of_a_decision_stay_until_it_is_done_or_another_request_is_opened(
    own_published_server: Server, page_at: Open
) -> None:
    page = page_at("rotation", server=own_published_server)
    view(page, "申请")
    page.get_by_role("button", name="待审批 2").click()
    rows = page.locator(".ui-asked__list [data-request]")
    expect(rows).to_have_count(2)
    rows.first.click()
    opened, dialog = page.locator("article.ui-asked__side"), page.get_by_role("alertdialog")
    words = dialog.get_by_role("textbox", name="审批意见")
    opened.get_by_role("button", name="同意申请").click()
    expect(words).to_be_focused()
    words.fill("同意，注意休息")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opened.get_by_role("button", name="同意申请")).to_be_focused()
    opened.get_by_role("button", name="同意申请").click()
    expect(words).to_have_value("同意，注意休息")
    # Somebody else is quicker: it is refused, and what was written is not lost.
    other = page.locator(f"[data-request='{rows.nth(1).get_attribute('data-request')}']")
    asked = int(str(rows.first.get_attribute("data-request")))
    own_published_server.ws.rotation.return_request(asked, "请改到下一阶段", decided_by="王主任")
    dialog.get_by_role("button", name="同意申请").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(dialog).to_have_count(0)
    opened.get_by_role("button", name="同意申请").click()
    expect(words).to_have_value("同意，注意休息")
    page.keyboard.press("Escape")
    other.click()
    expect(other).to_have_attribute("aria-current", "true")
    opened.get_by_role("button", name="同意申请").click()
    expect(words).to_have_value("")


def test_a_phone_in_dark_colours_shows_the_list_then_the_request(
    published_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", 390, 844, server=published_server, dark=True)
    view(page, "申请")
    row = page.locator(".ui-asked__list [data-request]").first
    box = row.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert_accessible(page)
    row.click()
    expect(page.locator("#ui-asked-title")).to_be_focused()
    expect(page.locator(".ui-asked__list")).to_have_count(0)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="返回列表").click()
    expect(page.locator(".ui-asked__list")).to_be_visible()
    page.get_by_role("button", name="新申请…").click()
    expect(page.get_by_role("heading", name="新申请")).to_be_visible()
    assert_accessible(page)
