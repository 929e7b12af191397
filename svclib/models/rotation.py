"""The yearly rotation: plans with stages, who takes part, what is asked for and fixed, who stands where.

Teams, stations and crews that receive somebody are named by ids of the register. A placement is a shadow place: it is
no membership, and counts in no strength and no duty.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from svclib.models.base import Instant, Row, Versioned


class RotationPlan(Versioned, table=True):
    """年度轮岗计划. `version` grows with every change of the plan or of anything in it.

    `published_version` numbers what was published: 0 while nothing is. `unit_id`: whose trainees take part, those of
    units below included; without one, everybody's. `terms` are the plan's own figures, checked by
    `svclib.rules.rotation.figures`.
    """

    __tablename__ = "rotation_plan"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=60)
    year: int
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    terms: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    published_version: int = Field(default=0, nullable=False)
    created_at: datetime = Field(sa_type=Instant, nullable=False)
    created_by: str = Field(max_length=60)


class RotationVersion(Row, table=True):
    """One publication of a plan: who decided when, its cost in the unit of the terms, how many placements moved."""

    __tablename__ = "rotation_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    plan_id: int = Field(foreign_key="rotation_plan.id")
    number: int
    published_at: datetime = Field(sa_type=Instant, nullable=False)
    published_by: str = Field(max_length=60)
    cost: float
    placements: int
    moved: int


class SignedNotice(Row, table=True):
    """A scan of the notice that trainees have signed, for a published version and a unit; None: for the whole plan.

    A second one stands beside the first. Withdrawn, the `content` is forgotten and the row with its `sha256` stays.
    """

    __tablename__ = "signed_notice"
    __table_args__ = (CheckConstraint("(content IS NULL) = (withdrawn_at IS NOT NULL)", name="withdrawn"),)

    version_id: int = Field(foreign_key="rotation_version.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    file_name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size_bytes: int
    sha256: str = Field(max_length=64)
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    attached_at: datetime = Field(sa_type=Instant, nullable=False)
    attached_by: str = Field(max_length=60)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: str | None = Field(default=None, max_length=60)


class RotationIntake(Row, table=True):
    """An intake whose trainees take part in a plan."""

    __tablename__ = "rotation_intake"
    __table_args__ = (UniqueConstraint("plan_id", "intake_id"),)

    plan_id: int = Field(foreign_key="rotation_plan.id")
    intake_id: int = Field(foreign_key="intake.id", index=True)


class RotationStage(Row, table=True):
    """阶段 of a plan; `ends_on` is exclusive."""

    __tablename__ = "rotation_stage"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("ends_on > starts_on", name="period"),
    )

    plan_id: int = Field(foreign_key="rotation_plan.id")
    number: int
    starts_on: date
    ends_on: date


class RotationBound(Row, table=True):
    """How many trainees a team, or one of its stations, takes in each stage; for all others the plan's terms say it."""

    __tablename__ = "rotation_bound"
    __table_args__ = (
        UniqueConstraint("plan_id", "team_id", "station_id"),
        CheckConstraint("lower >= 0 AND (upper IS NULL OR upper >= lower)", name="bounds"),
    )

    plan_id: int = Field(foreign_key="rotation_plan.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    lower: int
    upper: int | None = None


class RotationTrainee(Row, table=True):
    """Somebody who takes part in a plan. `home_latitude` and `home_longitude`: the town, to a tenth of a degree."""

    __tablename__ = "rotation_trainee"
    __table_args__ = (UniqueConstraint("plan_id", "person_id"),)

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    home_latitude: float | None = None
    home_longitude: float | None = None


class RotationException(Row, table=True):
    """Another unit that a trainee may be sent to, by name: crossing units is never a rule."""

    __tablename__ = "rotation_exception"
    __table_args__ = (UniqueConstraint("plan_id", "person_id", "unit_id"),)

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)


class RotationWish(Row, table=True):
    """A team that a trainee would like, at most three, the dearest has rank 1."""

    __tablename__ = "rotation_wish"
    __table_args__ = (
        UniqueConstraint("plan_id", "person_id", "rank"),
        UniqueConstraint("plan_id", "person_id", "team_id"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
    )

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    rank: int
    team_id: int = Field(foreign_key="team.id", index=True)


class RotationPair(Row, table=True):
    """Two trainees, the one with the smaller id first, who are to be in no stage in one team (`apart`), or in each.

    `reason` is ciphertext: only who wrote it reads it.
    """

    __tablename__ = "rotation_pair"
    __table_args__ = (
        UniqueConstraint("plan_id", "person_id", "other_id"),
        CheckConstraint("person_id < other_id", name="order"),
    )

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    other_id: int = Field(foreign_key="person.id", index=True)
    apart: bool
    reason: str | None = Field(default=None, max_length=1200)
    written_by: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant, nullable=False)


class Absence(Row, table=True):
    """Days on which somebody is not available, for every plan; `ends_on` is exclusive.

    `reason` is ciphertext: only the own unit's HR reads it. Who plans is told "not available".
    """

    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="period"),
        Index("ix_absence_person_id_starts_on", "person_id", "starts_on"),
    )

    person_id: int = Field(foreign_key="person.id")
    starts_on: date
    ends_on: date
    reason: str | None = Field(default=None, max_length=1200)
    written_by: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant, nullable=False)


class RotationPin(Row, table=True):
    """What somebody has fixed by hand: this trainee in this stage at this place."""

    __tablename__ = "rotation_pin"
    __table_args__ = (UniqueConstraint("plan_id", "person_id", "stage_number"),)

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    stage_number: int
    team_id: int = Field(foreign_key="team.id", index=True)
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    crew_id: int | None = Field(default=None, foreign_key="crew.id", index=True)


class RotationPlacement(Versioned, table=True):
    """轮岗安排: who stands where in a stage, as a draft or as published.

    Published from the plan's version `from_version` on (inclusive) up to `to_version` (exclusive, None while it
    stands): every version that was published can be read again. A draft has no `from_version`; it stands above what is
    published for its person and stage, and without a team takes the placement away. Days are the stage's where not
    given.
    """

    __tablename__ = "rotation_placement"
    __table_args__ = (
        CheckConstraint("to_version IS NULL OR to_version > from_version", name="versions"),
        CheckConstraint("from_version IS NULL OR team_id IS NOT NULL", name="place"),
        CheckConstraint("ends_on > starts_on", name="period"),
        Index(
            "uq_rotation_placement_draft",
            *("plan_id", "person_id", "stage_number"),
            unique=True,
            sqlite_where=text("from_version IS NULL"),
            postgresql_where=text("from_version IS NULL"),
        ),
        Index(
            "uq_rotation_placement_open",
            *("plan_id", "person_id", "stage_number"),
            unique=True,
            sqlite_where=text("from_version IS NOT NULL AND to_version IS NULL"),
            postgresql_where=text("from_version IS NOT NULL AND to_version IS NULL"),
        ),
        Index("ix_rotation_placement_plan_id_from_version", "plan_id", "from_version"),
    )

    plan_id: int = Field(foreign_key="rotation_plan.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    stage_number: int
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    crew_id: int | None = Field(default=None, foreign_key="crew.id", index=True)
    mentor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    lodging: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=400)
    starts_on: date | None = None
    ends_on: date | None = None
    from_version: int | None = None
    to_version: int | None = None
