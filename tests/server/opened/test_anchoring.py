"""The server notes where the trail ends, without being asked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from svclib.settings import Settings
from svclib.workspace.audit.anchors import read_anchors
from svclib.workspace.vault import Vault
from tests.server.opened.conftest import ServeWith
from tests.serving import wait_for

pytestmark = pytest.mark.xdist_group("opened")


def test_a_server_that_starts_notes_the_days_anchor_and_only_one(
    small: tuple[Path, Path], serve_with: ServeWith
) -> None:
    settings = Settings(data_dir=small[0])
    # Another server may have noted it already.
    settings.anchors.unlink(missing_ok=True)
    server = serve_with()
    vault = Vault.open(settings.keys)

    def anchors() -> int:
        return sum(line.kind == "anchor" for line in read_anchors(settings.anchors, vault).lines)

    assert wait_for(lambda: anchors() == 1, 20)
    server.stop()
    serve_with()
    time.sleep(1)
    assert anchors() == 1
