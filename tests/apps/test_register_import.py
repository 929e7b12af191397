"""From a file to the composition of the teams, in a real browser; and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from svclib.settings import Settings
from svclib.tabular import read_tables
from svclib.workspace import open_workspace
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")

SAMPLES = Path(__file__).parents[2] / "data" / "sample"
FLAWED = SAMPLES / "花名册_有问题.xlsx"
MEMBERS = SAMPLES / "服务队队员名册.xlsx"
Open = Callable[..., Page]


def choose(page: Page, path: Path) -> None:
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("button", name=re.compile(r"^导入 [\d,]+ 行$"))).to_be_visible(timeout=60_000)


def test_a_roster_is_previewed_confirmed_and_leads_to_the_composition(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    choose(page, MEMBERS)
    button = page.get_by_role("button", name=re.compile(r"^导入 [\d,]+ 行$"))
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    expect(page.get_by_role("heading", name=re.compile("已导入"))).to_be_visible()
    page.get_by_role("button", name="查看服务队构成").click()
    expect(page.get_by_role("heading", name=re.compile("支服务队"))).to_be_visible()
    ws = open_workspace(Settings(data_dir=own_server.data_dir))
    troubled = ws.register.composition()
    ws.close()
    teams = troubled.loc[~troubled["holds"], "team_id"].nunique()
    expect(page.get_by_role("heading", name=re.compile(f"{teams} 支需要处理"))).to_be_visible()
    page.locator(".ui-comp__row").first.click()
    expect(page.get_by_role("heading", name="构成规则")).to_be_visible()
    page.locator(".ui-who .ui-link").first.click()
    expect(page.get_by_role("heading", name="历程")).to_be_attached()


def test_refused_rows_are_shown_with_reasons_and_come_back_as_a_workbook(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    choose(page, FLAWED)
    expect(page.get_by_text("身份证号校验码不符", exact=False).first).to_be_visible()
    with page.expect_download() as arriving:
        page.get_by_role("button", name="下载退回的行").click()
    name = arriving.value.suggested_filename
    assert name == "花名册_有问题-退回.xlsx"
    [table] = read_tables((name, Path(arriving.value.path()).read_bytes()))
    assert len(table.rows) == 18


def test_an_import_is_undone_after_a_question(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    choose(page, FLAWED)
    page.get_by_role("button", name=re.compile(r"^导入 [\d,]+ 行$")).click()
    page.get_by_role("button", name="撤销").click()
    ask = page.get_by_role("alertdialog", name="撤销这次导入？")
    expect(ask).to_be_visible()
    ask.get_by_role("button", name="撤销").click()
    expect(page.locator(".ui-notice")).to_have_text("已撤销导入，花名册恢复到导入之前。")
    expect(page.get_by_text(re.compile("已撤销 20"))).to_be_visible()


def test_the_same_file_again_cannot_be_imported_and_the_page_says_why(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    choose(page, FLAWED)
    page.get_by_role("button", name=re.compile(r"^导入 [\d,]+ 行$")).click()
    expect(page.get_by_role("heading", name=re.compile("已导入"))).to_be_visible()
    page.get_by_role("button", name="换一个文件").click()
    choose(page, FLAWED)
    button = page.get_by_role("button", name="导入 0 行")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#ui-imp-why")).to_contain_text(re.compile("退回|没有带来变化"))


def test_what_is_listed_is_exported_as_a_workbook(page_at: Open) -> None:
    page = page_at("register")
    page.get_by_role("searchbox").fill("w")
    expect(page.get_by_text("搜索：w")).to_be_visible()
    total = int(re.findall(r"共 ([\d,]+) 人", page.locator(".ui-list__said h2").inner_text())[0].replace(",", ""))
    with page.expect_download() as arriving:
        page.get_by_role("button", name=re.compile("导出为 Excel")).click()
    [table] = read_tables(("list.xlsx", Path(arriving.value.path()).read_bytes()))
    assert len(table.rows) == total
