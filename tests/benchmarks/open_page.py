"""Opening a page, from the address to the answer to a click: here, in stock Voila, in Panel, in Streamlit.

One browser, one machine, one after the other in turn: each round opens every page once, so that a slow minute of the
machine falls on all of them. The first visit has an empty cache, the repeat visit the cache of visits before. Panel and
Streamlit stand in an environment of their own, at the versions that peers.txt names.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from svclib.settings import Settings
from tests.benchmarks.measure import Measure
from tests.browsers import OPTIONS, chromium
from tests.serving import environment, free_port, serve, svc, write_apps

ROUNDS = 7
_PAGES = Path(__file__).parent / "pages"
_BIN = Path(sys.executable).parent
_PEERS = _BIN.parent / "peers" / "bin"
_STARTING_SECONDS = 60


@dataclass
class Visited:
    """One page of one server: where it is, how to tell that it works, and how long visits took (seconds)."""

    name: str
    address: str
    works: Callable[[Page], None]
    cookies: list[dict[str, str]] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    repeat: list[float] = field(default_factory=list)


def button_works(page: Page) -> None:
    """Press the button until it has answered."""
    button = page.get_by_role("button", name="ready-btn")
    button.wait_for(timeout=60_000)
    answer = page.get_by_text("clicked-ok")
    while not answer.is_visible():
        button.click()
        page.wait_for_timeout(20)


def register_works(page: Page) -> None:
    """Wait for the list, and press a card until it filters."""
    page.locator(".ui-rowname").nth(9).wait_for(timeout=60_000)
    card = page.locator(".ui-card").nth(2)
    pressed = page.locator('.ui-card[aria-pressed="true"]')
    while not pressed.count():
        card.click()
        page.wait_for_timeout(20)


def run(folder: Path) -> Iterator[Measure]:
    with ExitStack() as running:
        places = list(_servers(folder, running))
        playwright = running.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        kept = {place.name: _context(browser, place) for place in places}
        for place in places:
            # The server's own first page is nobody's measure: what it loads once is loaded now.
            _visit(kept[place.name], place)
        for _round in range(ROUNDS):
            for place in places:
                fresh = _context(browser, place)
                place.first.append(_visit(fresh, place))
                fresh.close()
                place.repeat.append(_visit(kept[place.name], place))
        browser.close()
    found = {place.name: place for place in places}
    yield from _lines("one button", found["here: button"], [found[f"{peer}: button"] for peer in _BUTTON_PEERS])
    yield from _lines("the register", found["here: register"], [found["voila: register"]])


_BUTTON_PEERS = ("panel", "streamlit", "voila")


def _lines(what: str, own: Visited, peers: list[Visited]) -> Iterator[Measure]:
    for visit in ("first", "repeat"):
        mine = statistics.median(getattr(own, visit))
        for peer in peers:
            theirs = statistics.median(getattr(peer, visit))
            yield Measure(f"{what}, {visit} visit, median of {ROUNDS}", mine, peer.name, theirs)


def _context(browser: Browser, place: Visited) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.add_cookies(place.cookies)  # type: ignore[arg-type]
    return context


def _visit(context: BrowserContext, place: Visited) -> float:
    page = context.new_page()
    start = time.perf_counter()
    page.goto(place.address, wait_until="commit")
    place.works(page)
    taken = time.perf_counter() - start
    # Leaving, unlike closing from outside, lets a page end its kernel.
    page.goto("about:blank")
    page.close()
    # What the visit left running belongs to no other visit's time.
    time.sleep(0.5)
    return taken


def _servers(folder: Path, running: ExitStack) -> Iterator[Visited]:
    data = folder / "data"
    done = svc("demo", data_dir=data)
    if done.returncode:
        raise SystemExit(f"svc demo failed: {done.stderr}")
    apps = folder / "apps"
    shutil.copytree(_PAGES, apps)
    write_apps(apps, {"button": ["from button_page import ButtonPage", "ButtonPage()"]})
    shutil.copy(Path(__file__).parents[2] / "voila_apps" / "register.ipynb", apps)
    own = serve(data, apps, folder / "serve.log")
    running.callback(own.stop)
    cookies = own.browser_cookies()
    yield Visited("here: button", f"{own.address}voila/render/button.ipynb", button_works, cookies)
    yield Visited("here: register", f"{own.address}voila/render/register.ipynb", register_works, cookies)
    stock = [str(_BIN / "voila"), str(apps), "--no-browser", "--port={port}", "--show_tracebacks=True"]
    voila = running.enter_context(_started(stock, environment(Settings(data_dir=data))))
    yield Visited("voila: button", f"{voila}voila/render/button.ipynb", button_works)
    yield Visited("voila: register", f"{voila}voila/render/register.ipynb", register_works)
    panel = [str(_PEERS / "panel"), "serve", str(apps / "panel_button.py"), "--port={port}", "--address=127.0.0.1"]
    yield Visited("panel: button", f"{running.enter_context(_started(panel))}panel_button", button_works)
    streamlit = [str(_PEERS / "streamlit"), "run", str(apps / "streamlit_button.py"), "--server.port={port}"]
    streamlit += ["--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]
    yield Visited("streamlit: button", running.enter_context(_started(streamlit)), button_works)


@contextmanager
def _started(command: list[str], variables: dict[str, str] | None = None) -> Iterator[str]:
    """A server on a free port, once it answers."""
    port = free_port()
    filled = [part.format(port=port) for part in command]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(filled, env=variables or dict(os.environ), stdout=silent, stderr=silent)
    address = f"http://127.0.0.1:{port}/"
    opener = build_opener(ProxyHandler({}))
    try:
        for _attempt in range(_STARTING_SECONDS * 5):
            try:
                opener.open(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise SystemExit(f"{command[0]} did not start")
        yield address
    finally:
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(20)
        for child in children:
            if child.is_running():
                child.kill()
