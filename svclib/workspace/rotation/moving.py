"""Placements moved by hand: written into the draft, and told at once what that breaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Person, RotationPlacement, table
from svclib.rules.rotation import Violation, is_about, violations
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.rotation.drafting import DETAILS, require_place, slot_rows, write_draft
from svclib.workspace.rotation.loading import Loaded, load
from svclib.workspace.rotation.places import Place, Placed
from svclib.workspace.rotation.plans import PlanRef, plan_row, require_fresh
from svclib.workspace.rotation.reading import PLACEMENT_COLUMNS, placement_rows
from svclib.workspace.rotation.standing import Key
from svclib.workspace.rotation.telling import choice_frame, violation_frame

if TYPE_CHECKING:
    import pandas as pd

_PLACED = table(RotationPlacement)
_PERSON = table(Person)
_OF_TEAM = ("mentor_id", "lodging")
"""What of a placement stays behind with the team that is left."""


@dataclass(frozen=True)
class Moved:
    """What a change by hand has led to: the plan's new version, the rules that are broken now, in sentences."""

    version: int
    violations: tuple[str, ...]
    """All that concern the person in this stage, or the teams left and entered."""
    new: tuple[str, ...]
    """Those that were not broken before."""
    key: Key
    """Who was moved, in which stage."""
    teams: frozenset[int]
    """The teams left and entered."""
    _loaded: Loaded = field(repr=False)
    _broken: tuple[Violation, ...] = field(repr=False)
    _row: tuple[dict[str, Any], ...] = field(repr=False)

    def placement(self) -> pd.DataFrame:
        """The person's placement in the stage as `placements()` lists it; no row where there is none any more."""
        return frame(self._row, PLACEMENT_COLUMNS)

    def broken(self) -> pd.DataFrame:
        """What `violations()` lists now of this person and these teams, over the whole year."""
        return violation_frame(self._loaded, self._broken, self._loaded.waiting({self.key[0]}))

    def tells_anew(self, named: Collection[int], team_id: int | None) -> bool:
        """Whether `broken()` stands in place of what was broken before by these people, else this team.

        All else is broken as it was.
        """
        return is_about(named, team_id, {self.key[0]}, self.teams)

    def choices(self) -> pd.DataFrame:
        """What `choices()` lists now for the person and stage."""
        return choice_frame(self._loaded, *self.key)


class Moving(Area):
    """Placements moved by hand."""

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

        `details`: mentor_id, lodging, note, starts_on, ends_on; what is left out stays, but mentor and lodging with the
        team that is left. A rule broken is no error here: it is told, and stands
        in the way of publishing. Raises StaleRecord, NotFound for somebody, a stage or a place that is not there or not
        in scope, RuleBroken for a stage that is over and in which something is published of the person.
        """
        stored = plan_row(tx, plan, lock=True)
        require_fresh(stored, version)
        key = (person_id, stage)
        place = Place.at(team_id, station_id, crew_id)
        if place is not None:
            require_place(tx, place)
        rows = slot_rows(tx, stored, *key)
        before = rows.standing.get(key, {})
        known = {name: before.get(name) for name in DETAILS}
        if before.get("team_id") != team_id:
            known |= dict.fromkeys(_OF_TEAM)
        known |= _checked(tx, details or {})
        row = {**known, **(place.columns() if place else dict.fromkeys(("team_id", "station_id", "crew_id")))}
        fresh = write_draft(tx, rows, {key: row})
        left = Place.of(before) if before else None
        was = [] if left is None else [Placed(*key, left)]
        return _told(tx, load(tx, {**stored, "version": fresh}, also=was), key, was, place)


def _told(tx: Transaction, loaded: Loaded, key: Key, was: list[Placed], place: Place | None) -> Moved:
    """What is broken where somebody stands now, beside what was there before."""
    person_id, stage = key
    teams = frozenset(one.team_id for one in (*(one.place for one in was), place) if one is not None)
    others = [one for one in loaded.current if (one.person_id, one.stage) != key]

    def broken(everybody: Collection[Placed]) -> tuple[Violation, ...]:
        return violations(loaded.problem, loaded.numbers.numbered(everybody), people={person_id}, teams=teams)

    def sentences(found: tuple[Violation, ...]) -> tuple[str, ...]:
        return tuple(one.sentence(loaded.problem) for one in found if one.stage in (None, stage))

    now = broken(loaded.current)
    said, before = sentences(now), set(sentences(broken((*others, *was))))
    standing = {key: loaded.standing[key]} if key in loaded.standing else {}
    return Moved(
        version=int(loaded.plan["version"]),
        violations=said,
        new=tuple(one for one in said if one not in before),
        key=key,
        teams=teams,
        _loaded=loaded,
        _broken=now,
        _row=tuple(placement_rows(tx, loaded.plan, standing)),
    )


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
