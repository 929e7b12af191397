"""The addresses of single sign-on by OpenID Connect, where the office has set it up."""

from __future__ import annotations

import secrets
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.utils import url_path_join

from svclib.errors import Forbidden
from svclib.i18n import speaking
from svclib.server.login import AccessHandler
from svclib.server.openid import PATIENCE_SECONDS, OpenId
from svclib.server.words import language_of
from svclib.settings import Settings


def sign_on_handlers(office: Settings, common: dict[str, Any]) -> list[Any]:
    """Handlers below `/oidc/`; none without a provider. Raises BadSetting for one that cannot be trusted."""
    if not office.oidc_issuer:
        return []
    own = common | {"openid": OpenId(office)}
    return [
        (url_path_join(office.base_url, "/oidc/start"), StartHandler, own),
        (url_path_join(office.base_url, "/oidc/callback"), CallbackHandler, own),
    ]


class _SignOnHandler(AccessHandler):
    def initialize(self, openid: OpenId, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.openid = openid

    @property
    def browser_cookie(self) -> str:
        """Its value ties the answer to the browser that asked."""
        return f"{self.identity.get_cookie_name(self).removeprefix('__Host-').removeprefix('__Secure-')}-oidc"

    @property
    def browser_path(self) -> str:
        return f"{self.base_url}oidc/"

    def refuse(self, error: Forbidden) -> None:
        self.set_status(403)
        self.show("login.html", problem=str(error), username="", sign_on=f"{self.base_url}oidc/start")


class StartHandler(_SignOnHandler):
    """`/oidc/start`: off to the provider."""

    @allow_unauthenticated
    async def get(self) -> None:
        with speaking(language_of(self)):
            redirect_uri = f"{self.request.protocol}://{self.request.host}{self.base_url}oidc/callback"
            try:
                address, browser = await self.openid.begin(redirect_uri, self.next_path)
            except Forbidden as error:
                self.refuse(error)
                return
            kept = {"path": self.browser_path, "httponly": True, "samesite": "Lax", "max_age": PATIENCE_SECONDS}
            self.set_cookie(self.browser_cookie, browser, secure=self.identity.secure_for(self), **kept)
            self.redirect(address)


class CallbackHandler(_SignOnHandler):
    """`/oidc/callback`: back with the provider's answer."""

    @allow_unauthenticated
    async def get(self) -> None:
        with speaking(language_of(self)):
            # Without the cookie nothing can match: compared with a value that nobody has.
            browser = self.get_cookie(self.browser_cookie) or secrets.token_urlsafe()
            self.clear_cookie(self.browser_cookie, path=self.browser_path)
            answer = {name: self.get_query_argument(name) for name in self.request.query_arguments}
            asking = self.identity.asking
            try:
                name, next_path = await self.openid.finish(answer, browser)
                login = await asking(asking.access.recognise, name)
                await self.identity.begin(self, login.account_id, method="oidc")
            except Forbidden as error:
                self.refuse(error)
                return
            self.redirect(next_path)
