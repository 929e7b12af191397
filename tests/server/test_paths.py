"""Ways of writing a path, addresses of the stock servers, and queries: none leads to anything that is not meant."""

from __future__ import annotations

from http.client import HTTPConnection
from itertools import product

import pytest

from tests.serving import Server
from tests.visits import form_token, stranger, visitor

pytestmark = pytest.mark.xdist_group("server")
NO_KERNEL = "00000000-0000-4000-8000-000000000000"


def ask_plainly(server: Server, path: str, cookie: str) -> tuple[int, str]:
    """Status and text of a path, sent letter by letter as it stands here."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.putheader("Cookie", cookie)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


STARTS = ("", "assets/", "voila/render/", "voila/static/", "voila/files/", "static/", "api/contents/", "files/")
STEPS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", "..%c0%af", "..;/", "....//")
ROOTS = ("/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd", "file:///etc/passwd", "..%00/etc/passwd")


def test_no_way_of_writing_a_path_leads_out_of_what_is_served(served: Server) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in served.cookies("hr").items())
    files = ("etc/passwd", "data/secret.json", "apps/first.ipynb", "pyproject.toml", "first.ipynb%00.js", "app.py")
    steps = [start + step * count for start, step, count in product(STARTS, STEPS, (1, 8))]
    found = {}
    for way in [a + b for a, b in product(steps, files)] + [a + b for a, b in product(STARTS, ROOTS)]:
        status, text = ask_plainly(served, f"/{way}", cookie)
        if status not in {400, 403, 404} or "open_workspace" in text or "root:" in text:
            found[way] = (status, text[:80])
    assert found == {}


STOCK = (
    "api",
    "api/",
    "api/me",
    "api/spec.yaml",
    "api/status",
    "api/kernels",
    "api/kernels/",
    "api/sessions",
    "api/sessions/x",
    "api/contents",
    "api/contents/first.ipynb",
    "api/contents/first.ipynb/checkpoints",
    "api/terminals",
    "api/terminals/1",
    "api/kernelspecs",
    "api/kernelspecs/python3",
    "api/config/x",
    "api/nbconvert",
    "api/security/csp-report",
    "api/events",
    "api/events/subscribe",
    "api/shutdown",
    "api/kernels/{id}/restart",
    "api/kernels/{id}/interrupt",
    "kernelspecs/python3/logo-64x64.png",
    "nbextensions/x.js",
    "files/first.ipynb",
    "view/first.ipynb",
    "edit/first.ipynb",
    "notebooks/first.ipynb",
    "nbconvert/html/first.ipynb",
    "tree",
    "lab",
    "doc",
    "terminals/1",
    "terminals/websocket/1",
    "custom/custom.css",
    "static/favicon.ico",
    "favicon.ico",
    "robots.txt",
    "logo",
    "metrics",
    "voila",
    "voila/",
    "voila/tree",
    "voila/tree/",
    "voila/files/first.ipynb",
    "voila/query/{id}",
    "voila/static/voila.js",
    "voila/api/contents/",
    "voila/static/main.js",
    "voila/templates/lab/static/voila.js",
    "voila/labextensions/x",
    "voila/api/kernels",
    "voila/execution/{id}",
    "voila/themes/x.css",
    "voila/extensions/x",
    "voila/render",
    "voila/render/",
    "voila/render/apps/first.ipynb",
    "voila/render/first",
)


def test_of_what_jupyter_and_voila_serve_elsewhere_nothing_is_here(served: Server) -> None:
    client, at_first = visitor(served.address), served.kernels()
    client.headers["X-XSRFToken"] = form_token(client, "logout")
    for path, method in product(STOCK, ("GET", "POST", "PUT", "PATCH", "DELETE")):
        answer = client.request(method, path.format(id=NO_KERNEL), json={"path": "x", "type": "file"})
        assert answer.status_code in {404, 405}, (method, path)
    assert served.kernels() <= at_first


@pytest.mark.parametrize("query", ["?template=lab", "?theme=dark", "?voila-theme=x&voila-template=y", "?token=x"])
def test_no_query_changes_how_a_page_is_made(served: Server, query: str) -> None:
    client = visitor(served.address)
    plain, asked = (client.get(f"voila/render/first.ipynb{one}") for one in ("", query))
    # The end of the login ends its pages.
    client.post("logout", data={"_xsrf": form_token(client, "logout")})
    assert (plain.status_code, asked.status_code) == (200, 200)
    assert without_kernel(plain.text) == without_kernel(asked.text)
    assert stranger(served.address).get(f"voila/render/first.ipynb{query}").status_code == 302


def without_kernel(html: str) -> str:
    """A page but for the id of its kernel."""
    start, _mark, rest = html.partition('data-id="')
    return start + rest.partition('"')[2]
