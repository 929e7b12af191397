"""Scans of signed notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0005_signed_notice"
down_revision = "0004_rotation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attached_at", sa.DateTime(), nullable=False),
        sa.Column("attached_by", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(content IS NULL) = (withdrawn_at IS NOT NULL)", name=op.f("ck_signed_notice_withdrawn")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_signed_notice_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["rotation_version.id"], name=op.f("fk_signed_notice_version_id_rotation_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_notice")),
    )
    with op.batch_alter_table("signed_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_notice_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_notice_version_id"), ["version_id"], unique=False)
