"""Putting a backup back: into an empty database, or in place of one that is named; all of it or nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlmodel import SQLModel

from svclib import migrations
from svclib.errors import BadFile, DatabaseState
from svclib.i18n import gettext as _
from svclib.models import AuditHead, AuditRow, table
from svclib.settings import Settings
from svclib.workspace.audit.anchors import head_of, write_anchor
from svclib.workspace.backup.archive import Archive, holds_files, reading
from svclib.workspace.backup.writing import LEFT_OUT, Progress, check_archive
from svclib.workspace.base import lock
from svclib.workspace.chain import chained
from svclib.workspace.database import current_revision, init_database
from svclib.workspace.engine import WRITE, make_engine
from svclib.workspace.filling import held_tables
from svclib.workspace.identity import command_line
from svclib.workspace.policy import SYSTEM
from svclib.workspace.vault import Vault

_AT_ONCE = 5_000
_HEAD, _AUDIT = table(AuditHead), table(AuditRow)
_REVISION = "alembic_version"


@dataclass(frozen=True)
class RestoreDone:
    """A backup, put back. `trail` is the sentence for what is wrong with the trail in it, if anything."""

    made_at: datetime
    rows: int
    tables: int
    trail: str | None


def restore_backup(
    settings: Settings, path: Path, *, replace: str | None = None, progress: Progress | None = None
) -> RestoreDone:
    """Put a backup back into the database that the settings name, in one transaction.

    The database must be empty, or `replace` its very name (`database_name`): then all that it holds is lost. Everybody
    is logged out. The restore stands in the trail and among the anchors. Raises BadFile for a file that is no backup,
    damaged or changed; DatabaseState for other keys, a newer revision, or a database that holds something.
    """
    vault = Vault.open(settings.keys)
    engine = make_engine(settings.url)
    try:
        with reading(path) as archive:
            manifest = archive.manifest
            # The whole file is read and judged before anything is touched.
            fault = check_archive(archive, vault, settings)
            _prepare(settings, engine, manifest.revision, replace)
            with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
                _load(connection, archive, replace, settings, progress)
                head = _tell(connection, vault, path, manifest.rows)
        if manifest.revision != migrations.head():
            init_database(settings)
        # Anchors of what came after the backup are overtaken; the trail says so, too.
        write_anchor(settings, vault, "restore", *head)
    finally:
        engine.dispose()
    return RestoreDone(datetime.fromisoformat(manifest.made_at), manifest.rows, len(manifest.tables), fault)


def database_name(settings: Settings) -> str:
    """What the database is called: the file's name, or the name on the server."""
    engine = make_engine(settings.url)
    return Path(engine.url.database or "").name


def _prepare(settings: Settings, engine: Engine, revision: str, replace: str | None) -> None:
    """Raise DatabaseState unless the backup may go in here; make the tables where there are none."""
    if not migrations.known(revision):
        raise DatabaseState(
            _("The backup was made by a newer version of this program. Update the program; nothing was changed.")
        )
    name = database_name(settings)
    if replace is not None and replace != name:
        raise DatabaseState(
            _("The database is called {name}, not {replace}; nothing was changed.").format(name=name, replace=replace)
        )
    found = current_revision(engine)
    if found is None:
        with engine.connect() as connection:
            if held_tables(connection):
                raise DatabaseState(_("The database holds data of another program; nothing was changed."))
        migrations.upgrade(engine, revision)
        return
    if found != revision:
        raise DatabaseState(
            _(
                "The backup is of another revision ({theirs}) than the database ({ours}). Restore it into an empty "
                "database that svc init has not touched; it is upgraded then. Nothing was changed."
            ).format(theirs=revision, ours=found)
        )
    with engine.connect() as connection:
        if replace is None and held_tables(connection):
            raise DatabaseState(
                _(
                    "The database {name} holds data; nothing was changed. To lose all of it and put the backup in its "
                    "place: svc restore --replace {name}"
                ).format(name=name)
            )


