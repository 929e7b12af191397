"""Every address that the application itself says it has, asked by strangers, by other sites and in every method.

The addresses are read from the application that `svc serve` makes, so that one added tomorrow is asked here as well.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import httpx
import pytest
from tornado.routing import PathMatches, Router, RuleRouter
from tornado.web import RequestHandler

from svclib.server.app import TEMPLATES, SvcServer, configuration
from svclib.server.assets import front_end
from svclib.server.catalogue import find_apps
from svclib.settings import Settings
from tests.server.conftest import Serve
from tests.serving import Server
from tests.visits import form_token, stranger, visitor

pytestmark = pytest.mark.xdist_group("server")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
NO_KERNEL = "00000000-0000-4000-8000-000000000000"
SIGN_ON = {"SVC_OIDC_ISSUER": "http://127.0.0.1:9", "SVC_OIDC_CLIENT_ID": "suite", "NO_PROXY": "127.0.0.1"}
OPEN_TO_STRANGERS = {
    ("AssetHandler", "GET"),
    ("AssetHandler", "HEAD"),
    ("LoginHandler", "GET"),
    ("LoginHandler", "POST"),
}
"""Besides the sign-on, which refuses by itself whoever no provider vouches for."""


@dataclass(frozen=True)
class Address:
    """A path, and the handler that answers it."""

    handler: str
    path: str

    @property
    def opens_a_page(self) -> bool:
        return self.path.endswith("first.ipynb")


def rules(router: Router) -> Iterator[tuple[PathMatches, type[RequestHandler]]]:
    """What a router and those below it match, to which handlers."""
    assert isinstance(router, RuleRouter)
    for rule in router.rules:
        if isinstance(rule.target, Router):
            yield from rules(rule.target)
        else:
            assert isinstance(rule.matcher, PathMatches)
            assert isinstance(rule.target, type)
            yield rule.matcher, rule.target


def paths(matcher: PathMatches) -> Iterator[str]:
    """Paths that match: each gap filled with a kernel, a page and a file, as far as they fit there."""
    fillings = (NO_KERNEL, "first.ipynb", front_end().main, "nothing")
    for filling in product(fillings, repeat=matcher.regex.groups):
        path = matcher.reverse(*filling)
        if path is None:
            yield "/nothing"
        elif matcher.regex.match(path):
            yield path


@pytest.fixture(scope="module")
def addresses(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Address]:
    """All addresses of an application with single sign-on."""
    office = Settings(
        data_dir=folder / "data", oidc_issuer=SIGN_ON["SVC_OIDC_ISSUER"], oidc_client_id=SIGN_ON["SVC_OIDC_CLIENT_ID"]
    )
    kept = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JUPYTER_PATH", str(TEMPLATES))
        server = SvcServer(
            apps=find_apps(folder / "apps"),
            sockets=[],
            office=office,
            behind_proxy=False,
            config=configuration(),
            root_dir=str(folder / "apps"),
            connection_dir_root=str(tmp_path_factory.mktemp("connections")),
        )
        server.initialize([])
        server.listen = lambda: None
        server.start()
    signal.signal(signal.SIGTERM, kept)
    server.asking.close()
    found = [
        Address(handler.__name__, path)
        for matcher, handler in rules(server.app.default_router)
        for path in paths(matcher)
    ]
    assert {"LandingHandler", "PageHandler", "PageSocketHandler", "StartHandler", "MissingHandler"} <= {
        address.handler for address in found
    }
    return found


@pytest.fixture(scope="module")
def office(serve: Serve) -> Server:
    """The same application, running."""
    return serve(**SIGN_ON)


def with_token(client: httpx.Client, path: str = "login") -> httpx.Client:
    """Somebody who knows the token of the own forms, so that its lack is never the reason of a refusal."""
    client.headers["X-XSRFToken"] = form_token(client, path)
    return client


# Written out here once more: what were taken out of the server's own list would else be asked for no longer.
FORBIDDEN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def missing_headers(answer: httpx.Response) -> set[str]:
    """What an answer does not forbid the browser."""
    wrong = {name for name, value in FORBIDDEN.items() if answer.headers.get(name) != value}
    policy = answer.headers.get("Content-Security-Policy", "")
    told = {rule.strip().partition(" ")[0]: rule for rule in reversed(policy.split(";"))}
    closed = ("frame-ancestors", "default-src", "base-uri")
    wrong |= {name for name in closed if "'none'" not in told.get(name, "")}
    if told.get("form-action", "").strip() != "form-action 'self'":
        wrong.add("form-action")
    wrong |= {word for word in ("http:", "https:", "*", "unsafe-eval") if word in policy}
    if "unsafe-inline" in told.get("script-src", ""):
        wrong.add("unsafe-inline")
    # Scripts alone are kept: their names change with their content.
    kept = "immutable" if answer.url.path.startswith("/assets/") and answer.status_code == 200 else "no-store"
    if kept not in answer.headers.get("Cache-Control", ""):
        wrong.add("Cache-Control")
    return wrong | ({"Server"} & set(answer.headers))


def test_no_answer_to_anybody_lacks_what_it_forbids_the_browser(office: Server, addresses: Sequence[Address]) -> None:
    lacking = {}
    for who in (with_token(stranger(office.address)), with_token(visitor(office.address), "logout")):
        for address, method in product(addresses, METHODS):
            if address.handler == "LogoutHandler" and method == "POST":
                continue
            answer = who.request(method, address.path)
            if wrong := missing_headers(answer) - ({"unsafe-eval"} if address.opens_a_page else set()):
                lacking[method, address.path, answer.status_code] = wrong
            for telling in ("Traceback", "site-packages", str(office.data_dir)):
                assert telling not in answer.text
    assert lacking == {}


def test_a_stranger_gets_past_the_login_at_no_address_in_no_method(
    office: Server, addresses: Sequence[Address]
) -> None:
    client, opened, at_first = with_token(stranger(office.address)), set(), office.kernels()
    for address, method in product(addresses, METHODS):
        answer = client.request(method, address.path)
        to_login = answer.status_code == 302 and answer.headers["location"].startswith("/login")
        # What may be asked of an address is told of those that are there: of none of these.
        nothing = answer.status_code in {403, 405} or (method, answer.status_code) == ("OPTIONS", 404)
        if not to_login and not nothing:
            opened.add((address.handler, method))
    assert opened == OPEN_TO_STRANGERS
    assert office.kernels() <= at_first


def from_elsewhere(server: Server) -> dict[str, Mapping[str, str]]:
    """What a browser says of a request that another site made it send."""
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    host = f"127.0.0.1:{server.port}"
    return {
        "another site's script": {"Origin": "https://evil.example"},
        "a site without a name": {"Origin": "null"},
        "another port of this machine": {"Origin": f"http://127.0.0.1:{server.port + 1}"},
        "a name that begins like ours": {"Origin": f"http://{host}.evil.example"},
        "our name before the host's": {"Origin": f"http://{host}@evil.example"},
        "no address at all": {"Origin": "http://[evil"},
        "an old socket": {"Sec-Websocket-Origin": "https://evil.example"},
        "another site's picture": embedded,
        "a neighbour's picture": embedded | {"Sec-Fetch-Site": "same-site"},
        "another site's frame": embedded | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        "a name given to this machine": {"Host": f"evil.example:{server.port}"},
    }


def test_nothing_that_another_site_makes_a_browser_ask_for_is_done(
    office: Server, addresses: Sequence[Address]
) -> None:
    client, at_first = with_token(visitor(office.address), "logout"), office.kernels()
    for (name, headers), address, method in product(from_elsewhere(office).items(), addresses, METHODS):
        answer = client.request(method, address.path, headers=headers)
        assert answer.status_code in {403, 405}, f"{method} {address.path} of {name}"
    assert client.get("").status_code == 200
    assert office.kernels() <= at_first


@pytest.mark.parametrize(
    "headers",
    [
        {"Referer": "https://evil.example/login"},
        {"Referer": "nonsense"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    ],
    ids=["the address of the page before", "no address", "a form sent in a window of its own"],
)
def test_a_form_of_another_site_changes_nothing_though_its_token_is_right(
    office: Server, addresses: Sequence[Address], headers: Mapping[str, str]
) -> None:
    client = with_token(visitor(office.address), "logout")
    writing = [method for method in METHODS if method not in {"GET", "HEAD"}]
    for address, method in product(addresses, writing):
        assert client.request(method, address.path, headers=headers).status_code in {403, 405}
    assert client.get("").status_code == 200


def test_a_link_from_another_site_is_followed_and_its_refusal_is_explained(office: Server) -> None:
    client = visitor(office.address)
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("", headers=followed | {"Referer": "https://portal.example/"}).status_code == 200
    own = {"Origin": office.address.rstrip("/"), "Sec-Fetch-Site": "same-origin", "Referer": office.address}
    assert client.post("login", headers=own).status_code == 403
    assert "再试一次" in client.post("login", headers=own).text
    refused = client.get("", headers={"Origin": "https://evil.example"})
    assert "来自别的网站" in refused.text
    refused = client.get("?lang=en", headers={"Origin": "https://evil.example"})
    assert "came from another site" in refused.text
