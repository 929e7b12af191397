"""What only the pictures of a plan need: ways, absences, stations and the plan's figures, read when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.pages.parts.texts import present, records
from svclib.pages.rotation.chosen import Plan, Row

STATES = ("none", "room", "full", "below", "above")
"""How a team stands in a stage: nobody there, places left, full, too few, more than it or its mentors take."""
STATE_WORDS = {
    "none": N_("nobody there"),
    "room": N_("places left"),
    "full": N_("full"),
    "below": N_("too few"),
    "above": N_("too many"),
}
SIGNS = {"none": "", "room": "", "full": "●", "below": "▼", "above": "▲"}
COLOURS = {"none": "@strong", "room": "@room", "full": "@primary", "below": "@attention", "above": "@trouble"}
_BOUNDLESS = 1_000
"""A team of another unit, where somebody is a guest, has no places to be judged by: it is told as more than any has."""


class Facts:
    """What the pictures need besides of one plan as it stands at one of its versions."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def ways(self) -> list[Row]:
        """Each placement's way from home and what it costs, for a role that judges plans."""
        return records(self.plan.ws.rotation.ways(self.plan.id)) if self.plan.judges else []

    @cached_property
    def absences(self) -> list[Row]:
        """Who is not available when; nobody is told why."""
        if not self.plan.ws.may("rotation.absences"):
            return []
        return records(self.plan.ws.rotation.absences(self.plan.id))

    @cached_property
    def stations(self) -> list[Row]:
        return records(self.plan.ws.register.stations()) if self.plan.ws.may("register.stations") else []

    @cached_property
    def figures(self) -> dict[str, Any]:
        return self.plan.ws.rotation.figures(self.plan.id)


def upper_of(row: Row) -> int | None:
    """How many trainees a team takes at most; None where nobody is told."""
    upper = row.get("upper")
    return None if upper is None or not present(upper) or int(upper) > _BOUNDLESS else int(upper)


def mentees_of(row: Row) -> int | None:
    """How many trainees a team's mentors take at most; None where nobody is told."""
    most = row.get("mentees_max")
    return None if most is None or not present(most) else int(most)


def limit_of(row: Row) -> int | None:
    """How many trainees a team can have: its places, or fewer where its mentors take fewer."""
    told = [one for one in (upper_of(row), mentees_of(row)) if one is not None]
    return min(told) if told else None


def state_of(row: Row) -> str:
    """How a team stands in a stage: one of `STATES`."""
    load, limit = int(row["trainees"]), limit_of(row)
    lower = int(row["lower"]) if "lower" in row and present(row["lower"]) else 0
    if limit is not None and load > limit:
        return "above"
    if load < lower:
        return "below"
    if not load:
        return "none"
    return "full" if load == limit else "room"


def state_name(state: str) -> str:
    """The word of a state with its sign: 满员 ●."""
    return " ".join(filter(None, (_(STATE_WORDS[state]), SIGNS[state])))


def load_words(row: Row) -> str:
    """Trainees, places and sign: "3/4 ●"."""
    limit = limit_of(row)
    places = "" if limit is None else f"/{limit}"
    return " ".join(filter(None, (f"{int(row['trainees'])}{places}", SIGNS[state_of(row)])))
