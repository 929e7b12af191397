"""One Alembic history for both engines. `upgrade` brings a database to this program's version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic itself is imported by `upgrade` alone: every page's kernel and every command asks only which revision it is.
# SQLAlchemy's inspector would tell, too, but takes a megabyte of each page for it.
_HAS_HISTORY = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    "postgresql": "SELECT to_regclass('alembic_version')",
}
_VERSIONS = Path(__file__).parent / "versions"


def _revisions() -> list[str]:
    """All revisions, oldest first: revision `0001_register` stands in `v0001_register.py`."""
    return sorted(path.stem.removeprefix("v") for path in _VERSIONS.glob("v*.py"))


def head() -> str:
    """The newest revision that this program knows."""
    return _revisions()[-1]


def known(revision: str) -> bool:
    """Whether this program knows the revision; one that it does not know comes from a newer program."""
    return revision in _revisions()


def current(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if connection.execute(text(_HAS_HISTORY[connection.dialect.name])).scalar() is None:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def config() -> Config:
    """Alembic's configuration, without a file."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Create or upgrade all tables in one transaction, to this program's version or an older one."""
    from alembic import command

    chosen = config()
    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, revision)


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Batch mode rebuilds tables on SQLite: with foreign keys on, dropping the old one would cascade."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
