"""The demo's requests: what trainees of one unit have asked of the plan, in each state that a request may have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from svclib.demo.accounts import choose_accounts
from svclib.demo.rotation import STAGES
from svclib.demo.rows import Rows
from svclib.models import RequestKind, RequestState

_TOLD = datetime(2026, 8, 19, 1, 30, tzinfo=UTC)
_DECIDED = datetime(2026, 8, 19, 8, 5, tzinfo=UTC)
_DECIDER = "王主任"


def make_requests(rows: Rows) -> None:
    """Add a few requests about the plan: some to be decided, and one of each that was."""
    accounts = {row["username"]: row for row in choose_accounts(rows.tables)}
    unit_id, trainee_id = accounts["hr-unit"]["unit_id"], accounts["trainee"]["person_id"]
    taking_part = [row["person_id"] for row in rows["rotation_trainee"]]
    unit_of = {row["person_id"]: row["unit_id"] for row in rows["employment"] if row["valid_to"] is None}
    here = [one for one in taking_part if unit_of[one] == unit_id and one != trainee_id]
    teams = [row["id"] for row in rows["team"] if row["unit_id"] == unit_id]
    fixed = {(row["person_id"], row["stage_number"]) for row in rows["rotation_pin"]}
    stage = next(number for number in (2, 3) if (trainee_id, number) not in fixed)
    wish: dict[str, Any] = {"stage_number": stage, "wanted_team_id": teams[-1] if len(teams) > 1 else None}
    asked = _Asked(rows, "trainee")
    asked.add(trainee_id, RequestKind.CHANGE, STAGES[stage - 1], "家中老人住院，希望离家近一些", **wish)
    asked = _Asked(rows, "hr-unit")
    leave = (
        (date(2026, 11, 2), 12, "婚假", RequestState.PENDING, None),
        (date(2027, 1, 11), 40, "住院手术及休养", RequestState.RETURNED, "与集中培训时间冲突，请改到第2阶段"),
        (date(2026, 9, 21), 5, "探亲假", RequestState.WITHDRAWN, None),
    )
    for person_id, (first, days, why, state, answer) in zip(here, leave, strict=False):
        asked.add(person_id, RequestKind.ABSENCE, (first, first + timedelta(days=days)), why, state, answer)
    # Who is away already by the plan had asked for it.
    asked = _Asked(rows, "hr")
    for row in rows["absence"][:3]:
        days_away = row["starts_on"], row["ends_on"]
        asked.add(row["person_id"], RequestKind.ABSENCE, days_away, row["reason"], RequestState.APPROVED, "同意")


@dataclass(frozen=True)
class _Asked:
    """What one account has filed."""

    rows: Rows
    recorded_by: str

    def add(
        self,
        person_id: int,
        kind: RequestKind,
        days: tuple[date, date],
        why: str,
        state: RequestState = RequestState.PENDING,
        answer: str | None = None,
        **wish: Any,
    ) -> None:
        name = next(row["name"] for row in self.rows["person"] if row["id"] == person_id)
        decided = state != RequestState.PENDING
        self.rows.add(
            "rotation_request",
            plan_id=self.rows["rotation_plan"][0]["id"],
            person_id=person_id,
            kind=kind,
            starts_on=days[0],
            ends_on=days[1],
            **({"stage_number": None, "wanted_team_id": None} | wish),
            reason=why,
            state=state,
            asked_on=date(2026, 8, 18),
            by_person=True,
            asked_by=name,
            recorded_by=self.recorded_by,
            recorded_at=_TOLD,
            decided_by=(name if state == RequestState.WITHDRAWN else _DECIDER) if decided else None,
            decided_at=_DECIDED if decided else None,
            answer=answer,
        )
