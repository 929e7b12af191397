"""Plans made in a real browser: the form of a new one, its folded figures, what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.apps.rotation.views import view
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_a_plan_is_made_from_the_keyboard_and_its_figures_are_set(
    own_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", server=own_server)
    page.get_by_role("button", name="新建计划").click()
    expect(page.get_by_role("heading", name="新建轮岗计划")).to_be_visible()
    name = page.get_by_label("计划名称")
    expect(name).to_be_focused()
    name.fill("2026 简阳")
    page.get_by_role("button", name="学员范围 全部单位").click()
    page.get_by_role("option", name="简阳供电公司").click()
    page.get_by_text("上限与界线").click()
    far = page.get_by_label("超过多少公里算离家较远")
    far.fill("很远")
    far.blur()
    expect(page.locator(".ui-error")).to_have_text("“很远”不是数字。")
    assert_accessible(page)
    page.get_by_text("上限与界线").click()
    page.get_by_role("button", name="建立计划").click()
    expect(far).to_be_focused()
    expect(far).to_be_visible()
    far.fill("60")
    page.keyboard.press("Enter")
    expect(page.locator(".ui-notice")).to_contain_text("计划 2026 简阳 已建立")
    expect(page.locator(".ui-board__table tbody th span").first).to_have_text("简阳供电公司")
    page.get_by_role("button", name="计划参数").click()
    page.get_by_text("上限与界线").click()
    expect(page.get_by_label("超过多少公里算离家较远")).to_have_value("60")
    page.keyboard.press("Escape")
    expect(page.locator(".ui-standing")).to_be_visible()


def test_what_is_typed_at_the_very_end_is_there_again_however_the_form_is_left(
    own_server: Server, page_at: Open
) -> None:
    page = page_at("rotation", server=own_server)
    name = page.get_by_label("计划名称")

    def again(typed: str) -> None:
        page.get_by_role("button", name="新建计划").first.click()
        expect(name).to_have_value(typed)

    again("")
    name.fill("甲")
    page.keyboard.press("Escape")
    again("甲")
    name.fill("乙")
    page.get_by_role("button", name="取消").click()
    again("乙")
    name.fill("丙")
    view(page, "图表")
    view(page, "学员")
    again("丙")
    # A page that is loaded anew has the form open again as soon as something has been kept.
    kept = page.get_by_role("status").filter(has_text="草稿已保存")
    page.get_by_role("button", name="放弃草稿").click()
    expect(kept).to_have_count(0)
    name.fill("丁")
    expect(kept).to_be_visible()
    page.reload()
    expect(name).to_have_value("丁")


def test_the_form_fits_a_phone_in_dark_colours(page_at: Open, assert_accessible: Check) -> None:
    page = page_at("rotation", 390, 844, dark=True)
    page.get_by_role("button", name="新建计划").click()
    expect(page.get_by_label("计划名称")).to_be_focused()
    page.get_by_text("哪些规则必须满足").click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
