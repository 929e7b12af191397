"""The trail's chain: where each write came from, and its seal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003_audit"
down_revision = "0002_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The key of the chain is no part of the database: `svc init` seals what is here already, once this has run.
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("mac", sa.String(length=64), nullable=False, server_default=""))
        batch_op.create_index("ix_audit_row_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_row_actor", ["actor"], unique=False)
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mac", sa.String(length=64), nullable=False, server_default=""))
    # Defaults served the rows that were here; from now on each row comes with its own.
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.alter_column("origin", server_default=None)
        batch_op.alter_column("mac", server_default=None)
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.alter_column("mac", server_default=None)
