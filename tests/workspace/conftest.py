"""What the store tests share."""

from __future__ import annotations

import pytest

from svclib.workspace import Workspace
from tests.workspace.import_files import small_province


@pytest.fixture
def province(ws: Workspace) -> Workspace:
    """A small province with nobody in it yet."""
    small_province(ws)
    return ws
