"""What all tables share: constraint names, instants in UTC, validity, version."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Index, Table, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment, stored as UTC without a zone on both engines and read back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Row(SQLModel):
    """A row with an id."""

    # Rows are written through Core: the validators of pydantic, never asked, are not built.
    model_config = {"defer_build": True}

    id: int | None = Field(default=None, primary_key=True)


class Versioned(Row):
    """A row that people edit: `version` grows with each save, so that a stale save is noticed."""

    version: int = Field(default=1, nullable=False)


class Period(Row):
    """A fact with a validity: `valid_from` inclusive, `valid_to` exclusive, None while it goes on.

    `recorded_at` is when we learnt it, which may be long after.
    """

    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=Instant, nullable=False)


def period_rules(table: str, owner: str = "person_id") -> tuple[Any, ...]:
    """Constraints of a dated history: no empty period, one open period per owner, a fast way to the day."""
    return (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        Index(
            f"uq_{table}_open",
            owner,
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
        Index(f"ix_{table}_{owner}_valid_from", owner, "valid_from"),
    )


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model: all reads and writes go through Core."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
