"""One engine for SQLite and PostgreSQL, with the write lock taken at the start of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from svclib.errors import BadSetting
from svclib.i18n import gettext as _

BUSY_MS = 15_000
# How much of the file a connection keeps for itself. The system holds the file for all of them anyway, and of pages
# that only read there are many; a change of many rows without room would be written out before its time.
READER_KB, WRITER_KB = 512, 2000
WRITE = "svc_write"


def _as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


# An import writes tens of thousands of JSON values; days and moments become ISO texts.
_JSON: dict[str, Any] = {"json_serializer": _as_json, "json_deserializer": orjson.loads}


_kept: dict[str, Engine] = {}


def make_engine(url: str) -> Engine:
    """An engine for the address, a kept one if there is any. Raises BadSetting when the address cannot be read."""
    return _kept.pop(url, None) or _new_engine(url)


def keep_engine(url: str, engine: Engine) -> None:
    """Let the next that asks for this address have this engine, with all the statements that it has compiled."""
    engine.dispose()
    _kept[url] = engine


@contextmanager
def elsewhere(engine: Engine, path: Path) -> Iterator[None]:
    """Let an engine for SQLite open another file than the one it is for, inside."""

    def connect(dialect: Dialect, _record: Any, _arguments: Any, options: Any) -> Any:
        return dialect.connect(str(path), **options)

    event.listen(engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", connect)


def _new_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadSetting(_("SVC_DATABASE_URL cannot be read as a database address.")) from error
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_JSON)
    if parsed.get_backend_name() != "sqlite":
        raise BadSetting(
            _("SVC_DATABASE_URL names {backend}; SQLite and PostgreSQL are supported.").format(
                backend=parsed.get_backend_name()
            )
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, **_JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own deferred BEGIN lets two writers read first and then collide; we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql(f"PRAGMA cache_size=-{WRITER_KB if write else READER_KB}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
