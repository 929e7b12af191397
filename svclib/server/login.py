"""Logging in, logging out, changing one's password: plain forms that work without scripts."""

from __future__ import annotations

from math import ceil
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError
from voila.handler import BaseVoilaHandler

from svclib.errors import Forbidden, RuleBroken, SvcError
from svclib.i18n import LANGUAGES, current_language, speaking
from svclib.i18n import gettext as _
from svclib.server.addresses import local_path
from svclib.server.errors import TellsErrors
from svclib.server.handlers import ICON
from svclib.server.visitors import SvcIdentity
from svclib.server.words import LANGUAGE_COOKIE, access_words, frame_words, language_of
from svclib.workspace.access import LoginRefused, Session

_YEAR_DAYS = 365


class AccessHandler(TellsErrors, BaseVoilaHandler):  # type: ignore[misc]
    """What the pages of the login share: the visitor's language, and a form that was open too long shown anew."""

    open_to_newcomers = True
    expired = False

    @property
    def identity(self) -> SvcIdentity:
        identity = self.identity_provider
        assert isinstance(identity, SvcIdentity)
        return identity

    @property
    def visitor(self) -> Session | None:
        user = self.current_user
        return user.visitor if user else None

    @property
    def next_path(self) -> str:
        return local_path(self.get_argument("next", self.base_url), self.base_url)

    async def prepare(self) -> None:
        try:
            await super().prepare()
        except HTTPError as error:
            # No form token, or an old one: nothing has been done, and the form is shown once more.
            if error.status_code != 403 or self.request.method != "POST":
                raise
            self.expired = True

    def remember_language(self) -> None:
        chosen = self.get_query_argument("lang", "")
        if chosen in LANGUAGES:
            kept = {"path": self.base_url, "httponly": True, "samesite": "Lax", "expires_days": _YEAR_DAYS}
            self.set_cookie(LANGUAGE_COOKIE, chosen, secure=self.identity.secure_for(self), **kept)

    def show(self, template: str, **facts: Any) -> None:
        """Finish with a page. Call it inside `speaking(language_of(self))`."""
        other = next(language for language in LANGUAGES if language != current_language())
        own = {
            "words": frame_words() | access_words(),
            "icon": ICON,
            "form": self.xsrf_form_html(),
            "next": self.next_path,
            "other_language": {"code": other, "lang": other.replace("_", "-"), "name": _OWN_NAMES[other]},
            "problem": "",
            "visitor": self.visitor,
        }
        self.finish(self.render_template(template, **(own | facts)))


_OWN_NAMES = {"zh_CN": "中文", "en": "English"}


class LoginHandler(AccessHandler):
    """`/login`: user name and password, or the ways of single sign-on that the office has set up."""

    @allow_unauthenticated
    async def get(self) -> None:
        """The form; whoever is logged in, or vouched for by the sign-on proxy, goes on."""
        if self.visitor is not None:
            self.redirect(self.onward(self.visitor.must_change))
            return
        self.remember_language()
        with speaking(language_of(self)):
            named = self.identity.vouched_name(self)
            if named:
                try:
                    login = await self.identity.asking(self.identity.asking.access.recognise, named)
                except Forbidden as error:
                    self.show_form(403, str(error))
                    return
                await self.identity.begin(self, login.account_id, method="proxy")
                self.redirect(self.next_path)
                return
            self.show_form(200)

    @allow_unauthenticated
    async def post(self) -> None:
        with speaking(language_of(self)):
            username, password = (
                self.get_body_argument("username", ""),
                self.get_body_argument("password", "", strip=False),
            )
            if self.expired:
                self.show_form(403, _("This form was open for too long. Please try again."), username)
                return
            asking = self.identity.asking
            try:
                login = await asking.slowly(asking.access.authenticate, username, password, str(self.request.remote_ip))
                await self.identity.begin(self, login.account_id, method="password")
            except LoginRefused as error:
                if error.wait_seconds:
                    self.set_header("Retry-After", str(ceil(error.wait_seconds)))
                self.show_form(429 if error.wait_seconds else 401, str(error), username)
            except Forbidden as error:
                self.show_form(403, str(error), username)
            else:
                self.redirect(self.onward(login.must_change))

    def onward(self, must_change: bool) -> str:
        return f"{self.base_url}password" if must_change else self.next_path

    def show_form(self, status: int, problem: str = "", username: str = "") -> None:
        self.set_status(status)
        sign_on = f"{self.base_url}oidc/start" if self.identity.office.oidc_issuer else ""
        self.show("login.html", problem=problem, username=username, sign_on=sign_on)


class LogoutHandler(AccessHandler):
    """`/logout`: by a form alone, so that no other site's picture or link logs anybody out."""

    async def get(self) -> None:
        """Ask, for whoever comes by a link."""
        with speaking(language_of(self)):
            self.show("logout.html")

    @allow_unauthenticated
    async def post(self) -> None:
        """End the login and its pages."""
        if self.expired:
            self.redirect(f"{self.base_url}logout")
            return
        session = await self.identity.end(self)
        if session is not None:
            await self.kernel_manager.end_pages(session_id=session.session_id)
        self.redirect(f"{self.base_url}login")


class PasswordHandler(AccessHandler):
    """`/password`: change one's own; after the first login nothing else is open until it is done."""

    async def get(self) -> None:
        with speaking(language_of(self)):
            self.show_form(200)

    async def post(self) -> None:
        visitor = self.visitor
        if visitor is None:
            self.redirect(f"{self.base_url}login")
            return
        current, new, again = (
            self.get_body_argument(name, "", strip=False) for name in ("current", "password", "again")
        )
        with speaking(language_of(self)):
            asking = self.identity.asking
            try:
                if self.expired:
                    raise RuleBroken(_("This form was open for too long. Please try again."))
                if new != again:
                    raise RuleBroken(_("The two new passwords are not the same."), field="again")
                token = await asking.slowly(
                    asking.access.change_own_password, visitor.session_id, current, new, str(self.request.remote_ip)
                )
            except SvcError as error:
                field = error.field if isinstance(error, RuleBroken) else "current"
                self.show_form(400, str(error), field)
                return
            self.identity.set_token(self, token)
            if visitor.must_change:
                self.redirect(self.next_path)
            else:
                self.show("changed.html")

    def show_form(self, status: int, problem: str = "", field: str | None = None) -> None:
        self.set_status(status)
        least = self.identity.office.password_length_min
        rule = _("At least {count} characters; not the user name, and nothing that is easy to guess.").format(
            count=least
        )
        self.show("password.html", problem=problem, wrong=field, rule=rule)
