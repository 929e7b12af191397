"""Writing a backup: everything as of one moment, while others go on writing, read back before it counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import SQLModel

from svclib import migrations
from svclib.models import AuditHead, AuditRow, LoginAttempt, LoginSession, PageTicket, table
from svclib.settings import Settings
from svclib.workspace.audit.anchors import read_anchors, write_anchor
from svclib.workspace.audit.walk import Walk, told
from svclib.workspace.backup.archive import ROWS_A_LINE, Archive, holds_files, reading, writing
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.vault import Vault

Progress = Callable[[int, int], None]
_AT_ONCE = 5_000
_HEAD, _AUDIT = table(AuditHead), table(AuditRow)
LEFT_OUT = tuple(table(model).name for model in (LoginSession, PageTicket, LoginAttempt))
"""Logins of the moment: put back later, they would let in whoever has logged out since."""


@dataclass(frozen=True)
class BackupDone:
    """A backup, written and read back. `trail` is the sentence for what is wrong with the trail in it, if anything."""

    path: Path
    rows: int
    tables: int
    trail: str | None


class Backups(Area):
    """Copies of everything, to be kept elsewhere."""

    def write(self, path: Path, *, progress: Progress | None = None) -> BackupDone:
        """Write everything to one file, read it back, and anchor the trail.

        The file appears only when it is whole; it holds ciphertext for protected fields and never a key. Who made it is
        in the trail, and in the backup. `progress` is called with tables done and tables in all. Raises Duplicate for a
        file that is there, BadFile when it cannot be written.
        """
        workspace = self.workspace
        settings, vault = workspace.settings, workspace.vault
        self._note(path.name)
        faults: list[str | None] = []

        def check(beside: Path) -> None:
            with reading(beside) as archive:
                faults.append(check_archive(archive, vault, settings, progress))

        with writing(path, check) as archive, workspace.engine.connect() as connection:
            # One moment for all tables: SQLite's read transaction is so by itself.
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                for place in SQLModel.metadata.sorted_tables:
                    if place.name not in LEFT_OUT:
                        at_once, a_line = (1, 1) if holds_files(place) else (_AT_ONCE, ROWS_A_LINE)
                        rows = connection.execute(
                            select(place).order_by(*place.primary_key).execution_options(yield_per=at_once)
                        )
                        archive.table(place.name, place.columns.keys(), rows, rows_a_line=a_line)
                head = connection.execute(select(_HEAD.c.number, _HEAD.c.mac)).one()
            manifest = archive.finish(vault, migrations.head(), LEFT_OUT)
        write_anchor(settings, vault, "anchor", head.number, head.mac)
        return BackupDone(path, manifest.rows, len(manifest.tables), faults[0])

    @verb("backup.write", writes=True)
    def _note(self, tx: Transaction, name: str) -> None:
        tx.record(None, None, after={"file": name})


def check_archive(archive: Archive, vault: Vault, settings: Settings, progress: Progress | None = None) -> str | None:
    """Read everything back. Return what is wrong with the trail in it, None if nothing. Raises BadFile."""
    archive.require(vault)
    names = list(archive.manifest.tables)
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        if name != _AUDIT.name:
            archive.check(name)
    # Anchors later than the backup speak of rows that it cannot have.
    head = next(archive.dicts(_HEAD.name), None)
    anchors = read_anchors(settings.anchors, vault).up_to(0 if head is None else head["number"])
    finding = Walk(vault, anchors).first_fault(_trail(archive, head))
    return None if finding is None else told(finding, ZoneInfo(settings.timezone))


def _trail(archive: Archive, head: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    if head is None:
        return
    beside = {"head_number": head["number"], "head_mac": head["mac"]}
    rows = archive.dicts(_AUDIT.name)
    empty = True
    for row in rows:
        empty = False
        yield row | beside | {name: json.dumps(row[name]) for name in ("before", "after")}
    if empty:
        yield {"number": None, **beside}
