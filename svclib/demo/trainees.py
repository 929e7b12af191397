"""The demo's yearly intakes: newly hired graduates, and party activists on attachment."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from svclib.demo.careers import Careers, Someone
from svclib.demo.organisation import Organisation
from svclib.demo.rows import TODAY, Rows, years_after
from svclib.models import DevelopmentStage, IntakeKind, PoliticalStatus, Recommendation

YEARS = (2024, 2025, 2026)


def make_trainees(
    rows: Rows, rng: Random, careers: Careers, organisation: Organisation, *, graduates: int, activists: int
) -> None:
    """Add three yearly intakes of each kind; party members to be training contacts must be there already."""
    contacts = _members_by_unit(rows)
    for year in YEARS:
        intake = rows.add("intake", year=year, kind=IntakeKind.GRADUATE)
        for number in range(graduates):
            unit = organisation.units[1 + (number + year) % (len(organisation.units) - 1)]
            reported = date(year, 7, rng.randint(8, 16))
            born = careers.day(date(year - 25, 1, 1), date(year - 22, 12, 31))
            # The newest have no employee number yet, except where the office was quick.
            numbered = year < TODAY.year or rng.random() < 0.4
            who = careers.person(
                unit,
                born=born,
                hired_on=reported,
                graduated_on=date(year, 6, rng.choice((20, 25, 30))),
                numbered=numbered,
            )
            careers.probation(who)
            _student_status(rng, careers, who)
            end = years_after(reported, 1)
            rows.add("trainee", intake_id=intake, person_id=who.id, starts_on=reported, ends_on=end)
    for year in YEARS:
        intake = rows.add("intake", year=year, kind=IntakeKind.ACTIVIST)
        for number in range(activists):
            unit = organisation.units[1 + (number + year) % (len(organisation.units) - 1)]
            hired = date(rng.randint(2012, year - 3), 7, rng.randint(5, 20))
            born = careers.day(date(hired.year - 26, 1, 1), date(hired.year - 22, 12, 31))
            who = careers.person(unit, born=born, hired_on=hired)
            careers.work(who)
            _cultivate(rows, rng, careers, who, year, contacts[unit.id])
            starts = date(year, 4, rng.randint(1, 20))
            rows.add("trainee", intake_id=intake, person_id=who.id, starts_on=starts, ends_on=date(year, 11, 1))


def _members_by_unit(rows: Rows) -> dict[int, list[int]]:
    full = {row["person_id"] for row in rows["status_period"] if row["status"] == PoliticalStatus.MEMBER}
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows["employment"]:
        if row["person_id"] in full and row["valid_to"] is None:
            found[row["unit_id"]].append(row["person_id"])
    return found


def _student_status(rng: Random, careers: Careers, who: Someone) -> None:
    luck = rng.random()
    if luck < 0.2:
        # From the application at 18 on, the way takes two years and more.
        first = max(years_after(who.hired_on, -2), years_after(who.born, 21))
        joined = careers.day(first, max(first, who.hired_on - timedelta(days=60)))
        careers.into_party(who, joined, branch_id=rng.choice(who.unit.branches))
        return
    status = PoliticalStatus.LEAGUE if luck < 0.92 else PoliticalStatus.MASSES
    careers.statuses(who, (years_after(who.born, 15), status))
    if luck > 0.7:
        careers.stages(who, (careers.day(years_after(who.hired_on, -2), who.hired_on), DevelopmentStage.APPLICANT))


def _cultivate(rows: Rows, rng: Random, careers: Careers, who: Someone, year: int, contacts: list[int]) -> None:
    """The dated steps of one activist: application, talk within a month, decision, filing; then on, for some."""
    applied = careers.day(date(year - 2, 9, 1), date(year - 1, 3, 31))
    talked = applied + timedelta(days=rng.randint(6, 28))
    decided = careers.day(date(year - 1, 9, 1), date(year, 2, 28))
    filed = decided + timedelta(days=rng.randint(5, 20))
    branch = rng.choice(who.unit.branches)
    young = years_after(who.born, 28) > applied
    rows.add(
        "activist_file",
        person_id=who.id,
        applied_on=applied,
        talked_on=talked,
        recommended_by=Recommendation.LEAGUE if young and rng.random() < 0.6 else Recommendation.MEMBERS,
        decided_on=decided,
        filed_on=filed,
    )
    for contact_id in sorted(rng.sample(contacts, min(len(contacts), rng.randint(1, 2)))):
        contact = rows["person"][contact_id - 1]
        rows.period(
            "training_contact",
            decided,
            person_id=who.id,
            contact_id=contact_id,
            contact_name=contact["name"],
            contact_joined_on=contact["party_joined_on"],
        )
    steps = [(applied, DevelopmentStage.APPLICANT), (decided, DevelopmentStage.ACTIVIST)]
    # Development takes a year at least; the older the intake, the more have gone on.
    target = years_after(decided, 1) + timedelta(days=rng.randint(30, 90))
    joined = target + timedelta(days=rng.randint(90, 150))
    before = (years_after(who.born, 15), PoliticalStatus.LEAGUE), (years_after(who.born, 28), PoliticalStatus.MASSES)
    if rng.random() < 0.7:
        full = years_after(joined, 1)
        steps += [
            (target, DevelopmentStage.TARGET),
            (joined, DevelopmentStage.PROBATIONARY),
            (full, DevelopmentStage.FULL),
        ]
        careers.statuses(
            who,
            *(step for step in before if step[0] < joined),
            (joined, PoliticalStatus.PROBATIONARY),
            (full, PoliticalStatus.MEMBER),
        )
        if joined <= TODAY:
            rows["person"][who.id - 1]["party_joined_on"] = joined
    else:
        careers.statuses(who, *before)
    careers.stages(who, *steps)
    careers.branch(who, branch, since=max(applied, who.hired_on))
