"""What is broken in a plan, and what another place would mean, as lists for whoever plans."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svclib.i18n import gettext as _
from svclib.rules.rotation import RULE_LABELS, Rule, Violation, alternatives
from svclib.workspace.frames import frame
from svclib.workspace.rotation.loading import Loaded
from svclib.workspace.rotation.places import PLACE_COLUMNS, Place

if TYPE_CHECKING:
    import pandas as pd

VIOLATION_COLUMNS = {
    "rule": "text",
    "rule_word": "text",
    "hard": "flag",
    "person_id": "id",
    "other_id": "id",
    "team_id": "id",
    "station_id": "id",
    "crew_id": "id",
    "stage": "int",
    "figure": "float",
    "limit": "float",
    "cost": "float",
    "sentence": "text",
}
"""Columns of `violations()`. `hard`: stands in the way of publishing; the others have a cost."""
CHOICE_COLUMNS = {
    **PLACE_COLUMNS,
    "km": "float",
    "cost": "float",
    "allowed": "flag",
    "breaks": "text",
    "mends": "text",
}
"""Columns of `choices()`. `km` from home, missing where home or place is not known."""


_GATE = (Rule.SAFETY, Rule.SAFETY_AGAIN)


@dataclass(frozen=True)
class Why:
    """Somebody at another place: what it would cost more (less than 0: less), what it would break and mend.

    `allowed`: no rule that must hold would be broken that is kept now; such rules are in `breaks`, not in `cost`.
    """

    person_id: int
    stage: int
    place: Place
    cost: float
    breaks: tuple[str, ...]
    mends: tuple[str, ...]
    allowed: bool


def violation_frame(loaded: Loaded, broken: Collection[Violation], waiting: Iterable[Violation]) -> pd.DataFrame:
    """What is broken, rules that must hold first; and whom the safety gate keeps from a placement, without a cost."""
    placed_unsafe = {(one.people, one.stage) for one in broken if one.rule in _GATE}
    rows = [_row(loaded, one) for one in broken]
    rows += [
        _row(loaded, one) | {"hard": False, "cost": None}
        for one in waiting
        if (one.people, one.stage) not in placed_unsafe
    ]
    return frame(sorted(rows, key=lambda row: not row["hard"]), VIOLATION_COLUMNS)


def choice_frame(loaded: Loaded, person_id: int, stage: int) -> pd.DataFrame:
    """Every place where somebody may stand in a stage, the cheapest allowed first."""
    rows = [
        {
            **one.place.columns(),
            **loaded.places[one.place],
            "km": _km(loaded, person_id, one.place),
            "cost": one.cost,
            "allowed": one.allowed,
            "breaks": "\n".join(one.breaks),
            "mends": "\n".join(one.mends),
        }
        for one in weighed(loaded, person_id, stage)
    ]
    return frame(rows, CHOICE_COLUMNS)


def weighed(loaded: Loaded, person_id: int, stage: int, places: Collection[Place] = ()) -> list[Why]:
    """What these places would mean for somebody, or all that are possible; the cheapest allowed first."""
    problem, numbers = loaded.problem, loaded.numbers
    sites = [numbers.numbers[place] for place in places]
    found = alternatives(problem, numbers.numbered(loaded.current), person_id, stage, sites)
    return [
        Why(
            person_id=person_id,
            stage=stage,
            place=numbers.places[one.site_id],
            cost=round(one.cost, 3),
            breaks=tuple(dict.fromkeys(violation.sentence(problem) for violation in one.breaks)),
            mends=tuple(dict.fromkeys(violation.sentence(problem) for violation in one.mends)),
            allowed=one.allowed,
        )
        for one in found
        if one.site_id is not None
    ]


def _km(loaded: Loaded, person_id: int, place: Place) -> float | None:
    learner, site = loaded.problem.learner[person_id], loaded.problem.site[loaded.numbers.numbers[place]]
    if learner.home is None or site.position is None:
        return None
    return loaded.problem.distance_km(learner, site)


def _row(loaded: Loaded, one: Violation) -> dict[str, Any]:
    place = loaded.numbers.places[one.site_id] if one.site_id is not None else Place(one.team_id or 0)
    weight = loaded.problem.terms.weight(one.rule)
    people = (*one.people, None, None)
    return {
        "rule": one.rule.value,
        "rule_word": _(RULE_LABELS[one.rule]),
        "hard": weight is None,
        "person_id": people[0],
        "other_id": people[1],
        "team_id": place.team_id or None,
        "station_id": place.station_id or None,
        "crew_id": place.crew_id or None,
        "stage": one.stage,
        "figure": one.figure,
        "limit": one.limit,
        "cost": None if weight is None else weight * one.amount,
        "sentence": one.sentence(loaded.problem),
    }
