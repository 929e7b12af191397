"""Files that offices send become rows of the register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import ImportRun, IntakeKind, table
from svclib.tabular import rejects_workbook
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.importing.result import ImportResult, Line, Rejection
from svclib.workspace.importing.running import (
    Incoming,
    Options,
    Progress,
    read_incoming,
    run_people,
    run_structure,
    without_collecting,
)
from svclib.workspace.importing.undoing import runs_in_scope, undo

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ImportResult", "Importing", "Line", "Rejection"]

_RUN = table(ImportRun)
Source = Path | str | tuple[str, bytes]

IMPORT_COLUMNS = {
    "id": "id",
    "recorded_at": "instant",
    "actor": "text",
    "file_name": "text",
    "form": "text",
    "rows": "int",
    "created": "int",
    "updated": "int",
    "unchanged": "int",
    "rejected": "int",
    "undone_at": "instant",
}


class Importing(Area):
    """Bringing files in, looking at what came in, and taking it back."""

    def import_file(
        self,
        source: Source,
        *,
        sheet: str | None = None,
        dry_run: bool = False,
        strict: bool = False,
        create_units: bool = False,
        intake: int | None = None,
        kind: str | None = None,
        expected: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportResult:
        """Bring a file of people, or of results of their safety education and examinations, into the register; with
        `dry_run` only tell what that would do.

        Rows without fault are saved in one transaction; with `strict` only if there is no fault at all. The same file
        again changes nothing. `create_units` makes unknown units. `intake` (a year) and `kind` (graduate, activist) say
        which intake the people belong to; a list of graduates goes into this year's when nothing is said. Results are
        written to people whom the register knows, found by number, else by a name unique in the unit. `expected` is
        the digest of a preview. `progress` is called with rows done and rows in all.
        Rows about people or places outside the scope, or with what the role does not change, are refused one by one.
        Raises BadFile when the file can't be used, RuleBroken for an impossible intake, StaleRecord when what would be
        done is no longer what the preview showed, Forbidden for making units with a narrower scope.
        """
        options = Options(
            strict=strict,
            create_units=create_units,
            intake_year=_year(intake, self.workspace.today.year),
            intake_kind=_kind(kind),
            expected=expected,
        )
        run = self._preview_people if dry_run else self._import_people
        with without_collecting():
            incoming = read_incoming(source, sheet, self.workspace.settings.data_dir, structure=False)
            return run(incoming, options, progress)

    def import_structure(
        self,
        source: Source,
        *,
        sheet: str | None = None,
        dry_run: bool = False,
        strict: bool = False,
        expected: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportResult:
        """Bring units, party bodies, crews, teams, stations and their offices into the register, whatever the order of
        the sheets. Options and errors are those of `import_file`."""
        run = self._preview_structure if dry_run else self._import_structure
        with without_collecting():
            incoming = read_incoming(source, sheet, self.workspace.settings.data_dir, structure=True)
            return run(incoming, Options(strict=strict, expected=expected), progress)

    @verb("register.imports", writes=False)
    def imports(self, tx: Transaction) -> pd.DataFrame:
        """Every import that changed something, newest first: columns of IMPORT_COLUMNS. `rejected` counts rows.

        With a narrower scope: those by accounts of that scope.
        """
        columns = [_RUN.c[name] for name in IMPORT_COLUMNS]
        listed = select(*columns).where(*runs_in_scope(tx)).order_by(_RUN.c.id.desc())
        return frame(tx.rows(listed), IMPORT_COLUMNS)

    @verb("register.undo_import", writes=True)
    def undo_import(self, tx: Transaction, run_id: int) -> None:
        """Take an import back as a whole: the register is as it was before.

        Raises NotFound for an unknown import, RuleBroken when it is undone already or when something stands on it:
        a record it wrote was changed since, or newer records belong to one that it created; Forbidden when somebody or
        something in it has left the scope.
        """
        undo(tx, int(run_id))

    def rejects(self, source: Source, result: ImportResult) -> bytes:
        """The refused rows as a workbook (.xlsx): the original rows, bad cells coloured, the reason beside each."""
        place = Path(source) if isinstance(source, str) else source
        return rejects_workbook(place, result.rejected, extra_words=self.workspace.settings.data_dir)

    @verb("register.import", writes=False)
    def _preview_people(
        self, tx: Transaction, incoming: Incoming, options: Options, progress: Progress | None
    ) -> ImportResult:
        return run_people(tx, incoming, options, progress)

    @verb("register.import", writes=True)
    def _import_people(
        self, tx: Transaction, incoming: Incoming, options: Options, progress: Progress | None
    ) -> ImportResult:
        return run_people(tx, incoming, options, progress)

    @verb("register.import_structure", writes=False)
    def _preview_structure(
        self, tx: Transaction, incoming: Incoming, options: Options, progress: Progress | None
    ) -> ImportResult:
        return run_structure(tx, incoming, options, progress)

    @verb("register.import_structure", writes=True)
    def _import_structure(
        self, tx: Transaction, incoming: Incoming, options: Options, progress: Progress | None
    ) -> ImportResult:
        return run_structure(tx, incoming, options, progress)


def _kind(told: str | None) -> IntakeKind | None:
    if told is None:
        return None
    if told not in {kind.value for kind in IntakeKind}:
        raise RuleBroken(
            _("The kind of an intake is graduate or activist, not {kind}.").format(kind=told), field="kind"
        )
    return IntakeKind(told)


def _year(told: Any, this_year: int) -> int | None:
    if told is None:
        return None
    if not _FIRST_YEAR <= int(told) <= this_year + 1:
        raise RuleBroken(
            _("The year of an intake lies between {first} and {last}.").format(first=_FIRST_YEAR, last=this_year + 1),
            field="intake",
        )
    return int(told)


_FIRST_YEAR = 2000
