"""Form 9 (请假/调整申请): what trainees ask of a published year, and what became of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from svclib.models.base import Instant, Versioned


class RotationRequest(Versioned, table=True):
    """A request for leave, or for another placement in a stage; `ends_on` is exclusive.

    `present` tells in words where the person stood when it was asked, `present_team_id` the team that a change would
    leave. A change without `wanted_team_id` asks for any other team. `reason` and `answer`, the words of the decision,
    are ciphertext: the one is read by the own unit's HR alone, the other by them and the person. `claim` is what the
    paper said about its approval: it approves nothing. `by_person`: the person asks, else `asked_by` does for the unit.
    `asked_on` is the day on the paper, `recorded_at` when we learnt it and `recorded_by` from whom; `decided_by` and
    `decided_at` tell also who took it back, and when.
    """

    __tablename__ = "rotation_request"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint("(kind = 'change') = (stage_number IS NOT NULL)", name="stage"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided"),
        Index("ix_rotation_request_plan_id_state", "plan_id", "state"),
    )

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=20)
    stage_number: int | None = None
    starts_on: date
    ends_on: date
    present: str | None = Field(default=None, max_length=400)
    present_team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    wanted_team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    wanted_station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    wanted_crew_id: int | None = Field(default=None, foreign_key="crew.id", index=True)
    reason: str | None = Field(default=None, max_length=1200)
    claim: str | None = Field(default=None, max_length=20)
    state: str = Field(max_length=20)
    asked_on: date | None = None
    by_person: bool
    asked_by: str = Field(max_length=60)
    recorded_by: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant, nullable=False)
    decided_by: str | None = Field(default=None, max_length=60)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str | None = Field(default=None, max_length=1200)
