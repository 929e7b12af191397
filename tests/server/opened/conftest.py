"""Servers without a browser: small apps on an empty database, with settings of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.serving import HELLO, HELLO_APPS, Server, serve, small_suite

APPS = HELLO_APPS | {
    "slow": ["import time", "time.sleep(20)"],
    "wordy": ["import ipywidgets", "ipywidgets.HTML('x' * 4_000_000)"],
    "dying": ["import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"],
}

ServeWith = Callable[..., Server]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder with three accounts, and a folder of apps: one that works, and others that don't."""
    roles = dict.fromkeys(("hr", "other", "third"), "hr")
    return small_suite(tmp_path_factory.mktemp("small"), APPS, HELLO, roles)


@contextmanager
def serving(small: tuple[Path, Path], log: Path, **settings: str) -> Iterator[Server]:
    running = serve(*small, log / "serve.log", settings=settings)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def pages(small: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small apps, with the settings that an office begins with."""
    with serving(small, tmp_path_factory.mktemp("log")) as running:
        yield running


@pytest.fixture(scope="session")
def narrow(small: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with room for two pages, one for each account, and little memory for either."""
    bounds = {"SVC_PAGES_MAX": "2", "SVC_PAGES_PER_USER": "1", "SVC_PAGE_MEMORY_MB": "200"}
    with serving(small, tmp_path_factory.mktemp("log"), **bounds) as running:
        yield running


@pytest.fixture(scope="session")
def impatient(small: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for browsers no longer than it must."""
    waits = {"SVC_PAGE_CONNECT_SECONDS": "5", "SVC_PAGE_RECONNECT_SECONDS": "2"}
    with serving(small, tmp_path_factory.mktemp("log"), **waits) as running:
        yield running


@pytest.fixture
def serve_with(small: tuple[Path, Path], tmp_path: Path) -> Iterator[ServeWith]:
    """Start the small apps with other settings: `serve_with(SVC_PAGES_MAX="2")`."""
    with ExitStack() as stack:

        def start(**settings: str) -> Server:
            return stack.enter_context(serving(small, tmp_path, **settings))

        yield start
