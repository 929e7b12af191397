"""Safety education and examinations (form 6): without both, valid on the first day, nobody starts a placement."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from svclib.models.base import Instant, Versioned


class SafetyRecord(Versioned, table=True):
    """三级安全教育 or 安规考试 of a person: one taking of it, passed or not.

    `level` is the level of the education or of the examination in the office's own words, "" where none is told; hours
    are class hours. It counts from `taken_on` to `valid_until`, both included; without `valid_until` as long as the
    office's setting says.
    """

    __tablename__ = "safety_record"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "level", "taken_on"),
        CheckConstraint("valid_until IS NULL OR valid_until >= taken_on", name="period"),
        Index("ix_safety_record_valid_until", "valid_until"),
    )

    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(max_length=20)
    level: str = Field(default="", max_length=30)
    taken_on: date
    hours: float | None = None
    score: float | None = None
    passed: bool
    valid_until: date | None = None
    recorded_at: datetime = Field(sa_type=Instant, nullable=False)
