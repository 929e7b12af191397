"""The register in a real browser: found, read, edited, by mouse and by keyboard alone, on a laptop and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from svclib.settings import Settings
from svclib.workspace import open_workspace
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Page]


def field(page: Page, label: str) -> Locator:
    """A field of the open form by its label."""
    return page.locator(".ui-form").get_by_label(label)


def row(page: Page, number: int) -> str:
    """The name in a row of the list."""
    return page.locator(".ui-rowname").nth(number).inner_text()


def test_opens_with_figures_and_ten_people_and_says_what_is_listed(page_at: Open) -> None:
    page = page_at("register")
    expect(page.locator(".ui-card")).to_have_count(5)
    expect(page.locator(".ui-rowname")).to_have_count(10)
    expect(page.get_by_role("heading", name=re.compile("全省 · 全部人员 · 共 .* 人"))).to_be_visible()
    expect(page).to_have_title(re.compile("花名册"))
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_card_filters_the_list_and_says_that_it_is_pressed(page_at: Open) -> None:
    page = page_at("register")
    card = page.get_by_role("button", name=re.compile("队员$|队员 "))
    card.first.click()
    expect(page.get_by_role("heading", name=re.compile("队员 · 共 336 人"))).to_be_visible()
    expect(page.locator('.ui-card[aria-pressed="true"]')).to_contain_text("已选")


def test_people_are_found_by_the_initials_of_their_pinyin(page_at: Open) -> None:
    page = page_at("register")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("wx")
    expect(page.get_by_text("搜索：wx")).to_be_visible()
    assert all(len(name) >= 2 for name in page.locator(".ui-rowname").all_inner_texts())
    page.keyboard.press("Escape")
    expect(page.get_by_text("搜索：wx")).to_have_count(0)


def test_a_person_opens_at_the_side_and_closes_back_to_its_row(page_at: Open) -> None:
    page = page_at("register")
    name = row(page, 2)
    page.locator(".ui-rowname").nth(2).click()
    panel = page.get_by_role("complementary", name=name)
    expect(panel.get_by_role("heading", name="历程")).to_be_attached()
    expect(panel).not_to_contain_text(re.compile(r"\d{17}[\dX]"))
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator(".ui-rowname").nth(2)).to_be_focused()


def test_an_edit_is_checked_saved_and_told(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    page.locator(".ui-rowname").nth(0).click()
    page.get_by_role("button", name="编辑", exact=True).click()
    phone = field(page, "联系电话")
    phone.fill("12345")
    phone.press("Tab")
    expect(phone).to_have_attribute("aria-invalid", "true")
    phone.fill("138 1234 5678")
    field(page, "专业").fill("电气工程")
    field(page, "专业").press("Enter")
    expect(page.locator(".ui-notice")).to_contain_text("已保存：")
    expect(page.locator(".ui-panel")).to_contain_text("电气工程")
    expect(page.locator(".ui-panel")).to_contain_text("138****5678")


def test_what_is_typed_survives_a_reload(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    page.get_by_role("button", name="新增人员").click()
    field(page, "姓名").fill("林小草")
    expect(page.get_by_text(re.compile(r"草稿已保存 \d\d:\d\d"))).to_be_visible()
    page.reload()
    expect(field(page, "姓名")).to_have_value("林小草")


def test_a_stale_save_shows_both_values_and_loses_nothing(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    page.locator(".ui-rowname").nth(1).click()
    page.get_by_role("button", name="编辑", exact=True).click()
    field(page, "毕业院校").fill("重庆大学")
    number = field(page, "工号").input_value()
    ws = open_workspace(Settings(data_dir=own_server.data_dir))
    people = ws.register.people()
    person_id = int(people.loc[people["employee_no"] == number, "id"].iloc[0])
    version = ws.register.person(person_id).version
    ws.register.edit_person(person_id, {"school": "西南交通大学"}, version=version)
    page.get_by_role("button", name="保存", exact=True).click()
    choice = page.get_by_role("group", name="毕业院校")
    expect(choice).to_contain_text("重庆大学")
    expect(choice).to_contain_text("西南交通大学")
    choice.get_by_label(re.compile("现在保存的是")).check()
    page.get_by_role("button", name="按此保存").click()
    expect(page.locator(".ui-notice")).to_contain_text("已保存：")
    assert ws.register.person(person_id).facts["school"] == "西南交通大学"
    ws.close()


def test_the_first_field_at_fault_is_focused(page_at: Open) -> None:
    page = page_at("register")
    page.get_by_role("button", name="新增人员").click()
    field(page, "工号").fill("1")
    page.get_by_role("button", name="加入花名册").click()
    expect(page.get_by_text("请填写姓名。")).to_be_visible()
    expect(field(page, "姓名")).to_be_focused()


def test_the_keyboard_alone_goes_from_search_to_a_person_and_into_a_form(page_at: Open) -> None:
    page = page_at("register")
    page.keyboard.press("/")
    page.keyboard.type("l")
    expect(page.get_by_text("搜索：l")).to_be_visible()
    page.locator(".ui-rowname").first.press("ArrowDown")
    expect(page.locator(".ui-rowname").nth(1)).to_be_focused()
    name = row(page, 1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name=name).get_by_role("heading", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="编辑", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page, "姓名")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".ui-form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".ui-panel")).to_have_count(0)


def test_every_stop_of_the_tab_key_can_be_seen(page_at: Open) -> None:
    page = page_at("register")
    for _stop in range(24):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { let e = document.activeElement; if (e === document.body) return 'none';"
            " const own = getComputedStyle(e).outlineStyle;"
            " return own !== 'none' ? own : getComputedStyle(e.parentElement).outlineStyle })()"
        )
        assert style != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_a_list_of_units_is_searched_and_chosen_by_keyboard(page_at: Open) -> None:
    page = page_at("register")
    page.get_by_role("button", name="单位 全省").press("Enter")
    search = page.get_by_role("combobox", name="输入名称或拼音首字母")
    expect(search).to_be_focused()
    page.keyboard.type("绵阳")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^绵阳供电公司 · "))).to_be_visible()


def test_a_phone_has_cards_instead_of_columns_and_nothing_sticks_out(page_at: Open) -> None:
    page = page_at("register", 390, 844)
    expect(page.locator(".ui-rowcard")).to_have_count(10)
    expect(page.locator(".ui-table")).to_have_count(0)
    small = page.evaluate(
        "[...document.querySelectorAll('.ui button')]"
        ".filter(b => b.offsetParent && b.getBoundingClientRect().height < 43).map(b => b.outerHTML.slice(0, 120))"
    )
    assert small == []
    for view in ("人员", "服务队构成", "导入"):
        page.get_by_role("navigation", name="花名册的视图").get_by_role("button", name=view).click()
        expect(page.locator('[aria-current="page"]')).to_contain_text(view)
        assert page.evaluate("document.querySelector('.ui-main').scrollWidth") <= 390
    page.get_by_role("navigation", name="花名册的视图").get_by_role("button", name="人员").click()
    page.locator(".ui-rowcard").first.click()
    panel = page.locator(".ui-panel")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] == 390
    page.get_by_role("button", name="关闭详情（Esc）").click()
    expect(panel).to_have_count(0)


@pytest.mark.parametrize(("width", "height", "dark"), [(1366, 768, False), (390, 844, True)], ids=["laptop", "phone"])
def test_axe_finds_nothing_serious_in_any_view(
    page_at: Open, assert_accessible: Callable[[Page], None], width: int, height: int, dark: bool
) -> None:
    page = page_at("register", width, height, dark=dark)
    assert_accessible(page)
    page.locator("[data-row]").nth(3).click()
    expect(page.get_by_role("heading", name="历程")).to_be_attached()
    assert_accessible(page)
    page.get_by_role("button", name="编辑", exact=True).click()
    expect(page.locator(".ui-form")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="关闭详情（Esc）").click()
    page.get_by_role("button", name="服务队构成").click()
    page.locator(".ui-comp__row").nth(1).click()
    expect(page.get_by_role("heading", name="构成规则")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="关闭详情（Esc）").click()
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="导入文件")).to_be_visible()
    assert_accessible(page)


def test_a_team_is_given_its_supervision_phone_where_the_page_says_that_it_lacks(
    own_server: Server, page_at: Open, assert_accessible: Callable[[Page], None]
) -> None:
    page = page_at("register", server=own_server)
    page.get_by_role("button", name="服务队构成").click()
    page.locator(".ui-comp__row").filter(has_text="未公布监督电话").first.click()
    page.get_by_role("button", name="监督电话", exact=True).click()
    phone = field(page, "监督电话")
    expect(phone).to_be_focused()
    phone.fill("95598x")
    phone.press("Tab")
    expect(phone).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
    phone.fill("0817-8000123")
    phone.press("Enter")
    expect(page.locator(".ui-notice")).to_contain_text("已保存：")
    expect(page.locator(".ui-panel")).to_contain_text("0817-8000123")
    expect(page.locator(".ui-comp__row").filter(has_text="未公布监督电话")).to_have_count(0)


def test_on_paper_stands_the_list_or_else_what_is_open_and_who_printed_it_black_on_white(page_at: Open) -> None:
    page = page_at("register", dark=True)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".ui-printed")).to_have_text(re.compile(r"^人资专责 · 打印于 \d{4}-\d\d-\d\d \d\d:\d\d$"))
    for unprinted in (".ui-rail", ".ui-bar__search", ".ui-list__tools", ".ui-pager button"):
        expect(page.locator(unprinted).first).to_be_hidden()
    for printed in ("全省", "2026-08-20（今天）"):
        expect(page.locator(".ui-bar").get_by_text(printed, exact=True)).to_be_visible()
    expect(page.locator(".ui-rowname")).to_have_count(10)
    colours = page.evaluate(
        "(() => { const shown = getComputedStyle(document.querySelector('.ui-list'));"
        " return [shown.color, shown.backgroundColor] })()"
    )
    assert colours == ["rgb(23, 33, 30)", "rgb(255, 255, 255)"]
    page.emulate_media(media="screen")
    page.locator(".ui-rowname").first.click()
    name = page.locator(".ui-side h2")
    expect(name).to_be_visible()
    page.emulate_media(media="print")
    expect(name).to_be_visible()
    expect(page.locator(".ui-list")).to_be_hidden()


def test_the_bar_of_a_phone_keeps_its_two_lines_while_one_searches(page_at: Open) -> None:
    page = page_at("register", 390, 844)
    box = page.get_by_role("searchbox")
    box.fill("没有这个人")
    expect(page.get_by_role("heading", name="没有符合条件的结果")).to_be_visible()
    tops = [page.locator(place).bounding_box() for place in (".ui-bar__search", ".ui-bar__me")]
    assert all(top is not None and top["y"] >= 0 and top["y"] + top["height"] < 60 for top in tops)


def test_figures_on_a_phones_card_stand_with_their_heading(page_at: Open) -> None:
    page = page_at("register", 390, 844)
    page.get_by_role("button", name=re.compile("服务队$")).first.click()
    expect(page.locator(".ui-rowcard").first).to_contain_text(re.compile(r"队员（人） \d+.*党员比例（%） \d"))


def test_light_dark_and_language_are_changed_from_the_menu(own_server: Server, page_at: Open) -> None:
    page = page_at("register", server=own_server)
    page.get_by_role("button", name="个人菜单").click()
    page.get_by_role("button", name="深色").click()
    assert page.evaluate("document.documentElement.dataset.svcTheme") == "dark"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Register", exact=True)).to_be_attached()
    assert page.evaluate("document.documentElement.lang") == "en"
