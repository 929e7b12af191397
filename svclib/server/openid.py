"""OpenID Connect: the provider vouches for somebody, by authorization code with PKCE, state and nonce.

OpenID Connect Core 1.0 §3.1; RFC 7636 (PKCE); RFC 9207 (the issuer in the answer).
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from svclib.errors import BadSetting, Forbidden
from svclib.i18n import gettext as _
from svclib.logs import log_unexpected
from svclib.server.proxy import is_loopback
from svclib.settings import Settings

PATIENCE_SECONDS = 600
"""How long somebody may take at the provider."""
_ON_THE_WAY_MAX = 1000
_KNOWN_FOR_SECONDS = 3600
_CLOCKS_APART_SECONDS = 60
# Signatures by the provider's private key only: a shared secret or "none" would let others vouch.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


@dataclass(frozen=True)
class _OnTheWay:
    """Somebody who has been sent to the provider."""

    verifier: str
    nonce: str
    browser: str
    next_path: str
    redirect_uri: str
    since: float


@dataclass(frozen=True)
class _Provider:
    metadata: dict[str, Any]
    keys: KeySet
    since: float


class OpenId:
    """The office's provider. This process alone knows who is on the way there: after a restart they begin anew."""

    def __init__(self, office: Settings) -> None:
        parts = urlsplit(office.oidc_issuer)
        if not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))):
            raise BadSetting(_("SVC_OIDC_ISSUER must be an https address."))
        if not office.oidc_client_id:
            raise BadSetting(_("SVC_OIDC_ISSUER is set, so SVC_OIDC_CLIENT_ID must be set too."))
        self.office = office
        self._on_the_way: dict[str, _OnTheWay] = {}
        self._provider: _Provider | None = None

    async def begin(self, redirect_uri: str, next_path: str) -> tuple[str, str]:
        """The provider's address to send somebody to, and what their browser must show when it is back.

        Raises Forbidden, with a sentence, when the provider cannot be reached.
        """
        self._drop_the_late()
        verifier, nonce, browser = (secrets.token_urlsafe(48) for _n in range(3))
        async with self._client(redirect_uri) as client:
            provider = await self._known(client)
            address, state = client.create_authorization_url(
                provider.metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
            )
        self._on_the_way[state] = _OnTheWay(verifier, nonce, browser, next_path, redirect_uri, time.monotonic())
        return address, browser

    async def finish(self, answer: dict[str, str], browser: str) -> tuple[str, str]:
        """The name that the provider vouches for, and the path its owner wanted.

        `answer` are the parameters with which the browser came back. Raises Forbidden, with a sentence, when anything
        about it is not as it was asked for.
        """
        self._drop_the_late()
        asked = self._on_the_way.pop(answer.get("state", ""), None)
        if asked is None or not hmac.compare_digest(asked.browser, browser):
            raise Forbidden(_("The sign-on took too long or began in another browser. Please try again."))
        if "code" not in answer:
            raise Forbidden(_("The sign-on was not completed. Please try again."))
        async with self._client(asked.redirect_uri) as client:
            provider = await self._known(client)
            if answer.get("iss", provider.metadata["issuer"]) != provider.metadata["issuer"]:
                raise Forbidden(_failed())
            try:
                token = await client.fetch_token(
                    provider.metadata["token_endpoint"], code=answer["code"], code_verifier=asked.verifier
                )
                claims = await self._claims(client, token, asked.nonce)
                name = claims.get(self.office.oidc_claim) or await self._told_by_userinfo(client, claims["sub"])
            except (AuthlibBaseError, JoseError, httpx2.HTTPError, KeyError, ValueError) as error:
                log_unexpected(error, where="openid.finish")
                raise Forbidden(_failed()) from error
        if not isinstance(name, str) or not name.strip():
            raise Forbidden(
                _("The sign-on names no {claim}. Please tell the administrator.").format(claim=self.office.oidc_claim)
            )
        return name, asked.next_path

    def _client(self, redirect_uri: str) -> AsyncOAuth2Client:
        secret = self.office.oidc_client_secret.get_secret_value()
        return AsyncOAuth2Client(
            self.office.oidc_client_id,
            secret or None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope="openid profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=10,
        )

    async def _known(self, client: AsyncOAuth2Client, *, anew: bool = False) -> _Provider:
        """The provider's addresses and keys, read anew every hour."""
        known = self._provider
        if known is not None and not anew and time.monotonic() - known.since < _KNOWN_FOR_SECONDS:
            return known
        issuer = self.office.oidc_issuer.rstrip("/")
        try:
            metadata = await _read(client, get_well_known_url(issuer, external=True))
            if str(metadata["issuer"]).rstrip("/") != issuer:
                raise ValueError("the provider calls itself otherwise")
            keys = KeySet.import_key_set(cast("KeySetSerialization", await _read(client, metadata["jwks_uri"])))
            _ = metadata["authorization_endpoint"], metadata["token_endpoint"]
        except (httpx2.HTTPError, JoseError, KeyError, ValueError) as error:
            log_unexpected(error, where="openid.discovery")
            raise Forbidden(_failed()) from error
        self._provider = _Provider(metadata, keys, time.monotonic())
        return self._provider

    async def _claims(self, client: AsyncOAuth2Client, token: dict[str, Any], nonce: str) -> CodeIDToken:
        """The checked claims of the ID token."""
        provider = await self._known(client)
        try:
            decoded = jwt.decode(token["id_token"], provider.keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            # Signed by a key that is newer than what we know.
            provider = await self._known(client, anew=True)
            decoded = jwt.decode(token["id_token"], provider.keys, algorithms=_ALGORITHMS)
        wanted = {
            "iss": {"essential": True, "value": provider.metadata["issuer"]},
            "aud": {"essential": True, "value": self.office.oidc_client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        known = {"nonce": nonce, "client_id": self.office.oidc_client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, known)
        claims.validate(leeway=_CLOCKS_APART_SECONDS)
        return claims

    async def _told_by_userinfo(self, client: AsyncOAuth2Client, subject: str) -> Any:
        """The claim from where providers keep what does not stand in the token."""
        address = (await self._known(client)).metadata.get("userinfo_endpoint")
        if not address:
            return None
        told = await _read(client, address, withhold_token=False)
        return told.get(self.office.oidc_claim) if told.get("sub") == subject else None

    def _drop_the_late(self) -> None:
        oldest = time.monotonic() - PATIENCE_SECONDS
        late = [state for state, asked in self._on_the_way.items() if asked.since < oldest]
        # Whoever opens the address in a loop fills no memory: the oldest must begin anew.
        late += list(self._on_the_way)[: max(0, len(self._on_the_way) - _ON_THE_WAY_MAX)]
        for state in late:
            self._on_the_way.pop(state, None)


async def _read(client: AsyncOAuth2Client, address: str, *, withhold_token: bool = True) -> dict[str, Any]:
    answer = await client.request("GET", address, withhold_token=withhold_token)
    answer.raise_for_status()
    content = answer.json()
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    return content


def _failed() -> str:
    return _("Single sign-on did not work. Please try again; if it happens again, tell the administrator the time.")
