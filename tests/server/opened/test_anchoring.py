"""The server notes where the trail ends, without being asked."""

from __future__ import annotations

import time

from svclib.settings import Settings
from svclib.workspace.audit.anchors import read_anchors
from svclib.workspace.vault import Vault
from tests.server.opened.conftest import ServeWith
from tests.serving import wait_for


def test_a_server_that_starts_notes_the_days_anchor_and_only_one(serve_with: ServeWith) -> None:
    server = serve_with()
    settings = Settings(data_dir=server.data_dir)
    vault = Vault.open(settings.keys)

    def anchors() -> int:
        return sum(line.kind == "anchor" for line in read_anchors(settings.anchors, vault).lines)

    assert wait_for(lambda: anchors() == 1, 20)
    server.stop()
    serve_with()
    time.sleep(1)
    assert anchors() == 1
