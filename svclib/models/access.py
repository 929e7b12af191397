"""The trail of every write, and facts about the database itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from svclib.models.base import Instant


class AuditRow(SQLModel, table=True):
    """One write or unmasking: when, who, from where, verb, which record, before, after.

    `number` runs without gaps; `mac` seals the row and, through the one before, all rows up to here.
    """

    __tablename__ = "audit_row"
    __table_args__ = (
        Index("ix_audit_row_record", "table_name", "row_id"),
        Index("ix_audit_row_at", "at"),
        Index("ix_audit_row_actor", "actor"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant, nullable=False)
    actor: str = Field(max_length=60)
    origin: str = Field(max_length=120)
    verb: str = Field(max_length=60)
    table_name: str | None = Field(default=None, max_length=40)
    row_id: int | None = None
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    mac: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """Number and seal of the last audit row. Locking this row puts concurrent writers in order on PostgreSQL."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int
    mac: str = Field(max_length=64)


class Fact(SQLModel, table=True):
    """A fact about this database, by name: `demo_today` marks a demo and holds its day."""

    name: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)
