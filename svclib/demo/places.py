"""Where the demo's units are: Sichuan's prefectures and some counties, with the coordinates of their seats."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from random import Random

# About seven kilometres: from no seat does that reach beyond its prefecture.
_SPREAD_DEGREES = 0.06


@dataclass(frozen=True)
class Place:
    """A seat: WGS-84 coordinates in degrees, and the names of what lies around it."""

    name: str
    full_name: str
    prefecture: str
    latitude: float
    longitude: float
    area_code: str
    people: str
    districts: tuple[str, ...]
    weight: int

    @property
    def is_county(self) -> bool:
        return self.name != self.prefecture

    def near(self, rng: Random) -> tuple[float, float]:
        """A spot within about seven kilometres of the seat, as (latitude, longitude) in degrees."""
        return (
            round(self.latitude + rng.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 5),
            round(self.longitude + rng.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 5),
        )


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath(name).read_text("utf-8").splitlines()))


def prefectures() -> list[Place]:
    """The 21 prefectures in the usual order."""
    return [
        Place(
            name=row["name"],
            full_name=row["name"] + row["suffix"],
            prefecture=row["name"],
            latitude=float(row["seat_latitude"]),
            longitude=float(row["seat_longitude"]),
            area_code=row["area_code"],
            people=row["people"],
            districts=tuple(row["districts"].split(";")),
            weight=int(row["weight"]),
        )
        for row in _table("prefectures.csv")
    ]


def counties(*, every: bool) -> list[Place]:
    """County seats: a few for the small province, all in the table for the large one."""
    above = {place.name: place for place in prefectures()}
    return [
        Place(
            name=row["name"],
            full_name=above[row["prefecture"]].full_name + row["name"],
            prefecture=row["prefecture"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            area_code=above[row["prefecture"]].area_code,
            people=above[row["prefecture"]].people,
            districts=(row["name"],),
            weight=1,
        )
        for row in _table("counties.csv")
        if every or row["in_small"]
    ]
