"""`svc audit …`: is the trail whole, anchor it, look at it.

Exit status of `svc audit verify`: 0 whole; 1 not whole, the first bad row named; 2 not checked, with a sentence why.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from svclib.cli.common import door, on_the_clock, show, table
from svclib.i18n import gettext as _

audit = typer.Typer(no_args_is_help=True, help="The trail: who changed what when · 留痕")

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output · 输出 JSON")]


@audit.command()
def verify(as_json: Json = False) -> None:
    """Check that no row of the trail was changed, removed, put in or moved · 核对留痕是否完整."""
    found = door().audit.verify()
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
    ws = door()
    noted = ws.audit.anchor()
    typer.echo(_("Anchored up to row {number}: {path}").format(number=noted.number, path=ws.settings.anchors))


@audit.command("list")
def list_rows(
    who: Annotated[str | None, typer.Option(help="Only what this account did · 只看该账号")] = None,
    done: Annotated[
        list[str] | None, typer.Option("--verb", help="Only this verb, e.g. register.reveal · 操作")
    ] = None,
    record: Annotated[str, typer.Option(help="Part of a record's name, or person/17 · 记录的名称，或 person/17")] = "",
    since: Annotated[str | None, typer.Option("--from", help="First day, like 2026-07-01 · 起始日期")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day · 截止日期")] = None,
    limit: Annotated[int, typer.Option(help="At most so many rows · 最多行数")] = 50,
    as_json: Json = False,
) -> None:
    """List the trail, newest first · 列出留痕，最新的在前."""
    from svclib.workspace.audit import AuditQuery
    from svclib.workspace.audit.words import actor_word, origin_word

    query = AuditQuery(who=who, verbs=tuple(done or ()), record=record, since=since, until=until, limit=limit)
    ws = door()
    page = ws.audit.page(query)
    rows = json.loads(page.rows.to_json(orient="records", date_format="iso"))
    if as_json:
        typer.echo(json.dumps({"total": page.total, "rows": rows}, ensure_ascii=False, indent=1))
        return
    shown = table(_("No."), _("Time"), _("Who"), _("From where"), _("What was done"), _("Record"), _("Changes"))
    for row, at in zip(rows, page.rows["at"], strict=True):
        whence = actor_word(row["actor"]), origin_word(row["origin"])
        when = on_the_clock(ws, at, seconds=True)
        shown.add_row(str(row["number"]), when, *whence, row["doing"], row["record"], row["changes"])
    show(shown)
    typer.echo(_("{shown} of {total} rows").format(shown=len(rows), total=page.total), err=True)
