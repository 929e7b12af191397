"""The suite behind a real nginx with TLS, as deploy/nginx.conf sets it up."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, expect

from svclib.demo import DEMO_PASSWORD
from svclib.workspace.audit import AuditQuery
from tests.apps.conftest import READY, Witness
from tests.serving import Server, free_port, serve, wait_for
from tests.visits import log_in

pytestmark = pytest.mark.xdist_group("browser")
DAY = datetime.timedelta(days=1)
SAMPLE = Path(__file__).parents[2] / "deploy" / "nginx.conf"


def write_certificate(folder: Path) -> None:
    """A certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "suite.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "suite.key").write_bytes(secret)


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def suite(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The suite under a prefix, believing the proxy on this machine."""
    log = tmp_path_factory.mktemp("log") / "serve.log"
    running = serve(demo_data, None, log, "--base-url", "/svc/", "--behind-proxy")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def address(suite: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The suite's address in front of nginx."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.fail("nginx is not installed. Run: make test (as root), or apt-get install nginx-light")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    write_certificate(folder)
    site = SAMPLE.read_text()
    for sample, real in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/certs/suite.pem": str(folder / "suite.pem"),
        "/etc/ssl/private/suite.key": str(folder / "suite.key"),
        "http://127.0.0.1:8866": f"http://127.0.0.1:{suite.port}",
    }.items():
        assert sample in site
        site = site.replace(sample, real)
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder / 'nginx.pid'}; error_log {folder / 'error.log'};\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} {site} }}\n"
    )
    process = subprocess.Popen([nginx, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    try:
        if not wait_for(lambda: listens(port), 10):
            pytest.fail(f"nginx did not start: {(folder / 'error.log').read_text()}")
        yield f"https://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def test_a_person_logs_in_and_works_through_nginx_under_the_prefix(
    address: str, browser: Browser, witness: Witness
) -> None:
    context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
    page = context.new_page()
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else foreign.append(request.url),
    )
    page.goto(address)
    assert page.url.startswith(f"{address}svc/login")
    page.fill("input[name=username]", "hr")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/svc/(voila/.*)?$"))
    page.goto(f"{address}svc/voila/render/register.ipynb")
    page.wait_for_selector(READY, state="attached")
    page.locator(".ui-rowname").nth(0).click()
    expect(page.get_by_role("complementary")).to_be_visible()
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies
    assert all(cookie["secure"] for cookie in cookies.values())
    assert all(cookie["path"] == "/svc/" for cookie in cookies.values())
    page.goto("about:blank")
    context.close()


def test_what_a_visitor_claims_of_his_address_does_not_reach_the_trail(address: str, suite: Server) -> None:
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "X-Forwarded-Proto": "http"}
    with httpx.Client(base_url=f"{address}svc/", verify=False, trust_env=False, headers=claims) as client:
        assert log_in(client, "hr").status_code == 302
    origins = set(suite.ws.audit.page(AuditQuery(limit=1000)).rows["origin"])
    assert "127.0.0.1" in origins
    assert "203.0.113.9" not in origins
