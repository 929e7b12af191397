"""The README's pictures, taken anew: `python -m tests.pictures [NAME…]` writes them into data/screenshots.

Each is a page of the demo province as a person meets it. The moments at which something was published or noted are real
ones, so they differ from picture to picture; all else comes out the same.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from tests.apps.rotation.views import view
from tests.browsers import OPTIONS, chromium
from tests.serving import Server, serve, svc

HERE = Path(__file__).parents[1] / "data"
WIDE, TALL, PHONE = (1366, 768), (1366, 900), (390, 844)
_STILL_MS = 700
"""Until what moves has come to rest and what is drawn is there."""

Fill = Callable[[Workspace], None]
Show = Callable[[Page], None]


def nothing(_ws: Workspace) -> None:
    """The demo as it is."""


def drafted(ws: Workspace) -> None:
    """Its plan drafted."""
    ws.rotation.save_draft(ws.rotation.propose("2026", time_limit_s=60))


def published(ws: Workspace) -> None:
    """Its plan published."""
    drafted(ws)
    ws.rotation.publish("2026", decided_by="陈某")


def worked(ws: Workspace) -> None:
    """People edited, a protected field looked at."""
    for person_id in ws.register.people()["id"].iloc[:6]:
        card = ws.register.person(int(person_id))
        ws.register.edit_person(int(person_id), {"skill_level": "技师", "phone": "13812345678"}, version=card.version)
    ws.register.reveal(int(person_id), "phone")


def register(_page: Page) -> None:
    """The first screen."""


def register_person(page: Page) -> None:
    page.locator(".ui-card").nth(2).click()
    page.locator("tbody [data-row]").nth(2).click()
    page.locator("aside h2").wait_for()


def register_composition(page: Page) -> None:
    page.get_by_role("button", name="服务队构成").first.click()
    page.locator("[data-row]").first.wait_for()


def register_import(page: Page) -> None:
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator("input[type=file]").set_input_files(HERE / "sample" / "花名册_有问题.xlsx")
    expect(page.locator(".ui-count[aria-pressed=true]")).to_be_visible()


def register_import_forms(page: Page) -> None:
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator(".ui-imp__forms").wait_for()


def audit(page: Page) -> None:
    page.get_by_role("button", name="立即核对留痕").click()
    page.get_by_text("留痕完整").first.wait_for()
    page.locator("[data-row]").nth(2).click()
    page.locator("aside h2").wait_for()


def rotation(page: Page) -> None:
    page.locator(".ui-slot").first.wait_for()


def rotation_why(page: Page) -> None:
    page.locator(".ui-board__table [data-row]").nth(5).click()
    panel = page.locator("aside")
    panel.get_by_role("button", name="显示全部去处").click()
    bad = panel.get_by_role("listitem").filter(has_text="不应重复").first
    bad.get_by_role("button", name="移到这里").click()
    page.locator(".ui-notice").wait_for()
    panel.get_by_role("heading", level=2).scroll_into_view_if_needed()


def rotation_timeline(page: Page) -> None:
    page.get_by_role("button", name="时间轴").click()
    page.locator(".ui-chart__canvas canvas").first.wait_for()


def rotation_charts(page: Page) -> None:
    view(page, "图表")
    page.locator(".ui-chart__canvas canvas").nth(3).wait_for()


def rotation_map(page: Page) -> None:
    rotation_charts(page)
    page.locator("#ui-main").evaluate("main => main.scrollTo(0, main.scrollHeight)")


def rotation_planning(page: Page) -> None:
    view(page, "编排")
    page.get_by_role("button", name="开始编排").click()
    page.get_by_role("button", name="采用为草案").wait_for()
    page.mouse.move(700, 500)


def rotation_requests(page: Page) -> None:
    view(page, "申请")
    page.locator(".ui-asked__list [data-request]").nth(1).click()
    page.locator("#ui-asked-title").wait_for()


def rotation_publish(page: Page) -> None:
    view(page, "发布")
    page.locator(".ui-files").wait_for()


def rotation_publish_en(page: Page) -> None:
    navigation = page.get_by_role("navigation").get_by_role("button", name="Publish", exact=True)
    navigation.click()
    page.locator(".ui-files").wait_for()


def rotation_new_plan(page: Page) -> None:
    page.get_by_role("button", name="新建计划").click()
    page.get_by_label("计划名称").wait_for()


# By the picture's name: the app, who is at it, the window's size, what has been done before, what is done on the page.
PICTURES: dict[str, tuple[str, str, tuple[int, int], Fill, Show]] = {
    "register": ("register", "hr", WIDE, nothing, register),
    "register-en": ("register", "hr", WIDE, nothing, register),
    "register-person": ("register", "hr", WIDE, nothing, register_person),
    "register-person-en": ("register", "hr", WIDE, nothing, register_person),
    "register-composition": ("register", "hr", WIDE, nothing, register_composition),
    "register-import": ("register", "hr", TALL, nothing, register_import),
    "register-import-forms": ("register", "hr", TALL, nothing, register_import_forms),
    "register-phone": ("register", "hr", PHONE, nothing, register),
    "audit": ("audit", "auditor", TALL, worked, audit),
    "rotation": ("rotation", "hr", WIDE, drafted, rotation),
    "rotation-why": ("rotation", "hr", WIDE, drafted, rotation_why),
    "rotation-timeline": ("rotation", "hr", WIDE, drafted, rotation_timeline),
    "rotation-loads": ("rotation", "hr", WIDE, drafted, rotation_charts),
    "rotation-map": ("rotation", "hr", WIDE, drafted, rotation_map),
    "rotation-planning": ("rotation", "hr", WIDE, nothing, rotation_planning),
    "rotation-requests": ("rotation", "hr", WIDE, published, rotation_requests),
    "rotation-publish": ("rotation", "hr", TALL, published, rotation_publish),
    "rotation-publish-en": ("rotation", "hr", TALL, published, rotation_publish_en),
    "rotation-new-plan": ("rotation", "hr", WIDE, drafted, rotation_new_plan),
    "rotation-phone": ("rotation", "trainee", PHONE, published, rotation),
}


@contextmanager
def _serving(demo: Path, home: Path, fill: Fill, language: str) -> Iterator[Server]:
    data_dir = Path(shutil.copytree(demo, home / "data"))
    ws = open_workspace(Settings(data_dir=data_dir), as_user="hr")
    fill(ws)
    ws.close()
    running = serve(data_dir, None, home / "serve.log", settings={"SVC_LANGUAGE": language})
    try:
        yield running
    finally:
        running.stop()


def _take(browser: Browser, server: Server, name: str) -> None:
    app, username, (width, height), _fill, show = PICTURES[name]
    language = "en" if name.endswith("-en") else "zh-CN"
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, has_touch=width < 600, locale=language)  # type: ignore[arg-type]
    context.add_cookies(server.browser_cookies(username))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server.address}voila/render/{app}.ipynb", wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    show(page)
    page.wait_for_timeout(_STILL_MS)
    page.screenshot(path=HERE / "screenshots" / f"{name}.png")
    context.close()


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        done = svc("demo", data_dir=home / "demo")
        if done.returncode:
            raise SystemExit(done.stderr)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        for number, name in enumerate(names or PICTURES):
            fill = PICTURES[name][3]
            language = "en" if name.endswith("-en") else "zh_CN"
            with _serving(home / "demo", home / str(number), fill, language) as server:
                _take(browser, server, name)
            print(name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
