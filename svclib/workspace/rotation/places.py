"""Where a trainee may stand, by the register's ids, and the numbers that the planner gives to these places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from svclib.rules.rotation import Placement

PERSON_COLUMNS = {"person_id": "id", "employee_no": "text", "name": "text", "unit_id": "id", "unit": "text"}
PLACE_COLUMNS = {
    "team_id": "id",
    "team": "text",
    "station_id": "id",
    "station": "text",
    "crew_id": "id",
    "crew": "text",
}
"""Columns of lists of placements: who, from which unit; and where."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A team as such, or one of its stations, or a crew in its charge."""

    team_id: int
    station_id: int = 0
    crew_id: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Place | None:
        """The place that a row names; None where it names no team."""
        return cls.at(row["team_id"], row["station_id"], row["crew_id"])

    @classmethod
    def at(cls, team_id: int | None, station_id: int | None, crew_id: int | None) -> Place | None:
        """The place with these ids; None without a team."""
        return None if team_id is None else cls(team_id, station_id or 0, crew_id or 0)

    def holds(self, place: Place) -> bool:
        """Whether the other place is this one, or a part of it: a team as such holds all its stations and crews.

        Who is asked for, or fixed, at a team may stand at any of its places.
        """
        return (
            self.team_id == place.team_id
            and self.station_id in (0, place.station_id)
            and self.crew_id in (0, place.crew_id)
        )

    def columns(self) -> dict[str, int | None]:
        """The same as a row's columns."""
        return {"team_id": self.team_id, "station_id": self.station_id or None, "crew_id": self.crew_id or None}


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """A trainee at a place in a stage."""

    person_id: int
    stage: int
    place: Place


@dataclass
class Numbers:
    """Places and their numbers in a problem, in the order in which they were met."""

    numbers: dict[Place, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def of(self, place: Place) -> int:
        """The place's number; a new one for a place that has none."""
        number = self.numbers.setdefault(place, len(self.places))
        if number == len(self.places):
            self.places.append(place)
        return number

    def meant(self, place: Place) -> list[Place]:
        """The numbered places that asking for this one means."""
        return [one for one in self.places if place.holds(one)]

    def numbered(self, placed: Iterable[Placed]) -> tuple[Placement, ...]:
        """Placements as rules and planner know them; places that the problem has not are left to the caller."""
        return tuple(Placement(one.person_id, one.stage, self.numbers[one.place]) for one in placed)

    def named(self, placements: Iterable[Placement]) -> tuple[Placed, ...]:
        """Placements by the register's ids."""
        return tuple(Placed(one.person_id, one.stage, self.places[one.site_id]) for one in placements)
