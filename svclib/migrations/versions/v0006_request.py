"""Requests of trainees: leave, and changes of placement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006_request"
down_revision = "0005_signed_notice"
branch_labels = None
depends_on = None

_POINTERS = {
    "plan_id": "rotation_plan",
    "person_id": "person",
    "present_team_id": "team",
    "wanted_team_id": "team",
    "wanted_station_id": "station",
    "wanted_crew_id": "crew",
}


def upgrade() -> None:
    op.create_table(
        "rotation_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("present", sa.String(length=400), nullable=True),
        sa.Column("present_team_id", sa.Integer(), nullable=True),
        sa.Column("wanted_team_id", sa.Integer(), nullable=True),
        sa.Column("wanted_station_id", sa.Integer(), nullable=True),
        sa.Column("wanted_crew_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1200), nullable=True),
        sa.Column("claim", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(length=1200), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_rotation_request_period")),
        sa.CheckConstraint(
            "(kind = 'change') = (stage_number IS NOT NULL)", name=op.f("ck_rotation_request_stage")
        ),
        sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name=op.f("ck_rotation_request_decided")),
        *(
            sa.ForeignKeyConstraint([column], [f"{place}.id"], name=op.f(f"fk_rotation_request_{column}_{place}"))
            for column, place in _POINTERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_request")),
    )
    with op.batch_alter_table("rotation_request", schema=None) as batch_op:
        batch_op.create_index("ix_rotation_request_plan_id_state", ["plan_id", "state"], unique=False)
        for column in _POINTERS:
            if column != "plan_id":
                batch_op.create_index(batch_op.f(f"ix_rotation_request_{column}"), [column], unique=False)
