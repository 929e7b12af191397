"""Logging in as a person does it: form, page, log out; without scripts; on a phone; by the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from svclib.demo import DEMO_PASSWORD
from tests.apps.conftest import READY, Witness
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]


def fill_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_from_the_form_to_the_page_and_out_again(own_server: Server, browser_page: Page, witness: Witness) -> None:
    page = browser_page
    page.goto(f"{own_server.address}voila/render/register.ipynb")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    expect(page.get_by_label("用户名")).to_be_focused()
    fill_in(page, "hr-unit", "not this one")
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不对。")
    expect(page.get_by_label("用户名")).to_have_value("hr-unit")
    expect(page.get_by_label("密码")).to_be_focused()
    # The browser notes that the answer was 401.
    witness.errors.clear()
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(READY, state="attached")
    kernels = own_server.kernels()
    assert len(kernels) == 1
    page.get_by_role("button", name="个人菜单").click()
    menu = page.get_by_role("dialog", name="个人菜单")
    expect(menu).to_contain_text("人资专责 · 成都供电公司")
    menu.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert own_server.kernels() & kernels == set()


def test_an_open_page_is_told_that_its_login_has_ended(own_server: Server, page_at: Open, witness: Witness) -> None:
    page = page_at("register", server=own_server, as_user="hr-unit")
    kernels = own_server.kernels()
    other = page.context.new_page()
    other.goto(f"{own_server.address}logout")
    other.get_by_role("button", name="退出登录").click()
    expect(page.locator("#svc-notice")).to_be_visible()
    assert own_server.kernels() & kernels == set()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    # The page that is left wants to end its kernel, which is gone, in a login that is over.
    witness.errors.clear()


def test_the_login_works_without_scripts_in_english_on_a_phone(
    server: Server, browser: Browser, witness: Witness
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    witness.watch(page)
    page.goto(f"{server.address}login?next=/logout")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.get_by_label("User name").fill("auditor")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{server.address}logout")
    expect(page.get_by_text("审计员")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    context.close()


@pytest.mark.parametrize("path", ["login", "password", "logout"])
@pytest.mark.parametrize(("width", "dark"), [(1366, False), (390, True)], ids=["laptop", "phone"])
def test_the_pages_of_the_login_are_accessible_and_fit(
    server: Server,
    browser: Browser,
    witness: Witness,
    assert_accessible: Callable[[Page], None],
    path: str,
    dark: bool,
    width: int,
) -> None:
    height = 844 if width == 390 else 768
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN")
    if path != "login":
        context.add_cookies(server.browser_cookies("auditor"))
    page = context.new_page()
    witness.watch(page)
    page.goto(f"{server.address}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    context.close()


def test_the_keyboard_alone_suffices(server: Server, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{server.address}login")
    expect(page.get_by_label("用户名")).to_be_focused()
    for key in ("auditor", "Tab", DEMO_PASSWORD, "Tab"):
        if key == "Tab":
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
    expect(page.get_by_role("button", name="登录")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector(READY, state="attached")
    expect(page.get_by_role("button", name="个人菜单")).to_be_visible()
    page.goto("about:blank")
