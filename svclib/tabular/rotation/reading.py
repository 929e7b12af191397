"""Reading a plan that comes back: columns moved, titles added, keys kept or lost, saved by whatever program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.files import Source
from svclib.tabular.headers import shipped_words
from svclib.tabular.layout import flat
from svclib.tabular.model import Cell, Form, Table
from svclib.tabular.reading import read_tables
from svclib.tabular.rotation.plan import EDITABLE, KEY, RowKey


@dataclass(frozen=True, slots=True)
class CellFlaw:
    """Why a cell can't be taken: `row` as the spreadsheet counts, `column` its heading, `reason` a whole sentence.

    `field` is the column's code, "" for the row as a whole. Fits `rejects_workbook`.
    """

    sheet: str
    row: int
    field: str
    column: str
    text: str
    reason: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row that came back. `key` is None where none stands or where it was altered (then `key_altered`)."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    headings: Mapping[str, str]
    key: RowKey | None = None
    key_altered: bool = False

    def text(self, field: str) -> str:
        """What stands in a column, "" where there is no such column."""
        cell = self.cells.get(field)
        return "" if cell is None else cell.text

    def flaw(self, field: str, reason: str, suggestion: str | None = None) -> CellFlaw:
        """Find fault with a cell of this row; with the row as a whole when `field` is ""."""
        heading = self.headings.get(field) or (shipped_words().standard(field, Form.PLACEMENTS) if field else "")
        return CellFlaw(self.sheet, self.number, field, flat(heading), self.text(field), reason, suggestion)


@dataclass(frozen=True)
class ReturnedPlan:
    """A workbook that came back: its rows, the plans and versions that its keys name, what was not read."""

    file_name: str
    rows: tuple[ReturnedRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def plans(self) -> frozenset[str]:
        """Names of plans in the rows' keys; empty when the keys are gone."""
        return frozenset(row.key.plan for row in self.rows if row.key is not None)

    @property
    def version(self) -> int | None:
        """The version that went out; None when the keys are gone or name several."""
        versions = {row.key.version for row in self.rows if row.key is not None}
        return versions.pop() if len(versions) == 1 else None


def read_plan(source: Source, *, extra_words: Path | None = None) -> ReturnedPlan:
    """Read every visible sheet that is a 轮岗安排表, from a path or from (file name, content).

    What the rows mean is judged by `compare`. Raises BadFile when the file can't be read or holds no such table.
    """
    tables = [one for one in read_tables(source, extra_words=extra_words) if one.form == Form.PLACEMENTS]
    name = PurePath(source[0]).name if isinstance(source, tuple) else source.name
    if not tables:
        raise BadFile(
            _("{file} holds no rotation plan (轮岗安排表): its header must name {words}.").format(
                file=name,
                words="、".join(shipped_words().standard(field, Form.PLACEMENTS) for field in ("name", *EDITABLE)),
            )
        )
    rows = tuple(row for table in tables for row in _rows(table))
    return ReturnedPlan(name, rows, tuple(note for table in tables for note in table.notes))


def _rows(table: Table) -> list[ReturnedRow]:
    rows = []
    for row in table.rows:
        cell = row.cells.get(KEY)
        written = cell.text if cell is not None else ""
        key = RowKey.read(written) if written else None
        altered = bool(written) and key is None
        rows.append(ReturnedRow(table.sheet, row.number, row.cells, table.headings, key, altered))
    return rows
