"""Teams and the places in them, as the planner needs them: bounds, mentors, composition, coordinates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from svclib.models import Crew, PoliticalStatus, RotationBound, Station, Team, TeamSetting, table
from svclib.rules.composition import figures_on, judge
from svclib.rules.rotation import Figures, Site, Stage
from svclib.rules.rotation import Team as Receiver
from svclib.rules.rotation.problem import Position
from svclib.workspace.base import Transaction
from svclib.workspace.register.standing import limits_of, read_teams
from svclib.workspace.rotation.places import Numbers, Place
from svclib.workspace.validity import stands

_TEAM = table(Team)
_STATION = table(Station)
_CREW = table(Crew)
_BOUND = table(RotationBound)
_BOUNDLESS = 10_000

Rows = Sequence[Mapping[str, Any]]


@dataclass
class Receiving:
    """Everything that receives trainees. `seats`: the middle of each unit's teams."""

    teams: list[Receiver] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    seats: dict[int, Position] = field(default_factory=dict)
    names: dict[Place, dict[str, str | None]] = field(default_factory=dict)
    """What team, station and crew of each place are called."""
    own: frozenset[int] = frozenset()
    """Teams in scope: their places are judged. Others are there because somebody stands in them."""


def read_receiving(
    tx: Transaction,
    plan_id: int,
    stages: Sequence[Stage],
    figures: Figures,
    numbers: Numbers,
    named: Collection[Place],
    wanted: Collection[Place] = (),
) -> Receiving:
    """Read the teams in scope and those of the places `named` and `wanted`, and number their places.

    A place `wanted` is numbered where no other is meant by it: a team as such, say, where trainees stand at stations.

    A trainee stands in a team as such where the unit has at least as many teams as the plan has stages; else at one of
    its teams' stations, and where these are too few, with a crew.
    """
    rows = tx.rows(select(_TEAM).where(stands(_TEAM, tx.today, since="founded_on"), *tx.scope.teams()))
    own = frozenset(row["id"] for row in rows)
    rows += tx.rows(select(_TEAM).where(_TEAM.c.id.in_({place.team_id for place in (*named, *wanted)} - own)))
    rows.sort(key=lambda row: (row["unit_id"], row["id"]))
    stations = tx.rows(
        select(_STATION.c.id, _STATION.c.team_id, _STATION.c.name, _STATION.c.latitude, _STATION.c.longitude)
        .where(stands(_STATION, tx.today, since="opened_on"), _STATION.c.team_id.in_({row["id"] for row in rows}))
        .order_by(_STATION.c.team_id, _STATION.c.id)
    )
    crews = tx.rows(select(_CREW.c.id, _CREW.c.unit_id, _CREW.c.name).order_by(_CREW.c.unit_id, _CREW.c.id))
    bounds = {
        (row["team_id"], row["station_id"]): (row["lower"], row["upper"])
        for row in tx.rows(select(_BOUND).where(_BOUND.c.plan_id == plan_id))
    }
    found = Receiving(own=own, seats=_seats(rows))
    found.teams = _teams(tx, rows, own, stages, figures, bounds)
    offered = _offered(rows, own, stations, crews, len(stages))
    there_is = {*offered, *named}
    alone = {place for place in wanted if not any(place.holds(one) for one in there_is)}
    found.sites = _sites(offered, {*named, *alone}, rows, stations, crews, figures, bounds, numbers)
    teams, there, crew_names = ({row["id"]: row for row in listed} for listed in (rows, stations, crews))
    for place in numbers.places:
        found.names[place] = {
            "team": teams[place.team_id]["short_name"],
            "station": there.get(place.station_id, {}).get("name"),
            "crew": crew_names.get(place.crew_id, {}).get("name"),
        }
    return found


def _teams(
    tx: Transaction,
    rows: Rows,
    own: frozenset[int],
    stages: Sequence[Stage],
    figures: Figures,
    bounds: Mapping[tuple[int, int | None], tuple[int, int | None]],
) -> list[Receiver]:
    full, strained = _members(tx)
    found = []
    for row in rows:
        shut = frozenset(stage.number for stage in stages if not _is_there(row, stage))
        mine = row["id"] in own
        lower, upper = bounds.get((row["id"], None), (0, figures.team_places_max if mine else _BOUNDLESS))
        found.append(
            Receiver(
                id=row["id"],
                name=row["short_name"],
                unit_id=row["unit_id"],
                kinds=frozenset({TeamSetting(row["setting"])}),
                lower=lower,
                upper=_BOUNDLESS if upper is None else upper,
                mentees_max=full.get(row["id"], 0) * figures.mentees_per_mentor if mine else None,
                strained=row["id"] in strained,
                shut=shut,
            )
        )
    return found


