"""A real browser on a real server: `page_at(app, width, height)` opens an app of the demo province as its coordinator.

Every page so opened is watched: an error in its console, or a request to anywhere but this machine, fails the test.
Tests that write take `own_server` and pass it as `server=`: the other tests share one database.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browsers import OPTIONS, chromium
from tests.serving import HELLO, HELLO_APPS, Server, serve, small_suite, svc

READY = "html[data-ready]"
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished))"""
# Opening a page starts a process; on a busy machine of two cores that takes its time.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Witness:
    """What the pages of a test did wrong. A test that provokes an error clears what it expected."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _request(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self.foreign.append(address)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo province. Copy it before writing."""
    data_dir = tmp_path_factory.mktemp("demo")
    done = svc("demo", data_dir=data_dir)
    if done.returncode:
        pytest.fail(f"svc demo failed: {done.stderr}")
    return data_dir


@pytest.fixture(scope="session")
def server(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The suite's own apps on the demo province, shared by all tests that only read."""
    running = serve(demo_data, None, tmp_path_factory.mktemp("log") / "serve.log")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def _writable_server(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("writable")
    running = serve(Path(shutil.copytree(demo_data, home / "own")), None, home / "serve.log")
    yield running
    running.stop()


@pytest.fixture
def own_server(_writable_server: Server, demo_data: Path) -> Server:
    """The suite's own apps on a copy of the demo province that is as it was at first, for a test that writes."""
    _writable_server.restore(demo_data)
    return _writable_server


@pytest.fixture(scope="session")
def hello_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Small apps made for these tests, on a database with one account: hello, and one whose page cannot be made."""
    data_dir, apps = small_suite(tmp_path_factory.mktemp("hello"), HELLO_APPS, HELLO)
    running = serve(data_dir, apps, tmp_path_factory.mktemp("log") / "hello.log")
    yield running
    running.stop()


@pytest.fixture
def witness() -> Iterator[Witness]:
    """What the test's pages did wrong so far; looked at when the test is over."""
    seen = Witness()
    yield seen
    assert seen.errors == []
    assert seen.foreign == []


@pytest.fixture
def page_at(browser: Browser, witness: Witness, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open an app and wait until it is there: `page_at("register", 390, 844, server=own_server, dark=True)`.

    The visitor is logged in as the demo's coordinator of the whole province, or `as_user`; None is a stranger.
    `prepare` is called with the empty tab.
    """
    contexts = []

    def open_page(
        app: str,
        width: int = 1366,
        height: int = 768,
        *,
        server: Server | None = None,
        dark: bool = False,
        ready: bool = True,
        as_user: str | None = "hr",
        prepare: Callable[[Page], None] = lambda page: None,
    ) -> Page:
        home = server or request.getfixturevalue("server")
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            has_touch=width < 600,
        )
        contexts.append(context)
        if as_user is not None:
            context.add_cookies(home.browser_cookies(as_user))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        witness.watch(page)
        prepare(page)
        page.goto(f"{home.address}voila/render/{app}.ipynb", wait_until="commit")
        if ready:
            page.wait_for_selector(READY, state="attached")
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            # Leaving, unlike closing from outside, lets the page end its kernel.
            page.goto("about:blank")
        context.close()


@pytest.fixture
def browser_page(browser: Browser, witness: Witness) -> Iterator[Page]:
    """An empty tab of somebody who is not logged in."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    witness.watch(page)
    yield page
    context.close()


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail on what axe calls serious or critical, naming rule and place."""

    def check(page: Page) -> None:
        # Half way through a fade a colour is neither the one nor the other.
        page.evaluate(STILL)
        # What it finds nothing wrong with is as long again, and takes as long.
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [
            f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:5]}"
            for violation in found
            if violation["impact"] in {"serious", "critical"}
        ]
        assert grave == []

    return check
