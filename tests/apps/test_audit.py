"""The page of the trail in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.serving import Server, serve

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def busy_server(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo province after some work."""
    home = tmp_path_factory.mktemp("busy")
    running = serve(Path(shutil.copytree(demo_data, home / "own")), None, home / "serve.log")
    ws = running.ws
    for person_id, school in zip(ws.register.people()["id"].iloc[:6], ("四川大学", "重庆大学") * 3, strict=True):
        card = ws.register.person(int(person_id))
        ws.register.edit_person(int(person_id), {"school": school, "phone": "13812345678"}, version=card.version)
    ws.register.reveal(int(person_id), "phone")
    yield running
    running.stop()


def test_who_changed_what_is_found_opened_and_closed_by_the_keyboard_alone(
    busy_server: Server, page_at: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = page_at("audit", server=busy_server, as_user="auditor")
    expect(page.get_by_role("heading", level=1)).to_have_text("留痕")
    # The newest row is this very login.
    expect(page.locator("tbody tr").first).to_contain_text("登录")
    expect(page.locator("tbody tr").nth(1)).to_contain_text("查看原文")
    assert_accessible(page)
    page.locator("[data-row]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    panel = page.locator("aside")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    # That a school was changed is the auditor's to know, which school is not (README, roles).
    expect(panel.get_by_role("row", name="毕业院校")).to_contain_text("（不显示）")
    expect(panel).not_to_contain_text("大学")
    expect(panel).not_to_contain_text("138")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("[data-row]").nth(2)).to_be_focused()


def test_a_figure_filters_and_the_trail_is_checked_on_the_page(busy_server: Server, page_at: Open) -> None:
    page = page_at("audit", server=busy_server, as_user="auditor")
    page.get_by_role("button", name="本月查看原文").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="立即核对留痕").click()
    expect(page.locator(".ui-chain")).to_contain_text("留痕完整")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    assert download.value.suggested_filename.startswith("留痕-")


def test_a_phone_shows_cards_and_the_dark_colours_are_accessible(
    busy_server: Server, page_at: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = page_at("audit", 390, 844, server=busy_server, as_user="auditor", dark=True)
    page.locator("[data-row]").nth(1).click()
    expect(page.locator("aside")).to_contain_text("查看的项目")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_who_may_not_read_the_trail_is_told_so(busy_server: Server, page_at: Open) -> None:
    page = page_at("audit", server=busy_server, as_user="hr")
    expect(page.get_by_role("heading", level=2)).to_have_text("您的角色不查看留痕")
    assert page.locator("[data-row]").count() == 0
