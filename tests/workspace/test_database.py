"""Creating, upgrading and recognising a database."""

import stat

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from svclib import DatabaseState, migrations, open_workspace
from svclib.settings import load_settings
from svclib.workspace import Workspace, init_database


def test_the_migrations_build_exactly_the_tables_that_the_models_declare(ws: Workspace) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with ws.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_database_of_a_newer_program_is_refused_and_left_alone(ws: Workspace) -> None:
    with ws.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    with pytest.raises(DatabaseState, match="更新版本"):
        open_workspace(ws.settings)
    with pytest.raises(DatabaseState, match="更新版本"):
        init_database(ws.settings)


def test_an_empty_database_is_named_as_such_with_the_command_that_creates_it() -> None:
    with pytest.raises(DatabaseState, match="svc init"):
        open_workspace()


def test_init_twice_changes_nothing_and_keeps_the_keys() -> None:
    settings = load_settings()
    init_database(settings)
    keys = settings.keys.read_bytes()
    init_database(settings)
    assert settings.keys.read_bytes() == keys
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o600


def test_lost_keys_are_reported_and_never_replaced_while_there_is_a_database() -> None:
    settings = load_settings()
    init_database(settings)
    settings.keys.unlink()
    for attempt in (open_workspace, init_database):
        with pytest.raises(DatabaseState, match="密钥"):
            attempt(settings)
    assert not settings.keys.exists()


def test_the_revisions_read_from_the_file_names_are_those_that_alembic_knows() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(migrations.config())
    assert scripts.get_heads() == [migrations.head()]
    assert all(migrations.known(script.revision) for script in scripts.walk_revisions())
