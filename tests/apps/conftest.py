"""A real browser on a real server: `page_at(app, width, height)` opens an app of the demo province as its coordinator.

Every page so opened is watched: an error in its console, or a request to anywhere but this machine, fails the test.
Tests that write take `own_server` and pass it as `server=`: the other tests share one database.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import nbformat
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from svclib.demo import DEMO_PASSWORD
from svclib.settings import Settings
from svclib.workspace.filling import fill_accounts
from tests.visits import visitor

HELLO = Path(__file__).parent / "hello"
SVC = Path(sys.executable).with_name("svc")
READY = "html[data-ready]"
# Opening a page starts a process; on a busy machine of two cores that takes its time.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Server:
    """A running `svc serve`: its address, its process, its data folder."""

    address: str
    process: subprocess.Popen[str]
    data_dir: Path
    log: Path
    visitors: dict[str, httpx.Client] = field(default_factory=dict)

    def visitor(self, username: str = "hr") -> httpx.Client:
        """Somebody who is logged in, once for each server and account."""
        if username not in self.visitors:
            self.visitors[username] = visitor(self.address, username)
        return self.visitors[username]

    def kernels(self) -> set[int]:
        """The process numbers of the pages' kernels that are running: each leads a session of its own."""
        descendants = psutil.Process(self.process.pid).children(recursive=True)
        return {child.pid for child in descendants if _is_kernel(child)}

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def _is_kernel(process: psutil.Process) -> bool:
    try:
        return os.getsid(process.pid) == process.pid and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


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


def environment(data_dir: Path) -> dict[str, str]:
    """A child's environment: no setting of the developer's, the demo's day."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SVC_")}
    return kept | {"SVC_DATA_DIR": str(data_dir), "SVC_TODAY": "2026-08-20"}


def svc(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run `svc` to its end."""
    command = [str(SVC), *arguments]
    return subprocess.run(command, env=environment(data_dir), capture_output=True, text=True, check=False, timeout=120)


def serve(
    data_dir: Path, apps: Path | None, log: Path, *options: str, settings: Mapping[str, str] | None = None
) -> Server:
    """Start `svc serve` on a free port, with these settings besides, and wait until it has told its address."""
    command = [str(SVC), "serve", "--port", "0", *options]
    if apps is not None:
        command += ["--apps", str(apps)]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            env=environment(data_dir) | dict(settings or {}),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    told = re.search(r"http://127\.0\.0\.1:\d+/\S*", line)
    if told is None:
        process.kill()
        pytest.fail(f"svc serve did not start: {line}{log.read_text()}")
    return Server(told.group(), process, data_dir, log)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Chromium is not installed. Run: make test (as root), or apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


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


@pytest.fixture
def own_server(demo_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The suite's own apps on a copy of the demo province, for a test that writes."""
    running = serve(Path(shutil.copytree(demo_data, tmp_path / "own")), None, tmp_path / "serve.log")
    yield running
    running.stop()


def small_apps(home: Path, pages: Path, notebooks: Mapping[str, Sequence[str]]) -> tuple[Path, Path]:
    """A data folder with one account, and a folder of apps: these pages, notebooks of these cells."""
    data_dir, apps = home / "data", home / "apps"
    assert svc("init", data_dir=data_dir).returncode == 0
    account = {"username": "hr", "role": "hr", "display_name": "人资专责"}
    fill_accounts(Settings(data_dir=data_dir), [account], DEMO_PASSWORD)
    shutil.copytree(pages, apps)
    for name, cells in notebooks.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        nbformat.write(notebook, apps / f"{name}.ipynb")
    return data_dir, apps


@pytest.fixture(scope="session")
def hello_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Small apps made for these tests, on a database with one account: hello, and one whose page cannot be made."""
    notebooks = {
        "hello": ["from hello_page import HelloPage", "HelloPage()"],
        "broken": ["secret = 'a secret value'", "1 / 0"],
    }
    data_dir, apps = small_apps(tmp_path_factory.mktemp("hello"), HELLO, notebooks)
    running = serve(data_dir, apps, tmp_path_factory.mktemp("log") / "hello.log")
    yield running
    running.stop()


def cookies_of(server: Server, username: str) -> list[dict[str, str]]:
    """A visitor's cookies for a browser."""
    jar = server.visitor(username).cookies.jar
    return [{"name": cookie.name, "value": cookie.value or "", "url": server.address} for cookie in jar]


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
            context.add_cookies(cookies_of(home, as_user))
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
        found = Axe().run(page).response["violations"]
        grave = [
            f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:5]}"
            for violation in found
            if violation["impact"] in {"serious", "critical"}
        ]
        assert grave == []

    return check
