"""Who stands where: what is published, and above it what is drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from svclib.models import RotationPlacement, table
from svclib.workspace.base import Transaction
from svclib.workspace.rotation.places import Place, Placed

_PLACED = table(RotationPlacement)

Key = tuple[int, int]
"""Person and stage."""
Rows = dict[Key, dict[str, Any]]


@dataclass(frozen=True)
class PlanRows:
    """A plan as stored, and what is published and drafted of it."""

    plan: Mapping[str, Any]
    published: Rows
    drafts: Rows

    @cached_property
    def standing(self) -> Rows:
        """What would stand if the draft were published."""
        return overlaid(self.published, self.drafts)


def in_version(number: int | None) -> ColumnElement[bool]:
    """The condition that a row was published and stood in a version; None: stands now."""
    if number is None:
        return _PLACED.c.from_version.is_not(None) & _PLACED.c.to_version.is_(None)
    ended = or_(_PLACED.c.to_version.is_(None), _PLACED.c.to_version > number)
    return (_PLACED.c.from_version <= number) & ended


def published_rows(tx: Transaction, plan_id: int, *, number: int | None = None, person_id: int | None = None) -> Rows:
    """What is published, or was in a version, by person and stage; of everybody, or of this person."""
    return _keyed(tx, plan_id, in_version(number), person_id)


def draft_rows(tx: Transaction, plan_id: int, *, person_id: int | None = None) -> Rows:
    """What is drafted, by person and stage; a row without a team takes a placement away."""
    return _keyed(tx, plan_id, _PLACED.c.from_version.is_(None), person_id)


def overlaid(published: Mapping[Key, Mapping[str, Any]], drafts: Mapping[Key, Mapping[str, Any]]) -> Rows:
    """What would stand if the drafts were published."""
    rows = {**published, **drafts}
    return {key: dict(row) for key, row in sorted(rows.items()) if row["team_id"] is not None}


def placed(rows: Mapping[Key, Mapping[str, Any]]) -> tuple[Placed, ...]:
    """The same without mentors, lodging and notes."""
    found = ((key, Place.of(row)) for key, row in rows.items())
    return tuple(Placed(person_id, stage, place) for (person_id, stage), place in found if place is not None)


def _keyed(tx: Transaction, plan_id: int, wanted: ColumnElement[bool], person_id: int | None) -> Rows:
    listed = select(_PLACED).where(_PLACED.c.plan_id == plan_id, wanted)
    if person_id is not None:
        listed = listed.where(_PLACED.c.person_id == person_id)
    return {(row["person_id"], row["stage_number"]): row for row in tx.rows(listed)}
