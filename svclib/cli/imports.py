"""`svc register import …`: bring files in, see what came in, take it back.

Exit status: 0 all rows accepted; 1 some refused (the others are saved, unless --strict); 2 the file can't be used.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from svclib.cli.common import counting, door, on_the_clock, print_json, show, table, telling_failure
from svclib.i18n import gettext as _
from svclib.i18n import run_on

if TYPE_CHECKING:
    from svclib.workspace import Workspace
    from svclib.workspace.importing import ImportResult

_SHOWN_ROWS = 50


class Kind(StrEnum):
    """What `--kind` accepts; the codes of an intake's kind, which cost a second to load."""

    GRADUATE = "graduate"
    ACTIVIST = "activist"


File = Annotated[Path, typer.Argument(help="Workbook or CSV · 文件（.xlsx .xls .csv）", show_default=False)]
Sheet = Annotated[str | None, typer.Option(help="Only this sheet · 只读这个工作表")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, save nothing · 只预览，不保存")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output · 输出 JSON")]
Strict = Annotated[bool, typer.Option("--strict", help="Save nothing if any row is refused · 有一行退回就不保存")]


def mount(group: typer.Typer) -> None:
    """Add the commands to `svc register`."""
    group.command("import")(import_people)
    group.command("import-structure")(import_structure)
    group.command("imports")(imports)
    group.command("undo")(undo)


def import_people(
    file: File,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    strict: Strict = False,
    create_units: Annotated[
        bool, typer.Option("--create-units", help="Create unknown units · 新建花名册里没有的单位")
    ] = False,
    intake: Annotated[
        int | None, typer.Option(help="Year of the intake they belong to · 入职批次年份", metavar="YEAR")
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="Kind of that intake · 批次类别")] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Write refused rows to this workbook · 把退回的行写到这个 .xlsx")
    ] = None,
) -> None:
    """Import people, safety results or requests from a workbook · 导入人员名册、安规考试成绩表、请假/调整申请表."""

    if rejects is not None and not rejects.absolute().parent.is_dir():
        raise typer.BadParameter(_("There is no folder {path}.").format(path=rejects.absolute().parent))

    def run(ws: Workspace, progress: Callable[[int, int], None]) -> ImportResult:
        result = ws.register.import_file(
            file,
            sheet=sheet,
            dry_run=dry_run,
            strict=strict,
            create_units=create_units,
            intake=intake,
            kind=None if kind is None else kind.value,
            progress=progress,
        )
        if rejects is not None and result.rejected:
            rejects.write_bytes(ws.register.rejects(file, result))
            typer.echo(_("Refused rows: {path}").format(path=rejects), err=True)
        return result

    _run(run, as_json=as_json)


def import_structure(
    file: File,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    strict: Strict = False,
) -> None:
    """Import units, party bodies, crews, teams, stations, captains · 导入单位、党组织、班组、服务队、服务站、队长."""

    def run(ws: Workspace, progress: Callable[[int, int], None]) -> ImportResult:
        return ws.register.import_structure(file, sheet=sheet, dry_run=dry_run, strict=strict, progress=progress)

    _run(run, as_json=as_json)


def imports(as_json: AsJson = False) -> None:
    """List the imports, newest first · 列出导入记录."""
    ws = door()
    listed = ws.register.imports()
    if as_json:
        print_json(json.loads(listed.to_json(orient="records", date_format="iso")))
        return
    if listed.empty:
        show(_("Nothing has been imported yet."))
        return
    counts = ("rows", "created", "updated", "unchanged", "rejected")
    shown = table(
        _("No."),
        _("Imported at"),
        _("File"),
        _("Rows"),
        _("created"),
        _("updated"),
        _("unchanged"),
        _("refused"),
        _("Undone at"),
    )
    for row in listed.to_dict("records"):
        undone = on_the_clock(ws, row["undone_at"]) if row["undone_at"] == row["undone_at"] else ""
        at = on_the_clock(ws, row["recorded_at"])
        shown.add_row(str(row["id"]), at, row["file_name"], *(f"{row[name]:,}" for name in counts), undone)
    show(shown)


def undo(run: Annotated[int, typer.Argument(help="Number of the import · 导入编号", show_default=False)]) -> None:
    """Take an import back as a whole, while nothing stands on it · 整体撤销一次导入."""
    door().register.undo_import(run)
    typer.echo(_("Import {run} is undone; the register is as it was before.").format(run=run))


def _run(run: Callable[[Workspace, Callable[[int, int], None]], ImportResult], *, as_json: bool) -> None:
    with telling_failure(as_json=as_json):
        ws = door()
        with counting(_("Rows")) as progress:
            result = run(ws, progress)
    if as_json:
        print_json(result.to_json())
    else:
        _print_words(result)
    raise typer.Exit(1 if result.rejected else 0)


def _print_words(result: ImportResult) -> None:
    from svclib.tabular.model import suggested

    for note in result.notes:
        typer.echo(note, err=True)
    told = _("{file}: {rows} rows – {created} created, {updated} updated, {unchanged} unchanged, {rejected} refused.")
    typer.echo(
        told.format(
            file=result.file_name,
            rows=result.rows,
            created=result.created,
            updated=result.updated,
            unchanged=result.unchanged,
            rejected=result.rejected_rows,
        )
    )
    for one in result.rejected[:_SHOWN_ROWS]:
        where = _("{sheet}, row {row}, {column}").format(sheet=one.sheet, row=one.row, column=one.column)
        told = run_on(one.reason, suggested(one.suggestion))
        row = _("{where}: {told}") if not one.value else _("{where} “{value}”: {told}")
        typer.echo("  " + row.format(where=where, value=one.value, told=told))
    if len(result.rejected) > _SHOWN_ROWS:
        more = len(result.rejected) - _SHOWN_ROWS
        typer.echo(_("… and {count} more; see them all with --rejects.").format(count=more))
    if result.dry_run:
        typer.echo(_("This was a preview: nothing was saved."))
    elif not result.saved:
        typer.echo(_("Nothing was saved, because of --strict."))
    elif result.run_id is not None:
        typer.echo(_("Saved as import {run}. Take it back with: svc register undo {run}").format(run=result.run_id))
    else:
        typer.echo(_("The register says all this already: nothing was changed."))
