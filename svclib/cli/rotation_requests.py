"""`svc rotation requests`, and what is done with one: request, effect, approve, return, revoke, take-back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclib.cli.common import decider, door, plain_rows, print_json, save_bytes, team_id
from svclib.cli.rotation_telling import print_rows
from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _

if TYPE_CHECKING:
    from svclib.workspace import Workspace

Plan = Annotated[str, typer.Argument(help="Name of the plan, like 2026 · 计划名称", show_default=False)]
Number = Annotated[int, typer.Argument(help="Number of the request, as listed · 申请编号", show_default=False)]
By = Annotated[str | None, typer.Option("--by", help="Who decides, by name · 审批人姓名")]
_SHOWN = ("id", "name", "unit", "kind", "stage", "starts_on", "ends_on", "present", "wanted", "state", "decided_by")


class Kind(StrEnum):
    """What `--kind` accepts."""

    ABSENCE = "absence"
    CHANGE = "change"


class State(StrEnum):
    """What `--state` accepts."""

    PENDING = "pending"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


def mount(rotation: typer.Typer) -> None:
    """Add the commands to `svc rotation`."""
    for command in (requests, request, effect, approve, revoke):
        rotation.command()(command)
    rotation.command("return")(send_back)
    rotation.command("take-back")(take_back)


def requests(
    plan: Plan,
    state: Annotated[State | None, typer.Option(help="Only these · 状态")] = None,
    out: Annotated[Path | None, typer.Option(help="Write form 9 (.xlsx) instead · 另存为申请表")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document · 输出 JSON")] = False,
) -> None:
    """List requests for leave and other placements, never why · 列出请假和调整申请."""
    ws, chosen = door(), None if state is None else state.value
    if out is not None:
        save_bytes(out, ws.rotation.requests_workbook(plan, state=chosen))
        return
    rows = plain_rows(ws.rotation.requests(plan, state=chosen))
    if as_json:
        print_json(rows)
        return
    from svclib.models import RequestKind, RequestState, label

    for row in rows:
        open_ = _(" (not in the published plan yet)") if row["open"] else ""
        row["kind"], row["state"] = label(RequestKind(row["kind"])), label(RequestState(row["state"])) + open_
    print_rows(rows, _SHOWN, none=_("There are no such requests."))


def request(
    plan: Plan,
    person: Annotated[str, typer.Argument(help="Employee number or name · 人员编码或姓名", show_default=False)],
    kind: Annotated[
        Kind | None, typer.Option(help="Leave, or another placement: with --team · 请假；写了 --team 则为调整")
    ] = None,
    stage: Annotated[int | None, typer.Option(help="The stage it is about · 阶段")] = None,
    days: Annotated[str | None, typer.Option(help="First and last day, 2026-09-01/2026-09-20 · 首末日")] = None,
    team: Annotated[str | None, typer.Option(help="Team asked for; any other if left out · 申请的服务队")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept encrypted · 原因（加密保存）")] = None,
    asked_by: Annotated[str | None, typer.Option("--by", help="Who asks for the unit · 单位提出人")] = None,
) -> None:
    """File a request; nothing of the plan changes · 提出请假或调整申请."""
    from datetime import timedelta

    from svclib.workspace.register.days import as_day

    ws = door()
    span: dict[str, Any] = {}
    if days is not None:
        first, _slash, last = days.partition("/")
        span["starts_on"] = as_day(first, field="days")
        span["ends_on"] = as_day(last or first, field="days") + timedelta(days=1)
    place = {} if team is None else {"team_id": team_id(ws, team)}
    chosen = kind or (Kind.ABSENCE if team is None else Kind.CHANGE)
    options = {"stage": stage, "reason": reason, "asked_by": asked_by, **span, **place}
    number = ws.rotation.request(plan, trainee_id(ws, plan, person), chosen.value, **options)
    typer.echo(_("Filed as number {number}. Next: svc rotation approve {number} --by NAME").format(number=number))


def effect(
    number: Number, as_json: Annotated[bool, typer.Option("--json", help="One JSON document · 输出 JSON")] = False
) -> None:
    """Tell what a request would mean for the plan; nothing is written · 测算一份申请的影响."""
    found = door().rotation.request_effect(number)
    if as_json:
        from dataclasses import asdict

        print_json(asdict(found))
        return
    _print_touched(found.touched)
    _print_fixed(found.fixes)
    if found.place not in (None, found.fixes):
        typer.echo(_("Cheapest there: {place}").format(place=found.place))
    if found.cost is not None:
        typer.echo(_("The plan would cost {cost} more.").format(cost=f"{found.cost:+,.1f}"))
    for sentence in found.breaks:
        typer.echo(f"✗ {sentence}")
    for sentence in found.mends:
        typer.echo(f"✓ {sentence}")


def approve(
    number: Number,
    answer: Annotated[str | None, typer.Option(help="Words of the decision · 审批意见")] = None,
    decided_by: By = None,
) -> None:
    """Approve a request; what is published changes by a new version only · 同意申请."""
    decided = door().rotation.approve_request(number, answer=answer, decided_by=decider(decided_by))
    typer.echo(_("Approved: number {number}.").format(number=number))
    _print_touched(decided.touched)
    _print_fixed(decided.fixes)
    if decided.touched:
        typer.echo(_("Next: svc rotation propose {plan} --preset least_change --save").format(plan=decided.plan))


def send_back(
    number: Number,
    why: Annotated[str, typer.Option(help="Why it is sent back · 退回的原因", show_default=False)],
    decided_by: By = None,
) -> None:
    """Send a request back with the reason · 退回申请."""
    door().rotation.return_request(number, why, decided_by=decider(decided_by))
    typer.echo(_("Sent back: number {number}.").format(number=number))


def revoke(
    number: Number,
    why: Annotated[str, typer.Option(help="Why the approval is revoked · 撤销审批的原因", show_default=False)],
    decided_by: By = None,
) -> None:
    """Revoke an approval; the request waits for a decision again · 撤销审批."""
    door().rotation.revoke_request(number, why, decided_by=decider(decided_by))
    typer.echo(_("Approval revoked: number {number} waits for a decision again.").format(number=number))


def take_back(number: Number) -> None:
    """Take a request back that nobody has decided yet · 撤回申请."""
    door().rotation.withdraw_request(number)
    typer.echo(_("Taken back: number {number}.").format(number=number))


def _print_touched(touched: tuple[str, ...]) -> None:
    if touched:
        typer.echo(_("Published placements that have to change: {places}").format(places="；".join(touched)))
    else:
        typer.echo(_("No published placement has to change."))


def _print_fixed(place: str | None) -> None:
    if place is not None:
        typer.echo(_("Approving fixes the person at: {place}").format(place=place))


def trainee_id(ws: Workspace, plan: str, told: str) -> int:
    """The trainee of a plan with this employee number or name. Raises NotFound, RuleBroken where several have it."""
    rows = plain_rows(ws.rotation.people_to_ask(plan))
    found = [row for row in rows if told in (row["employee_no"], row["name"])]
    if not found:
        raise NotFound(_("The plan {name} has no trainee {person} in your scope.").format(name=plan, person=told))
    if len(found) > 1:
        raise RuleBroken(_("Several trainees are called {name}: say the employee number.").format(name=told))
    return int(found[0]["person_id"])
