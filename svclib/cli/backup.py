"""`svc backup`, `svc restore`: everything in one file, and back.

Exit status: 0 done; 1 done, but the trail in the backup is not whole; 2 not done, with a sentence why.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from svclib.cli.common import counting, door, require_machines_user
from svclib.i18n import gettext as _
from svclib.settings import load_settings


def mount(app: typer.Typer) -> None:
    """Add the commands to `svc`."""
    app.command()(backup)
    app.command()(restore)


def backup(file: Annotated[Path, typer.Argument(help="The file to write · 备份文件", show_default=False)]) -> None:
    """Write everything but the keys to one file, while in use · 备份（不含密钥，不必停机）."""
    ws = door()
    with counting(_("Tables")) as progress:
        done = ws.backup.write(file, progress=progress)
    typer.echo(
        _("Backup written and read back: {path}, {rows} rows in {tables} tables. The keys are not in it.").format(
            path=done.path, rows=done.rows, tables=done.tables
        )
    )
    _tell_trail(done.trail)


def restore(
    file: Annotated[Path, typer.Argument(help="The backup · 备份文件", show_default=False)],
    replace: Annotated[
        str | None,
        typer.Option(
            help="Lose all that this database holds: its name, as confirmation · 覆盖现有数据，须写出数据库的名字",
            metavar="NAME",
        ),
    ] = None,
) -> None:
    """Put a backup back into an empty database · 把备份恢复到空库."""
    from svclib.workspace.backup import restore_backup

    require_machines_user()
    with counting(_("Tables")) as progress:
        done = restore_backup(load_settings(), file, replace=replace, progress=progress)
    typer.echo(
        _("Restored as of {at}: {rows} rows in {tables} tables. Everybody has to log in again.").format(
            at=done.made_at.astimezone().strftime("%Y-%m-%d %H:%M"), rows=done.rows, tables=done.tables
        )
    )
    _tell_trail(done.trail)


def _tell_trail(fault: str | None) -> None:
    if fault is not None:
        typer.echo(_("But the trail in it is not whole. {fault}").format(fault=fault), err=True)
        raise typer.Exit(1)
