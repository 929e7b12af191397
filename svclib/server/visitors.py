"""Who asks: the visitor behind a request's cookie, looked up in the database each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler

from svclib.server.asking import Asking
from svclib.server.proxy import peer_address
from svclib.settings import Settings
from svclib.workspace.access import Session
from svclib.workspace.identity import normal_username

_SEEN_EVERY = timedelta(seconds=60)


@dataclass
class SvcUser(User):
    """Jupyter's idea of a user, with ours beside it."""

    visitor: Session | None = None


class SvcIdentity(IdentityProvider):
    """Knows visitors by our cookie alone: no token, no header, no name in the request counts.

    Whoever has to change the password first is nobody to all pages but those that say so (`OPEN_TO_NEWCOMERS`).
    """

    asking: Asking
    office: Settings
    secure = False

    @property
    def auth_enabled(self) -> bool:
        return True

    @property
    def login_available(self) -> bool:
        return True

    def get_handlers(self) -> list[tuple[str, object]]:
        """None: Jupyter would register its own above the base address."""
        return []

    def is_token_authenticated(self, handler: RequestHandler) -> bool:
        return False

    def should_check_origin(self, handler: RequestHandler) -> bool:
        return True

    def get_cookie_name(self, handler: RequestHandler | None = None) -> str:
        """A name of this installation's own, so that two on one machine do not log each other out.

        Behind TLS its prefix makes browsers refuse it from anywhere but this host over TLS.
        """
        own = str(self.asking.workspace.vault.index("cookie name"))[:8]
        name = f"svc-{own}"
        if not self.secure_for(handler):
            return name
        return f"__Host-{name}" if self.office.base_url == "/" else f"__Secure-{name}"

    def secure_for(self, handler: RequestHandler | None) -> bool:
        """Whether the cookie goes over TLS alone."""
        return self.secure or (handler is not None and handler.request.protocol == "https")

    async def get_user(self, handler: RequestHandler) -> SvcUser | None:
        """The user behind the request, None for nobody."""
        visitor = await self.visitor(handler)
        if visitor is None or (visitor.must_change and not getattr(handler, "open_to_newcomers", False)):
            return None
        return SvcUser(username=visitor.username, display_name=visitor.display_name, visitor=visitor)

    async def visitor(self, handler: RequestHandler) -> Session | None:
        """The visitor behind the request's cookie; a page that is being used does not let its login idle."""
        token = handler.get_cookie(self.get_cookie_name(handler))
        if not token:
            return None
        session = await self.asking(self.asking.access.find_session, token)
        if session is None:
            return None
        named = self.vouched_name(handler)
        if named and normal_username(named) != session.username:
            # Somebody else has signed on at the proxy since.
            return None
        await self._seen(session)
        return session

    def vouched_name(self, handler: RequestHandler) -> str:
        """Whom the sign-on proxy vouches for; "" without one, or for a header that anybody else has sent."""
        office = self.office
        if not office.sso_header or peer_address(handler.request.connection) != office.sso_proxy_address:
            return ""
        return str(handler.request.headers.get(office.sso_header, "")).strip()

    async def begin(self, handler: RequestHandler, account_id: int, *, method: str) -> None:
        """Log in: a new login with a new token; the one that this browser had before ends."""
        await self.end(handler)
        origin = str(handler.request.remote_ip)
        token = await self.asking(self.asking.access.begin_session, account_id, origin=origin, method=method)
        self.set_token(handler, token)

    async def end(self, handler: RequestHandler) -> Session | None:
        """Log out, and return the login that has ended."""
        name = self.get_cookie_name(handler)
        token = handler.get_cookie(name)
        session = await self.asking(self.asking.access.find_session, token) if token else None
        if session is not None:
            await self.asking(self.asking.access.end_session, session.session_id)
        if token:
            handler.clear_cookie(name, path=self.office.base_url, secure=self.secure_for(handler))
        return session

    async def issue_ticket(self, visitor: Session, kernel_id: str) -> str:
        """What lets this kernel act for this visitor. Raises Forbidden when the login has ended meanwhile."""
        return await self.asking(self.asking.access.issue_ticket, visitor.session_id, kernel_id)

    async def withdraw_ticket(self, kernel_id: str) -> None:
        """Let a kernel that has ended act for nobody any more."""
        await self.asking(self.asking.access.withdraw_ticket, kernel_id)

    def set_token(self, handler: RequestHandler, token: str) -> None:
        """Give the browser its token: for this path, out of reach of scripts, never sent from other sites' forms."""
        handler.set_cookie(
            self.get_cookie_name(handler),
            token,
            path=self.office.base_url,
            httponly=True,
            samesite="Lax",
            secure=self.secure_for(handler),
        )

    async def _seen(self, session: Session) -> None:
        if datetime.now(UTC) - session.seen_at > _SEEN_EVERY:
            await self.asking(self.asking.access.touch, [session.session_id])
