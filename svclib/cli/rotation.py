"""`svc rotation …`: propose, publish, check, diff, export, show, absences."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclib.cli.common import decider, door, plain_rows, print_json, save_bytes, telling_failure, unit_id
from svclib.cli.rotation_telling import (
    STATE_WORDS,
    checked_json,
    print_checked,
    print_proposal,
    print_rows,
    proposal_json,
    searching,
)
from svclib.errors import RuleBroken
from svclib.i18n import gettext as _

if TYPE_CHECKING:
    from svclib.workspace import Workspace

rotation = typer.Typer(no_args_is_help=True, help="The yearly rotation: plan, publish, compare · 年度轮岗计划")

_PLACED = ("person_id", "employee_no", "name", "unit", "stage", "starts_on", "ends_on", "team", "station", "crew")
_DIFFERENT = ("name", "unit", "stage", "change", "old_team", "old_place", "new_team", "new_place", "reason")


class Preset(StrEnum):
    """What `--preset` accepts."""

    BALANCED = "balanced"
    LEAST_CHANGE = "least_change"


Plan = Annotated[str, typer.Argument(help="Name of the plan, like 2026 · 计划名称", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output · 输出 JSON")]
Version = Annotated[str | None, typer.Option(help="Number, published or draft · 版本号、published 或 draft")]


@rotation.command()
def create(
    plan: Plan,
    intake: Annotated[list[str], typer.Option(help="Intake, like 2026/graduate; may be repeated · 入职批次")],
    stage: Annotated[list[str], typer.Option(help="First and last day, like 2026-09-01/2026-10-15 · 阶段的首末日")],
    year: Annotated[int | None, typer.Option(help="Year; the name if left out · 年份")] = None,
    unit: Annotated[str | None, typer.Option(help="Only trainees of this unit and those below · 单位")] = None,
) -> None:
    """Make a plan for the trainees of one intake or several · 新建轮岗计划."""
    from datetime import timedelta

    from svclib.workspace.register.days import as_day

    ws = door()
    known = {f"{row['year']}/{row['kind']}": row["id"] for row in ws.register.intakes().to_dict("records")}
    missing = [one for one in intake if one not in known]
    if missing:
        told = _("There is no intake {name}. Known are: {known}.")
        raise RuleBroken(told.format(name=missing[0], known=", ".join(known) or "–"), field="intake")
    days = [one.partition("/") for one in stage]
    spans = [
        (as_day(first, field="stage"), as_day(last, field="stage") + timedelta(days=1)) for first, _slash, last in days
    ]
    if year is None and not plan.isdecimal():
        raise RuleBroken(_("Say the year, too: --year 2026"), field="year")
    chosen = [int(known[one]) for one in intake]
    ws.rotation.create_plan(
        plan, year=int(plan) if year is None else year, stages=spans, intakes=chosen, unit=unit_id(ws, unit)
    )
    typer.echo(_("Plan {name} is made. Next: svc rotation propose {name} --save").format(name=plan))


@rotation.command("show")
def show_plan(
    plan: Annotated[str | None, typer.Argument(help="Name of the plan; all if left out · 计划名称")] = None,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """List the plans, or who stands where in one · 列出计划，或一个计划的安排."""
    ws = door()
    names: tuple[str, ...]
    if plan is None:
        rows = plain_rows(ws.rotation.plans())
        names = ("name", "state", "published_version", "starts_on", "ends_on", "trainees", "drafts")
    else:
        rows = plain_rows(ws.rotation.placements(plan, version=_version(version)))
        names = (*_PLACED[1:], "mentor", "state")
    if as_json:
        print_json(
            [{name: row[name] for name in (names if plan is None else (*_PLACED, "mentor", "state"))} for row in rows]
        )
        return
    for row in rows:
        state = STATE_WORDS[row["state"]]
        row["state"] = _(state)
    print_rows(rows, names, none=_nothing(ws, plan))


@rotation.command()
def propose(
    plan: Plan,
    seed: Annotated[int, typer.Option(help="Same seed, same plan · 随机种子")] = 1,
    time_limit: Annotated[float, typer.Option(help="Seconds at most · 时间上限（秒）")] = 60.0,
    gap: Annotated[float, typer.Option(help="Stop when proved so near the best · 证明差距小于此值即停")] = 0.001,
    preset: Annotated[
        Preset, typer.Option(help="Balanced, or as few moves as possible · 均衡或尽量少动")
    ] = Preset.BALANCED,
    save: Annotated[bool, typer.Option("--save", help="Keep it as the plan's draft · 存为草案")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose who goes where; nothing is written without --save. Exit status 1 when there is no plan · 生成轮岗方案."""
    ws = door()
    with searching() as tell:
        proposal = ws.rotation.propose(
            plan, seed=seed, time_limit_s=time_limit, gap=gap, preset=preset.value, tell=tell
        )
    if save and proposal.found:
        ws.rotation.save_draft(proposal)
    if as_json:
        print_json(proposal_json(proposal))
    else:
        print_proposal(proposal, saved=save and proposal.found)
    raise typer.Exit(0 if proposal.found else 1)


