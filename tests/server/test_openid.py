"""Single sign-on by OpenID Connect, against a provider on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest

from tests.server.conftest import Serve
from tests.serving import Server
from tests.visits import stranger, told

pytestmark = [
    pytest.mark.xdist_group("server"),
    # The provider's own, who runs in this process.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider that knows three people by their claims."""
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as running:
        address = f"http://127.0.0.1:{running.server_port}"
        known = {
            "1": {"preferred_username": "HR", "name": "李娜"},
            "2": {"preferred_username": "nobody.here"},
            "3": {"name": "without"},
        }
        with httpx.Client(trust_env=False) as client:
            for subject, claims in known.items():
                client.put(f"{address}/users/{subject}", json=claims).raise_for_status()
        yield address


@pytest.fixture(scope="module")
def office(serve: Serve, provider: str) -> Server:
    return serve(
        SVC_OIDC_ISSUER=provider,
        SVC_OIDC_CLIENT_ID="suite",
        SVC_OIDC_CLIENT_SECRET="known-to-both",
        NO_PROXY="127.0.0.1",
        no_proxy="127.0.0.1",
    )


def sent_to_provider(client: httpx.Client, wanted: str = "") -> str:
    answer = client.get("oidc/start", params={"next": wanted})
    assert answer.status_code == 302, told(answer)
    return answer.headers["location"]


def back_from_provider(address: str, subject: str) -> str:
    """Where the provider sends somebody who has proved to be this subject."""
    with httpx.Client(trust_env=False) as client:
        answer = client.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_the_login_page_offers_single_sign_on_where_there_is_a_provider(office: Server, served: Server) -> None:
    assert "使用统一身份登录" in stranger(office.address).get("login?next=/x").text
    assert "统一身份" not in stranger(served.address).get("login").text
    assert stranger(served.address).get("oidc/start").headers["location"].startswith("/login")


def test_the_request_carries_state_nonce_and_a_proof_key(office: Server) -> None:
    asked = parse_qs(urlsplit(sent_to_provider(stranger(office.address))).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{office.address}oidc/callback"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    assert "known-to-both" not in str(asked)


def test_what_ties_the_answer_to_the_browser_is_out_of_scripts_reach_and_for_this_address_alone(office: Server) -> None:
    answer = stranger(office.address).get("oidc/start")
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if "-oidc=" in line]
    assert {"HttpOnly", "Path=/oidc/", "SameSite=Lax", "Max-Age=600"} <= set(cookie.split("; "))


def test_whom_the_provider_vouches_for_is_let_in_to_where_they_wanted(office: Server) -> None:
    client = stranger(office.address)
    back = back_from_provider(sent_to_provider(client, "/voila/render/second.ipynb"), "1")
    answer = client.get(back)
    assert (answer.status_code, answer.headers["location"]) == (302, "/voila/render/second.ipynb")
    assert "人资专责" in client.get("").text
    assert office.ws.access.sessions("hr")["method"].tolist()[0] == "oidc"


@pytest.mark.parametrize(("subject", "words"), [("2", "nobody.here"), ("3", "preferred_username")])
def test_an_unknown_account_is_refused_with_a_sentence(office: Server, subject: str, words: str) -> None:
    client = stranger(office.address)
    answer = client.get(back_from_provider(sent_to_provider(client), subject))
    assert answer.status_code == 403
    assert words in told(answer)
    assert client.get("").status_code == 302


def test_a_disabled_account_is_refused(office: Server) -> None:
    ws = office.ws
    ws.access.add_user("nobody.here", "auditor")
    ws.access.disable("nobody.here")
    client = stranger(office.address)
    answer = client.get(back_from_provider(sent_to_provider(client), "2"))
    assert (answer.status_code, "停用" in told(answer)) == (403, True)
    ws.access.enable("nobody.here")
    assert client.get(back_from_provider(sent_to_provider(client), "2")).status_code == 302


def test_an_answer_is_taken_once_and_by_the_browser_that_asked(office: Server) -> None:
    client, other = stranger(office.address), stranger(office.address)
    back = back_from_provider(sent_to_provider(client), "1")
    # Somebody else's answer, slipped to another browser: that browser would work as somebody else.
    sent_to_provider(other)
    assert other.get(back).status_code == 403
    assert client.get(back).status_code == 403
    back = back_from_provider(sent_to_provider(client), "1")
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("change", ["state=x", "state=", "iss=https://evil.example"])
def test_an_answer_that_was_tampered_with_is_refused(office: Server, change: str) -> None:
    client = stranger(office.address)
    back = back_from_provider(sent_to_provider(client), "1")
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    name, _equals, value = change.partition("=")
    answer = client.get("oidc/callback", params=query | {name: value})
    assert answer.status_code == 403
    assert told(answer)


def test_a_code_of_another_login_is_refused(office: Server) -> None:
    victim, thief = stranger(office.address), stranger(office.address)
    stolen = parse_qs(urlsplit(back_from_provider(sent_to_provider(victim), "1")).query)["code"][0]
    back = back_from_provider(sent_to_provider(thief), "2")
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    answer = thief.get("oidc/callback", params=query | {"code": stolen})
    # The code belongs to another proof key and nonce.
    assert answer.status_code == 403
    assert "Traceback" not in answer.text


def test_a_refusal_of_the_provider_is_a_sentence(office: Server) -> None:
    client = stranger(office.address)
    state = parse_qs(urlsplit(sent_to_provider(client)).query)["state"][0]
    answer = client.get("oidc/callback", params={"state": state, "error": "access_denied"})
    assert (answer.status_code, "没有完成" in told(answer)) == (403, True)


def test_a_provider_that_does_not_answer_is_a_sentence(serve: Serve) -> None:
    away = serve(SVC_OIDC_ISSUER="http://127.0.0.1:9", SVC_OIDC_CLIENT_ID="suite", NO_PROXY="127.0.0.1")
    answer = stranger(away.address).get("oidc/start")
    assert (answer.status_code, "统一登录没有成功" in told(answer)) == (403, True)


def test_the_secret_is_not_handed_on_to_pages(office: Server) -> None:
    client = stranger(office.address)
    client.get(back_from_provider(sent_to_provider(client), "1"))
    before = office.kernels()
    client.get("voila/render/first.ipynb")
    for kernel in office.kernels() - before:
        with open(f"/proc/{kernel}/environ", "rb") as environment:  # noqa: PTH123
            assert b"known-to-both" not in environment.read()
