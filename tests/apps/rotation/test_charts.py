"""The rotation's pictures in a real browser: drawn, clicked, told as a table, saved, and fetched only when shown."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from svclib.workspace.frames import records
from tests.apps.conftest import Witness
from tests.apps.rotation.views import view
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., Page]
Check = Callable[[Page], None]
DRAWER = re.compile(r"/assets/draw-")
DRAWS = re.compile(r"/assets/(?:chart|draw)-")
# How many colours stand on a canvas: one that is empty, or was cleared, has one.
COLOURS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const seen = new Set()
  for (const colour of new Uint32Array(data.buffer)) seen.add(colour)
  return seen.size
}"""

# Where a mark of a team with places left is, by its colour: the first spot of five pixels square.
TEAM = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const scale = canvas.width / canvas.clientWidth
  const near = (at, part, n) => Math.abs(data[at + n] - part) < 16
  const team = (x, y) => [0x5c, 0x9d, 0x95].every((part, n) => near((y * canvas.width + x) * 4, part, n))
  for (let y = 0; y < canvas.height * 0.8; y += 5) for (let x = 60 * scale; x < canvas.width; x += 5) {
    if ([0, 1, 2, 3, 4].every((n) => team(Math.round(x) + n, y + n))) return [(x + 2) / scale, (y + 2) / scale]
  }
}"""


def canvas(page: Page, place: int = 0) -> None:
    """The picture, when it has been drawn."""
    found = page.locator(".ui-chart__canvas canvas").nth(place)
    expect(found).to_be_visible()
    for _try in range(100):
        if found.evaluate(COLOURS) > 20:
            return
        page.wait_for_timeout(100)
    pytest.fail("the canvas stays empty")


def test_the_timeline_is_drawn_and_a_click_opens_the_same_panel_as_the_list(
    drafted_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", server=drafted_server)
    first = page.locator(".ui-board__table .ui-slot").first
    name, team = page.locator(".ui-board__table tbody th b").first.inner_text(), first.locator("b").inner_text()
    page.get_by_role("button", name="时间轴").click()
    canvas(page)
    assert_accessible(page)
    picture = page.get_by_role("img", name=re.compile("全部学员"))
    box = picture.bounding_box()
    assert box is not None
    # The first row, a little after the first day.
    picture.click(position={"x": box["width"] * 0.2, "y": 30 + 14})
    panel = page.locator("aside")
    expect(panel.get_by_role("heading", level=2)).to_have_text(name)
    expect(panel.locator(".ui-cell__place b")).to_contain_text(team)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    # Scrolled like any other list, by the keyboard too.
    page.locator(".ui-chart__view").focus()
    page.keyboard.press("End")
    expect(page.locator(".ui-chart__range")).to_have_text(re.compile(r"–120 / 120$"))
    # The rows change; the picture itself stays in sight.
    seen, drawn = (page.locator(f".ui-chart__{part}").bounding_box() for part in ("view", "canvas"))
    assert seen is not None
    assert drawn is not None
    assert drawn["y"] == pytest.approx(seen["y"], abs=2)
    page.get_by_role("button", name="列表").click()
    expect(page.locator(".ui-board__table .ui-slot").first).to_be_visible()


def test_the_matrix_and_its_table_say_what_the_plan_has(drafted_server: Server, page_at: Open, tmp_path: Path) -> None:
    page = page_at("rotation", server=drafted_server)
    view(page, "服务队")
    page.get_by_role("button", name="时间轴").click()
    canvas(page)
    page.get_by_role("button", name="表格").click()
    loads = records(drafted_server.ws.rotation.loads("2026"))
    rows = page.locator(".ui-chart__table tbody tr")
    expect(rows).to_have_count(len(loads))
    shown = [tuple(row.split("\t")[:3]) for row in rows.all_inner_texts()]
    assert shown == [(row["team"], f"第 {row['stage']} 阶段", str(row["trainees"])) for row in loads]
    with page.expect_download() as data:
        page.get_by_role("button", name="下载数据").click()
    kept = tmp_path / data.value.suggested_filename
    data.value.save_as(kept)
    sheet = openpyxl.load_workbook(kept).worksheets[0]
    assert [(row[0].value, row[2].value) for row in sheet.iter_rows(min_row=3)] == [
        (row["team"], row["trainees"]) for row in loads
    ]
    page.get_by_role("button", name="图", exact=True).click()
    canvas(page)
    box = page.locator(".ui-chart__view").bounding_box()
    assert box is not None
    page.locator(".ui-chart__view").click(position={"x": box["width"] - 60, "y": 48 + 14})
    expect(page.locator("aside").get_by_role("heading", level=2)).to_have_text(loads[0]["team"])
    expect(page.locator("aside")).to_contain_text("第 4 阶段")


def test_loads_fairness_and_map_are_drawn_for_the_chosen_stage_and_saved_as_pictures(
    drafted_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", server=drafted_server)
    view(page, "图表")
    for place in range(4):
        canvas(page, place)
    assert_accessible(page)
    before = page.get_by_role("heading", level=3).all_inner_texts()
    page.get_by_role("button", name="第 3 阶段").click()
    expect(page.get_by_role("button", name="第 3 阶段")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", level=3).last).to_contain_text("第 3 阶段")
    assert page.get_by_role("heading", level=3).all_inner_texts() != before
    for place, name, width in ((0, "服务队负荷-2026-3.png", 2400), (3, "地图-2026-3.png", 1800)):
        with page.expect_download() as picture:
            page.get_by_role("button", name="下载图片").nth(place).click()
        assert picture.value.suggested_filename == name
        content = Path(picture.value.path()).read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        wide, high = struct.unpack(">II", content[16:24])
        assert wide == width
        assert high > 600
        assert len(content) > 20_000
    page.get_by_role("button", name="放大").click()
    canvas(page, 3)
    page.get_by_role("button", name="表格").nth(3).click()
    expect(page.locator(".ui-chart__table tbody tr")).to_have_count(28)
    assert_accessible(page)


def test_a_team_on_the_map_opens_the_panel_of_the_stage(drafted_server: Server, page_at: Open) -> None:
    page = page_at("rotation", server=drafted_server)
    view(page, "图表")
    page.get_by_role("group", name="阶段").get_by_role("button", name="第 2 阶段").click()
    expect(page.get_by_role("heading", level=3).last).to_contain_text("第 2 阶段")
    canvas(page, 3)
    at = page.locator(".ui-chart__canvas canvas").nth(3).evaluate(TEAM)
    page.locator(".ui-chart__view").nth(3).click(position={"x": at[0], "y": at[1]})
    panel = page.locator("aside")
    teams = {row["team"] for row in records(drafted_server.ws.rotation.loads("2026"))}
    assert panel.get_by_role("heading", level=2).inner_text() in teams
    expect(panel).to_contain_text("第 2 阶段")


def test_the_pictures_fit_a_phone_and_follow_the_dark(
    drafted_server: Server, page_at: Open, assert_accessible: Check
) -> None:
    page = page_at("rotation", 390, 844, server=drafted_server, dark=True)
    page.get_by_role("button", name="时间轴").tap()
    light = "document.querySelector('.ui-chart__canvas canvas').toDataURL().length"
    canvas(page)
    assert_accessible(page)
    dark = page.evaluate(light)
    page.evaluate("document.documentElement.dataset.svcTheme = 'light'")
    page.wait_for_timeout(300)
    canvas(page)
    assert page.evaluate(light) != dark
    page.evaluate("document.documentElement.dataset.svcTheme = 'dark'")
    for name in ("服务队", "图表"):
        view(page, name)
        canvas(page)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_draws_is_fetched_when_the_first_picture_is_shown_and_never_by_the_register(
    drafted_server: Server, page_at: Open
) -> None:
    asked: list[str] = []

    def listen(page: Page) -> None:
        page.on("request", lambda request: asked.append(request.url))

    page_at("register", server=drafted_server, prepare=listen)
    assert asked
    assert not [address for address in asked if DRAWS.search(address)]
    page = page_at("rotation", server=drafted_server, prepare=listen)
    expect(page.locator(".ui-board__table .ui-slot").first).to_be_visible()
    assert not [address for address in asked if DRAWS.search(address)]
    page.get_by_role("button", name="时间轴").click()
    canvas(page)
    assert len({address for address in asked if DRAWS.search(address)}) == 2


def test_a_picture_that_cannot_be_drawn_says_so_and_the_table_stays(
    drafted_server: Server, page_at: Open, witness: Witness
) -> None:
    page = page_at(
        "rotation", server=drafted_server, prepare=lambda tab: tab.route(DRAWER, lambda route: route.abort())
    )
    view(page, "服务队")
    page.get_by_role("button", name="时间轴").click()
    expect(page.get_by_role("alert")).to_have_text("图没有画出来。")
    page.get_by_role("button", name="表格").click()
    expect(page.locator(".ui-chart__table tbody tr").first).to_be_visible()
    witness.errors.clear()
