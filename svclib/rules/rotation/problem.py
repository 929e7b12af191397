"""What a rotation is planned from: stages, places, people and the plan's own figures, frozen.

Nothing here says why somebody is not available or why two are kept apart: who plans need not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from operator import attrgetter

from svclib.codes import TeamSetting
from svclib.i18n import noop as N_

_EARTH_KM = 6371.0


class Rule(StrEnum):
    """What a rotation is judged by, in the order in which it is shown."""

    ONE = "one_per_stage"
    SAFETY = "safety"
    SAFETY_AGAIN = "safety_again"
    AVAILABLE = "available"
    OWN_UNIT = "own_unit"
    PIN = "pin"
    NOT_TWICE = "not_twice"
    TEAM_BOUNDS = "team_bounds"
    SITE_BOUNDS = "site_bounds"
    MENTORS = "mentors"
    APART = "apart"
    TOGETHER = "together"
    KINDS = "kinds"
    FAR = "far"
    MIX = "mix"


RULE_LABELS: dict[Rule, str] = {
    Rule.ONE: N_("One placement in each stage"),
    Rule.SAFETY: N_("Valid safety education and examination"),
    Rule.SAFETY_AGAIN: N_("Examination again after long absence"),
    Rule.AVAILABLE: N_("Present in the stage"),
    Rule.OWN_UNIT: N_("Inside the own unit"),
    Rule.PIN: N_("Fixed placements"),
    Rule.NOT_TWICE: N_("Not the same place twice"),
    Rule.TEAM_BOUNDS: N_("Places of the team"),
    Rule.SITE_BOUNDS: N_("Places of the station or crew"),
    Rule.MENTORS: N_("Mentors' capacity"),
    Rule.APART: N_("Kept apart"),
    Rule.TOGETHER: N_("Kept together"),
    Rule.KINDS: N_("Each kind of team"),
    Rule.FAR: N_("Far from home"),
    Rule.MIX: N_("Mixed groups"),
}
ALWAYS_HARD = frozenset({Rule.ONE, Rule.SAFETY, Rule.SAFETY_AGAIN, Rule.AVAILABLE, Rule.OWN_UNIT, Rule.PIN})
"""Rules that no plan may weigh: they are kept, or the plan is not one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule asks of somebody or something: whom, which team or site, in which stage."""

    rule: Rule
    people: tuple[int, ...] = ()
    team_id: int | None = None
    site_id: int | None = None
    stage: int | None = None


Position = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the plan year, `ends_on` exclusive."""

    number: int
    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days


@dataclass(frozen=True, slots=True)
class Team:
    """A receiving team: `lower` to `upper` trainees in each stage, `mentees_max` of them carried by its mentors."""

    id: int
    name: str
    unit_id: int
    kinds: frozenset[TeamSetting] = frozenset()
    lower: int = 0
    upper: int = 2
    mentees_max: int | None = None
    strained: bool = False
    """Whether the team breaks a composition rule: sending trainees there has a cost."""
    shut: frozenset[int] = frozenset()
    """Stages in which the team takes nobody: it is not there, or not all the time."""

    def places(self, stage: Stage) -> tuple[int, int]:
        """How many trainees the team takes in a stage: at least, at most."""
        return (0, 0) if stage.number in self.shut else (self.lower, self.upper)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a trainee stands: a team as such, or one of its stations or crews.

    `apart` is what may not come twice: the team's own, or the station's or crew's where the unit has few teams.
    """

    id: int
    team_id: int
    apart: str
    position: Position | None = None
    lower: int = 0
    upper: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Learner:
    """A trainee of the plan. `safe` are the times (end exclusive) with valid education and examination."""

    id: int
    name: str
    unit_id: int
    home: Position | None = None
    group: str = ""
    safe: tuple[tuple[date, date], ...] = ()
    lapsed: tuple[tuple[date, date], ...] = ()
    """When both would be valid but for a long absence, after which the examination is passed again."""
    away: tuple[tuple[date, date], ...] = ()
    wishes: tuple[int, ...] = ()
    """Up to three teams, the dearest first."""
    exceptions: frozenset[int] = frozenset()
    """Other units that are allowed by name."""
    barred: frozenset[tuple[int, int]] = frozenset()
    """Stage and team where the person is not to be: another team was asked for, and that was approved."""

    def is_safe(self, day: date) -> bool:
        """Whether a placement may begin on this day. Expiring soon is not expired."""
        return any(start <= day < end for start, end in self.safe)

    def gate(self, day: date) -> Rule:
        """The rule that shuts the safety gate on a day on which it is shut."""
        return Rule.SAFETY_AGAIN if any(start <= day < end for start, end in self.lapsed) else Rule.SAFETY

    def days_away(self, stage: Stage) -> int:
        """How many days of a stage are taken by absences; overlapping ones count once."""
        days = set[int]()
        for start, end in self.away:
            if start < stage.ends_on and stage.starts_on < end:
                days.update(range(max(start, stage.starts_on).toordinal(), min(end, stage.ends_on).toordinal()))
        return len(days)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two trainees who are to be in the same team in no stage (`apart`), or in each."""

    first: int
    second: int
    apart: bool


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """A trainee at a site in a stage."""

    person_id: int
    stage: int
    site_id: int


