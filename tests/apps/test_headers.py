"""What every answer forbids the browser, and that the pages work under it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from svclib.server.assets import front_end
from tests.apps.conftest import Witness
from tests.serving import Server
from tests.visits import stranger

pytestmark = pytest.mark.xdist_group("browser")
NO_KERNEL = "00000000-0000-4000-8000-000000000000"


def addresses() -> list[tuple[str, str]]:
    built = front_end()
    return [
        ("GET", ""),
        ("GET", "login"),
        ("POST", "login"),
        ("GET", "password"),
        ("POST", "logout"),
        ("GET", "nothing"),
        ("GET", "voila/render/nothing.ipynb"),
        ("GET", f"assets/{built.main}"),
        ("GET", "assets/nothing.js"),
        ("GET", f"api/kernels/{NO_KERNEL}"),
        ("GET", f"api/kernels/{NO_KERNEL}/channels"),
        ("POST", f"voila/api/shutdown/{NO_KERNEL}"),
    ]


def policy(answer: httpx.Response) -> dict[str, str]:
    """The rules of an answer's content policy by name. APIs add rules: the strictest of a name counts there."""
    rules: dict[str, str] = {}
    for rule in answer.headers["Content-Security-Policy"].split(";"):
        name, _blank, sources = rule.strip().partition(" ")
        rules.setdefault(name, sources)
    return rules


@pytest.mark.parametrize("who", ["stranger", "visitor"])
@pytest.mark.parametrize(("method", "path"), addresses())
def test_every_answer_forbids_framing_guessing_and_foreign_hosts(
    server: Server, method: str, path: str, who: str
) -> None:
    asking = stranger(server.address) if who == "stranger" else server.visitor()
    answer = asking.request(method, path)
    rules = policy(answer)
    assert rules["frame-ancestors"] == "'none'"
    assert rules["default-src"] == "'none'"
    assert not any("http" in sources or "*" in sources for sources in rules.values())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in answer.headers


def test_a_page_of_the_suite_may_evaluate_no_text(page_at: Callable[..., Page], witness: Witness) -> None:
    page = page_at("register")
    script = "try { new Function('return 1')(); return 'ran' } catch (error) { return error.name }"
    assert page.evaluate(f"() => new Promise(done => setTimeout(() => done((() => {{ {script} }})())))") == "EvalError"
    # The browser also reports what it has refused.
    witness.errors.clear()


def test_a_page_cannot_be_shown_inside_another(page_at: Callable[..., Page], server: Server, witness: Witness) -> None:
    page = page_at("register")
    outer = page.context.new_page()
    witness.watch(outer)
    outer.route("**/outer.html", lambda route: route.fulfill(body="<p>outer</p>", content_type="text/html"))
    outer.goto(f"{server.address}outer.html")
    outer.evaluate(
        "address => { const f = document.createElement('iframe'); f.src = address; document.body.append(f) }",
        server.address,
    )
    outer.wait_for_timeout(1000)
    inner = outer.frames[-1]
    expect(inner.locator("body")).not_to_contain_text("您想做什么")
    assert any("frame-ancestors" in error for error in witness.errors)
    witness.errors.clear()