@rotation.command()
def publish(
    plan: Plan,
    decided_by: Annotated[str | None, typer.Option("--by", help="Who decides, by name · 决定人姓名")] = None,
) -> None:
    """Publish what is drafted: judged anew, all or nothing · 发布轮岗计划."""
    ws = door()
    number = ws.rotation.publish(plan, version=_current_version(ws, plan), decided_by=decider(decided_by))
    row = ws.rotation.versions(plan).to_dict("records")[0]
    told = _("Plan {name}: version {number} is published by {who}; {count} placements, {moved} of them moved.")
    typer.echo(
        told.format(name=plan, number=number, who=row["published_by"], count=row["placements"], moved=row["moved"])
    )


@rotation.command()
def check(
    file: Annotated[Path, typer.Argument(help="Workbook: form 4, 轮岗安排表 · 轮岗安排表文件", show_default=False)],
    plan: Annotated[str | None, typer.Option(help="Plan, where the file does not tell · 计划名称")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take the changes into the draft · 把改动收入草案")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a plan that came back: 0 clean, 1 rules broken or rows refused, 2 unusable · 检查交回的轮岗安排表."""
    with telling_failure(as_json=as_json):
        ws = door()
        checked = ws.rotation.check_file(file, plan=plan)
        if accept:
            ws.rotation.accept_file(file, plan=checked.plan, version=checked.version)
    if as_json:
        print_json(checked_json(checked))
    else:
        print_checked(checked, accepted=accept)
    raise typer.Exit(0 if checked.clean else 1)


@rotation.command()
def diff(
    plan: Plan,
    old: Annotated[str, typer.Option(help="Version before: number, published or draft · 旧版本")] = "published",
    new: Annotated[str, typer.Option(help="Version after · 新版本")] = "draft",
    as_json: AsJson = False,
) -> None:
    """Compare two versions of a plan, with the reason of each move · 比较两个版本."""
    rows = plain_rows(door().rotation.diff(plan, _version(old), _version(new)))
    if as_json:
        print_json([{name: row[name] for name in ("person_id", "employee_no", *_DIFFERENT)} for row in rows])
    else:
        words = {"added": _("added"), "removed": _("removed"), "moved": _("moved")}
        changed = [row | {"change": words[row["change"]]} for row in rows]
        print_rows(changed, _DIFFERENT, none=_("Nothing differs between the two versions."))


@rotation.command()
def export(
    plan: Plan,
    out: Annotated[Path, typer.Argument(help="The .xlsx to write, or a .zip with one for each unit · 输出文件")],
    unit: Annotated[str | None, typer.Option(help="Only this unit · 单位")] = None,
    version: Version = None,
) -> None:
    """Write a plan as form 4, to be changed and brought back · 导出轮岗安排表."""
    ws = door()
    if out.suffix.lower() == ".zip" and unit is None:
        content = _zipped(ws, plan, _version(version))
    else:
        content = ws.rotation.workbook(plan, unit=unit_id(ws, unit), version=_version(version))
    save_bytes(out, content)


@rotation.command()
def absences(
    plan: Annotated[str | None, typer.Argument(help="Only a plan's trainees · 计划名称")] = None,
    as_json: AsJson = False,
) -> None:
    """List who is not available when; never why · 列出缺勤."""
    rows = plain_rows(door().rotation.absences(plan))
    names = ("person_id", "id", "name", "starts_on", "ends_on", "written_by")
    if as_json:
        print_json([{name: row[name] for name in names} for row in rows])
    else:
        print_rows(rows, names[1:], none=_("Nobody is noted as away."))


def _nothing(ws: Workspace, plan: str | None) -> str:
    """What is said where no plan, or no placement of one, is listed."""
    if plan is None:
        return _("There is no rotation plan yet")
    told = _("Nobody is placed in plan {name} yet.").format(name=plan)
    if not ws.may("rotation.propose"):
        return told
    return _("{told} Next: svc rotation propose {name} --save").format(told=told, name=plan)


def _version(text: str | None) -> Any:
    return int(text) if text is not None and text.isdigit() else text


def _current_version(ws: Workspace, plan: str) -> int:
    plans = ws.rotation.plans()
    found = plans[plans["name"] == plan]
    # An unknown plan is told by the verb, with the names that there are.
    return int(found["version"].iloc[0]) if len(found) else 0


def _zipped(ws: Workspace, plan: str, version: Any) -> bytes:
    import io
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, name in ws.rotation.units(plan).items():
            archive.writestr(f"{plan}-{name}.xlsx", ws.rotation.workbook(plan, unit=number, version=version))
    return content.getvalue()
