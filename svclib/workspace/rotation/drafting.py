"""The draft of a plan: a proposal kept, placements moved by hand. Nothing of it counts until it is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Crew, Person, RotationPlacement, RotationPlan, Station, Team, table
from svclib.rules.rotation import judge
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.bulk import insert_rows
from svclib.workspace.rotation.loading import Loaded, load
from svclib.workspace.rotation.places import Place, Placed
from svclib.workspace.rotation.plans import PlanRef, plan_row, require_fresh, touch
from svclib.workspace.rotation.proposal import Proposal
from svclib.workspace.rotation.standing import Key, Rows, overlaid

_PLAN = table(RotationPlan)
_PLACED = table(RotationPlacement)
_TEAM = table(Team)
_STATION = table(Station)
_CREW = table(Crew)
_PERSON = table(Person)
DETAILS = ("mentor_id", "lodging", "note", "starts_on", "ends_on")
COMPARED = ("team_id", "station_id", "crew_id", *DETAILS)


@dataclass(frozen=True)
class Moved:
    """What a change by hand has led to: the plan's new version, the rules that are broken now, in sentences."""

    version: int
    violations: tuple[str, ...]
    """All that concern the person or the teams left and entered."""
    new: tuple[str, ...]
    """Those that were not broken before."""


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

    @verb("rotation.move", writes=True)
    def move(
        self,
        tx: Transaction,
        plan: PlanRef,
        person_id: int,
        stage: int,
        team_id: int | None,
        *,
        station_id: int | None = None,
        crew_id: int | None = None,
        version: int,
        details: Mapping[str, Any] | None = None,
    ) -> Moved:
        """Put somebody elsewhere in a stage of the draft; without a team the placement is taken away.

        `details`: mentor_id, lodging, note, starts_on, ends_on. A rule broken is no error here: it is told, and stands
        in the way of publishing. Raises StaleRecord, NotFound for somebody, a stage or a place that is not there or not
        in scope, RuleBroken for a stage that has begun.
        """
        stored = plan_row(tx, plan, lock=True)
        require_fresh(stored, version)
        place = None if team_id is None else Place(team_id, station_id or 0, crew_id or 0)
        if place is not None:
            require_place(tx, place)
        also = [] if place is None else [Placed(person_id, stage, place)]
        loaded = load(tx, stored, also=also)
        before = require_slot(tx, loaded, person_id, stage)
        known = {name: before.get(name) for name in DETAILS} | _checked(tx, details or {})
        row = {**known, **(place.columns() if place else dict.fromkeys(("team_id", "station_id", "crew_id")))}
        fresh = write_draft(tx, loaded, {(person_id, stage): row})
        others = [one for one in loaded.current if (one.person_id, one.stage) != (person_id, stage)]
        teams = {one.place.team_id for one in loaded.current if (one.person_id, one.stage) == (person_id, stage)}
        if place is not None:
            teams.add(place.team_id)
        old = _concerning(loaded, loaded.current, person_id, stage, teams)
        new = _concerning(loaded, (*others, *also), person_id, stage, teams)
        return Moved(fresh, tuple(new), tuple(one for one in new if one not in set(old)))

    @verb("rotation.discard_draft", writes=True)
    def discard_draft(self, tx: Transaction, plan: PlanRef, *, version: int, people: Collection[int] = ()) -> int:
        """Take back what is drafted for the people in scope, or for these; return the plan's version."""
        stored = plan_row(tx, plan, lock=True)
        require_fresh(stored, version)
        loaded = load(tx, stored)
        chosen = loaded.own if not people else loaded.own & set(people)
        gone = {key: row for key, row in loaded.drafts.items() if key[0] in chosen}
        _replace(tx, gone.values(), ())
        return _told(tx, loaded, len(gone), 0)


def keep_proposal(tx: Transaction, proposal: Proposal) -> int:
    """Draft a proposal and return the plan's version. See `Drafting.save_draft`."""
    stored = plan_row(tx, proposal.plan_id, lock=True)
    require_fresh(stored, proposal.version)
    if not proposal.found:
        raise RuleBroken(_("There is no plan to keep."))
    loaded = load(tx, stored, also=proposal.placements)
    return _keep(tx, loaded, proposal.placements, people=loaded.own)


