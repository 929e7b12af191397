"""The words of the page's frame, which stand before any widget does."""

from __future__ import annotations

from tornado.web import RequestHandler

from svclib.i18n import LANGUAGES, current_language
from svclib.i18n import gettext as _

LANGUAGE_COOKIE = "svc-language"


def language_of(handler: RequestHandler) -> str:
    """The language that this visitor has chosen at the login, else the office's."""
    # Read as bytes: errors are told in this language too, also the one about an address that is no text.
    asked = handler.request.query_arguments.get("lang", [b""])[-1].decode("ascii", "replace")
    chosen = asked or handler.get_cookie(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else current_language()


def frame_words() -> dict[str, str]:
    """The frame's words in the language of this process, by the names the templates use."""
    return {
        "lang": current_language().replace("_", "-"),
        "suite": _("Service teams"),
        "opening": _("Opening the page …"),
        "noscript": _("This page needs JavaScript. Please allow it for this address and reload."),
        "reload": _("Reload"),
        "failed": _(
            "The page could not be opened. Please reload; if it happens again, tell the administrator the time."
        ),
        "failed_number": _(
            "The page could not be opened. Please reload; if it happens again, tell the administrator this number: "
            "{reference}"
        ),
        "full_title": _("All places are taken"),
        "full": _("Too many pages are open on this server just now. Please try again in half a minute."),
        "full_own": _("You have too many pages open. Please close one of them, then try again."),
        "slow": _(
            "The page takes unusually long. Please reload; if it happens again, tell the administrator the time."
        ),
        "ended": _("The page's program has ended. Please reload; drafts are kept."),
        "cut": _(
            "The connection to the server is cut. The page is tried again as soon as it is back; drafts are kept."
        ),
        "failed_title": _("This did not work"),
        "missing_title": _("There is no such page"),
        "missing": _("It may have moved, or the address is mistyped."),
        "to_start": _("To the start page"),
        "choose": _("What would you like to do?"),
        "no_apps": _("There is no app for your role here yet. If this is wrong, ask the administrator."),
    }


def access_words() -> dict[str, str]:
    """The words of the login's pages."""
    return {
        "log_in": _("Log in"),
        "log_out": _("Log out"),
        "log_out_asked": _("Open pages of this login are closed; drafts are kept."),
        "username": _("User name"),
        "password": _("Password"),
        "sign_on": _("Log in with single sign-on"),
        "forgotten": _("Forgotten? The administrator gives you a new password."),
        "change_password": _("Change password"),
        "must_change": _("This password was chosen by somebody else. Please choose one of your own before you go on."),
        "current_password": _("Current password"),
        "new_password": _("New password"),
        "new_password_again": _("New password once more"),
        "back": _("Back"),
        "changed": _("The password is changed"),
        "changed_long": _("It counts from now on. Your logins elsewhere have ended."),
        "go_on": _("Go on"),
        "my_account": _("My account"),
    }
