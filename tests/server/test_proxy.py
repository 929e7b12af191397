"""Behind a proxy, and below a path: what is believed, and where everything stands."""

from __future__ import annotations

import httpx
import pytest

from svclib.demo import DEMO_PASSWORD
from tests.server.conftest import Serve
from tests.serving import Server
from tests.visits import form_token, log_in, stranger, told, visitor

pytestmark = pytest.mark.xdist_group("server")
CLIENT, LIAR = "203.0.113.7", "198.51.100.9"
FORWARDED = {
    "X-Forwarded-For": f"{LIAR}, {CLIENT}",
    "X-Forwarded-Proto": "https",
    "X-Real-Ip": LIAR,
    "X-Scheme": "http",
}


def forwarded_login(served: Server) -> httpx.Response:
    """A login as a proxy with TLS passes it on."""
    client = stranger(served.address)
    client.headers.update(FORWARDED)
    token = form_token(client)
    # The form's cookie is for TLS alone, which this client does not speak to the server behind the proxy.
    client.cookies.set("_xsrf", token, domain="127.0.0.1", path="/")
    return client.post("login", data={"_xsrf": token, "username": "hr", "password": DEMO_PASSWORD})


def origins(served: Server) -> list[str]:
    return [str(origin) for origin in served.ws.access.sessions("hr")["origin"]]


@pytest.fixture(scope="module")
def below(serve: Serve) -> Server:
    return serve("--base-url", "/svc/suite/", "--behind-proxy")


def test_everything_stands_below_the_path(below: Server) -> None:
    assert below.address.endswith("/svc/suite/")
    client = stranger(below.address)
    assert client.get("").headers["location"] == "/svc/suite/login?next=%2Fsvc%2Fsuite%2F"
    assert 'action="/svc/suite/login"' in client.get("login").text
    root = below.address.removesuffix("svc/suite/")
    for path in ("", "login", "svc/login", "voila/render/first.ipynb"):
        answer = stranger(root).get(path)
        # Whatever is asked for above the path: the way to the login below it, never a form of Jupyter's own.
        assert answer.headers["location"].startswith("/svc/suite/login?next=")


def test_a_wish_above_the_path_is_no_wish(below: Server) -> None:
    client = stranger(below.address)
    client.headers.update(FORWARDED)
    token = form_token(client)
    client.cookies.set("_xsrf", token, domain="127.0.0.1", path="/")
    data = {"_xsrf": token, "username": "hr", "password": DEMO_PASSWORD, "next": "/other/app"}
    assert client.post("login", data=data).headers["location"] == "/svc/suite/"


def test_behind_a_proxy_cookies_are_for_tls_and_this_path_alone(below: Server, serve: Serve) -> None:
    (line,) = forwarded_login(below).headers.get_list("set-cookie")
    assert line.startswith("__Secure-svc-")
    for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/svc/suite/"):
        assert part in line
    (line,) = forwarded_login(serve("--behind-proxy")).headers.get_list("set-cookie")
    assert line.startswith("__Host-svc-")


@pytest.mark.parametrize("path", ["login", "login?lang=en"])
def test_what_a_form_leaves_behind_a_proxy_is_for_tls_and_this_path_alone(below: Server, path: str) -> None:
    given = stranger(below.address).get(path, headers=FORWARDED).headers.get_list("set-cookie")
    assert len(given) == path.count("lang") + 1
    for line in given:
        for part in ("; Secure", "; SameSite=Lax", "; Path=/svc/suite/"):
            assert part in line, line.partition("=")[0]


def test_the_client_is_the_one_that_the_proxy_itself_names(below: Server) -> None:
    assert forwarded_login(below).status_code == 302
    assert origins(below)[0] == CLIENT


def test_without_a_proxy_nothing_forwarded_is_believed(served: Server) -> None:
    (line,) = forwarded_login(served).headers.get_list("set-cookie")
    assert line.startswith("svc-")
    assert origins(served)[0] == "127.0.0.1"


def test_another_address_than_the_proxys_forwards_nothing(serve: Serve) -> None:
    own = serve("--behind-proxy", SVC_PROXY_ADDRESS="10.9.9.9")
    assert forwarded_login(own).status_code == 302
    assert origins(own)[0] == "127.0.0.1"


def test_the_sign_on_header_counts_from_the_named_address_alone(serve: Serve, served: Server) -> None:
    believed = serve(SVC_SSO_HEADER="X-Remote-User")
    client = stranger(believed.address)
    client.headers["X-Remote-User"] = "HR"
    answer = client.get("", follow_redirects=True)
    assert (answer.status_code, str(answer.url)) == (200, believed.address)
    assert believed.ws.access.sessions("hr")["method"].tolist()[0] == "proxy"
    for other in (serve(SVC_SSO_HEADER="X-Remote-User", SVC_SSO_PROXY_ADDRESS="10.9.9.9"), served):
        spoofing = stranger(other.address)
        spoofing.headers["X-Remote-User"] = "hr"
        assert "login" in str(spoofing.get("", follow_redirects=True).url)


def test_whoever_signs_on_next_at_the_proxy_is_not_taken_for_the_one_before(serve: Serve) -> None:
    own = serve(SVC_SSO_HEADER="X-Remote-User")
    client = stranger(own.address)
    client.headers["X-Remote-User"] = "hr"
    assert "人资专责" in client.get("", follow_redirects=True).text
    client.headers["X-Remote-User"] = "auditor"
    assert "审计员" in client.get("", follow_redirects=True).text
    client.headers["X-Remote-User"] = "nobody"
    answer = client.get("", follow_redirects=True)
    assert answer.status_code == 403
    assert "nobody" in told(answer)


def test_a_form_still_lets_in_where_a_proxy_may_sign_on(serve: Serve) -> None:
    own = serve(SVC_SSO_HEADER="X-Remote-User")
    assert log_in(stranger(own.address), "hr").status_code == 302
    assert visitor(own.address).get("").status_code == 200