def _keep(tx: Transaction, loaded: Loaded, placements: Iterable[Placed], *, people: Collection[int]) -> int:
    """Draft these placements for these people, in all stages; return the plan's version."""
    current = overlaid(loaded.published, loaded.drafts)
    wanted: Rows = {}
    placed = {(one.person_id, one.stage): one.place for one in placements}
    for person_id in people:
        for stage in loaded.problem.stages:
            key = (person_id, stage.number)
            before, place = current.get(key), placed.get(key)
            if place is None:
                wanted[key] = dict.fromkeys(COMPARED)
            elif before is not None and Place.of(before) == place:
                wanted[key] = {name: before[name] for name in COMPARED}
            else:
                wanted[key] = {**dict.fromkeys(DETAILS), **place.columns()}
    return write_draft(tx, loaded, wanted)


def write_draft(tx: Transaction, loaded: Loaded, wanted: Mapping[Key, Mapping[str, Any]]) -> int:
    """Draft these rows in place of what is drafted; what is published so already needs no draft."""
    gone = [row for key, row in loaded.drafts.items() if key in wanted]
    nothing = dict.fromkeys(COMPARED)
    made = [
        {
            "plan_id": loaded.plan["id"],
            "person_id": person_id,
            "stage_number": stage,
            **{name: row[name] for name in COMPARED},
            "from_version": None,
            "to_version": None,
            "version": 1,
        }
        for (person_id, stage), row in wanted.items()
        if any(row[name] != loaded.published.get((person_id, stage), nothing)[name] for name in COMPARED)
    ]
    # A draft is nobody's deed yet: the trail tells that there is one, and every placement when it is published. That
    # all of it is in scope is asked here.
    touched = [(_PLACED, None, row) for row in (*gone, *made)]
    tx.scope.refuse_outside(touched, tx.today)
    _replace(tx, gone, made)
    return _told(tx, loaded, len(gone), len(made))


def _replace(tx: Transaction, gone: Iterable[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]) -> None:
    ids = [row["id"] for row in gone]
    for start in range(0, len(ids), 500):
        tx.connection.execute(delete(_PLACED).where(_PLACED.c.id.in_(ids[start : start + 500])))
    insert_rows(tx.connection, _PLACED, list(made))


def _told(tx: Transaction, loaded: Loaded, gone: int, made: int) -> int:
    if not gone and not made:
        return int(loaded.plan["version"])
    version = touch(tx, loaded.plan)
    before, after = {"drafts": gone, "version": version - 1}, {"drafts": made, "version": version}
    tx.record(_PLAN, int(loaded.plan["id"]), before=before, after=after)
    return version


def require_slot(tx: Transaction, loaded: Loaded, person_id: int, stage: int) -> Mapping[str, Any]:
    """What stands for somebody in a stage that can still be changed. Raises NotFound, RuleBroken."""
    if person_id not in loaded.own:
        raise NotFound(_("There is no person number {ids}.").format(ids=person_id))
    if stage not in loaded.problem.stage:
        raise NotFound(_("The plan has no stage {number}.").format(number=stage))
    before = overlaid(loaded.published, loaded.drafts).get((person_id, stage), {})
    if (person_id, stage) in loaded.published and loaded.problem.stage[stage].ends_on <= tx.today:
        raise RuleBroken(_("Stage {number} is over.").format(number=stage), field="stage")
    return before


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


def _checked(tx: Transaction, details: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in details.items():
        if name not in DETAILS:
            raise RuleBroken(_("A placement has no field {field}.").format(field=name), field=name)
        limit = getattr(_PLACED.c[name].type, "length", None)
        if limit is not None and value is not None and len(value) > limit:
            raise RuleBroken(_("At most {limit} characters fit here.").format(limit=limit), field=name)
    mentor = details.get("mentor_id")
    if mentor is not None and tx.scalar(select(_PERSON.c.id).where(_PERSON.c.id == mentor)) is None:
        raise NotFound(_("There is no person number {ids}.").format(ids=mentor))
    return dict(details)


def _concerning(
    loaded: Loaded, placements: Iterable[Placed], person_id: int, stage: int, teams: Collection[int]
) -> list[str]:
    judged = judge(loaded.problem, loaded.numbers.numbered(placements), people={person_id}, teams=teams)
    return [one.sentence(loaded.problem) for one in judged.violations if one.stage in (None, stage)]
