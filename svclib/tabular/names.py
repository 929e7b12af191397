"""Finding records by what offices call them: by the very name, by what spellings share, or the nearest one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rapidfuzz import fuzz, process

from svclib.rules.imports import plain

_NEAR_PERCENT = 60
"""Of what tells names apart: 绵阳 for 凉山 is nothing like it, though 供电公司 stands behind both."""


class Names:
    """Records by any of their written names, in all or within an owner; the nearest one as a suggestion.

    `key` makes of a name what all its spellings share. `core` makes of it what tells it from others, which is compared
    where no spelling fits; without one it is the key.
    """

    def __init__(self, key: Callable[[str], str], core: Callable[[str], str] | None = None) -> None:
        self.key = key
        self.core = core or key
        self._exact: defaultdict[tuple[Any, str], list[int]] = defaultdict(list)
        self._loose: defaultdict[tuple[Any, str], list[int]] = defaultdict(list)
        self._shown: defaultdict[Any, dict[int, tuple[str, tuple[str, ...]]]] = defaultdict(dict)
        """The name to suggest of each record, and what is compared of all its names."""
        self._found: dict[tuple[Any, str], tuple[int, ...]] = {}
        self._near: dict[tuple[Any, str], str | None] = {}

    def add(self, row_id: int, names: Iterable[str | None], owner: Any = None) -> Callable[[], None]:
        """Know this record under these names, the one to suggest first. Return what takes it back."""
        known = tuple(name for name in names if name)
        # A slip may stand in what is cut off of a name that is written well.
        compared = tuple(dict.fromkeys(part(name) for name in known for part in (self.core, self.key)))
        places: list[list[int]] = []
        for scope in {None, owner}:
            self._shown[scope][row_id] = (next(iter(known), ""), compared)
            places += [self._exact[scope, plain(name)] for name in dict.fromkeys(known)]
            places += [self._loose[scope, self.key(name)] for name in dict.fromkeys(known)]
        for place in places:
            if row_id not in place:
                place.append(row_id)
        self._near.clear()
        self._found.clear()

        def forget() -> None:
            for place in places:
                if row_id in place:
                    place.remove(row_id)
            for scope in {None, owner}:
                self._shown[scope].pop(row_id, None)
            self._near.clear()
            self._found.clear()

        return forget

    def find(self, text: str, owner: Any = None) -> tuple[int, ...]:
        """Every record that this text may mean: by its very name, else by what its spellings share."""
        found = self._found.get((owner, text))
        if found is None:
            exact = self._exact.get((owner, plain(text)))
            found = tuple(exact or self._loose.get((owner, self.key(text))) or ())
            self._found[owner, text] = found
        return found

    def nearest(self, text: str, owner: Any = None) -> str | None:
        """The name of the record that is most like this text; None where nothing is like it."""
        if (owner, text) not in self._near:
            choices = {
                (row_id, n): part
                for row_id, (_name, compared) in self._shown[owner].items()
                for n, part in enumerate(compared)
            }
            best = process.extractOne(self.core(text), choices, scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
            self._near[owner, text] = None if best is None else self._shown[owner][best[2][0]][0]
        return self._near[owner, text]
