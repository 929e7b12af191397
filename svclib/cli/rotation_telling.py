"""What `svc rotation` prints: proposals, checks and tables, in words and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import typer

from svclib.cli.common import plain_rows, show, table
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.i18n import noop as N_

if TYPE_CHECKING:
    from svclib.planning.rotation import Progress
    from svclib.workspace.rotation import Checked, Proposal

HEADINGS = {
    "name": N_("Name"),
    "employee_no": N_("Employee No."),
    "unit": N_("Unit"),
    "stage": N_("Stage"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "team": N_("Service team"),
    "station": N_("Service station"),
    "crew": N_("Crew"),
    "mentor": N_("Mentor"),
    "state": N_("State"),
    "published_version": N_("Version published"),
    "trainees": N_("Trainees"),
    "drafts": N_("Drafted"),
    "change": N_("Change"),
    "old_team": N_("Team before"),
    "old_place": N_("Place before"),
    "new_team": N_("Team after"),
    "new_place": N_("Place after"),
    "reason": N_("Reason"),
    "written_by": N_("Written by"),
    "rank": N_("Wish No."),
    "other": N_("The other trainee"),
    "way": N_("How"),
    "lower": N_("Fewest trainees"),
    "upper": N_("Most trainees"),
    "kind": N_("Kind of request"),
    "present": N_("Present place"),
    "wanted": N_("Place asked for"),
    "decided_by": N_("Settled by"),
    "id": N_("No."),
    "version": N_("Version published"),
    "file_name": N_("File"),
    "size_bytes": N_("Bytes"),
    "attached_at": N_("Attached at"),
    "attached_by": N_("Attached by"),
    "withdrawn_at": N_("Withdrawn at"),
}
STATUS_WORDS = {
    "optimal": N_("proved best"),
    "within_gap": N_("proved as near the best as was asked"),
    "stopped": N_("ended by the clock"),
    "infeasible": N_("no plan is possible"),
    "unknown": N_("no plan found in time"),
}
STATE_WORDS = {"draft": N_("draft"), "published": N_("published")}


@contextmanager
def searching() -> Iterator[Callable[[Progress], None]]:
    """Objective and gap on standard error while the search runs."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)

    def tell(progress: Progress) -> None:
        told = _("{seconds} s: cost {objective}, gap {gap}")
        status.update(told.format(seconds=f"{progress.seconds:.0f}", **_figures(progress.objective, progress.gap)))

    with console.status(_("Searching …")) as status:
        yield tell


def _figures(objective: float | None, gap: float | None) -> dict[str, str]:
    return {
        "objective": "–" if objective is None else f"{objective:,.1f}",
        "gap": "–" if gap is None else f"{gap:.2%}",
    }


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    days = {stage.number: stage for stage in proposal.loaded.problem.stages}
    return {
        "plan": proposal.plan,
        "status": proposal.status.value,
        "objective": proposal.objective,
        "bound": proposal.bound,
        "gap": proposal.gap,
        "seconds": round(proposal.seconds, 3),
        "seed": proposal.seed,
        "preset": proposal.preset,
        "parts": proposal.parts,
        "violations": proposal.violations,
        "waiting": proposal.waiting,
        "conflict": proposal.conflict,
        "placements": [
            row
            | {"starts_on": days[row["stage"]].starts_on.isoformat(), "ends_on": days[row["stage"]].ends_on.isoformat()}
            for row in plain_rows(proposal.table())
        ],
    }


def print_proposal(proposal: Proposal, *, saved: bool) -> None:
    told = _("{plan}: {status}, cost {objective}, gap {gap}, {seconds} s, seed {seed}, {count} placements.")
    words = _figures(proposal.objective, proposal.gap) | {"seconds": f"{proposal.seconds:.1f}"}
    status = _(STATUS_WORDS[proposal.status.value])
    count = len(proposal.placements)
    typer.echo(told.format(plan=proposal.plan, status=status, seed=proposal.seed, count=count, **words))
    for sentence in (*proposal.conflict, *proposal.violations, *proposal.waiting):
        typer.echo(f"  {sentence}")
    if saved:
        typer.echo(_("It is kept as the draft. Next: svc rotation publish {plan} --by NAME").format(plan=proposal.plan))


def checked_json(checked: Checked) -> dict[str, Any]:
    found = checked.diff
    return {
        "plan": checked.plan,
        "clean": checked.clean,
        "changed": [
            {
                "row": one.row,
                "name": one.after.name,
                "stage": one.after.stage,
                "stale": one.stale,
                "fields": {field.field: [field.before, field.after] for field in one.fields},
            }
            for one in found.changed
        ],
        "added": [{"row": one.row, "name": one.after.name, "stage": one.after.stage} for one in found.added],
        "missing": [{"name": one.name, "stage": one.stage} for one in found.missing],
        "refused": [
            {
                "row": one.row,
                "name": one.name,
                "stage": one.stage,
                "columns": [flaw.column for flaw in one.flaws],
                "reasons": [flaw.reason for flaw in one.flaws],
            }
            for one in found.refused
        ],
        "unchanged": found.unchanged,
        "violations": checked.broken,
        "weighed": checked.weighed,
        "notes": found.notes,
    }


def print_checked(checked: Checked, *, accepted: bool) -> None:
    found = checked.diff
    told = _("{plan}: {changed} rows changed, {added} added, {missing} missing, {refused} refused, {same} unchanged.")
    counts = {"changed": len(found.changed), "added": len(found.added), "missing": len(found.missing)}
    typer.echo(told.format(plan=checked.plan, refused=len(found.refused), same=found.unchanged, **counts))
    where = _("row {row}, {name}: {told}")
    for one in found.changed:
        cells = "；".join(f"{field.column} {field.before or '–'} → {field.after or '–'}" for field in one.fields)
        late = _(" (the plan has changed there, too)") if one.stale else ""
        typer.echo("  " + where.format(row=one.row, name=one.after.name, told=cells + late))
    for refused in found.refused:
        for flaw in refused.flaws:
            cell = f"{flaw.column} {flaw.text or '–'}：" if flaw.column else ""
            typer.echo("  " + where.format(row=refused.row, name=refused.name, told=cell + flaw.reason))
    for sentence in checked.broken:
        typer.echo(f"✗ {sentence}")
    for sentence in checked.weighed:
        typer.echo(f"  {sentence}")
    if accepted and (found.changed or found.added):
        told = _("The changes are in the draft. Next: svc rotation publish {plan} --by NAME")
        typer.echo(told.format(plan=checked.plan))
    elif accepted:
        typer.echo(_("Nothing was changed; the draft is as it was."))


def print_rows(rows: list[dict[str, Any]], names: tuple[str, ...], *, none: str) -> None:
    """Print rows as a table with these columns, and how many they are; `none` is said where there are none."""
    if not rows:
        show(none)
        return
    shown = table(*(_(HEADINGS[name]) for name in names))
    for row in rows:
        shown.add_row(*(_cell(name, row[name]) for name in names))
    show(shown)
    show(ngettext("{count} row", "{count} rows", len(rows)).format(count=f"{len(rows):,}"))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "ends_on":
        # People count the last day in; only stored rows and JSON have the day after it.
        return (date.fromisoformat(value) - timedelta(days=1)).isoformat()
    return str(value)