def _load(
    connection: Connection, archive: Archive, replace: str | None, settings: Settings, progress: Progress | None
) -> None:
    """Take everything out and put the backup's rows in."""
    # As the tables are now: an older backup's are not those of today's models.
    here = MetaData()
    here.reflect(connection, only=lambda name, _meta: name != _REVISION)
    parts = archive.manifest.tables
    expected = set(parts) | {name for name in LEFT_OUT if name in here.tables}
    strange = set(here.tables) ^ expected or {
        name for name, part in parts.items() if set(part.columns) != set(here.tables[name].columns.keys())
    }
    if strange:
        raise BadFile(
            _("The backup's tables are not those of its revision ({names}); nothing was changed.").format(
                names="、".join(sorted(strange))
            )
        )
    if _HEAD.name in here.tables and connection.execute(select(_HEAD.c.id)).first() is not None:
        lock(connection)
    if replace is None and held_tables(connection):
        raise DatabaseState(_("Somebody has written to the database meanwhile; nothing was changed."))
    for place in reversed(here.sorted_tables):
        connection.execute(delete(place))
    for done, place in enumerate(place for place in here.sorted_tables if place.name in parts):
        if progress is not None:
            progress(done, len(parts))
        _fill(connection, place, archive)


def _fill(connection: Connection, place: Table, archive: Archive) -> None:
    _keep_nothing_apart(place)
    make = {column.name: reader for column in place.columns if (reader := _reader(column.type)) is not None}
    rows: Iterator[dict[str, Any]] = (
        {name: make[name](value) if name in make and value is not None else value for name, value in row.items()}
        for row in archive.dicts(place.name)
    )
    pointers = [column.name for column in place.columns for key in column.foreign_keys if key.column.table is place]
    if pointers:
        rows = _parents_first(list(rows), pointers)
    at_once = 1 if holds_files(place) else _AT_ONCE
    while batch := list(islice(rows, at_once)):
        connection.execute(insert(place), batch)
    if connection.dialect.name == "postgresql" and "id" in place.columns:
        # Rows came with their ids; new ones are numbered on. NULL, and so nothing, where there is no sequence.
        sequence = func.pg_get_serial_sequence(f'"{place.name}"', "id")
        connection.execute(select(func.setval(sequence, select(func.max(place.c.id)).scalar_subquery())))


def _keep_nothing_apart(place: Table) -> None:
    """Nothing is stored as the models do: as SQL's NULL or as JSON's null."""
    known = SQLModel.metadata.tables.get(place.name)
    for column in place.columns:
        if isinstance(column.type, JSON):
            as_model = None if known is None or column.name not in known.columns else known.c[column.name].type
            column.type = JSON(none_as_null=getattr(as_model, "none_as_null", True))


def _reader(kind: Any) -> Callable[[str], date | bytes] | None:
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(kind, Date) else None


def _parents_first(rows: list[dict[str, Any]], pointers: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows in an order in which none points at a later one of its own table."""
    by_id = {row["id"]: row for row in rows}
    done: set[int] = set()

    def with_parents(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if row["id"] in done:
            return
        done.add(row["id"])
        for name in pointers:
            if row[name] in by_id:
                yield from with_parents(by_id[row[name]])
        yield by_id[row["id"]]

    for row in rows:
        yield from with_parents(row)


def _tell(connection: Connection, vault: Vault, path: Path, rows: int) -> tuple[int, str]:
    """Write the restore into the trail, in its own transaction. Return the new head."""
    number, mac = head_of(connection)
    told = {"at": datetime.now(UTC), "actor": SYSTEM.name, "origin": command_line(), "verb": "backup.restore"}
    told |= {"table_name": None, "row_id": None, "before": None, "after": {"file": path.name, "rows": rows}}
    (last,) = chained(vault, number, mac, [told])
    connection.execute(insert(_AUDIT), [last])
    head = {"number": last["number"], "mac": last["mac"]}
    connection.execute(update(_HEAD).where(_HEAD.c.id == 1).values(head))
    return last["number"], last["mac"]
