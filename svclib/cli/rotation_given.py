"""`svc rotation wishes`, `pairs`, `bounds`, and what sets them: wish, pair, unpair, absence, end-absence, bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from svclib.cli.common import door, plain_rows, print_json, team_id
from svclib.cli.rotation_requests import trainee_id
from svclib.cli.rotation_telling import print_rows
from svclib.errors import NotFound
from svclib.i18n import gettext as _

if TYPE_CHECKING:
    from svclib.workspace import Workspace

Plan = Annotated[str, typer.Argument(help="Name of the plan, like 2026 · 计划名称", show_default=False)]
Who = Annotated[str, typer.Argument(help="Employee number or name · 人员编码或姓名", show_default=False)]
Reason = Annotated[str | None, typer.Option(help="Why; kept encrypted · 原因（加密保存）")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document · 输出 JSON")]


def mount(rotation: typer.Typer) -> None:
    """Add the commands to `svc rotation`."""
    for command in (wishes, wish, pairs, pair, unpair, absence, bounds, bound):
        rotation.command()(command)
    rotation.command("end-absence")(end_absence)


def wishes(plan: Plan, as_json: AsJson = False) -> None:
    """List the trainees' wishes · 列出志愿."""
    rows = plain_rows(door().rotation.wishes(plan))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, ("name", "rank", "team"), none=_("Nobody has noted wishes."))


def wish(
    plan: Plan,
    person: Who,
    team: Annotated[
        list[str] | None, typer.Argument(help="Up to three, the dearest first; none: no wishes · 服务队")
    ] = None,
) -> None:
    """Note somebody's wishes in place of older ones · 登记志愿."""
    ws = door()
    teams = [found for one in team or [] for found in [team_id(ws, one)] if found is not None]
    ws.rotation.wish(plan, trainee_id(ws, plan, person), teams)
    typer.echo(_("The wishes of {name} are saved.").format(name=person))


def pairs(plan: Plan, as_json: AsJson = False) -> None:
    """List who is kept apart or together; never why · 列出搭配."""
    rows = plain_rows(door().rotation.pairs(plan))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        row["way"] = _("apart") if row["apart"] else _("together")
    print_rows(rows, ("id", "name", "other", "way", "written_by"), none=_("No pairs."))


def pair(
    plan: Plan,
    person: Who,
    other: Annotated[str, typer.Argument(help="The other one · 另一名学员", show_default=False)],
    apart: Annotated[bool, typer.Option("--apart/--together", help="In no team, or in each · 分开或同队")] = True,
    reason: Reason = None,
) -> None:
    """Have two trainees kept apart, or together · 登记搭配."""
    ws = door()
    people = trainee_id(ws, plan, person), trainee_id(ws, plan, other)
    ws.rotation.pair(plan, *people, apart=apart, reason=reason)
    typer.echo(_("The pair is noted."))


def unpair(plan: Plan, number: Annotated[int, typer.Argument(help="As listed · 编号", show_default=False)]) -> None:
    """Undo a pair · 解除搭配."""
    door().rotation.unpair(plan, number)
    typer.echo(_("The pair is undone."))


def absence(
    plan: Plan,
    person: Who,
    days: Annotated[str, typer.Option(help="First and last day, 2026-09-01/2026-09-20 · 首末日")],
    reason: Reason = None,
) -> None:
    """Note that a trainee is not available · 登记缺勤."""
    from datetime import timedelta

    from svclib.workspace.register.days import as_day

    ws = door()
    first, _slash, last = days.partition("/")
    ends_on = as_day(last or first, field="days") + timedelta(days=1)
    ws.rotation.absence(trainee_id(ws, plan, person), as_day(first, field="days"), ends_on, reason=reason)
    typer.echo(_("Noted: {name} is away {days}.").format(name=person, days=days.replace("/", " – ")))


def end_absence(number: Annotated[int, typer.Argument(help="As listed · 编号", show_default=False)]) -> None:
    """Delete an absence · 删除缺勤."""
    door().rotation.end_absence(number)
    typer.echo(_("The absence is deleted."))


def bounds(plan: Plan, as_json: AsJson = False) -> None:
    """List the teams and stations with places of their own · 列出另设的名额."""
    ws = door()
    rows = plain_rows(ws.rotation.bounds(plan))
    if as_json:
        print_json(rows)
        return
    names = {row["id"]: row["name"] for row in plain_rows(ws.register.stations())} if rows else {}
    for row in rows:
        row["station"] = names.get(row["station_id"])
    none = _("All teams take as many as the plan's figures say.")
    print_rows(rows, ("team", "station", "lower", "upper"), none=none)


def bound(
    plan: Plan,
    team: Annotated[str, typer.Argument(help="Service team · 服务队", show_default=False)],
    least: Annotated[int | None, typer.Option(min=0, help="Fewest trainees · 最少人数")] = None,
    most: Annotated[int | None, typer.Option(min=0, help="Most trainees · 最多人数")] = None,
    station: Annotated[str | None, typer.Option(help="One of its stations · 服务站")] = None,
) -> None:
    """Say how many a team or station takes in each stage; neither: as the plan's figures · 设定名额."""
    ws = door()
    number = team_id(ws, team)
    assert number is not None
    ws.rotation.bound(plan, number, least, most, station_id=_station(ws, number, station))
    name = station or team
    if least is None and most is None:
        typer.echo(_("The places of {name} are as the plan's figures say again.").format(name=name))
    else:
        typer.echo(_("The places of {name} are saved.").format(name=name))


def _station(ws: Workspace, team: int, name: str | None) -> int | None:
    """The team's station of this name. Raises NotFound, naming those that there are."""
    if name is None:
        return None
    known = {row["name"]: int(row["id"]) for row in plain_rows(ws.register.stations(team=team))}
    if name not in known:
        told = _("The team has no station {name}. Known are: {known}.")
        raise NotFound(told.format(name=name, known="、".join(known) or "–"))
    return known[name]
