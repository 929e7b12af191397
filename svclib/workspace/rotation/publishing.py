"""Publishing a plan: re-read, judged again, saved as a new version, audited; all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select, update

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import run_on
from svclib.models import RotationPlacement, RotationPlan, RotationVersion, table
from svclib.rules.rotation import judge
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.bulk import insert_rows
from svclib.workspace.rotation.drafting import COMPARED, keep_proposal
from svclib.workspace.rotation.loading import Loaded, load
from svclib.workspace.rotation.places import Place
from svclib.workspace.rotation.plans import PlanRef, plan_row, require_fresh
from svclib.workspace.rotation.proposal import Proposal
from svclib.workspace.rotation.standing import Key, in_version

_PLAN = table(RotationPlan)
_PLACED = table(RotationPlacement)
_VERSION = table(RotationVersion)
_TOLD = 10


class Publishing(Area):
    """Publishing a plan."""

    @verb("rotation.publish", writes=True)
    def publish(
        self,
        tx: Transaction,
        plan: PlanRef | Proposal,
        *,
        version: int | None = None,
        decided_by: str | None = None,
    ) -> int:
        """Publish a proposal, or what is drafted for the people in scope, and return the new version's number.

        `version`: the plan's as it was read; a proposal has its own, None means as it stands. `decided_by` names the
        person who decides where no account does. Everything is read again and judged again in this transaction. Raises
        StaleRecord when the plan was changed since, RuleBroken when a rule that must hold is broken (with the
        sentences) or there is nothing new, Forbidden; then nothing is saved.
        """
        if isinstance(plan, Proposal):
            keep_proposal(tx, plan)
            stored = plan_row(tx, plan.plan_id, lock=True)
        else:
            stored = plan_row(tx, plan, lock=True)
            require_fresh(stored, stored["version"] if version is None else version)
        loaded = load(tx, stored)
        drafts = {key: row for key, row in loaded.drafts.items() if key[0] in loaded.own}
        if not drafts:
            raise RuleBroken(
                _("Nothing is drafted in the plan {name}: there is nothing new.").format(name=stored["name"])
            )
        cost = _judged(loaded)
        number = int(stored["published_version"]) + 1
        moved = _save(tx, loaded, drafts, number)
        count = tx.scalar(
            select(func.count()).select_from(_PLACED).where(_PLACED.c.plan_id == stored["id"], in_version(None))
        )
        who = decided_by or tx.actor.name
        told = {"plan_id": stored["id"], "number": number, "published_at": tx.now, "published_by": who[:60]}
        told |= {"cost": round(cost, 3), "placements": count, "moved": moved}
        tx.record(_VERSION, tx.insert(_VERSION, told), after=told)
        after = {"published_version": number, "version": stored["version"] + 1}
        tx.connection.execute(update(_PLAN).where(_PLAN.c.id == stored["id"]).values(**after))
        tx.record(_PLAN, stored["id"], before={name: stored[name] for name in after}, after=after)
        return number


def _judged(loaded: Loaded) -> float:
    """The cost of what would stand. Raises RuleBroken when it breaks a rule that must hold."""
    problem = loaded.problem
    judged = judge(problem, loaded.numbers.numbered(loaded.current))
    hard = [one for one in judged.violations if problem.terms.weight(one.rule) is None]
    if hard:
        sentences = list(dict.fromkeys(one.sentence(problem) for one in hard))
        told = run_on(*sentences[:_TOLD])
        more = len(sentences) - _TOLD
        if more > 0:
            told += _(" … and {count} more.").format(count=more)
        raise RuleBroken(_("The plan breaks rules that must hold; nothing was published. {told}").format(told=told))
    return judged.cost


def _save(tx: Transaction, loaded: Loaded, drafts: Mapping[Key, Mapping[str, Any]], number: int) -> int:
    """End what no longer stands and open what is new; return how many published placements moved."""
    ended = [loaded.published[key] for key in drafts if key in loaded.published]
    opened = [
        {name: value for name, value in row.items() if name != "id"} | {"from_version": number}
        for row in drafts.values()
        if row["team_id"] is not None
    ]
    for row in ended:
        tx.record(
            _PLACED, row["id"], before={"to_version": None}, after={"to_version": number, "version": row["version"] + 1}
        )
    for start in range(0, len(ended), 500):
        ids = [row["id"] for row in ended[start : start + 500]]
        values = {"to_version": number, "version": _PLACED.c.version + 1}
        tx.connection.execute(update(_PLACED).where(_PLACED.c.id.in_(ids)).values(values))
    ids = [row["id"] for row in drafts.values()]
    for start in range(0, len(ids), 500):
        tx.connection.execute(delete(_PLACED).where(_PLACED.c.id.in_(ids[start : start + 500])))
    insert_rows(tx.connection, _PLACED, opened)
    mine = (_PLACED.c.plan_id == loaded.plan["id"]) & (_PLACED.c.from_version == number)
    new = select(_PLACED.c.id, _PLACED.c.person_id, _PLACED.c.stage_number).where(mine)
    row_ids = {(row.person_id, row.stage_number): row.id for row in tx.connection.execute(new)}
    for row in opened:
        told = {
            name: row[name] for name in ("plan_id", "person_id", "stage_number", *COMPARED) if row[name] is not None
        }
        tx.record(_PLACED, row_ids[row["person_id"], row["stage_number"]], after=told | {"from_version": number})
    keys = ((row["person_id"], row["stage_number"]) for row in ended)
    return sum(Place.of(loaded.published[key]) != Place.of(drafts[key]) for key in keys)
