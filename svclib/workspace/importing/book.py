"""The register's rows that a file may touch, held in memory: a plan is made here before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Row = Mapping[str, Any]

OWNERS: dict[str, tuple[str, ...]] = {
    "employment": ("person_id",),
    "branch_membership": ("person_id",),
    "status_period": ("person_id",),
    "development_period": ("person_id",),
    "membership": ("person_id",),
    "training_contact": ("person_id",),
    "trainee": ("person_id",),
    "activist_file": ("person_id",),
    "safety_record": ("person_id",),
    "rotation_request": ("person_id",),
    "team_office": ("team_id", "office"),
}
"""Tables that are looked up by whom they belong to, and the columns that say so."""


@dataclass(frozen=True, slots=True)
class Clear:
    """A protected value in clear, on its way to encryption. Nothing that prints it shows it."""

    value: str

    def __repr__(self) -> str:
        return "Clear(…)"


class Change(NamedTuple):
    """One row that the plan creates (`before` is None), changes, or takes away (`after` is None)."""

    table: str
    id: int
    before: Row | None
    after: Row | None


class Book:
    """Rows by table and id. New rows get negative ids until they are saved; a refused row is rolled back."""

    def __init__(self, rows: Mapping[str, Iterable[Row]]) -> None:
        self._rows: defaultdict[str, dict[int, Row]] = defaultdict(dict)
        self._owned: defaultdict[tuple[str, Any], list[int]] = defaultdict(list)
        self._first: dict[tuple[str, int], Row | None] = {}
        self._log: list[Callable[[], None] | tuple[str, int, Row | None, bool]] = []
        self._next = -1
        for table, listed in rows.items():
            for row in listed:
                self._rows[table][row["id"]] = row
                self._own(table, row)

    def get(self, table: str, row_id: int) -> Row:
        return self._rows[table][row_id]

    def all(self, table: str) -> Iterator[Row]:
        """Every row of the table that is known here."""
        yield from list(self._rows[table].values())

    def owned(self, table: str, *owner: Any) -> list[Row]:
        """The rows of this owner, oldest first where they have a validity."""
        found = [self._rows[table][row_id] for row_id in self._owned.get((table, owner), ())]
        if len(found) > 1 and "valid_from" in found[0]:
            found.sort(key=lambda row: row["valid_from"])
        return found

    def insert(self, table: str, values: Row) -> int:
        """Plan a new row and return its id for now."""
        row_id = self._next
        self._next -= 1
        row = {"id": row_id, **values}
        self._touch(table, row_id, None)
        self._rows[table][row_id] = row
        self._own(table, row)
        return row_id

    def update(self, table: str, row_id: int, changes: Row) -> None:
        """Plan other values for a row."""
        old = self._rows[table][row_id]
        if any(old[name] != value for name, value in changes.items()):
            self._touch(table, row_id, old)
            self._rows[table][row_id] = {**old, **changes}

    def delete(self, table: str, row_id: int) -> None:
        """Plan to take a row away: only where it would say the same as its neighbour."""
        old = self._rows[table].pop(row_id)
        self._owned[table, self._owner(table, old)].remove(row_id)
        self._touch(table, row_id, old)

    def also(self, undo: Callable[[], None]) -> None:
        """Have this done too when the row at hand is rolled back."""
        self._log.append(undo)

    def touched(self) -> Iterator[tuple[str, Row]]:
        """Every row that was planned since the last `keep`, as it was before and as it is now."""
        for step in self._log:
            if isinstance(step, tuple):
                table, row_id, old, _new = step
                for row in (old, self._rows[table].get(row_id)):
                    if row is not None:
                        yield table, row

    @property
    def pending(self) -> bool:
        """Whether anything was planned since the last `keep`."""
        return bool(self._log)

    def keep(self) -> None:
        """Accept what was planned since the last `keep`."""
        self._log.clear()

    def roll_back(self) -> None:
        """Forget what was planned since the last `keep`."""
        while self._log:
            step = self._log.pop()
            if isinstance(step, tuple):
                self._restore(*step)
            else:
                step()

    def changes(self) -> list[Change]:
        """What differs from the rows read, in the order in which it was first touched."""
        found = []
        for (table, row_id), before in self._first.items():
            after = self._rows[table].get(row_id)
            if before != after:
                found.append(Change(table, row_id, before, after))
        return found

    def _owner(self, table: str, row: Row) -> tuple[Any, ...]:
        columns = OWNERS[table]
        return (row[columns[0]],) if len(columns) == 1 else tuple(row[column] for column in columns)

    def _own(self, table: str, row: Row) -> None:
        if table in OWNERS:
            self._owned[table, self._owner(table, row)].append(row["id"])

    def _touch(self, table: str, row_id: int, old: Row | None) -> None:
        new = (table, row_id) not in self._first
        if new:
            self._first[table, row_id] = old
        self._log.append((table, row_id, old, new))

    def _restore(self, table: str, row_id: int, old: Row | None, new: bool) -> None:
        now = self._rows[table].pop(row_id, None)
        if now is not None and old is None and table in OWNERS:
            self._owned[table, self._owner(table, now)].remove(row_id)
        if old is not None:
            self._rows[table][row_id] = old
            if now is None:
                self._own(table, old)
        if new:
            del self._first[table, row_id]
