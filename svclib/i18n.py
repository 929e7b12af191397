"""Words: message ids in English, catalogues by Babel. Words are translated when used, never at import.

`python -m svclib.i18n update|compile|check` keeps the catalogue; `check` fails on a word missing, empty or fuzzy.
"""

from __future__ import annotations

import gettext as _gettext
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "svclib"
LANGUAGES = ("zh_CN", "en")

_language = "zh_CN"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_WIDE_ENDS = "。！？；："


def use_language(language: str) -> None:
    """Choose the language of this process: each page and each command is a process of its own."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language inside, in this thread or task alone: the server answers people of both."""
    if language not in LANGUAGES:
        raise ValueError(language)
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def current_language() -> str:
    """The language in which words are told here and now."""
    return _spoken.get() or _language


@lru_cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=language == "en")


def gettext(message: str) -> str:
    """The message in the language of this process."""
    return _catalogue(current_language()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for `n` things; placeholders are filled by the caller."""
    return _catalogue(current_language()).ngettext(singular, plural, n)


def run_on(*sentences: str) -> str:
    """The sentences as one text: with a blank between them, but none after a Chinese full stop."""
    told = ""
    for one in filter(None, sentences):
        told += one if not told or told[-1] in _WIDE_ENDS else f" {one}"
    return told


def noop(message: str) -> str:
    """Mark a word for the catalogue that is translated later, where it is used."""
    return message


def _extracted() -> Catalog:
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    catalogue = Catalog(domain=DOMAIN, project="svclib", fuzzy=False)
    root = Path(__file__).parent
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "noop": None}
    for name, _line, message, comments, context in extract_from_dir(
        str(root), method_map=[("**.py", "python")], keywords=keywords, comment_tags=["i18n:"]
    ):
        catalogue.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalogue


def _po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _read_po(language: str) -> Catalog:
    from babel.messages.pofile import read_po

    with _po_path(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def _update() -> int:
    from babel.messages.pofile import write_po

    template = _extracted()
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = _read_po(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with _po_path(language).open("wb") as file:
            write_po(file, catalogue, width=110, omit_header=False, sort_output=True, include_lineno=False)
    return _compile()


def _compile() -> int:
    from babel.messages.mofile import write_mo

    for language in LANGUAGES:
        if language == "en":
            continue
        with _po_path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, _read_po(language))
    return 0


def _check() -> int:
    wanted = {message.id for message in _extracted() if message.id}
    faults: list[str] = []
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = _read_po(language)
        present = {message.id: message for message in catalogue if message.id}
        faults += [f"{language}: not in the catalogue: {key!r}" for key in wanted - set(present)]
        faults += [f"{language}: no longer used: {key!r}" for key in set(present) - wanted]
        for key, message in present.items():
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if not all(strings):
                faults.append(f"{language}: empty: {key!r}")
            if message.fuzzy:
                faults.append(f"{language}: fuzzy: {key!r}")
            faults += [f"{language}: {error}: {key!r}" for error in message.check(catalogue)]
    for fault in sorted(faults):
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit({"update": _update, "compile": _compile, "check": _check}[sys.argv[1]]())
