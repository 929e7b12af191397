"""What stands in an answer whatever it was asked for: no markup of anybody's, no trace, no lack of headers."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from svclib.server.connection import PROTOCOL
from svclib.server.headers import SECURITY_HEADERS
from tests.serving import Server, serve, small_suite
from tests.visits import form_token, log_in, stranger, visitor

pytestmark = pytest.mark.xdist_group("server")
MARKUP = '"><img src=x onerror=alert(1)>'
PASSWORD = "zebra-lantern-42-ok"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose app, account and office bear markup in their names."""
    home = tmp_path_factory.mktemp("marked")
    data, apps = small_suite(home, {MARKUP: ["print(1)"], "plain": ["print(1)"]})
    running = serve(data, apps, home / "serve.log")
    running.ws.access.add_user("marked", "auditor", display_name=MARKUP, password=PASSWORD, must_change=False)
    yield running
    running.stop()


def told_raw(server: Server, sent: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to these very bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received and (more := connection.recv(65536)):
            received += more
    first, *lines = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize("path", ["", "password", "logout", "voila/render/{name}.ipynb", "{name}", "login?next={name}"])
def test_markup_in_names_is_text_on_every_page_of_the_server(marked: Server, path: str) -> None:
    client = visitor(marked.address, "marked", PASSWORD)
    shown = client.get(path.format(name="%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"), follow_redirects=True).text
    client.post("logout", data={"_xsrf": form_token(client, "logout")})
    assert "<img src=x" not in shown
    if path != "{name}" and "login" not in path:
        assert "&lt;img src=x" in shown


def test_an_app_is_opened_whatever_signs_its_name_has(marked: Server) -> None:
    client = visitor(marked.address, "marked", PASSWORD)
    addresses = re.findall(r'<a href="(/voila/render/[^"]+)"', client.get("").text)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    client.post("logout", data={"_xsrf": form_token(client, "logout")})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET /login HTTP/1.1\r\nHost: <script>\r\n\r\n", 400),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", 400),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2097152\r\n\r\n" + b"x" * 2**21, 413),
        (b"TRACE / HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\n\r\n", 405),
        (b"GET /login?next=%ff%fe&lang=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
         b"Content-Length: 3\r\n\r\nabc", 400),
        (b"GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 302),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 302),
    ],
    ids=["no request", "no host", "two hosts", "markup for a host", "far too large", "too large", "trace", "no text",
         "no form", "two slashes", "another server's"],
)  # fmt: skip
def test_what_is_no_proper_request_is_refused_like_any_other(served: Server, sent: bytes, status: int) -> None:
    told, headers = told_raw(served, sent)
    assert told == status
    assert {name: headers[name] for name in SECURITY_HEADERS if name != "Cache-Control"} == {
        name: value for name, value in SECURITY_HEADERS.items() if name != "Cache-Control"
    }
    assert headers.get("Location", "/login?next=").startswith("/login?next=")
    assert "in write_error" not in served.log.read_text()


def upgrade(server: Server, kernel: str, *lines: str) -> tuple[int, dict[str, str]]:
    """The answer to a browser that wants to connect to a page."""
    head = [f"GET /api/kernels/{kernel}/channels HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Upgrade: websocket"]
    head += ["Connection: Upgrade", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"]
    head += [f"Sec-WebSocket-Protocol: {PROTOCOL}", *lines]
    return told_raw(server, "\r\n".join([*head, "", ""]).encode())


def test_a_websocket_is_opened_from_our_own_pages_alone(served: Server) -> None:
    client = visitor(served.address)
    (kernel,) = re.findall(r'data-id="([^"]+)"', client.get("voila/render/first.ipynb").text)
    cookie = "Cookie: " + "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
    origin = f"Origin: http://127.0.0.1:{served.port}"
    foreign = ("https://evil.example", "null", f"http://127.0.0.1:{served.port + 1}", "file://", "http://localhost")
    answers = {one: upgrade(served, kernel, cookie, f"Origin: {one}") for one in foreign}
    answers["no login"] = upgrade(served, kernel, origin)
    answers["another site's"] = upgrade(served, kernel, cookie, origin, "Sec-Fetch-Site: cross-site")
    assert {why: status for why, (status, _headers) in answers.items()} == dict.fromkeys(answers, 403)
    answers["own"] = upgrade(served, kernel, cookie, origin, "Sec-Fetch-Site: same-origin")
    assert answers["own"][0] == 101
    for _status, headers in answers.values():
        assert set(SECURITY_HEADERS) <= set(headers)
    client.post("logout", data={"_xsrf": form_token(client, "logout")})


@pytest.mark.parametrize(
    "override", [{"X-HTTP-Method-Override": "DELETE"}, {"X-HTTP-Method": "DELETE"}, {"X-Method-Override": "DELETE"}]
)
def test_a_request_is_of_the_method_it_is_sent_by(served: Server, override: dict[str, str]) -> None:
    client = visitor(served.address)
    (kernel,) = re.findall(r'data-id="([^"]+)"', client.get("voila/render/first.ipynb").text)
    assert client.get(f"api/kernels/{kernel}?_method=DELETE", headers=override).status_code == 200
    assert client.get(f"voila/api/shutdown/{kernel}?_method=POST", headers=override).status_code == 405
    assert client.get("logout?_method=POST", headers=override).status_code == 200
    assert client.get(f"api/kernels/{kernel}").status_code == 200
    client.post("logout", data={"_xsrf": form_token(client, "logout")})


def test_what_goes_wrong_inside_is_never_told_to_a_browser(tmp_path: Path) -> None:
    data, apps = small_suite(tmp_path, {"first": ["print(1)"], "second": ["print(1)"]})
    running = serve(data, apps, tmp_path / "serve.log")
    try:
        client, guest = visitor(running.address), stranger(running.address)
        kernel = "api/kernels/00000000-0000-4000-8000-000000000000"
        token = form_token(client, "logout")
        with running.ws.engine.begin() as connection:
            connection.execute(text("ALTER TABLE login_session RENAME TO gone"))
        answers = [client.get(path) for path in ("", "voila/render/first.ipynb", "password", "nothing", kernel)]
        answers += [client.get(f"{kernel}/channels"), client.post("logout", data={"_xsrf": token}), log_in(guest, "hr")]
        assert {answer.status_code for answer in answers} == {500}
        for answer in answers:
            assert set(SECURITY_HEADERS) <= {name.title() for name in answer.headers} | set(answer.headers)
            for telling in ("Traceback", "login_session", "sqlite", 'File "', str(data)):
                assert telling not in answer.text
        assert "页面未能打开" in answers[0].text
        assert "login_session" in running.log.read_text()
    finally:
        running.stop()
