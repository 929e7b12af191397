"""`svc keys …`: a new encryption key, and old ones forgotten. Exit status: 0 done; 2 not done, with a sentence why."""

from __future__ import annotations

from typing import Annotated

import typer

from svclib.cli.common import counting, door
from svclib.i18n import gettext as _

keys = typer.Typer(no_args_is_help=True, help="Encryption keys · 密钥")


@keys.command()
def rotate() -> None:
    """Encrypt everything that lives with a new key, while in use · 更换加密密钥（不必停机）."""
    ws = door()
    with counting(_("Rows")) as progress:
        done = ws.keys.rotate(progress=progress)
    typer.echo(
        _("New key {key}: {people} people, {imports} rows of imports, {drafts} drafts encrypted anew.").format(
            key=done.current, people=done.people, imports=done.imports, drafts=done.drafts
        )
    )
    typer.echo(
        _("Make a copy of the key file now: {path}. Old keys that the trail and older backups need: {names}").format(
            path=ws.settings.keys, names="、".join(done.retired)
        )
    )


@keys.command()
def forget(key: Annotated[str, typer.Argument(help="Name of the old key, e.g. k1 · 旧密钥的名字")]) -> None:
    """Take an old key out of the key file; what the trail holds under it is then closed for good · 弃用旧密钥."""
    lost = door().keys.forget(key)
    typer.echo(
        _("Key {key} is forgotten; {count} rows of the trail keep values that nobody can open.").format(
            key=key, count=lost
        )
    )
