"""The plan years about which a file of requests may be: who takes part, where everybody stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from svclib.models import RequestKind, RotationPlan, RotationTrainee, table
from svclib.rules.requests import touches_year
from svclib.rules.rotation import Stage
from svclib.workspace.base import Transaction
from svclib.workspace.rotation.missing import Span
from svclib.workspace.rotation.plans import stages_of
from svclib.workspace.rotation.reading import Names
from svclib.workspace.rotation.request_rows import (
    Present,
    Row,
    When,
    present_among,
    present_words,
    rows_near,
    standing_of,
    when_of,
)

_PLAN = table(RotationPlan)
_TRAINEE = table(RotationTrainee)


@dataclass(frozen=True)
class PlanYear:
    """A plan with what is published of the people of a file."""

    plan_id: int
    name: str
    published: bool
    stages: tuple[Stage, ...]
    members: frozenset[int]
    stand: Mapping[int, list[Row]]
    names: Names

    def covers(self, days: Span) -> bool:
        """Whether any of these days is of the year."""
        return touches_year(self.stages, *days)

    def days_of(self, stage: int) -> Span | None:
        """The days of a stage; None where the plan has none of this number."""
        return next(((one.starts_on, one.ends_on) for one in self.stages if one.number == stage), None)

    def when(self, kind: RequestKind, days: Span, today: date) -> When:
        """What these days mean for a request. Raises RuleBroken."""
        return when_of(self.stages, kind, days, today=today)

    def present(self, person_id: int, when: When) -> Present:
        """Where somebody stands on these days."""
        return present_among(self.stand.get(person_id, []), self.names, self.stages, when)

    def placed(self, person_id: int, when: When) -> list[Row]:
        """What is published of somebody in the stages of these days."""
        return rows_near(self.stand.get(person_id, []), self.stages, when)

    def present_words(self, person_id: int, when: When) -> str | None:
        """Where somebody stands on these days, in the reader's words."""
        return present_words(self.present(person_id, when).text)


def years_of(tx: Transaction, people: Iterable[Mapping[str, Any]]) -> list[PlanYear]:
    """Every plan in which one of these people takes part, the newest first."""
    ids = sorted(row["id"] for row in people)
    members: defaultdict[int, set[int]] = defaultdict(set)
    taking_part = select(_TRAINEE.c.plan_id, _TRAINEE.c.person_id).where(_TRAINEE.c.person_id.in_(ids))
    for plan_id, person_id in tx.connection.execute(taking_part):
        members[plan_id].add(person_id)
    found = []
    plans = select(*_PLAN.c["id", "name", "published_version"]).where(_PLAN.c.id.in_(sorted(members)))
    for plan in tx.rows(plans.order_by(_PLAN.c.year.desc(), _PLAN.c.id.desc())):
        rows = standing_of(tx, plan["id"], members[plan["id"]])
        stand: defaultdict[int, list[Row]] = defaultdict(list)
        for row in rows:
            stand[row["person_id"]].append(row)
        stages, taking = stages_of(tx, plan["id"]), frozenset(members[plan["id"]])
        published = plan["published_version"] > 0
        found.append(PlanYear(plan["id"], plan["name"], published, stages, taking, stand, Names(tx, rows)))
    return found
