"""What a returned plan would change, row by row: to be shown, and taken whole or in part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from svclib.tabular.rotation.plan import Place, PlanRow
from svclib.tabular.rotation.reading import CellFlaw


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell that was changed: its column's code and heading, and what is shown before and after."""

    field: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A person's stage that the unit wants otherwise; `after` is the whole row as it would be.

    `stale`: the plan has changed since the workbook went out, in the very cells that the unit has changed.
    """

    after: PlanRow
    sheet: str
    row: int
    fields: tuple[FieldChange, ...]
    stale: bool = False

    @property
    def place(self) -> Place:
        return self.after.place


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A stage that somebody does not have in the plan yet."""

    after: PlanRow
    sheet: str
    row: int

    @property
    def place(self) -> Place:
        return self.after.place


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that can't be taken, with every reason; `name` and `stage` as they are written."""

    sheet: str
    row: int
    name: str
    stage: str
    flaws: tuple[CellFlaw, ...]


@dataclass(frozen=True)
class PlanDiff:
    """The differences of a returned plan, in the order of its rows; rows that say nothing new are only counted.

    `missing` are rows that went out and did not come back: nothing is done about them.
    """

    changed: tuple[RowChange, ...] = ()
    added: tuple[AddedRow, ...] = ()
    missing: tuple[PlanRow, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    unchanged: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything came back, and nothing was changed."""
        return not (self.changed or self.added or self.missing or self.refused)

    @property
    def flaws(self) -> tuple[CellFlaw, ...]:
        """Every reason for a refusal, for `rejects_workbook`."""
        return tuple(flaw for row in self.refused for flaw in row.flaws)

    def accepted(self, places: Collection[Place] | None = None) -> tuple[PlanRow, ...]:
        """The changed and added rows as they would be: of these persons and stages, or all.

        Raises KeyError when a place asked for is not among them.
        """
        rows = {row.place: row for row in (*(one.after for one in self.changed), *(one.after for one in self.added))}
        return tuple(rows.values()) if places is None else tuple(rows[place] for place in sorted(set(places)))
