"""People, where they work, what they are, and the yearly intakes of trainees."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from svclib.models.base import Instant, Period, Row, Versioned, period_rules


class Person(Versioned, table=True):
    """Somebody in the register. ID number, phone and address are ciphertext; `id_number_index` finds an ID number.

    A graduate has no employee number at first: the ID number is the key until it is filled in.
    """

    __table_args__ = (
        UniqueConstraint("employee_no"),
        UniqueConstraint("id_number_index"),
        Index("ix_person_pinyin_id", "pinyin", "id"),
        Index("ix_person_initials", "initials"),
        Index("ix_person_name", "name"),
    )

    employee_no: str | None = Field(default=None, max_length=32)
    name: str = Field(max_length=60)
    pinyin: str = Field(max_length=200)
    initials: str = Field(max_length=30)
    sex: str | None = Field(default=None, max_length=10)
    birth_date: date | None = None
    ethnicity: str | None = Field(default=None, max_length=30)
    id_number: str | None = Field(default=None, max_length=200)
    id_number_index: str | None = Field(default=None, max_length=64)
    phone: str | None = Field(default=None, max_length=200)
    address: str | None = Field(default=None, max_length=600)
    hired_on: date | None = None
    work_started_on: date | None = None
    party_joined_on: date | None = None
    education: str | None = Field(default=None, max_length=30)
    degree: str | None = Field(default=None, max_length=30)
    school: str | None = Field(default=None, max_length=80)
    major: str | None = Field(default=None, max_length=80)
    graduated_on: date | None = None
    origin: str | None = Field(default=None, max_length=80)
    skill_level: str | None = Field(default=None, max_length=40)
    note: str | None = Field(default=None, max_length=400)


class Employment(Period, table=True):
    """Unit, crew and post of a person over time."""

    __table_args__ = (*period_rules("employment"), Index("ix_employment_unit_id_valid_from", "unit_id", "valid_from"))

    person_id: int = Field(foreign_key="person.id")
    unit_id: int = Field(foreign_key="unit.id")
    crew_id: int | None = Field(default=None, foreign_key="crew.id", index=True)
    post: str | None = Field(default=None, max_length=60)


class BranchMembership(Period, table=True):
    """The party body that a person's organisational ties belong to."""

    __tablename__ = "branch_membership"
    __table_args__ = period_rules("branch_membership")

    person_id: int = Field(foreign_key="person.id")
    party_body_id: int = Field(foreign_key="party_body.id", index=True)


class StatusPeriod(Period, table=True):
    """Political status (政治面貌) over time."""

    __tablename__ = "status_period"
    __table_args__ = period_rules("status_period")

    person_id: int = Field(foreign_key="person.id")
    status: str = Field(max_length=30)


class DevelopmentPeriod(Period, table=True):
    """Stage of development (发展阶段) over time."""

    __tablename__ = "development_period"
    __table_args__ = period_rules("development_period")

    person_id: int = Field(foreign_key="person.id")
    stage: str = Field(max_length=30)


class Membership(Period, table=True):
    """队员: in which team, at which station, with which office in the team (队内职务)."""

    __table_args__ = (*period_rules("membership"), Index("ix_membership_team_id_valid_from", "team_id", "valid_from"))

    person_id: int = Field(foreign_key="person.id")
    team_id: int = Field(foreign_key="team.id")
    station_id: int | None = Field(default=None, foreign_key="station.id", index=True)
    duty: str | None = Field(default=None, max_length=60)


class Intake(Row, table=True):
    """入职批次: the graduates or the activists of one year."""

    __table_args__ = (UniqueConstraint("year", "kind"),)

    year: int
    kind: str = Field(max_length=20)


class Trainee(Row, table=True):
    """学员: a person in an intake, on a shadow place, never counted in strength. `ends_on` is exclusive."""

    __table_args__ = (UniqueConstraint("intake_id", "person_id"),)

    intake_id: int = Field(foreign_key="intake.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_on: date
    ends_on: date


class ActivistFile(Versioned, table=True):
    """入党积极分子名册: the dated steps of one activist, as filed."""

    __tablename__ = "activist_file"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: int = Field(foreign_key="person.id")
    applied_on: date | None = None
    talked_on: date | None = None
    recommended_by: str | None = Field(default=None, max_length=20)
    decided_on: date | None = None
    filed_on: date | None = None


class TrainingContact(Period, table=True):
    """培养联系人 of an activist, by name until the person is found in the register."""

    __tablename__ = "training_contact"
    __table_args__ = (Index("ix_training_contact_person_id_valid_from", "person_id", "valid_from"),)

    person_id: int = Field(foreign_key="person.id")
    contact_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    contact_name: str = Field(max_length=60)
    contact_joined_on: date | None = None


class Draft(SQLModel, table=True):
    """What somebody has typed and not yet saved, encrypted: a refresh of the page must not lose it."""

    actor: str = Field(primary_key=True, max_length=60)
    key: str = Field(primary_key=True, max_length=120)
    content: str
    saved_at: datetime = Field(sa_type=Instant, nullable=False)
