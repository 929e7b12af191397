"""Which passwords are refused: too short, the user's own name, or among the first that anybody would try."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from svclib.i18n import gettext as _

LONGEST = 200
"""In characters: what is longer costs time and protects no better."""
_GUESSES_MIN = 10**8
"""Fewer guesses than these find it: common words, names, dates, neighbouring keys (zxcvbn's estimate)."""
_LOOKED_AT = 72
"""How much of a password zxcvbn estimates: its work grows with the square of the length."""
_TELLING = 4
"""Shorter user names stand in many passwords by chance."""
_OFFICE_WORDS = (
    *("sgcc", "sgcc@2026", "stategrid", "guojia", "dianwang", "guowang", "dianli", "gongdian", "sichuan", "chengdu"),
    *("fuwudui", "lianxinqiao", "gongchandangyuan", "dangyuan", "mima", "woaini", "zhongguo", "huanying"),
)
"""What an office of this trade makes passwords of, besides zxcvbn's own lists."""


def normal(password: str) -> str:
    """A password in its normal form: the same keys give the same characters on every machine."""
    return unicodedata.normalize("NFKC", password)


def password_fault(password: str, *, length_min: int, username: str, names: Iterable[str] = ()) -> str | None:
    """Why a password is refused, as a sentence; None for one that may be used.

    `names` are further words around its owner that anybody knows: the person's name, its spelling.
    """
    given = normal(password)
    if len(given) < length_min:
        return _("The new password is too short: at least {count} characters.").format(count=length_min)
    if len(given) > LONGEST:
        return _("The new password is too long: at most {count} characters.").format(count=LONGEST)
    if len(username) >= _TELLING and username.casefold() in given.casefold():
        return _("The new password contains the user name. Please choose another one.")
    # Its word lists cost time and memory that no page's kernel needs.
    from zxcvbn import zxcvbn

    words = [username, *names, *_OFFICE_WORDS]
    if zxcvbn(given[:_LOOKED_AT], user_inputs=[word for word in words if word])["guesses"] < _GUESSES_MIN:
        return _("The new password is easy to guess. Several words that do not belong together are good, for example.")
    return None
