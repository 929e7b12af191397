"""Units, party bodies, crews, teams and stations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from svclib.models.base import Period, Versioned


class Unit(Versioned, table=True):
    """A company or county company (供电公司). `name` is official, `short_name` what people say."""

    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("short_name"))

    name: str = Field(max_length=120)
    short_name: str = Field(max_length=60)
    kind: str = Field(max_length=20)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)


class PartyBody(Versioned, table=True):
    """党委 → 党总支 → 党支部 → 党小组, a tree inside each unit."""

    __tablename__ = "party_body"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    unit_id: int = Field(foreign_key="unit.id")
    parent_id: int | None = Field(default=None, foreign_key="party_body.id", index=True)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=120)


class Crew(Versioned, table=True):
    """班组 or 供电所."""

    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    unit_id: int = Field(foreign_key="unit.id")
    kind: str = Field(max_length=20)
    name: str = Field(max_length=120)


class Team(Versioned, table=True):
    """服务队: a permanent body inside a unit's crew structure. `founded_on` inclusive, `closed_on` exclusive."""

    __table_args__ = (
        UniqueConstraint("official_name"),
        UniqueConstraint("unit_id", "short_name"),
        CheckConstraint("closed_on IS NULL OR closed_on > founded_on", name="period"),
    )

    unit_id: int = Field(foreign_key="unit.id")
    parent_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    crew_id: int | None = Field(default=None, foreign_key="crew.id", index=True)
    party_body_id: int | None = Field(default=None, foreign_key="party_body.id", index=True)
    level: str = Field(default="team", max_length=20)
    setting: str = Field(max_length=20)
    official_name: str = Field(max_length=120)
    short_name: str = Field(max_length=60)
    supervision_phone: str | None = Field(default=None, max_length=40)
    latitude: float | None = None
    longitude: float | None = None
    founded_on: date
    closed_on: date | None = None


class Station(Versioned, table=True):
    """社区服务站 of a team, with WGS-84 coordinates in degrees."""

    __table_args__ = (
        UniqueConstraint("team_id", "name"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="place"),
    )

    team_id: int = Field(foreign_key="team.id")
    name: str = Field(max_length=120)
    address: str | None = Field(default=None, max_length=200)
    latitude: float | None = None
    longitude: float | None = None
    opened_on: date
    closed_on: date | None = None


class TeamOffice(Period, table=True):
    """Who is captain or first person responsible of a team, and since when."""

    __tablename__ = "team_office"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        Index(
            "uq_team_office_open",
            "team_id",
            "office",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    team_id: int = Field(foreign_key="team.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    office: str = Field(max_length=20)
