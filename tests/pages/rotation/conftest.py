"""The demo province with its plan drafted, for the tests of the rotation's page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from svclib.i18n import use_language
from svclib.pages import RotationPage
from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from tests.pages.conftest import TODAY

PLAN = "2026"


@pytest.fixture(scope="session")
def planned_folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo province with its plan drafted. Copy it before writing."""
    folder = Path(shutil.copytree(demo_folder, tmp_path_factory.mktemp("planned") / "demo"))
    ws = open_workspace(Settings(data_dir=folder, today=TODAY))
    ws.rotation.save_draft(ws.rotation.propose(PLAN, time_limit_s=60))
    ws.close()
    return folder


@pytest.fixture
def planned(planned_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a copy of the planned province."""
    folder = Path(shutil.copytree(planned_folder, tmp_path / "planned"))
    workspace = open_workspace(Settings(data_dir=folder, today=TODAY))
    yield workspace
    workspace.close()


@pytest.fixture
def page(planned: Workspace) -> RotationPage:
    use_language("zh_CN")
    opened = RotationPage(planned)
    assert opened.problem == ""
    return opened


def figures(page: RotationPage) -> dict[str, str]:
    return {card["id"]: card["figure"] for card in page.cards}
