"""`svc audit …`: is the trail whole, anchor it, look at it.

Exit status of `svc audit verify`: 0 whole; 1 not whole, the first bad row named; 2 not checked, with a sentence why.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from svclib.i18n import gettext as _

audit = typer.Typer(no_args_is_help=True, help="The trail: who changed what when · 留痕")

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output · 输出 JSON")]


@audit.command()
def verify(as_json: Json = False) -> None:
    """Check that no row of the trail was changed, removed, put in or moved · 核对留痕是否完整."""
    from svclib.workspace import open_workspace

    found = open_workspace().audit.verify()
    if as_json:
        document = {
            "whole": found.whole,
            "rows": found.rows,
            "number": found.number,
            "fault": found.fault,
            "sentence": found.sentence,
            "anchored": found.anchored,
            "anchored_at": None if found.anchored_at is None else found.anchored_at.isoformat(),
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        typer.echo(found.sentence)
    raise typer.Exit(0 if found.whole else 1)


@audit.command()
def anchor() -> None:
    """Note number and seal of the last row outside the database · 把末行的编号和封印记到数据库之外."""
    from svclib.workspace import open_workspace

    ws = open_workspace()
    noted = ws.audit.anchor()
    typer.echo(_("Anchored up to row {number}: {path}").format(number=noted.number, path=ws.settings.anchors))
