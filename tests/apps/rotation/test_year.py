"""The rotation's page in a real browser: a plan found, changed by hand, published, handed out and brought back."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.apps.rotation.views import view
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
Check = Callable[[Page], None]


def noted(content: bytes) -> bytes:
    """The workbook with a note in its first row, as a unit writes it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(one for one in book if one.sheet_state == "visible" and one.max_row > 3)
    head = next(row for row in sheet.iter_rows(max_row=8) if any(cell.value == "姓名" for cell in row))
    column = next(cell.column for cell in head if str(cell.value).startswith("备注"))
    sheet.cell(head[0].row + 1, column).value = "自带宿舍"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_year_is_planned_changed_published_and_handed_out(
    own_server: Server, page_at: Open, assert_accessible: Check, tmp_path: Path
) -> None:
    page = page_at("rotation", server=own_server)
    expect(page.get_by_role("heading", level=1)).to_have_text("轮岗")
    expect(page.locator(".ui-standing")).to_contain_text("还没有安排任何人")
    # The search: the page answers while it goes on.
    view(page, "编排")
    page.get_by_role("button", name="开始编排").click()
    expect(page.get_by_role("button", name="停止，保留目前最好的")).to_be_visible()
    expect(page.get_by_role("button", name="采用为草案")).to_be_visible()
    expect(page.locator(".ui-planning__figures")).to_contain_text("0.00")
    assert_accessible(page)
    page.get_by_role("button", name="采用为草案").click()
    expect(page.locator(".ui-standing")).to_contain_text("草案中有 466 处安排")
    # A move by keyboard into a violation, its reason, and back.
    cells = page.locator(".ui-board__table [data-row]")
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    before = str(cells.nth(5).get_attribute("aria-label"))
    page.keyboard.press("Enter")
    panel = page.locator("aside")
    expect(panel.get_by_role("heading", name="为什么在这里，为什么不去别处")).to_be_visible()
    panel.get_by_role("button", name="显示全部去处").click()
    bad = panel.get_by_role("listitem").filter(has_text="会违反").filter(has_text="不应重复").first
    expect(bad).to_be_visible()
    assert_accessible(page)
    bad.get_by_role("button", name="移到这里").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ui-notice")).to_contain_text("不应重复")
    expect(panel.get_by_role("region", name="违反的规则")).to_contain_text("不应重复")
    expect(cells.nth(5)).not_to_have_attribute("aria-label", before)
    view(page, "发布")
    expect(page.get_by_role("button", name="发布第 1 版轮岗安排")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#ui-release-why")).to_contain_text("不应重复")
    view(page, "学员")
    page.get_by_role("button", name="撤销最近一次移动").click()
    expect(page.locator(".ui-notice")).to_have_text("已撤销。")
    expect(cells.nth(5)).to_have_attribute("aria-label", before)
    page.keyboard.press("Escape")
    # Published by a named person who has seen what goes to whom.
    view(page, "发布")
    page.get_by_role("button", name="发布第 1 版轮岗安排").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("成都供电公司")
    expect(dialog.get_by_role("button", name="发布第 1 版轮岗安排")).to_be_disabled()
    dialog.get_by_role("checkbox").check()
    assert_accessible(page)
    dialog.get_by_role("button", name="发布第 1 版轮岗安排").click()
    expect(page.locator(".ui-notice")).to_have_text("第 1 版已发布。")
    expect(page.get_by_role("region", name="已发布的版本").get_by_role("row")).to_have_count(2)
    # One unit's notice and workbook; the workbook comes back changed.
    page.get_by_role("button", name="单位 全部单位").click()
    page.get_by_role("option", name="成都供电公司").click()
    expect(page.locator(".ui-files")).to_contain_text("范围：成都供电公司")
    with page.expect_download() as notice:
        page.get_by_role("button", name="轮岗通知（附签收表）").click()
    assert notice.value.suggested_filename == "轮岗通知-2026-成都供电公司.docx"
    with page.expect_download() as workbook:
        page.get_by_role("button", name="轮岗安排表（供单位修改）").click()
    returned = tmp_path / workbook.value.suggested_filename
    returned.write_bytes(noted(Path(workbook.value.path()).read_bytes()))
    page.locator(".ui-files input[type=file]").set_input_files(returned)
    expect(page.locator(".ui-files__changes")).to_contain_text("自带宿舍")
    assert_accessible(page)
    page.get_by_role("button", name="将 1 行采用为草案").click()
    expect(page.locator(".ui-notice")).to_have_text("1 行已采用为草案。")
    expect(page.locator(".ui-standing")).to_contain_text("草案中有 1 处安排")


def test_a_phone_shows_each_person_as_a_card_and_the_dark_colours_are_accessible(
    drafted_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", 390, 844, server=drafted_server, dark=True)
    slot = page.locator(".ui-board__cards .ui-slot").first
    box = slot.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert_accessible(page)
    slot.click()
    expect(page.locator("aside").get_by_role("heading", level=2)).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="关闭详情（Esc）").click()
    for name in ("服务队", "编排", "发布"):
        view(page, name)
        page.wait_for_timeout(300)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_load_of_a_team_is_opened_from_the_keyboard_and_leads_to_its_people(
    drafted_server: Server, page_at: Open
) -> None:
    page = page_at("rotation", server=drafted_server)
    view(page, "服务队")
    loads = page.locator(".ui-loads [data-row]")
    loads.first.focus()
    page.keyboard.press("ArrowDown")
    expect(loads.nth(4)).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator("aside")
    expect(panel.get_by_role("region", name="在这里的学员")).to_be_visible()
    name = panel.locator(".ui-cell__people button").first.inner_text()
    panel.locator(".ui-cell__people button").first.click()
    expect(panel.get_by_role("heading", level=2)).to_have_text(name)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_a_captain_sees_who_comes_and_can_change_nothing(published_server: Server, page_at: Open) -> None:
    page = page_at("rotation", server=published_server, as_user="captain")
    expect(page.locator(".ui-standing")).to_contain_text("陈某")
    page.locator(".ui-board__table .ui-slot:not(.is-empty)").first.click()
    expect(page.locator("aside").get_by_role("heading", level=2)).to_be_visible()
    expect(page.get_by_role("button", name="移到这里")).to_have_count(0)
    expect(page.get_by_role("navigation", name="轮岗的各个页面").get_by_role("button", name="编排")).to_have_count(0)
