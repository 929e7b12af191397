"""The words of the page's frame, which stand before any widget does."""

from __future__ import annotations

from svclib.i18n import current_language
from svclib.i18n import gettext as _


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
        "missing": _("There is no such page. It may have moved."),
        "to_start": _("To the start page"),
        "choose": _("What would you like to do?"),
        "no_apps": _("There is no app here yet."),
    }
