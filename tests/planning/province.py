"""A province's rotation as large as asked for: units with teams around a seat, trainees who live near their unit."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from svclib.models import TeamSetting
from svclib.rules.rotation import Learner, Pair, Placement, Problem, Site, Stage, Team
from svclib.rules.rotation.problem import Position, great_circle_km

_SAFE = ((date(2026, 8, 1), date(2027, 8, 1)),)
_GROUPS = ("电气", "自动化", "计算机", "管理")


def province(
    *, trainees: int = 2000, units: int = 21, teams: int = 337, exceptions: float = 0.0, stages: int = 4, seed: int = 1
) -> Problem:
    """A year's problem; `exceptions` is the share of trainees who may also go to a unit nearby, and wish to.

    A unit with fewer teams than stages is rotated through by stations, as DOMAIN.md wants it.
    """
    rng = Random(seed)
    seats = [(26.5 + 6 * rng.random(), 99 + 8 * rng.random()) for _unit in range(units)]
    made = [_team(rng, number, number % units + 1, trainees / teams) for number in range(1, teams + 1)]
    sites: list[Site] = []
    for unit_id in range(1, units + 1):
        own = [team for team in made if team.unit_id == unit_id]
        for team in own:
            for number in range(1 if len(own) >= stages else 6):
                apart = f"team {team.id}" if len(own) >= stages else f"station {team.id}-{number}"
                name = team.name if len(own) >= stages else f"{team.name}{number + 1}站"
                sites.append(Site(len(sites) + 1, team.id, apart, _near(rng, seats[unit_id - 1]), name=name))
    people = []
    for number in range(1, trainees + 1):
        unit_id = number % units + 1
        own = [team for team in made if team.unit_id == unit_id]
        crosses = units > 1 and rng.random() < exceptions
        abroad = rng.choice(_nearest(seats, unit_id)) if crosses else 0
        wanted = [team for team in made if team.unit_id == abroad] or own
        people.append(
            Learner(
                number,
                f"学员{number}",
                unit_id,
                _near(rng, seats[unit_id - 1]),
                rng.choice(_GROUPS),
                _SAFE,
                away=((date(2026, 9, 1), date(2026, 10, 20)),) if rng.random() < 0.02 else (),
                wishes=tuple(team.id for team in rng.sample(wanted, min(len(wanted), rng.randrange(4)))),
                exceptions=frozenset({abroad} if crosses else ()),
            )
        )
    return Problem(
        _stages(stages), tuple(made), tuple(sites), tuple(people), _pairs(rng, people), _pins(rng, people, sites, made)
    )


def _team(rng: Random, number: int, unit_id: int, even: float) -> Team:
    most = max(2, round(even * rng.choice((1.2, 1.4, 1.6))))
    kinds = frozenset({rng.choice(tuple(TeamSetting))})
    mentees = rng.choice((None, most, most + 2))
    return Team(number, f"{unit_id}-{number}队", unit_id, kinds, int(even / 3), most, mentees, rng.random() < 0.1)


def _nearest(seats: list[Position], unit_id: int) -> list[int]:
    """The four other units that are nearest: who is named an exception has a reason to go there."""
    here = seats[unit_id - 1]
    others = [one for one in range(1, len(seats) + 1) if one != unit_id]
    return sorted(others, key=lambda one: great_circle_km(here, seats[one - 1]))[:4]


def _near(rng: Random, seat: Position) -> Position:
    return seat[0] + rng.gauss(0, 0.25), seat[1] + rng.gauss(0, 0.25)


def _stages(count: int) -> tuple[Stage, ...]:
    start, days = date(2026, 9, 1), timedelta(days=60)
    return tuple(Stage(number + 1, start + number * days, start + (number + 1) * days) for number in range(count))


def _pairs(rng: Random, people: list[Learner]) -> tuple[Pair, ...]:
    """One in fifty with somebody of the same unit."""
    pairs = []
    for one in people:
        if rng.random() < 0.02:
            other = rng.choice([who for who in people if who.unit_id == one.unit_id])
            if other.id != one.id:
                pairs.append(Pair(one.id, other.id, apart=rng.random() < 0.7))
    return tuple(pairs)


def _pins(rng: Random, people: list[Learner], sites: list[Site], teams: list[Team]) -> tuple[Placement, ...]:
    unit_of = {team.id: team.unit_id for team in teams}
    pinned = [one for one in people if rng.random() < 0.01]
    return tuple(
        Placement(
            one.id, 1 + rng.randrange(4), rng.choice([at for at in sites if unit_of[at.team_id] == one.unit_id]).id
        )
        for one in pinned
    )
