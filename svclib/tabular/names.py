"""Finding records by what offices call them: by the very name, by what spellings share, or the nearest one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rapidfuzz import fuzz, process

from svclib.rules.imports import plain

_NEAR_PERCENT = 45


class Names:
    """Records by any of their written names, in all or within an owner; the nearest one as a suggestion."""

    def __init__(self, key: Callable[[str], str]) -> None:
        self.key = key
        self._exact: defaultdict[tuple[Any, str], list[int]] = defaultdict(list)
        self._loose: defaultdict[tuple[Any, str], list[int]] = defaultdict(list)
        self._shown: defaultdict[Any, dict[int, tuple[str, ...]]] = defaultdict(dict)
        self._found: dict[tuple[Any, str], tuple[int, ...]] = {}
        self._near: dict[tuple[Any, str], str | None] = {}

    def add(self, row_id: int, names: Iterable[str | None], owner: Any = None) -> Callable[[], None]:
        """Know this record under these names, the one to suggest first. Return what takes it back."""
        known = tuple(name for name in names if name)
        places: list[list[int]] = []
        for scope in {None, owner}:
            self._shown[scope][row_id] = known
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
                (row_id, n): name for row_id, names in self._shown[owner].items() for n, name in enumerate(names)
            }
            best = process.extractOne(text, choices, scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
            self._near[owner, text] = None if best is None else self._shown[owner][best[2][0]][0]
        return self._near[owner, text]
