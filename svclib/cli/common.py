"""What the commands share: the door, records named by people, tables."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal
from zoneinfo import ZoneInfo

import typer

from svclib.errors import BadFile, Forbidden, NotFound, RuleBroken, SvcError
from svclib.i18n import gettext as _
from svclib.i18n import run_on

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from svclib.workspace import Workspace


_as_user: str | None = None


def act_as(name: str | None) -> None:
    """Let this command act as the account named with `svc --as NAME`; None: as the machine's own user."""
    global _as_user
    _as_user = name


def door() -> Workspace:
    """The workspace, as whom this command acts."""
    from svclib.workspace import open_workspace

    return open_workspace(as_user=_as_user)


def decider(name: str | None) -> str | None:
    """Who decides: as told, else the account. Raises RuleBroken for the machine's own user: that is nobody's name."""
    told = (name or "").strip()
    if not told and _as_user is None:
        raise RuleBroken(_("Say who decides: --by NAME"), field="by")
    return told or None


def require_machines_user() -> None:
    """Raise Forbidden when this command acts as an account: for what is done to the database as a whole."""
    if _as_user is not None:
        raise Forbidden(_("Only the machine's own user may do this, without --as."))


def unit_id(ws: Workspace, name: str | None) -> int | None:
    """The unit of this name, short or official. Raises NotFound with the nearest one."""
    return None if name is None else _named("unit", ws.register.units(), name, _("There is no unit {name}."))


def body_id(ws: Workspace, name: str | None, unit: int | None) -> int | None:
    """The party body of this name in the unit. Raises NotFound with the nearest one."""
    if name is None:
        return None
    return _named("body", ws.register.bodies(unit=unit), name, _("There is no party body {name} in that unit."))


def team_id(ws: Workspace, name: str | None) -> int | None:
    """The service team of this name, short or official. Raises NotFound with the nearest one."""
    return None if name is None else _named("team", ws.register.teams(), name, _("There is no service team {name}."))


def person_id(ws: Workspace, employee_no: str, on: str | None = None) -> int:
    """The person with this employee number on a day. Raises NotFound."""
    from svclib.workspace.register.listing import PeopleQuery

    rows = ws.register.page(PeopleQuery(on=on, search=employee_no, sort="employee_no", limit=None)).rows
    found = rows[rows["employee_no"] == employee_no]
    if found.empty:
        raise NotFound(_("Nobody has the employee number {number} on that day.").format(number=employee_no))
    return int(found.iloc[0]["id"])


def _named(kind: Literal["unit", "body", "team"], rows: pd.DataFrame, name: str, missing: str) -> int:
    columns = [column for column in ("short_name", "name", "official_name") if column in rows]
    for column in columns:
        found = rows[rows[column] == name]
        if len(found):
            return int(found.iloc[0]["id"])
    from svclib.rules import imports
    from svclib.tabular.names import Names

    spelt = {
        "unit": (imports.unit_key, imports.unit_key),
        "body": (imports.body_key, imports.body_core),
        "team": (imports.team_key, imports.team_core),
    }
    known = Names(*spelt[kind])
    for row in rows.to_dict("records"):
        known.add(int(row["id"]), [str(row[column]) for column in columns])
    near, told = known.nearest(name), missing.format(name=name)
    raise NotFound(told if near is None else run_on(told, _("Did you mean {near}?").format(near=near)))


def plain_rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values: days as ISO texts, moments with their zone, nothing as null."""
    chosen = rows.copy()
    for name in chosen.select_dtypes("datetime"):
        chosen[name] = chosen[name].dt.strftime("%Y-%m-%d")
    for name in chosen.select_dtypes("datetimetz"):
        chosen[name] = chosen[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    plain = chosen.astype(object).where(chosen.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def on_the_clock(ws: Workspace, at: datetime, *, seconds: bool = False) -> str:
    """A moment as the office's clock has it: 2026-07-01 10:32."""
    return at.astimezone(ZoneInfo(ws.settings.timezone)).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is told how many of how many are done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def saving(out: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only when it is written whole. Raises BadFile when it can't be written."""
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            yield file
        beside.replace(out)
    except OSError as error:
        raise BadFile(_("{path} cannot be written: {reason}").format(path=out, reason=error.strerror)) from error
    finally:
        beside.unlink(missing_ok=True)
    typer.echo(_("Written: {path}").format(path=out), err=True)


@contextmanager
def telling_failure(*, as_json: bool) -> Iterator[None]:
    """Tell of a file that can't be used in one sentence, with --json as a document too, and end with exit status 2."""
    try:
        yield
    except (SvcError, OSError) as error:
        if not as_json and isinstance(error, SvcError):
            raise
        typer.echo(str(error), err=True)
        if as_json:
            print_json({"error": str(error)})
        raise typer.Exit(2) from error


def save_bytes(out: Path, content: bytes) -> None:
    """Write a file and say so on standard error. Raises BadFile when it can't be written."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadFile(_("{path} cannot be written: {reason}").format(path=out, reason=error.strerror)) from error
    typer.echo(_("Written: {path}").format(path=out), err=True)


def table(*headings: str) -> Table:
    """A plain table whose cells wrap rather than lose their end."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def show(what: Table | str) -> None:
    """Print in the terminal's width; into a pipe or file as wide as it needs to be."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 240
    console.print(what, soft_wrap=isinstance(what, str))
