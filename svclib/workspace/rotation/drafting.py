"""The draft of a plan: a proposal kept, placements moved by hand. Nothing of it counts until it is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Crew, RotationPlacement, RotationPlan, Station, Team, table
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.bulk import insert_rows
from svclib.workspace.rotation.learning import read_own
from svclib.workspace.rotation.places import Place
from svclib.workspace.rotation.plans import PlanRef, plan_row, require_fresh, stages_of, touch
from svclib.workspace.rotation.proposal import Proposal
from svclib.workspace.rotation.standing import Key, PlanRows, Rows, draft_rows, published_rows

_PLAN = table(RotationPlan)
_PLACED = table(RotationPlacement)
_TEAM = table(Team)
_STATION = table(Station)
_CREW = table(Crew)
DETAILS = ("mentor_id", "lodging", "note", "starts_on", "ends_on")
COMPARED = ("team_id", "station_id", "crew_id", *DETAILS)


class Drafting(Area):
    """The draft of a plan."""

    @verb("rotation.save_draft", writes=True)
    def save_draft(self, tx: Transaction, proposal: Proposal) -> int:
        """Keep a proposal as the plan's draft, in place of an older one, and return the plan's version.

        Whoever is in scope and not placed by the proposal has no placement in the draft. Mentors, lodging and notes of
        placements that stay are kept. Raises StaleRecord when the plan was changed since it was read, RuleBroken for a
        proposal without a plan, Forbidden.
        """
        return keep_proposal(tx, proposal)

    @verb("rotation.discard_draft", writes=True)
    def discard_draft(self, tx: Transaction, plan: PlanRef, *, version: int, people: Collection[int] = ()) -> int:
        """Take back what is drafted for the people in scope, or for these; return the plan's version."""
        stored = plan_row(tx, plan, lock=True)
        require_fresh(stored, version)
        own = read_own(tx, stored["id"])
        chosen = own if not people else own & set(people)
        gone = {key: row for key, row in draft_rows(tx, stored["id"]).items() if key[0] in chosen}
        _replace(tx, gone.values(), ())
        return _told(tx, stored, len(gone), 0)


def keep_proposal(tx: Transaction, proposal: Proposal) -> int:
    """Draft a proposal and return the plan's version. See `Drafting.save_draft`."""
    stored = plan_row(tx, proposal.plan_id, lock=True)
    require_fresh(stored, proposal.version)
    if not proposal.found:
        raise RuleBroken(_("There is no plan to keep."))
    rows = PlanRows(stored, published_rows(tx, stored["id"]), draft_rows(tx, stored["id"]))
    current = rows.standing
    wanted: Rows = {}
    placed = {(one.person_id, one.stage): one.place for one in proposal.placements}
    stages = stages_of(tx, stored["id"])
    for person_id in read_own(tx, stored["id"]):
        for stage in stages:
            key = (person_id, stage.number)
            before, place = current.get(key), placed.get(key)
            if place is None:
                wanted[key] = dict.fromkeys(COMPARED)
            elif before is not None and Place.of(before) == place:
                wanted[key] = {name: before[name] for name in COMPARED}
            else:
                wanted[key] = {**dict.fromkeys(DETAILS), **place.columns()}
    return write_draft(tx, rows, wanted)


def write_draft(tx: Transaction, rows: PlanRows, wanted: Mapping[Key, Mapping[str, Any]]) -> int:
    """Draft these rows in place of what is drafted and return the plan's version; what is published so already needs
    no draft. `rows`: the plan with what is published and drafted of these people at least."""
    gone = [row for key, row in rows.drafts.items() if key in wanted]
    nothing = dict.fromkeys(COMPARED)
    made = [
        {
            "plan_id": rows.plan["id"],
            "person_id": person_id,
            "stage_number": stage,
            **{name: row[name] for name in COMPARED},
            "from_version": None,
            "to_version": None,
            "version": 1,
        }
        for (person_id, stage), row in wanted.items()
        if any(row[name] != rows.published.get((person_id, stage), nothing)[name] for name in COMPARED)
    ]
    # A draft is nobody's deed yet: the trail tells that there is one, and every placement when it is published. That
    # all of it is in scope is asked here.
    touched = [(_PLACED, None, row) for row in (*gone, *made)]
    tx.scope.refuse_outside(touched, tx.today)
    _replace(tx, gone, made)
    return _told(tx, rows.plan, len(gone), len(made))


def _replace(tx: Transaction, gone: Iterable[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]) -> None:
    ids = [row["id"] for row in gone]
    for start in range(0, len(ids), 500):
        tx.connection.execute(delete(_PLACED).where(_PLACED.c.id.in_(ids[start : start + 500])))
    insert_rows(tx.connection, _PLACED, list(made))


def _told(tx: Transaction, plan: Mapping[str, Any], gone: int, made: int) -> int:
    if not gone and not made:
        return int(plan["version"])
    version = touch(tx, plan)
    before, after = {"drafts": gone, "version": version - 1}, {"drafts": made, "version": version}
    tx.record(_PLAN, int(plan["id"]), before=before, after=after)
    return version


def slot_rows(tx: Transaction, plan: Mapping[str, Any], person_id: int, stage: int) -> PlanRows:
    """What is published and drafted of somebody, when what stands in this stage can still be changed.

    Raises NotFound for somebody who takes no part or is not in scope, or a stage that is not there, RuleBroken for one
    that is over.
    """
    if not read_own(tx, plan["id"], person_id):
        raise NotFound(_("There is no person number {ids}.").format(ids=person_id))
    ends = {one.number: one.ends_on for one in stages_of(tx, plan["id"])}
    if stage not in ends:
        raise NotFound(_("The plan has no stage {number}.").format(number=stage))
    published = published_rows(tx, plan["id"], person_id=person_id)
    if (person_id, stage) in published and ends[stage] <= tx.today:
        raise RuleBroken(_("Stage {number} is over.").format(number=stage), field="stage")
    return PlanRows(plan, published, draft_rows(tx, plan["id"], person_id=person_id))


def require_place(tx: Transaction, place: Place) -> None:
    """Raise NotFound unless the team is there, the station is the team's and the crew its unit's."""
    unit_id = tx.scalar(select(_TEAM.c.unit_id).where(_TEAM.c.id == place.team_id))
    if unit_id is None:
        raise NotFound(_("There is no service team number {team}.").format(team=place.team_id))
    if place.station_id:
        here = (_STATION.c.id == place.station_id) & (_STATION.c.team_id == place.team_id)
        if tx.scalar(select(_STATION.c.id).where(here)) is None:
            raise NotFound(_("The team has no station number {station}.").format(station=place.station_id))
    if place.crew_id:
        here = (_CREW.c.id == place.crew_id) & (_CREW.c.unit_id == unit_id)
        if tx.scalar(select(_CREW.c.id).where(here)) is None:
            raise NotFound(_("The unit has no crew number {crew}.").format(crew=place.crew_id))
