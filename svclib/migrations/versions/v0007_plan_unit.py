"""Whose trainees take part in a rotation plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0007_plan_unit"
down_revision = "0006_request"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rotation_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_rotation_plan_unit_id"), ["unit_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_rotation_plan_unit_id_unit"), "unit", ["unit_id"], ["id"])
