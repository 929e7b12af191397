"""Signed notices in a real browser: the scan goes up, stands in the list, comes down again, is withdrawn."""

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
SIGNED = b"%PDF-1.7\n signed by all \n%%EOF\n"


def test_a_signed_notice_is_attached_downloaded_and_withdrawn(
    own_published_server: Server, page_at: Open, assert_accessible: Check, tmp_path: Path
) -> None:
    page = page_at("rotation", server=own_published_server)
    view(page, "发布")
    scans = page.get_by_role("region", name="签字通知扫描件")
    expect(scans).to_contain_text("还没有附上签字的通知")
    source = tmp_path / "签字.pdf"
    source.write_bytes(SIGNED)
    scans.locator("input[type=file]").set_input_files(source)
    expect(page.locator(".ui-notice")).to_have_text("签字.pdf 已附在第 1 版。")
    expect(scans.get_by_role("listitem")).to_contain_text("签字.pdf")
    assert_accessible(page)
    with page.expect_download() as coming:
        scans.get_by_role("button", name="下载 签字.pdf").click()
    assert Path(coming.value.path()).read_bytes() == SIGNED
    withdraw = scans.get_by_role("button", name="撤回 签字.pdf")
    dialog = page.get_by_role("alertdialog")
    # Who presses Enter once more has changed nothing, and is where they were.
    withdraw.press("Enter")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Enter")
    expect(withdraw).to_be_focused()
    withdraw.click()
    expect(dialog).to_contain_text("内容将永久删除")
    assert_accessible(page)
    dialog.get_by_role("button", name="撤回").click()
    expect(scans.get_by_role("listitem")).to_contain_text("撤回")
    expect(scans.get_by_role("button", name="下载 签字.pdf")).to_have_count(0)


def test_the_scans_fit_a_phone_in_dark_colours(
    own_published_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    own_published_server.ws.rotation.attach("2026", 1, ("签字后扫描的轮岗通知.pdf", SIGNED))
    page = page_at("rotation", 390, 844, server=own_published_server, dark=True)
    view(page, "发布")
    expect(page.get_by_role("region", name="签字通知扫描件").get_by_role("listitem")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
