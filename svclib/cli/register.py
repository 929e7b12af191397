"""`svc register …`: check, people, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclib.errors import BadFile, NotFound
from svclib.i18n import gettext as _
from svclib.i18n import ngettext

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from svclib.workspace import Workspace

register = typer.Typer(no_args_is_help=True, help="The register: people, teams, imports · 花名册")

_SHOWN = ("employee_no", "name", "sex", "birth_date", "status", "stage", "unit", "team", "hired_on", "phone")
_CHECKED = ("unit", "team", "rule", "figure", "limit", "holds", "since", "sentence")
On = Annotated[str | None, typer.Option(help="Day like 2026-07-01; today if left out · 日期")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output · 输出 JSON")]
Search = Annotated[str, typer.Option(help="Name, pinyin, initials or employee number · 姓名、拼音、首字母、工号")]


@register.command()
def check(
    on: On = None,
    unit: Annotated[str | None, typer.Option(help="Only this unit · 单位")] = None,
    leaving: Annotated[
        str | None, typer.Option(help="Employee numbers with commas: what if they left that day · 若这些人离队")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Rules that hold, too · 显示全部规则")] = False,
    strict: Annotated[bool, typer.Option(help="Exit status 1 if a rule is broken · 有不达标时退出码为 1")] = False,
    as_json: Json = False,
) -> None:
    """Judge every team by the composition rules · 检查服务队组建规则."""
    from svclib.workspace import open_workspace

    ws = open_workspace()
    leaving_ids = [_person_id(ws, number.strip(), on) for number in (leaving or "").split(",") if number.strip()]
    judged = ws.register.composition(on, unit=_unit_id(ws, unit), leaving=leaving_ids)
    broken = judged[~judged["holds"]]
    document = {
        "on": on or ws.today.isoformat(),
        "teams": int(judged["team_id"].nunique()),
        "rules_broken": len(broken),
        "teams_broken": int(broken["team_id"].nunique()),
        "rows": _records(judged, _CHECKED),
    }
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        _print_composition(judged if everything else broken, document)
    if strict and len(broken):
        raise typer.Exit(1)


@register.command()
def people(on: On = None, search: Search = "", as_json: Json = False) -> None:
    """List people of a day, phones masked · 列出人员."""
    from svclib.workspace import open_workspace
    from svclib.workspace.register.listing import PeopleQuery

    page = open_workspace().register.page(PeopleQuery(on=on, search=search, limit=None))
    if as_json:
        typer.echo(json.dumps(_records(page.rows, _SHOWN), ensure_ascii=False, indent=1))
    else:
        _print_people(page.rows)


@register.command()
def export(
    out: Annotated[Path, typer.Argument(help="The .xlsx to write · 输出文件")],
    on: On = None,
    group: Annotated[
        str, typer.Option(help="all, members, trainees or broken · 全部、队员、学员、不达标服务队")
    ] = "all",
    search: Search = "",
) -> None:
    """Write a list of people as an Excel workbook · 导出人员名册."""
    from svclib.workspace import open_workspace
    from svclib.workspace.register.listing import PeopleQuery

    query = PeopleQuery(on=on, search=search, group=group)  # type: ignore[arg-type]  # judged by the verb
    content = open_workspace().register.export(query, [name for name in _SHOWN if name != "phone"])
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadFile(_("{path} cannot be written: {reason}").format(path=out, reason=error.strerror)) from error
    typer.echo(_("Written: {path}").format(path=out), err=True)


def _unit_id(ws: Workspace, name: str | None) -> int | None:
    if name is None:
        return None
    units = ws.register.units()
    found = units[(units["short_name"] == name) | (units["name"] == name)]
    if found.empty:
        from difflib import get_close_matches

        near = get_close_matches(name, [*units["short_name"], *units["name"]], n=1, cutoff=0.3)
        told = _("There is no unit {name}.").format(name=name)
        raise NotFound(told if not near else f"{told}{_('Did you mean {near}?').format(near=near[0])}")
    return int(found.iloc[0]["id"])


def _person_id(ws: Workspace, employee_no: str, on: str | None) -> int:
    from svclib.workspace.register.listing import PeopleQuery

    rows = ws.register.page(PeopleQuery(on=on, search=employee_no, sort="employee_no", limit=None)).rows
    found = rows[rows["employee_no"] == employee_no]
    if found.empty:
        raise NotFound(_("Nobody has the employee number {number} on that day.").format(number=employee_no))
    return int(found.iloc[0]["id"])


def _records(rows: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows as plain values: days as ISO texts, nothing as null."""
    chosen = rows[list(columns)].copy()
    for name in chosen.select_dtypes("datetime"):
        chosen[name] = chosen[name].dt.strftime("%Y-%m-%d")
    plain = chosen.astype(object).where(chosen.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def _print_composition(rows: pd.DataFrame, document: dict[str, Any]) -> None:
    from svclib.rules.composition import RULE_LABELS, Rule

    table = _table(_("Unit"), _("Service team"), _("Rule"), _("Finding"), _("Broken since"))
    for row in rows.to_dict("records"):
        rule = ("✓ " if row["holds"] else "✗ ") + _(RULE_LABELS[Rule(row["rule"])])
        since = row["since"].date().isoformat() if row["since"] == row["since"] else ""
        table.add_row(row["unit"], row["team"], rule, row["sentence"] or row["figure_text"], since)
    if len(rows):
        _print(table)
    told = ngettext(
        "{day}: {teams} team judged, {rules_broken} rules broken in {teams_broken} of them.",
        "{day}: {teams} teams judged, {rules_broken} rules broken in {teams_broken} of them.",
        document["teams"],
    )
    values = {name: document[name] for name in ("teams", "rules_broken", "teams_broken")}
    _print(told.format(day=document["on"], **values))


def _print_people(rows: pd.DataFrame) -> None:
    from svclib.models import DevelopmentStage, PoliticalStatus, Sex, label
    from svclib.workspace.register.sheet import HEADINGS

    codes = {"sex": Sex, "status": PoliticalStatus, "stage": DevelopmentStage}
    table = _table(*(_(HEADINGS[name]) for name in _SHOWN))
    for row in _records(rows, _SHOWN):
        words = {name: label(kind(row[name])) for name, kind in codes.items() if row[name] is not None}
        table.add_row(*(str((row | words)[name] or "") for name in _SHOWN))
    _print(table)
    told = ngettext("{count} person", "{count} people", len(rows)).format(count=f"{len(rows):,}")
    _print(told)


def _table(*headings: str) -> Table:
    """A plain table whose cells wrap rather than lose their end."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _print(what: Table | str) -> None:
    """Print in the terminal's width; into a pipe or file as wide as it needs to be."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 240
    console.print(what, soft_wrap=isinstance(what, str))
