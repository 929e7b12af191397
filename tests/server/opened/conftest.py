"""Servers without a browser: small apps on an empty database, with settings of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
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
    """A data folder with two accounts, and a folder of apps: one that works, and others that don't."""
    return small_suite(tmp_path_factory.mktemp("small"), APPS, HELLO, {"hr": "hr", "other": "hr"})


@pytest.fixture(scope="module")
def pages(small: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small apps, with the settings that an office begins with."""
    running = serve(*small, tmp_path_factory.mktemp("log") / "serve.log")
    yield running
    running.stop()


@pytest.fixture
def serve_with(small: tuple[Path, Path], tmp_path: Path) -> Iterator[ServeWith]:
    """Start the small apps with other settings: `serve_with(SVC_PAGES_MAX="2")`."""
    with ExitStack() as stack:

        def start(**settings: str) -> Server:
            running = serve(*small, tmp_path / "serve.log", settings=settings)
            stack.callback(running.stop)
            return running

        yield start
