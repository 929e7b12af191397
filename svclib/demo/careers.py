"""What happens to an invented person over the years: hiring, posts, transfers, the way into the party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from svclib.demo.invented import People
from svclib.demo.organisation import UnitParts
from svclib.demo.rows import TODAY, Rows, years_after
from svclib.models import DevelopmentStage, PoliticalStatus, Sex

_SCHOOLS = (
    ("四川大学", "本科", "学士"), ("电子科技大学", "本科", "学士"), ("西南交通大学", "硕士研究生", "硕士"),
    ("华北电力大学", "本科", "学士"), ("重庆大学", "硕士研究生", "硕士"), ("三峡大学", "本科", "学士"),
    ("西华大学", "本科", "学士"), ("成都理工大学", "本科", "学士"), ("西南石油大学", "本科", "学士"),
    ("东北电力大学", "本科", "学士"), ("长沙理工大学", "本科", "学士"), ("四川电力职业技术学院", "大专", None),
)  # fmt: skip
_MAJORS = (
    "电气工程及其自动化", "电力系统及其自动化", "自动化", "高电压与绝缘技术", "通信工程", "计算机科学与技术",
    "电网监控技术", "供用电技术", "会计学", "法学",
)  # fmt: skip
_SKILLS = ("初级工", "中级工", "高级工", "高级工", "技师", "高级技师")
_POSTS = (
    "配电运维工",
    "抢修工",
    "抄表核算收费员",
    "用电检查员",
    "装表接电工",
    "变电运维工",
    "营业员",
    "电网调度员",
    "安全员",
)
_OTHERS = {
    PoliticalStatus.DEMOCRATIC_LEAGUE: 5,
    PoliticalStatus.JIUSAN: 5,
    PoliticalStatus.NATIONAL_CONSTRUCTION: 3,
    PoliticalStatus.INDEPENDENT: 4,
    PoliticalStatus.MASSES: 500,
}


@dataclass(frozen=True)
class Someone:
    """A person just made: what later steps need to know."""

    id: int
    name: str
    sex: Sex
    born: date
    hired_on: date
    unit: UnitParts


class Careers:
    """Adds persons with their histories."""

    def __init__(self, rows: Rows, rng: Random) -> None:
        self._rows = rows
        self._rng = rng
        self._people = People(rng)
        self._numbers: dict[int, int] = {}

    def day(self, first: date, last: date) -> date:
        """A day between the two, both possible."""
        return first + timedelta(days=self._rng.randint(0, (last - first).days))

    def person(
        self, unit: UnitParts, *, born: date, hired_on: date, graduated_on: date | None = None, numbered: bool = True
    ) -> Someone:
        """Add a person of the unit; without `numbered` the employee number is still to come."""
        rng = self._rng
        sex = Sex.FEMALE if rng.random() < 0.32 else Sex.MALE
        name, ethnicity = self._people.name(unit.id, sex, unit.place.people)
        school, education, degree = rng.choice(_SCHOOLS)
        graduated = graduated_on or date(hired_on.year, 6, 30)
        person_id = self._rows.add(
            "person",
            employee_no=self._employee_no(unit) if numbered else None,
            name=name,
            sex=sex,
            birth_date=born,
            ethnicity=ethnicity,
            id_number=self._people.id_number(unit.id, born, sex),
            phone=self._people.phone(),
            address=f"{unit.place.full_name}{rng.choice(unit.place.districts)}和谐路{rng.randint(1, 400)}号",
            hired_on=hired_on,
            work_started_on=hired_on,
            party_joined_on=None,
            education=education,
            degree=degree,
            school=school,
            major=rng.choice(_MAJORS),
            graduated_on=graduated,
            origin=f"四川{unit.place.full_name}",
            skill_level=rng.choice(_SKILLS) if hired_on.year < 2023 else None,
            note=None,
        )
        return Someone(person_id, name, sex, born, hired_on, unit)

    def _employee_no(self, unit: UnitParts) -> str:
        number = self._numbers[unit.id] = self._numbers.get(unit.id, 0) + 1
        return f"05{unit.id:02d}{number:04d}"

    def veteran(self, unit: UnitParts, *, hired_before: int = 2022) -> Someone:
        """Add somebody hired between 1996 and the year before `hired_before`, 22 to 26 years old then."""
        hired = date(self._rng.randint(1996, hired_before - 1), 7, self._rng.randint(1, 20))
        born = self.day(date(hired.year - 26, 1, 1), date(hired.year - 22, 12, 31))
        return self.person(unit, born=born, hired_on=hired)

    def work(
        self,
        who: Someone,
        *,
        crew_id: int | None = None,
        in_crew: bool = True,
        post: str | None = None,
        before: UnitParts | None = None,
    ) -> None:
        """Employ somebody since the hiring; with `before`, first in that unit and transferred later."""
        rng, unit = self._rng, who.unit
        since = who.hired_on
        post = post or rng.choice(_POSTS)
        if in_crew:
            crew_id = crew_id or rng.choice(unit.crews)
        moved_on = None
        if before is not None:
            moved_on = self.day(years_after(since, 2), date(2026, 3, 31))
            self._employ(who, since, moved_on, before.id, rng.choice(before.crews), rng.choice(_POSTS))
        elif rng.random() < 0.06:
            moved_on = self.day(years_after(since, 2), date(2026, 3, 31))
            other = rng.choice([crew for crew in unit.crews if crew != crew_id])
            self._employ(who, since, moved_on, unit.id, other, rng.choice(_POSTS))
        self._employ(who, moved_on or since, None, unit.id, crew_id, post)

    def leave(self, who: Someone, last: date) -> None:
        """End somebody's employment on a day."""
        current = self._rows["employment"][-1]
        if current["person_id"] != who.id:
            raise ValueError("only the person employed last can leave")
        current["valid_to"] = last

    def _employ(
        self, who: Someone, since: date, until: date | None, unit_id: int, crew_id: int | None, post: str
    ) -> None:
        values = {"person_id": who.id, "unit_id": unit_id, "crew_id": crew_id, "post": post}
        self._rows.period("employment", since, until, **values)

    def probation(self, who: Someone) -> None:
        """Employ a graduate: without a crew for a year (见习), then in a post."""
        settled = years_after(who.hired_on, 1)
        over = settled <= TODAY
        self._employ(who, who.hired_on, settled if over else None, who.unit.id, None, "见习")
        if over:
            self._employ(who, settled, None, who.unit.id, self._rng.choice(who.unit.crews), self._rng.choice(_POSTS))

    def into_party(self, who: Someone, joined_on: date, *, branch_id: int) -> None:
        """Record the whole way: applicant, activist, target, a year of probation, member."""
        full_on = years_after(joined_on, 1)
        # At 18 one may apply.
        applied = max(joined_on - timedelta(days=self._rng.randint(800, 1200)), years_after(who.born, 18))
        activist = applied + timedelta(days=self._rng.randint(120, 240))
        target = joined_on - timedelta(days=self._rng.randint(100, 160))
        self.stages(
            who,
            (applied, DevelopmentStage.APPLICANT),
            (activist, DevelopmentStage.ACTIVIST),
            (target, DevelopmentStage.TARGET),
            (joined_on, DevelopmentStage.PROBATIONARY),
            (full_on, DevelopmentStage.FULL),
        )
        self.statuses(who, *self._before_party(who, joined_on), (joined_on, PoliticalStatus.PROBATIONARY),
                      (full_on, PoliticalStatus.MEMBER))  # fmt: skip
        self._rows["person"][who.id - 1]["party_joined_on"] = joined_on
        self.branch(who, branch_id, since=max(joined_on, who.hired_on))

    def _before_party(self, who: Someone, until: date) -> list[tuple[date, PoliticalStatus]]:
        league_on, masses_on = years_after(who.born, 15), years_after(who.born, 28)
        steps = [(league_on, PoliticalStatus.LEAGUE), (masses_on, PoliticalStatus.MASSES)]
        return [step for step in steps if step[0] < until]

    def outside_party(self, who: Someone) -> None:
        """Record the political status of somebody who is not in the party."""
        rng = self._rng
        if years_after(who.born, 28) > TODAY and rng.random() < 0.8:
            self.statuses(who, (years_after(who.born, 15), PoliticalStatus.LEAGUE))
            return
        status = rng.choices(list(_OTHERS), list(_OTHERS.values()))[0]
        since = who.hired_on if status == PoliticalStatus.MASSES else self.day(who.hired_on, date(2025, 12, 31))
        self.statuses(who, *self._before_party(who, since), (since, status))

    def statuses(self, who: Someone, *steps: tuple[date, PoliticalStatus]) -> None:
        """Record political statuses, each until the next; steps after today have not happened."""
        for since, until, status in _periods(steps):
            self._rows.period("status_period", since, until, person_id=who.id, status=status)

    def stages(self, who: Someone, *steps: tuple[date, DevelopmentStage]) -> None:
        """Record stages of development, each until the next; steps after today have not happened."""
        for since, until, stage in _periods(steps):
            self._rows.period("development_period", since, until, person_id=who.id, stage=stage)

    def branch(self, who: Someone, body_id: int, *, since: date) -> None:
        """Record the party body that somebody's organisational ties belong to."""
        self._rows.period("branch_membership", since, person_id=who.id, party_body_id=body_id)


def _periods(steps: tuple[tuple[date, Any], ...]) -> list[tuple[date, date | None, Any]]:
    """Turn steps into periods, leaving out what repeats the step before."""
    past: list[tuple[date, Any]] = []
    for since, code in steps:
        if since <= TODAY and (not past or past[-1][1] != code):
            past.append((since, code))
    ends = [since for since, _code in past[1:]]
    return [(since, until, code) for (since, code), until in zip(past, [*ends, None], strict=True)]