@dataclass(frozen=True)
class Terms:
    """A plan's own figures. Weights are costs in the same unit: 1 is a kilometre of one placement's distance.

    A rule in `hard` must hold, another costs `weights[rule]` for each person, place or stage by which it is missed.
    """

    hard: frozenset[Rule] = ALWAYS_HARD | {
        Rule.NOT_TWICE,
        Rule.TEAM_BOUNDS,
        Rule.SITE_BOUNDS,
        Rule.MENTORS,
        Rule.APART,
    }
    weights: Mapping[Rule, float] = field(default_factory=lambda: dict.fromkeys(Rule, 200.0))
    far_km: float = 80.0
    far_stages_max: int = 1
    away_share_max: float = 0.5
    """A stage in which somebody is away for more than this share has no placement for that person."""
    group_share_max: float = 0.7
    """Of one group's share in a team and stage; one person more is no fault."""
    km_cost: float = 1.0
    wish_cost: float = 20.0
    """For each step by which a placement is not the dearest wish."""
    strained_cost: float = 30.0
    uneven_cost: float = 25.0
    """For each trainee beyond a team's even share."""
    unfair_cost: float = 1.0
    """For each unit of burden beyond what is fair (see `Problem.fair_burden`), once more at twice that."""
    change_cost: float = 0.0
    """For each published placement that moves."""

    def weight(self, rule: Rule) -> float | None:
        """What a missed rule costs; None where it must hold."""
        return None if rule in self.hard or rule in ALWAYS_HARD else self.weights[rule]


