"""Header words: which heading means which field, in which form.

The words stand in `header_words.csv` beside this module (field, forms or nothing for every form, words; a better word
stands before a worse one). A file of the same name in the data folder adds an office's own words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.delimited import read_delimited
from svclib.tabular.model import Form

WORDS_FILE = "header_words.csv"

SERIAL = "!serial"
SOMEONE_ELSE = "!someone_else"
OTHER_FORM = "!other_form"
"""Fields that are no facts: a running number; another person, whose name isn't this person's; another form."""

_BLANKS_AND_MARKS = re.compile(r"[\s*:/、,.★☆#'\"_|~`!?﹡※-]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|《[^《》]*》")


def normalise(heading: str) -> str:
    """Reduce a heading to the letters that count: half width, lower case, no blanks, line breaks, stars or slashes."""
    return _BLANKS_AND_MARKS.sub("", unicodedata.normalize("NFKC", heading)).casefold()


@dataclass(frozen=True)
class Meaning:
    """A field that a heading stands for; of two headings of one field the one with the lower rank is read."""

    field: str
    rank: int


class HeaderWords:
    """The synonym table."""

    def __init__(self) -> None:
        self._by_form: dict[str, dict[str, Meaning]] = {}
        self._standard: dict[tuple[str, str], str] = {}
        self._rank = 0

    def add(self, field: str, form: str, words: list[str]) -> None:
        """Give words a meaning; a later meaning replaces an earlier one of the same form."""
        table = self._by_form.setdefault(form, {})
        for word in words:
            self._rank += 1
            table[normalise(word)] = Meaning(field, self._rank)
            self._standard.setdefault((form, field), word)

    def meanings(self, heading: str, form: str) -> tuple[Meaning, ...]:
        """What a heading may mean in a form, the form's own meaning first; empty when unknown."""
        for key in _keys(heading):
            found = [table[key] for name in (form, "") if (table := self._by_form.get(name, {})) and key in table]
            if found:
                return tuple(found)
        return ()

    def is_known(self, heading: str) -> bool:
        """Whether a heading means something in any form."""
        keys = _keys(heading)
        return any(key in table for table in self._by_form.values() for key in keys)

    def standard(self, field: str, form: str = "") -> str:
        """The usual Chinese heading of a field."""
        return self._standard.get((form, field)) or self._standard.get(("", field)) or field

    def field_of(self, name: str) -> str | None:
        """The field with this code, or with this heading."""
        if any(name == field for _form, field in self._standard):
            return name
        meanings = self.meanings(name, "")
        return meanings[0].field if meanings else None

    def copy(self) -> HeaderWords:
        """A table of its own, to be extended."""
        twin = HeaderWords()
        twin._by_form = {form: dict(table) for form, table in self._by_form.items()}
        twin._standard = dict(self._standard)
        twin._rank = self._rank
        return twin


def _keys(heading: str) -> tuple[str, ...]:
    """A heading as it is, then without its brackets one by one from the end, and its first line alone."""
    whole = unicodedata.normalize("NFKC", heading).strip()
    first = _BRACKETS.sub("", whole.split("\n", 1)[0])
    variants = [whole]
    for found in reversed(list(_BRACKETS.finditer(whole))):
        variants.append(variants[-1][: found.start()] + variants[-1][found.end() :])
    return tuple(dict.fromkeys(key for key in map(normalise, [*variants, first]) if key))


@lru_cache(maxsize=1)
def shipped_words() -> HeaderWords:
    """The table that comes with the library."""
    words = HeaderWords()
    _fill(words, Path(__file__).with_name(WORDS_FILE))
    return words


def header_words(extra: Path | None) -> HeaderWords:
    """The shipped words, with those of the folder `extra`. Raises BadFile that names the wrong line."""
    path = extra / WORDS_FILE if extra is not None else None
    if path is None or not path.is_file():
        return shipped_words()
    words = shipped_words().copy()
    _fill(words, path)
    return words


def _fill(words: HeaderWords, path: Path) -> None:
    try:
        records = read_delimited(path.read_bytes())
    except OSError as error:
        raise BadFile(_("{file} can't be opened: {reason}.").format(file=path, reason=error.strerror)) from error
    shipped = path == Path(__file__).with_name(WORDS_FILE)
    for number, record in enumerate(records, start=1):
        cells = [cell.strip() for cell in record]
        if not any(cells) or cells[0] in ("field", "字段") or cells[0].startswith("#"):
            continue
        if len(cells) < 3 or not cells[0] or not cells[2]:
            raise _mistake(path, number, _("each line needs a field, a form (or nothing) and words"))
        field = cells[0] if shipped else words.field_of(cells[0])
        if field is None:
            raise _mistake(path, number, _("there is no field “{name}”").format(name=cells[0]))
        forms = cells[1].split() or [""]
        for form in forms:
            if form and form not in {known.value for known in Form}:
                raise _mistake(path, number, _("there is no form “{name}”").format(name=form))
            words.add(field, form, [word for word in re.split("[、|]", "、".join(cells[2:])) if word])


def _mistake(path: Path, line: int, reason: str) -> BadFile:
    return BadFile(_("{file}, line {line}: {reason}.").format(file=path.name, line=line, reason=reason))
