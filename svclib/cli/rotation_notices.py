"""`svc rotation notices`: what a published plan is announced with, in one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from svclib.cli.common import counting, door, saving, unit_id
from svclib.i18n import gettext as _


def mount(rotation: typer.Typer) -> None:
    """Add the commands to `svc rotation`."""
    rotation.command()(notices)


def notices(
    plan: Annotated[str, typer.Argument(help="Name of the plan, like 2026 · 计划名称", show_default=False)],
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
