"""Filling an empty database at once: for the demo and for benchmarks, never for one that holds anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Table, func, insert, inspect, select, text
from sqlmodel import SQLModel

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.models import Account, AuditHead, AuditRow, Fact, Person, table
from svclib.settings import Settings
from svclib.workspace.access.accounts import FIRST_ADMINISTRATOR
from svclib.workspace.access.hashing import hash_password
from svclib.workspace.base import Area, Transaction, Workspace, verb
from svclib.workspace.bulk import insert_rows
from svclib.workspace.database import current_revision
from svclib.workspace.engine import make_engine
from svclib.workspace.register.names import name_keys
from svclib.workspace.vault import SEALED

_FACT = table(Fact)
_PERSON = table(Person)
_HEAD = table(AuditHead)
_ACCOUNT = table(Account)
_AUDIT = table(AuditRow)
_BATCH = 2_000


class Filling(Area):
    """Writes many rows of all tables in one transaction."""

    @verb("demo.fill", writes=True)
    def fill(
        self, tx: Transaction, rows_by_table: Mapping[str, Sequence[Mapping[str, Any]]], facts: Mapping[str, str]
    ) -> None:
        """Insert the rows, parents first, and the facts. See `fill_database`."""
        if held_tables(tx.connection):
            raise DatabaseState(_("The database holds data already. Only an empty one is filled; nothing was changed."))
        for place in SQLModel.metadata.sorted_tables:
            rows = rows_by_table.get(place.name, ())
            for start in range(0, len(rows), _BATCH):
                prepared = [_prepared(tx, place, row) for row in rows[start : start + _BATCH]]
                insert_rows(tx.connection, place, prepared)
            if rows:
                _continue_numbering(tx.connection, place)
        tx.connection.execute(insert(_FACT), [{"name": name, "value": value} for name, value in facts.items()])
        tx.record(None, None, after={**facts, "rows": {name: len(rows) for name, rows in rows_by_table.items()}})

    @verb("demo.accounts", writes=True)
    def accounts(self, tx: Transaction, rows: Sequence[Mapping[str, Any]], password: str) -> None:
        """Insert the accounts that are not there yet. See `fill_accounts`."""
        # One hash for all: the password is printed anyway, and twelve hashes take seconds.
        secret = {"password_hash": hash_password(password), "password_set_at": tx.now, "must_change": False}
        held = set(tx.connection.execute(select(_ACCOUNT.c.username)).scalars())
        for row in rows:
            if row["username"] not in held:
                account_id = tx.insert(_ACCOUNT, {**row, **secret, "version": 1, "created_at": tx.now})
                tx.record(_ACCOUNT, account_id, after=row)


def fill_accounts(settings: Settings, rows: Sequence[Mapping[str, Any]], password: str) -> None:
    """Give a demo its accounts, all with one password that everybody may know; those that are there are left alone."""
    workspace = Workspace(settings)
    try:
        Filling(workspace).accounts(rows, password)
    finally:
        workspace.close()


def fill_database(
    settings: Settings, rows_by_table: Mapping[str, Sequence[Mapping[str, Any]]], facts: Mapping[str, str]
) -> None:
    """Fill an empty database, in one transaction with an audit row.

    Rows carry their ids; a row that points at another of its own table stands after it. People's ID numbers, phones and
    addresses, and reasons, are given in clear and stored encrypted; the index of the ID number, pinyin and initials are
    added. Facts describe the database, e.g. {"demo_today": "2026-08-20"}. Raises DatabaseState when it holds anything.
    """
    workspace = Workspace(settings)
    try:
        Filling(workspace).fill(rows_by_table, facts)
    finally:
        workspace.close()


def database_content(settings: Settings) -> Literal["nothing", "demo", "data"]:
    """What a database holds, without changing it: nothing at all, a demo, or anything else."""
    engine = make_engine(settings.url)
    try:
        current_revision(engine)
        with engine.connect() as connection:
            held = held_tables(connection)
            if not held:
                return "nothing"
            marked = _FACT.name in held and connection.execute(
                select(_FACT.c.value).where(_FACT.c.name == "demo_today")
            )
            return "demo" if marked and marked.first() else "data"
    finally:
        engine.dispose()


def database_facts(settings: Settings) -> dict[str, str]:
    """The facts about a database by name."""
    engine = make_engine(settings.url)
    try:
        with engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(select(_FACT.c.name, _FACT.c.value))}
    finally:
        engine.dispose()


def held_tables(connection: Connection) -> set[str]:
    """Names of the tables that hold rows, other than what `svc init` writes; somebody else's tables always count.

    The first administrator is what `svc init` writes, until somebody has logged in as such.
    """
    present = set(inspect(connection).get_table_names()) - {"alembic_version", _HEAD.name}
    ours = {name for name in present if name in SQLModel.metadata.tables}
    filled = {name for name in ours if connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first()}
    held = filled | (present - ours)
    made_by_init = {_ACCOUNT.name, _AUDIT.name}
    return set() if _ACCOUNT.name in held <= made_by_init and _only_first_administrator(connection) else held


def _only_first_administrator(connection: Connection) -> bool:
    rows = connection.execute(select(_ACCOUNT.c.username, _ACCOUNT.c.last_login_at)).all()
    return [tuple(row) for row in rows] == [(FIRST_ADMINISTRATOR, None)]


def _prepared(tx: Transaction, place: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    values = {column.name: row.get(column.name) for column in place.columns}
    if "version" in values:
        values["version"] = row.get("version", 1)
    if place is _PERSON:
        values["id_number_index"] = tx.vault.index(values["id_number"])
        values["pinyin"], values["initials"] = name_keys(row["name"])
    return values | {field: tx.vault.encrypt(field, values[field]) for field in SEALED.get(place.name, ())}


def _continue_numbering(connection: Connection, place: Table) -> None:
    """Let PostgreSQL number new rows after those that came with their ids; SQLite does so by itself."""
    if connection.dialect.name == "postgresql" and place.autoincrement_column is not None:
        key = place.autoincrement_column
        sequence = func.pg_get_serial_sequence(f'"{place.name}"', key.name)
        connection.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))
