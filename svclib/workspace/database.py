"""Create, upgrade and recognise a database."""

from __future__ import annotations

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import OperationalError

from svclib import migrations
from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.models import AuditHead, table
from svclib.settings import Settings
from svclib.workspace.engine import make_engine
from svclib.workspace.vault import Vault

_HEAD = table(AuditHead)


def init_database(settings: Settings) -> str:
    """Create or upgrade the database and make the keys where there are none. Return the revision it is at now.

    Raises DatabaseState for a database of a newer program, or one that has data while its keys are gone.
    """
    engine = make_engine(settings.url)
    try:
        before = current_revision(engine)
        if before is not None and not migrations.known(before):
            raise DatabaseState(_newer())
        if before is not None:
            Vault.open(settings.keys)
        migrations.upgrade(engine)
        with engine.begin() as connection:
            if connection.execute(select(_HEAD.c.id)).first() is None:
                connection.execute(insert(_HEAD).values(id=1, number=0))
        Vault.create(settings.keys)
    finally:
        engine.dispose()
    return migrations.head()


def check_database(engine: Engine) -> None:
    """Raise DatabaseState unless the database is exactly at this program's revision."""
    revision = current_revision(engine)
    if revision is None:
        raise DatabaseState(_("The database is empty. Create it with: svc init (or try the demo with: svc demo)"))
    if not migrations.known(revision):
        raise DatabaseState(_newer())
    if revision != migrations.head():
        raise DatabaseState(_("The database was made by an older version of this program. Upgrade it with: svc init"))


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at, None before `svc init`. Raises DatabaseState when it does not answer."""
    try:
        with engine.connect() as connection:
            return migrations.current(connection)
    except OperationalError as error:
        raise DatabaseState(
            _("The database at {place} does not answer. Is the address right and the server running?").format(
                place=engine.url.render_as_string(hide_password=True)
            )
        ) from error


def _newer() -> str:
    return _("The database was made by a newer version of this program. Update the program; nothing was changed.")
