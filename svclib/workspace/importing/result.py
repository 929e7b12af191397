"""What an import did or would do, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from svclib.workspace.frames import frame

if TYPE_CHECKING:
    import pandas as pd

if TYPE_CHECKING:
    from svclib.workspace.importing.entry import Entry

Action = Literal["created", "updated", "unchanged", "rejected"]

PREVIEW_COLUMNS = {
    "sheet": "text",
    "row": "int",
    "name": "text",
    "key": "text",
    "action": "text",
    "column": "text",
    "before": "text",
    "after": "text",
    "reason": "text",
    "suggestion": "text",
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """One cell for which a row was refused. `row` as the spreadsheet numbers it; protected values are masked."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    suggestion: str | None
    field: str


class Line(NamedTuple):
    """One changed or refused cell of the preview, in words as a person reads them."""

    sheet: str
    row: int
    name: str
    key: str
    action: Action
    column: str
    before: str | None
    after: str | None
    reason: str | None
    suggestion: str | None


@dataclass(frozen=True)
class ImportResult:
    """What became of a file: `rows` = created + updated + unchanged + refused rows.

    `digest` names the plan in a preview or its confirmation, and is empty otherwise.
    """

    file_name: str
    form: str
    sheets: tuple[str, ...]
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejection, ...]
    saved: bool
    dry_run: bool
    run_id: int | None
    digest: str
    notes: tuple[str, ...]
    entries: tuple[Entry, ...] = field(repr=False)

    @cached_property
    def preview(self) -> pd.DataFrame:
        """One line per changed or refused cell: columns of PREVIEW_COLUMNS."""
        lines = (line._asdict() for entry in self.entries for line in entry.lines())
        return frame(lines, PREVIEW_COLUMNS)

    @property
    def rejected_rows(self) -> int:
        """How many rows were refused; a row may have several bad cells."""
        return self.rows - self.created - self.updated - self.unchanged

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`."""
        return {
            "file": self.file_name,
            "form": self.form,
            "sheets": list(self.sheets),
            "dry_run": self.dry_run,
            "saved": self.saved,
            "run_id": self.run_id,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [
                {
                    "sheet": one.sheet,
                    "row": one.row,
                    "column": one.column,
                    "value": one.value,
                    "reason": one.reason,
                    "suggestion": one.suggestion,
                }
                for one in self.rejected
            ],
            "notes": list(self.notes),
        }
