"""A page belongs to the login that opened it, and ends with it."""

from __future__ import annotations

import psutil
import pytest
from httpx import Client

from tests.server.client import PageClient, run
from tests.server.opened.pages import gone, kernel_of, told_of_its_end
from tests.serving import Server, browse
from tests.visits import form_token, stranger, visitor

pytestmark = pytest.mark.xdist_group("opened")

PATHS = ["api/kernels/{id}", "api/kernels/{id}/channels", "voila/api/shutdown/{id}"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("whose", ["nobody's", "somebody else's", "another login's of the same account"])
def test_a_page_that_is_not_ones_own_is_not_found(pages: Server, path: str, whose: str) -> None:
    async def ask() -> None:
        page = browse(pages)
        own = await kernel_of(pages, page)
        asking = visitor(pages.address, "other" if whose == "somebody else's" else "hr")
        kernel_id = "0b1c9b2c-0000-4000-8000-000000000000" if whose == "nobody's" else page.kernel_id
        address = path.format(id=kernel_id)
        if "shutdown" in path:
            answer = asking.post(address, data={"_xsrf": form_token(asking, "password")})
        else:
            answer = asking.get(address)
        assert answer.status_code == 404
        assert own in pages.kernels()
        await page.event("add", 2)
        assert page.state["count"] == 2
        await page.leave()
        page.cut()

    run(ask())


def test_a_page_that_has_ended_is_known_to_its_own_login_alone(pages: Server) -> None:
    async def leave() -> str:
        async with browse(pages) as page:
            return page.kernel_id

    address = f"voila/api/shutdown/{run(leave())}"

    def said_to(asking: Client) -> int:
        return asking.post(address, data={"_xsrf": form_token(asking, "password")}).status_code

    assert said_to(pages.visitor()) == 204
    assert said_to(visitor(pages.address, "other")) == said_to(visitor(pages.address, "hr")) == 404


def test_a_stranger_reaches_no_page(pages: Server) -> None:
    async def ask() -> None:
        page = browse(pages)
        await kernel_of(pages, page)
        for path in PATHS[:2]:
            assert stranger(pages.address).get(path.format(id=page.kernel_id)).status_code in {302, 403}
        await page.leave()
        page.cut()

    run(ask())


def test_what_a_page_is_handed_stands_in_no_other_process(pages: Server) -> None:
    async def visit() -> None:
        async with browse(pages) as one, browse(pages) as other:
            await one.event("recall", "SVC_SERVED")
            assert one.state["trace"] == "1"
            for page in (one, other):
                await page.event("recall", "SVC_TICKET")
                assert page.state["trace"] == ""
            family = psutil.Process(pages.process.pid).children(recursive=True)
            assert len(family) >= 4
            for process in [psutil.Process(pages.process.pid), *family]:
                assert "SVC_TICKET" not in process.environ()
                assert "SVC_TICKET" not in " ".join(process.cmdline())

    run(visit())


def test_pages_end_with_their_login(pages: Server) -> None:
    async def visit() -> None:
        who = visitor(pages.address, "hr")
        cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in who.cookies.jar)
        page = PageClient(pages.address, "hello", cookie=cookie)
        own = await kernel_of(pages, page)
        who.post("logout", data={"_xsrf": form_token(who, "password")})
        await told_of_its_end(page, 10)
        await gone(pages, own, 2)
        page.cut()

    run(visit())
