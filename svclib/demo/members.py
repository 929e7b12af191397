"""The demo's team members, captains and first persons responsible, and the teams that break a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from svclib.demo.careers import Careers, Someone
from svclib.demo.organisation import Organisation, TeamParts, UnitParts
from svclib.demo.rows import Rows, years_after
from svclib.models import Office

FLAWS = ("few_members", "no_captain", "captain_outside", "no_phone", "too_small", "no_party_body")
"""What is wrong with the first teams in `broken_teams`, in turn."""
_SHARE_LOST_ON = date(2026, 6, 1)
_CAPTAIN_LEFT_ON = date(2026, 7, 20)
_OUTSIDER_NAMED_ON = date(2026, 4, 1)
_SHRANK_ON = date(2026, 5, 10)
_SMALLEST, _LARGEST = 8, 16
_DUTIES = ("队员",) * 8 + ("宣传委员", "组织委员", "安全员")


def team_sizes(rng: Random, teams: int, members: int) -> list[int]:
    """How many members each team has, together exactly `members`; three outgrow the limit where it must be."""
    sizes = [rng.randint(_SMALLEST, _LARGEST) for _ in range(teams)]
    for small in broken_teams(teams, "too_small"):
        sizes[small] = _SMALLEST - 1
    fixed = set(broken_teams(teams, "too_small"))
    free = [number for number in range(teams) if number not in fixed]
    while (missing := members - sum(sizes)) != 0:
        step = 1 if missing > 0 else -1
        fitting = [number for number in free if _SMALLEST <= sizes[number] + step <= _LARGEST]
        sizes[rng.choice(fitting or free[-3:])] += step
    return sizes


def broken_teams(teams: int, flaw: str) -> list[int]:
    """Positions of the teams with this flaw: one in the small province, three in the large one."""
    rounds = 3 if teams > 100 else 1
    apart = teams // (rounds * len(FLAWS))
    return [(turn * len(FLAWS) + FLAWS.index(flaw)) * apart + 2 for turn in range(rounds)]


def make_heads(rows: Rows, careers: Careers, organisation: Organisation) -> None:
    """Add the two heads of each unit and make them first persons responsible of its teams."""
    for unit in organisation.units:
        party, admin = (_head(careers, unit, post) for post in ("党委书记", "总经理"))
        for team in organisation.teams:
            if team.unit is unit:
                for office, head in ((Office.PARTY_HEAD, party), (Office.ADMIN_HEAD, admin)):
                    since = max(team.founded_on, date(2021, 3, 1))
                    rows.period("team_office", since, team_id=team.id, person_id=head.id, office=office)


def _head(careers: Careers, unit: UnitParts, post: str) -> Someone:
    head = careers.veteran(unit, hired_before=2004)
    careers.work(head, post=post, in_crew=False)
    careers.into_party(head, careers.day(date(2005, 1, 1), date(2012, 12, 31)), branch_id=unit.branches[0])
    return head


def make_members(rows: Rows, rng: Random, careers: Careers, organisation: Organisation, *, members: int) -> None:
    """Fill every team, name captains, and break the rules of a handful."""
    count = len(organisation.teams)
    flaws = {position: flaw for flaw in FLAWS for position in broken_teams(count, flaw)}
    maker = _Maker(rows, rng, careers, organisation.teams)
    for position, (team, size) in enumerate(zip(organisation.teams, team_sizes(rng, count, members), strict=True)):
        maker.fill(team, size, flaws.get(position))


@dataclass
class _Maker:
    rows: Rows
    rng: Random
    careers: Careers
    teams: list[TeamParts]

    def fill(self, team: TeamParts, size: int, flaw: str | None) -> None:
        in_party = -(-size * self.rng.randint(66, 90) // 100)
        newcomer_on = None
        if flaw == "few_members":
            # Just enough until a party member left and a colleague outside the party came instead.
            in_party, newcomer_on = -(-size * 60 // 100) - 1, _SHARE_LOST_ON
            self.member(team, party=True, until=_SHARE_LOST_ON)
        if flaw == "too_small":
            self.member(team, party=True, until=_SHRANK_ON)
        # In whose hands the team is, one after the other: position in the team, from a day, until a day.
        captains: dict[int, tuple[date, date | None]] = {0: (date.min, None)}
        if flaw == "no_captain":
            captains = {0: (date.min, _CAPTAIN_LEFT_ON)}
        if flaw == "captain_outside":
            in_party = min(in_party, size - 1)
            captains = {0: (date.min, _OUTSIDER_NAMED_ON), size - 1: (_OUTSIDER_NAMED_ON, None)}
        for number in range(size):
            self.member(
                team,
                party=number < in_party,
                duty="副队长" if number == 1 else self.rng.choice(_DUTIES),
                since=newcomer_on if number == size - 1 else None,
                captain=captains.get(number),
            )
        own = self.rows["team"][team.id - 1]
        if flaw == "no_phone":
            own["supervision_phone"] = None
        if flaw == "no_party_body":
            own["party_body_id"] = None

    def member(
        self,
        team: TeamParts,
        *,
        party: bool,
        duty: str = "队员",
        since: date | None = None,
        until: date | None = None,
        captain: tuple[date, date | None] | None = None,
    ) -> None:
        """Add a member, perhaps one who came from another team; a captain has another duty before and after."""
        rng, careers, unit = self.rng, self.careers, team.unit
        who = careers.veteran(unit)
        other_crew = rng.random() < 0.4
        careers.work(who, crew_id=None if other_crew else team.crew_id)
        if party:
            careers.into_party(who, self._joined_party(who), branch_id=team.party_body_id)
        else:
            careers.outside_party(who)
        first = max(team.founded_on, years_after(who.hired_on, 1))
        joined = since or careers.day(first, date(2025, 12, 31))
        if since is None and rng.random() < 0.08:
            moved = careers.day(max(joined, date(2024, 1, 1)), date(2026, 2, 28))
            if moved > joined:
                other = rng.choice([other for other in self.teams if other is not team])
                self._membership(who, other, joined, moved, "队员")
                joined = moved
        if captain is None:
            self._membership(who, team, joined, until, duty)
            return
        named, ended = max(joined, captain[0]), captain[1]
        if named > joined:
            self._membership(who, team, joined, named, duty)
        self._membership(who, team, named, ended, "队长")
        if ended:
            self._membership(who, team, ended, None, duty)
        self.rows.period("team_office", named, ended, team_id=team.id, person_id=who.id, office=Office.CAPTAIN)

    def _joined_party(self, who: Someone) -> date:
        first = max(years_after(who.hired_on, 1), years_after(who.born, 23))
        if self.rng.random() < 0.05:
            return self.careers.day(date(2025, 9, 1), date(2026, 4, 30))
        return self.careers.day(first, max(first, date(2024, 12, 31)))

    def _membership(self, who: Someone, team: TeamParts, since: date, until: date | None, duty: str) -> None:
        station = self.rng.choice(team.stations)
        self.rows.period("membership", since, until, person_id=who.id, team_id=team.id, station_id=station, duty=duty)