def _is_there(row: Mapping[str, Any], stage: Stage) -> bool:
    return row["founded_on"] <= stage.starts_on and (row["closed_on"] is None or row["closed_on"] >= stage.ends_on)


def _members(tx: Transaction) -> tuple[dict[int, int], set[int]]:
    """Full party members by team, and teams that break a composition rule, today."""
    limits = limits_of(tx.settings)
    full, strained = {}, set()
    for team in read_teams(tx, tx.today, past=False):
        figures = figures_on(team.history, tx.today)
        full[team.team_id] = figures.members.get(PoliticalStatus.MEMBER, 0)
        if not all(one.holds for one in judge(figures, limits)):
            strained.add(team.team_id)
    return full, strained


def _offered(rows: Rows, own: frozenset[int], stations: Rows, crews: Rows, stages: int) -> dict[Place, str]:
    """Every place that may be proposed, and what of it may not come twice."""
    of_unit: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row["id"] in own:
            of_unit[row["unit_id"]].append(row["id"])
    of_team: defaultdict[int, list[int]] = defaultdict(list)
    for station in stations:
        of_team[station["team_id"]].append(station["id"])
    in_unit: defaultdict[int, list[int]] = defaultdict(list)
    for crew in crews:
        in_unit[crew["unit_id"]].append(crew["id"])
    offered: dict[Place, str] = {}
    for unit_id, teams in of_unit.items():
        if len(teams) >= stages:
            offered |= {Place(team_id): f"team {team_id}" for team_id in teams}
            continue
        places = [Place(team_id, station_id) for team_id in teams for station_id in of_team[team_id]]
        if len(places) < stages:
            # Crews are the unit's; the trainees stay in the care of its first team.
            places += [Place(teams[0], crew_id=crew_id) for crew_id in in_unit[unit_id]]
        offered |= {place: _apart(place) for place in places or [Place(team_id) for team_id in teams]}
    return offered


def _apart(place: Place) -> str:
    if place.station_id:
        return f"station {place.station_id}"
    return f"crew {place.crew_id}" if place.crew_id else f"team {place.team_id}"


def _sites(
    offered: Mapping[Place, str],
    named: Iterable[Place],
    rows: Rows,
    stations: Rows,
    crews: Rows,
    figures: Figures,
    bounds: Mapping[tuple[int, int | None], tuple[int, int | None]],
    numbers: Numbers,
) -> list[Site]:
    teams = {row["id"]: row for row in rows}
    there = {row["id"]: row for row in stations}
    crew_names = {row["id"]: row["name"] for row in crews}
    # What may not come twice in a unit is the team for all of its places, or for none.
    by_team = {place.team_id for place in offered if not place.station_id and not place.crew_id}
    extra = {
        place: f"team {place.team_id}" if place.team_id in by_team else _apart(place)
        for place in sorted(set(named) - set(offered))
    }
    found = []
    for place, apart in (*offered.items(), *extra.items()):
        team = teams[place.team_id]
        spot = there.get(place.station_id, team)
        usual = None if place == Place(place.team_id) or place in extra else figures.station_places_max
        told = bounds.get((place.team_id, place.station_id)) if place.station_id else None
        lower, upper = told or (0, usual)
        name = there[place.station_id]["name"] if place.station_id in there else crew_names.get(place.crew_id, "")
        found.append(
            Site(
                id=numbers.of(place),
                team_id=place.team_id,
                apart=apart,
                position=_position(spot),
                lower=lower if team["closed_on"] is None else 0,
                upper=upper,
                name=" ".join(filter(None, (team["short_name"], name))),
            )
        )
    return found


def _position(row: Mapping[str, Any]) -> Position | None:
    told = row["latitude"] is not None and row["longitude"] is not None
    return (row["latitude"], row["longitude"]) if told else None


def _seats(rows: Rows) -> dict[int, Position]:
    """The middle of each unit's teams."""
    known: defaultdict[int, list[Position]] = defaultdict(list)
    for row in rows:
        spot = _position(row)
        if spot is not None:
            known[row["unit_id"]].append(spot)
    return {
        unit_id: (sum(one[0] for one in spots) / len(spots), sum(one[1] for one in spots) / len(spots))
        for unit_id, spots in known.items()
    }
