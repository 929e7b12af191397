"""The demo province with its plan drafted, and published: served to tests that look, copied for those that write."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from svclib.settings import Settings
from svclib.workspace import open_workspace
from tests.serving import Server, serve


@pytest.fixture(scope="package")
def drafted_data(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo province and a draft of its plan. Copy it before writing."""
    data_dir = Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("drafted") / "data"))
    ws = open_workspace(Settings(data_dir=data_dir))
    ws.rotation.save_draft(ws.rotation.propose("2026", time_limit_s=60))
    ws.close()
    return data_dir


@pytest.fixture(scope="package")
def published_data(drafted_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same when the draft has been published. Copy it before writing."""
    data_dir = Path(shutil.copytree(drafted_data, tmp_path_factory.mktemp("published") / "data"))
    ws = open_workspace(Settings(data_dir=data_dir))
    ws.rotation.publish("2026", decided_by="陈某")
    ws.close()
    return data_dir


@pytest.fixture(scope="package")
def drafted_server(drafted_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The drafted plan, for all tests that only look."""
    running = serve(drafted_data, None, tmp_path_factory.mktemp("log") / "drafted.log")
    yield running
    running.stop()


@pytest.fixture(scope="package")
def published_server(published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The published plan, for all tests that only look."""
    running = serve(published_data, None, tmp_path_factory.mktemp("log") / "published.log")
    yield running
    running.stop()


@pytest.fixture
def own_published_server(own_server: Server, published_data: Path) -> Server:
    """The published plan, for a test that writes."""
    own_server.restore(published_data)
    return own_server
