"""`svc rotation notices`, and the scans of those that were signed: attach, attachments, attachment, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from svclib.cli.common import counting, door, on_the_clock, plain_rows, print_json, save_bytes, saving, unit_id
from svclib.cli.rotation_telling import print_rows
from svclib.i18n import gettext as _

Plan = Annotated[str, typer.Argument(help="Name of the plan, like 2026 · 计划名称", show_default=False)]
Number = Annotated[int, typer.Argument(help="Number of the scan, as listed · 扫描件编号", show_default=False)]


def mount(rotation: typer.Typer) -> None:
    """Add the commands to `svc rotation`."""
    for command in (notices, attach, attachments, attachment, withdraw):
        rotation.command()(command)


def notices(
    plan: Plan,
    out: Annotated[Path, typer.Argument(help="The .zip to write · 输出的 .zip 文件", show_default=False)],
    unit: Annotated[str | None, typer.Option(help="Only this unit · 单位")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="PDF, too; needs LibreOffice · 另附 PDF")] = False,
) -> None:
    """Write notices, letters and calendars of what is published · 生成轮岗通知、学员通知书和日历."""
    from svclib.tabular.rotation import Contents

    ws = door()
    chosen = unit_id(ws, unit)
    with saving(out) as file, counting(_("Files")) as progress:
        count = ws.rotation.notices(plan, file, unit=chosen, contents=Contents(pdf=pdf), progress=progress)
    typer.echo(_("{count} files").format(count=f"{count:,}"))


def attach(
    plan: Plan,
    file: Annotated[Path, typer.Argument(help="PDF, JPEG or PNG · 扫描件", show_default=False)],
    version: Annotated[int, typer.Option(help="The published version · 已发布的版次", show_default=False)],
    unit: Annotated[str | None, typer.Option(help="Whose people have signed · 单位")] = None,
) -> None:
    """Keep a scanned signed notice with a published version · 附上签字后扫描的通知."""
    ws = door()
    number = ws.rotation.attach(plan, version, file, unit=unit_id(ws, unit))
    typer.echo(_("Attached as number {number}.").format(number=number))


def attachments(
    plan: Plan, as_json: Annotated[bool, typer.Option("--json", help="One JSON document · 输出 JSON")] = False
) -> None:
    """List a plan's scanned notices, newest first · 列出扫描件."""
    ws = door()
    kept = ws.rotation.attachments(plan)
    rows = plain_rows(kept)
    if as_json:
        print_json(rows)
    else:
        names = ("id", "version", "unit", "file_name", "size_bytes", "attached_at", "attached_by", "withdrawn_at")
        for row, at in zip(rows, kept.itertuples(), strict=True):
            for name in ("attached_at", "withdrawn_at"):
                moment = getattr(at, name)
                row[name] = on_the_clock(ws, moment) if moment == moment else None
        print_rows(rows, names, none=_("No scan has been attached yet."))


def attachment(
    number: Number, out: Annotated[Path, typer.Argument(help="The file to write · 输出文件", show_default=False)]
) -> None:
    """Take a scanned notice out · 取出扫描件."""
    save_bytes(out, door().rotation.attachment(number).content)


def withdraw(number: Number) -> None:
    """Withdraw a scanned notice: its content goes, its record stays · 撤回扫描件."""
    door().rotation.withdraw(number)
    typer.echo(_("Withdrawn: number {number}.").format(number=number))