@dataclass(frozen=True)
class Problem:
    """A whole plan year. Ids are unique in their kind; everything named exists (see `checked`)."""

    stages: tuple[Stage, ...]
    teams: tuple[Team, ...]
    sites: tuple[Site, ...]
    learners: tuple[Learner, ...]
    pairs: tuple[Pair, ...] = ()
    pins: tuple[Placement, ...] = ()
    """What somebody has fixed; of several for one person and stage any one will do.

    In a stage in which nothing is due for the person a pin says nothing.
    """
    published: tuple[Placement, ...] = ()
    """What stands already: moving it costs `terms.change_cost`."""
    terms: Terms = field(default_factory=Terms)

    @cached_property
    def team(self) -> dict[int, Team]:
        return {team.id: team for team in self.teams}

    @cached_property
    def site(self) -> dict[int, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def learner(self) -> dict[int, Learner]:
        return {learner.id: learner for learner in self.learners}

    @cached_property
    def pinned(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """The sites at which somebody is fixed, by person and stage."""
        found: dict[tuple[int, int], tuple[int, ...]] = {}
        for pin in self.pins:
            key = (pin.person_id, pin.stage)
            found[key] = (*found.get(key, ()), pin.site_id)
        return found

    @cached_property
    def stage(self) -> dict[int, Stage]:
        return {stage.number: stage for stage in self.stages}

    def team_at(self, site_id: int) -> Team:
        return self.team[self.site[site_id].team_id]

    def is_away(self, learner: Learner, stage: Stage) -> bool:
        """Whether somebody is not available for most of a stage."""
        return learner.days_away(stage) > self.terms.away_share_max * stage.days

    def is_due(self, learner: Learner, stage: Stage) -> bool:
        """Whether somebody is to have a placement in a stage: not when away, not while the safety gate is shut."""
        return learner.is_safe(stage.starts_on) and not self.is_away(learner, stage)

    def may_work_in(self, learner: Learner, team: Team) -> bool:
        return team.unit_id == learner.unit_id or team.unit_id in learner.exceptions

    def distance_km(self, learner: Learner, site: Site) -> float:
        """As the crow flies; 0 where home or site is not known."""
        if learner.home is None or site.position is None:
            return 0.0
        return great_circle_km(learner.home, site.position)

    def kinds_due(self, learner: Learner) -> tuple[TeamSetting, ...]:
        """The kinds of team to be met: those that the unit has, where there are stages enough for all of them."""
        kinds = self._kinds_by_unit.get(learner.unit_id, ())
        due = sum(self.is_due(learner, stage) for stage in self.stages)
        return kinds if due >= len(kinds) else ()

    @cached_property
    def _kinds_by_unit(self) -> dict[int, tuple[TeamSetting, ...]]:
        found: dict[int, set[TeamSetting]] = {}
        for team in self.teams:
            found.setdefault(team.unit_id, set()).update(team.kinds)
        return {unit_id: tuple(sorted(kinds)) for unit_id, kinds in found.items()}

    def burden(self, learner: Learner, site: Site) -> float:
        """What a placement costs the person: distance and wishes passed over."""
        distance = self.terms.km_cost * self.distance_km(learner, site)
        return distance + self.terms.wish_cost * self._passed_over(learner, site)

    @staticmethod
    def _passed_over(learner: Learner, site: Site) -> int:
        """How many wishes are dearer than the place."""
        return learner.wishes.index(site.team_id) if site.team_id in learner.wishes else len(learner.wishes)

    @cached_property
    def fair_burden(self) -> float:
        """The burden over a whole year beyond which somebody is badly off: the mean over all who could be anywhere."""
        shares = []
        # Many have the same home and the same places: thousands of people, some hundred sums of ways.
        ways: dict[tuple[Position | None, int, frozenset[int]], float] = {}
        for learner in self.learners:
            sites, key = self.sites_of(learner), (learner.home, learner.unit_id, learner.exceptions)
            due = sum(self.is_due(learner, stage) for stage in self.stages)
            if not sites or not due:
                continue
            if key not in ways:
                ways[key] = sum(self.distance_km(learner, site) for site in sites)
            passed = sum(self._passed_over(learner, site) for site in sites) if learner.wishes else 0
            burden = self.terms.km_cost * ways[key] + self.terms.wish_cost * passed
            shares.append(due * burden / len(sites))
        return sum(shares) / len(shares) if shares else 0.0

    def sites_of(self, learner: Learner) -> list[Site]:
        """Where somebody may work at all: the own unit and the exceptions."""
        units = {learner.unit_id, *learner.exceptions}
        return [site for unit_id in sorted(units) for site in self._sites_by_unit.get(unit_id, ())]

    @cached_property
    def _sites_by_unit(self) -> dict[int, list[Site]]:
        found: dict[int, list[Site]] = {}
        for site in self.sites:
            found.setdefault(self.team[site.team_id].unit_id, []).append(site)
        return found

    @cached_property
    def even_share(self) -> dict[int, int]:
        """The trainees a team would have in a stage if its unit's were spread by the teams' places, rounded up."""
        wanted: dict[int, int] = {}
        for learner in self.learners:
            wanted[learner.unit_id] = wanted.get(learner.unit_id, 0) + 1
        places: dict[int, int] = {}
        for team in self.teams:
            places[team.unit_id] = places.get(team.unit_id, 0) + team.upper
        return {
            team.id: -(-wanted.get(team.unit_id, 0) * team.upper // places[team.unit_id]) if team.upper else 0
            for team in self.teams
        }


def great_circle_km(one: Position, other: Position) -> float:
    """The distance of two places on the ground in kilometres (haversine)."""
    latitude, longitude = radians(other[0] - one[0]), radians(other[1] - one[1])
    part = sin(latitude / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(longitude / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(part))


def by_stage(placements: Iterable[Placement]) -> dict[tuple[int, int], Placement]:
    """Placements by person and stage; of two for one stage the last."""
    return {(one.person_id, one.stage): one for one in placements}


def in_order(placements: Iterable[Placement]) -> list[Placement]:
    """Placements by person, stage and site, each once."""
    # By a key: comparing them one with another takes ten times as long.
    return sorted(set(placements), key=attrgetter("person_id", "stage", "site_id"))
