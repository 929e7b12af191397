"""The demo's rotation: a plan for the newest graduates, ready to be planned, with all that is asked of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random

from svclib.demo.organisation import Organisation
from svclib.demo.places import Place
from svclib.demo.rows import TODAY, Rows
from svclib.models import IntakeKind, SafetyKind
from svclib.rules.rotation import Figures, stored_figures

STAGES = (
    (date(2026, 9, 1), date(2026, 10, 16)),
    (date(2026, 10, 16), date(2026, 12, 1)),
    (date(2027, 1, 4), date(2027, 3, 16)),
    (date(2027, 3, 16), date(2027, 6, 1)),
)
"""First day, and first day after; in December the year is reviewed."""
_MADE = datetime(2026, 8, 18, 2, 0, tzinfo=UTC)
_EDUCATED = date(2026, 7, 17)
_EXAMINED = date(2026, 8, 12)
_LEAVES = ("婚假", "病假", "探亲假", "参加公司技能比武集训", "新员工集中培训补课")
_APART = ("两人有矛盾", "两人系亲属")
_MISSED = ("not educated", "not examined", "failed")


def make_rotation(rows: Rows, rng: Random, organisation: Organisation) -> None:
    """Add the plan of the year, the graduates in it, their wishes, pins, pairs, absences and safety records."""
    intake = next(
        row["id"] for row in rows["intake"] if row["year"] == TODAY.year and row["kind"] == IntakeKind.GRADUATE
    )
    plan = rows.add(
        "rotation_plan",
        name=str(TODAY.year),
        year=TODAY.year,
        terms=stored_figures(Figures()),
        published_version=0,
        created_at=_MADE,
        created_by="system",
    )
    rows.add("rotation_intake", plan_id=plan, intake_id=intake)
    for number, (starts_on, ends_on) in enumerate(STAGES, start=1):
        rows.add("rotation_stage", plan_id=plan, number=number, starts_on=starts_on, ends_on=ends_on)
    people = [row["person_id"] for row in rows["trainee"] if row["intake_id"] == intake]
    _Asked(rows, rng, organisation, plan, people).make()


class _Asked:
    def __init__(self, rows: Rows, rng: Random, organisation: Organisation, plan: int, people: list[int]) -> None:
        self.rows, self.rng, self.plan, self.people = rows, rng, plan, people
        self.teams: dict[int, list[int]] = defaultdict(list)
        for team in organisation.teams:
            self.teams[team.unit.id].append(team.id)
        # A county company without a team of its own sends its graduates to the company above.
        self.above = {row["id"]: row["parent_id"] for row in rows["unit"]}
        self.stations: dict[int, list[int]] = {team.id: team.stations for team in organisation.teams}
        self.seats: dict[int, Place] = {unit.id: unit.place for unit in organisation.units}
        wanted = set(people)
        self.unit_of = {row["person_id"]: row["unit_id"] for row in rows["employment"] if row["person_id"] in wanted}

    def make(self) -> None:
        for person_id in self.people:
            self._trainee(person_id)
        # Chosen apart from each other, so that what is asked can be met.
        shuffled = self.rng.sample(self.people, len(self.people))
        some = max(3, len(self.people) // 40)
        self._pins(shuffled[:some])
        self._absences(shuffled[some : 3 * some])
        self._safety(dict(zip(shuffled[-3 * (some // 3) :], _MISSED * (some // 3), strict=True)))
        self._pairs(shuffled[3 * some : -some], some)

    def _trainee(self, person_id: int) -> None:
        rng, seat = self.rng, self.seats[self.unit_of[person_id]]
        known = rng.random() < 0.8
        self.rows.add(
            "rotation_trainee",
            plan_id=self.plan,
            person_id=person_id,
            home_latitude=round(seat.latitude + rng.uniform(-0.2, 0.2), 1) if known else None,
            home_longitude=round(seat.longitude + rng.uniform(-0.2, 0.2), 1) if known else None,
        )
        if not self.teams[self.unit_of[person_id]]:
            above = self.above[self.unit_of[person_id]]
            self.rows.add("rotation_exception", plan_id=self.plan, person_id=person_id, unit_id=above)
        teams = self._open_to(person_id)
        if len(teams) > 1 and rng.random() < 0.7:
            for rank, team_id in enumerate(rng.sample(teams, min(len(teams) - 1, rng.randint(1, 3))), start=1):
                self.rows.add("rotation_wish", plan_id=self.plan, person_id=person_id, rank=rank, team_id=team_id)

    def _open_to(self, person_id: int) -> list[int]:
        """The teams in which somebody may stand."""
        unit_id = self.unit_of[person_id]
        return self.teams[unit_id] or self.teams[self.above[unit_id]]

    def _pins(self, people: list[int]) -> None:
        for person_id in people:
            teams = self._open_to(person_id)
            team_id = self.rng.choice(teams)
            station_id = self.rng.choice(self.stations[team_id]) if len(teams) < len(STAGES) else None
            self.rows.add(
                "rotation_pin",
                plan_id=self.plan,
                person_id=person_id,
                stage_number=self.rng.randint(1, len(STAGES)),
                team_id=team_id,
                station_id=station_id,
                crew_id=None,
            )

    def _absences(self, people: list[int]) -> None:
        for number, person_id in enumerate(people):
            starts_on, ends_on = STAGES[number % len(STAGES)]
            # Every third is away for a whole stage, the others for one to three weeks of it.
            days = (ends_on - starts_on).days if number % 3 == 0 else self.rng.randint(7, 20)
            self.rows.add(
                "absence",
                person_id=person_id,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=days),
                reason=self.rng.choice(_LEAVES),
                written_by="hr",
                recorded_at=_MADE,
            )

    def _pairs(self, people: list[int], count: int) -> None:
        by_unit: dict[int, list[int]] = defaultdict(list)
        for person_id in people:
            by_unit[self.unit_of[person_id]].append(person_id)
        units = [unit_id for unit_id, listed in by_unit.items() if len(listed) > 1 and len(self.teams[unit_id]) > 1]
        for number, unit_id in enumerate(units[:count]):
            first, second = sorted(by_unit[unit_id][:2])
            apart = number % 3 != 2
            self.rows.add(
                "rotation_pair",
                plan_id=self.plan,
                person_id=first,
                other_id=second,
                apart=apart,
                reason=self.rng.choice(_APART) if apart else None,
                written_by="hr",
                recorded_at=_MADE,
            )

    def _safety(self, missed: dict[int, str]) -> None:
        for person_id in self.people:
            flaw = missed.get(person_id)
            if flaw != "not educated":
                self._taken(person_id, SafetyKind.EDUCATION, _EDUCATED, None, hours=24.0)
            if flaw != "not examined":
                score = self.rng.randint(48, 78) if flaw == "failed" else self.rng.randint(82, 100)
                self._taken(person_id, SafetyKind.EXAM, _EXAMINED, float(score))

    def _taken(
        self, person_id: int, kind: SafetyKind, taken_on: date, score: float | None, hours: float | None = None
    ) -> None:
        self.rows.add(
            "safety_record",
            person_id=person_id,
            kind=kind,
            level="",
            taken_on=taken_on,
            hours=hours,
            score=score,
            passed=score is None or score >= 80,
            valid_until=taken_on.replace(year=taken_on.year + 1) - timedelta(days=1),
            recorded_at=_MADE,
        )
