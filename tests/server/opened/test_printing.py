"""What a page's process prints, and the traces of what fails beside its guard."""

from __future__ import annotations

import pytest

from tests.server.client import run
from tests.server.doors.intruder import Intruder
from tests.serving import Server, browse

pytestmark = pytest.mark.xdist_group("opened")


def test_what_a_page_prints_and_its_traces_go_to_the_log_and_to_no_browser(pages: Server) -> None:
    page, before = Intruder(pages.address, "hello", cookie=browse(pages).cookie), pages.kernels()
    told = len(pages.log.read_text())

    async def visit() -> None:
        async with page:
            await page.event("print")
            await page.event("add", 2)
            assert page.state["count"] == 2

    run(visit())
    assert "a secret value" not in "".join(page.heard)
    assert not page.kinds & {"stream", "error", "execute_input"}
    assert pages.log.read_text()[told:].count("a secret value") >= 2
    # What the browser could not be told must not keep the process.
    assert pages.kernels() == before
