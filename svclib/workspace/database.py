"""Create, upgrade and recognise a database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import OperationalError

from svclib import migrations
from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.models import AuditHead, AuditRow, table
from svclib.settings import Settings
from svclib.workspace.audit.anchors import Kind, head_of, write_anchor
from svclib.workspace.chain import FIELDS, START, chained, link
from svclib.workspace.engine import WRITE, make_engine
from svclib.workspace.identity import command_line
from svclib.workspace.keys import create_keys, read_keys, replace_keys
from svclib.workspace.policy import SYSTEM
from svclib.workspace.vault import Vault

_HEAD = table(AuditHead)
_AUDIT = table(AuditRow)
_AT_ONCE = 5_000


def init_database(settings: Settings) -> str:
    """Create or upgrade the database and make the keys where there are none. Return the revision it is at now.

    A trail of before the chain is sealed as it stands, and that is written in it. Raises DatabaseState for a database
    of a newer program, or one that has data while its keys are gone.
    """
    engine = make_engine(settings.url)
    try:
        before = current_revision(engine)
        if before is not None and not migrations.known(before):
            raise DatabaseState(_newer())
        if before is not None:
            read_keys(settings.keys)
        migrations.upgrade(engine)
        create_keys(settings.keys)
        with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            if connection.execute(select(_HEAD.c.id)).first() is None:
                connection.execute(insert(_HEAD).values(id=1, number=0, mac=START))
            _seal_trail(connection, settings)
            head = head_of(connection)
        if settings.anchors.exists() if before is None else head[0] and not settings.anchors.exists():
            # What earlier lines say is of another database; and a trail sealed just now is anchored as it is.
            kind: Kind = "begin" if before is None else "anchor"
            write_anchor(settings, Vault.open(settings.keys), kind, *head)
    finally:
        engine.dispose()
    return migrations.head()


def _seal_trail(connection: Connection, settings: Settings) -> None:
    """Make the audit key where there is none, and seal a trail that has no seals yet."""
    head = connection.execute(select(_HEAD.c.number, _HEAD.c.mac).where(_HEAD.c.id == 1).with_for_update()).one()
    keys = read_keys(settings.keys)
    if keys.audit is None:
        if head.mac != START:
            raise DatabaseState(
                _(
                    "The key file {path} has no audit key, but the trail of this database is sealed with one. Put the "
                    "newer key file back."
                ).format(path=settings.keys)
            )
        # The key first: should the machine fail now, the next `svc init` seals with it.
        replace_keys(settings.keys, keys.with_audit())
    if head.number == 0 or head.mac != START:
        return
    vault = Vault.open(settings.keys)
    mac = START
    columns = [_AUDIT.c[name] for name in FIELDS]
    change = update(_AUDIT).where(_AUDIT.c.number == bindparam("key")).values(mac=bindparam("seal"))
    rows = connection.execute(select(*columns).order_by(_AUDIT.c.number)).mappings().all()
    for start in range(0, len(rows), _AT_ONCE):
        seals = []
        for row in rows[start : start + _AT_ONCE]:
            mac = link(vault, mac, dict(row))
            seals.append({"key": row["number"], "seal": mac})
        connection.execute(change, seals)
    told = {"at": datetime.now(UTC), "actor": SYSTEM.name, "origin": command_line(), "verb": "audit.seal"}
    told |= {"table_name": None, "row_id": None, "before": None, "after": {"rows": len(rows)}}
    last = chained(vault, head.number, mac, [told])
    connection.execute(insert(_AUDIT), last)
    connection.execute(update(_HEAD).where(_HEAD.c.id == 1).values(number=last[0]["number"], mac=last[0]["mac"]))


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
