"""`svc register …`: check, people, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclib.cli.common import door, person_id, plain_rows, print_json, save_bytes, show, table, unit_id
from svclib.i18n import gettext as _
from svclib.i18n import ngettext

if TYPE_CHECKING:
    import pandas as pd

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
    ws = door()
    leaving_ids = [person_id(ws, number.strip(), on) for number in (leaving or "").split(",") if number.strip()]
    judged = ws.register.composition(on, unit=unit_id(ws, unit), leaving=leaving_ids)
    broken = judged[~judged["holds"]]
    document = {
        "on": on or ws.today.isoformat(),
        "teams": int(judged["team_id"].nunique()),
        "rules_broken": len(broken),
        "teams_broken": int(broken["team_id"].nunique()),
        "rows": plain_rows(judged[list(_CHECKED)]),
    }
    if as_json:
        print_json(document)
    else:
        _print_composition(judged if everything else broken, document)
    if strict and len(broken):
        raise typer.Exit(1)


@register.command()
def people(on: On = None, search: Search = "", as_json: Json = False) -> None:
    """List people of a day, phones masked · 列出人员."""
    from svclib.workspace.register.listing import PeopleQuery

    page = door().register.page(PeopleQuery(on=on, search=search, limit=None))
    if as_json:
        print_json(plain_rows(page.rows[list(_SHOWN)]))
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
    from svclib.workspace.register.listing import PeopleQuery

    query = PeopleQuery(on=on, search=search, group=group)  # type: ignore[arg-type]  # judged by the verb
    save_bytes(out, door().register.export(query, [name for name in _SHOWN if name != "phone"]))


def _print_composition(rows: pd.DataFrame, document: dict[str, Any]) -> None:
    from svclib.rules.composition import RULE_LABELS, Rule

    shown = table(_("Unit"), _("Service team"), _("Rule"), _("Finding"), _("Broken since"))
    for row in rows.to_dict("records"):
        rule = ("✓ " if row["holds"] else "✗ ") + _(RULE_LABELS[Rule(row["rule"])])
        since = row["since"].date().isoformat() if row["since"] == row["since"] else ""
        shown.add_row(row["unit"], row["team"], rule, row["sentence"] or row["figure_text"], since)
    if len(rows):
        show(shown)
    if not document["rules_broken"]:
        kept = ngettext(
            "{day}: {teams} team judged, all rules are kept.",
            "{day}: {teams} teams judged, all rules are kept.",
            document["teams"],
        )
        typer.echo(kept.format(day=document["on"], teams=document["teams"]))
        return
    told = ngettext(
        "{day}: {teams} team judged, {rules_broken} rules broken in {teams_broken} of them.",
        "{day}: {teams} teams judged, {rules_broken} rules broken in {teams_broken} of them.",
        document["teams"],
    )
    values = {name: document[name] for name in ("teams", "rules_broken", "teams_broken")}
    show(told.format(day=document["on"], **values))


def _print_people(rows: pd.DataFrame) -> None:
    from svclib.models import DevelopmentStage, PoliticalStatus, Sex, label
    from svclib.workspace.register.sheet import HEADINGS

    codes = {"sex": Sex, "status": PoliticalStatus, "stage": DevelopmentStage}
    shown = table(*(_(HEADINGS[name]) for name in _SHOWN))
    for row in plain_rows(rows[list(_SHOWN)]):
        words = {name: label(kind(row[name])) for name, kind in codes.items() if row[name] is not None}
        shown.add_row(*(str((row | words)[name] or "") for name in _SHOWN))
    show(shown)
    told = ngettext("{count} person", "{count} people", len(rows)).format(count=f"{len(rows):,}")
    show(told)
