"""What a provider must answer for anybody to be let in: a lying one gives each claim of its token wrong in turn."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from svclib.errors import BadSetting, Forbidden
from svclib.server import openid
from svclib.server.openid import OpenId
from svclib.settings import Settings
from tests.server.client import run

SECRET = "known-to-both"
Claims = dict[str, Any]


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Provider:
    """A provider on this machine that says whatever it is told to say."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "own"})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.token, self.userinfo, self.metadata = "", Claims(), Claims()
        self.asked: dict[str, list[str]] = {}
        Thread(target=self.server.serve_forever, daemon=True).start()

    def answers(self) -> dict[str, Claims]:
        """What stands at each address."""
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        known = {"issuer": self.issuer} | {name: f"{self.issuer}/{name}" for name in names} | self.metadata
        return {
            "/.well-known/openid-configuration": known,
            "/jwks_uri": {"keys": [self.key.as_dict(private=False)]},
            "/token_endpoint": {"access_token": "access", "token_type": "Bearer", "id_token": self.token},
            "/userinfo_endpoint": self.userinfo,
        }

    def signed(self, claims: Claims) -> str:
        return jwt.encode({"alg": "RS256", "kid": "own"}, claims, self.key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = json.dumps(provider.answers()[self.path]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.asked = parse_qs(sent) | {"authorization": [self.headers.get("Authorization", "")]}
                self.do_GET()

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.server.shutdown()


@pytest.fixture
def provider(running: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    running.token, running.userinfo, running.metadata, running.asked = "", {}, {}, {}
    return running


def office(provider: Provider, **settings: str) -> OpenId:
    known = {"oidc_issuer": provider.issuer, "oidc_client_id": "suite", "oidc_client_secret": SECRET}
    return OpenId(Settings(**(known | settings)))


def asked_for(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def sign_on(provider: Provider, token: Callable[[Claims], str], **answer: str) -> tuple[str, str]:
    """Go to the provider and come back with the token that is made of faultless claims."""

    async def there_and_back() -> tuple[str, str]:
        suite = office(provider)
        address, browser = await suite.begin("http://127.0.0.1/oidc/callback", "/wanted")
        asked = asked_for(address)
        now = int(time.time())
        claims = {"iss": provider.issuer, "sub": "7", "aud": "suite", "iat": now, "exp": now + 60}
        provider.token = token(claims | {"nonce": asked["nonce"], "preferred_username": "hr"})
        return await suite.finish({"state": asked["state"], "code": "code"} | answer, browser)

    return run(there_and_back())


def test_a_faultless_answer_is_believed(provider: Provider) -> None:
    assert sign_on(provider, provider.signed) == ("hr", "/wanted")
    assert sign_on(provider, provider.signed, iss=provider.issuer) == ("hr", "/wanted")
    both = {"aud": ["suite", "another"], "azp": "suite"}
    assert sign_on(provider, lambda claims: provider.signed(claims | both)) == ("hr", "/wanted")


NOW = int(time.time())
WRONG: dict[str, Claims] = {
    "for another application": {"aud": "another"},
    "for nobody": {"aud": None},
    "for others": {"aud": ["another", "third"]},
    "given to another application": {"aud": ["suite", "another"], "azp": "another"},
    "by another provider": {"iss": "https://evil.example"},
    "by nobody": {"iss": None},
    "an answer to another request": {"nonce": "another"},
    "an answer to no request": {"nonce": None},
    "of yesterday": {"iat": NOW - 90_000, "exp": NOW - 86_400},
    "for ever": {"exp": None},
    "of no known moment": {"iat": None},
    "about nobody": {"sub": None},
    "beside another access": {"at_hash": "another"},
    "not valid yet": {"nbf": NOW + 3600},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_token_with_one_wrong_claim_lets_nobody_in(provider: Provider, name: str) -> None:
    changed = WRONG[name]

    def wrong(claims: Claims) -> str:
        told = claims | changed
        return provider.signed({key: value for key, value in told.items() if value is not None})

    with pytest.raises(Forbidden, match="统一登录没有成功"):
        sign_on(provider, wrong)


def by_hand(head: Claims, claims: Claims, sign: Callable[[bytes], bytes]) -> str:
    signed = f"{base64url(json.dumps(head).encode())}.{base64url(json.dumps(claims).encode())}"
    return f"{signed}.{base64url(sign(signed.encode()))}"


def forgeries(provider: Provider) -> dict[str, Callable[[Claims], str]]:
    """Tokens with faultless claims that the provider has not signed."""
    foreign = RSAKey.generate_key(2048, {"kid": "own"})
    public = provider.key.as_pem(private=False)

    def shared(secret: bytes) -> Callable[[Claims], str]:
        head = {"alg": "HS256", "kid": "own"}
        return lambda claims: by_hand(head, claims, lambda text: hmac.digest(secret, text, "sha256"))

    return {
        "by another key": lambda claims: jwt.encode({"alg": "RS256", "kid": "own"}, claims, foreign),
        "by nobody": lambda claims: by_hand({"alg": "none"}, claims, lambda _text: b""),
        "by the shared secret": shared(SECRET.encode()),
        "by the public key as a secret": shared(public),
        "cut off": lambda claims: provider.signed(claims).rpartition(".")[0] + ".",
        "changed afterwards": lambda claims: changed_afterwards(provider.signed(claims)),
        "no token": lambda _claims: "nonsense",
        "nothing": lambda _claims: "",
    }


def changed_afterwards(token: str) -> str:
    head, _claims, seal = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(_claims + "=="))
    return ".".join((head, base64url(json.dumps(told | {"preferred_username": "administrator"}).encode()), seal))


FORGED = (
    "by another key", "by nobody", "by the shared secret", "by the public key as a secret", "cut off",
    "changed afterwards", "no token", "nothing",
)  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_token_that_the_provider_has_not_signed_lets_nobody_in(provider: Provider, name: str) -> None:
    with pytest.raises(Forbidden, match="统一登录没有成功"):
        sign_on(provider, forgeries(provider)[name])


def test_a_name_from_elsewhere_than_the_token_counts_for_the_same_person_alone(provider: Provider) -> None:
    def nameless(claims: Claims) -> str:
        return provider.signed({key: value for key, value in claims.items() if key != "preferred_username"})

    provider.userinfo = {"sub": "7", "preferred_username": "hr"}
    assert sign_on(provider, nameless)[0] == "hr"
    for other in ({"sub": "8"}, {"sub": None}):
        provider.userinfo = {"preferred_username": "administrator"} | other
        with pytest.raises(Forbidden, match="preferred_username"):
            sign_on(provider, nameless)


@pytest.mark.parametrize("answer", [{"state": "another"}, {"state": ""}, {"iss": "https://evil.example"}])
def test_an_answer_to_what_was_not_asked_lets_nobody_in(provider: Provider, answer: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        sign_on(provider, provider.signed, **answer)
    assert provider.asked == {}, "the code was spent"


def test_whoever_was_away_for_too_long_begins_anew(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "PATIENCE_SECONDS", -1)
    with pytest.raises(Forbidden, match="用时过长"):
        sign_on(provider, provider.signed)


def test_whoever_asks_in_a_loop_fills_no_memory(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "_ON_THE_WAY_MAX", 3)

    async def again_and_again() -> tuple[OpenId, str, str]:
        suite = office(provider)
        address, browser = await suite.begin("http://127.0.0.1/oidc/callback", "/")
        for _time in range(20):
            await suite.begin("http://127.0.0.1/oidc/callback", "/")
        return suite, asked_for(address)["state"], browser

    suite, state, browser = run(again_and_again())
    assert len(suite._on_the_way) <= 4
    with pytest.raises(Forbidden, match="用时过长"):
        run(suite.finish({"state": state, "code": "code"}, browser))


def test_the_code_is_fetched_with_the_proof_that_was_announced_and_the_offices_secret(provider: Provider) -> None:
    async def there_and_back() -> str:
        suite = office(provider)
        address, browser = await suite.begin("http://127.0.0.1/oidc/callback", "/")
        asked = asked_for(address)
        with pytest.raises(Forbidden):
            await suite.finish({"state": asked["state"], "code": "code"}, browser)
        return asked["code_challenge"]

    challenge = run(there_and_back())
    (proof,) = provider.asked["code_verifier"]
    assert base64url(hashlib.sha256(proof.encode()).digest()) == challenge
    assert base64.b64decode(provider.asked["authorization"][0].removeprefix("Basic ")) == f"suite:{SECRET}".encode()


def test_a_provider_that_calls_itself_otherwise_is_not_asked(provider: Provider) -> None:
    provider.metadata = {"issuer": "https://evil.example"}
    with pytest.raises(Forbidden, match="统一登录没有成功"):
        run(office(provider).begin("http://127.0.0.1/oidc/callback", "/"))


@pytest.mark.parametrize("issuer", ["http://sso.example", "ftp://127.0.0.1", "sso.example"])
def test_a_provider_that_anybody_on_the_way_could_play_is_refused(provider: Provider, issuer: str) -> None:
    with pytest.raises(BadSetting, match="https"):
        office(provider, oidc_issuer=issuer)
    with pytest.raises(BadSetting, match="SVC_OIDC_CLIENT_ID"):
        office(provider, oidc_client_id="")
