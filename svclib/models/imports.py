"""Files that came in: what each did, so that it can be shown and undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from svclib.models.base import Instant, Row


class ImportRun(Row, table=True):
    """One accepted import."""

    __tablename__ = "import_run"

    actor: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant, nullable=False)
    file_name: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    form: str = Field(max_length=30)
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = Field(default=None, max_length=60)


class ImportChange(Row, table=True):
    """One row that an import wrote, in order. `before` is None for a created row; protected fields are ciphertext."""

    __tablename__ = "import_change"
    __table_args__ = (
        Index("ix_import_change_run_id", "run_id"),
        Index("ix_import_change_place", "table_name", "row_id"),
    )

    run_id: int = Field(foreign_key="import_run.id")
    table_name: str = Field(max_length=40)
    row_id: int
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
