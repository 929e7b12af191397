"""The browser of tests and benchmarks: Debian's Chromium without a window."""

from __future__ import annotations

import shutil

import pytest

# The first has no window to draw at all: it opens a page in half the time of the whole browser told to hide its own.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
# Where there is no graphics card, a process that plays one draws everything once more.
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def chromium() -> str:
    """Where it is. Where it is not, the test fails and says how to install it."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail("Chromium is not installed. Run: make test (as root), or apt-get install chromium-headless-shell")
    return found
