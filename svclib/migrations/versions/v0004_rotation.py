"""The yearly rotation with its plans and placements, absences, and safety records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0004_rotation"
down_revision = "0003_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rotation_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_plan")),
        sa.UniqueConstraint("name", name=op.f("uq_rotation_plan_name")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1200), nullable=True),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_absence_period")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_person_id_starts_on", ["person_id", "starts_on"], unique=False)

    op.create_table(
        "rotation_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rotation_exception_person_id_person")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_exception_plan_id_rotation_plan")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rotation_exception_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_exception")),
        sa.UniqueConstraint(
            "plan_id", "person_id", "unit_id", name=op.f("uq_rotation_exception_plan_id_person_id_unit_id")
        ),
    )
    with op.batch_alter_table("rotation_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_exception_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_exception_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "rotation_intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_rotation_intake_intake_id_intake")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_intake_plan_id_rotation_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_intake")),
        sa.UniqueConstraint("plan_id", "intake_id", name=op.f("uq_rotation_intake_plan_id_intake_id")),
    )
    with op.batch_alter_table("rotation_intake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_intake_intake_id"), ["intake_id"], unique=False)

    op.create_table(
        "rotation_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1200), nullable=True),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("person_id < other_id", name=op.f("ck_rotation_pair_order")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_rotation_pair_other_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rotation_pair_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_pair_plan_id_rotation_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_pair")),
        sa.UniqueConstraint(
            "plan_id", "person_id", "other_id", name=op.f("uq_rotation_pair_plan_id_person_id_other_id")
        ),
    )
    with op.batch_alter_table("rotation_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_pair_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_pair_person_id"), ["person_id"], unique=False)

    op.create_table(
        "rotation_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_rotation_stage_period")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_stage_plan_id_rotation_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_stage")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_rotation_stage_plan_id_number")),
    )
    op.create_table(
        "rotation_trainee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("home_latitude", sa.Float(), nullable=True),
        sa.Column("home_longitude", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rotation_trainee_person_id_person")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_trainee_plan_id_rotation_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_trainee")),
        sa.UniqueConstraint("plan_id", "person_id", name=op.f("uq_rotation_trainee_plan_id_person_id")),
    )
    with op.batch_alter_table("rotation_trainee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_trainee_person_id"), ["person_id"], unique=False)

    op.create_table(
        "rotation_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=60), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.Column("placements", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_version_plan_id_rotation_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_rotation_version_plan_id_number")),
    )
    op.create_table(
        "safety_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=30), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= taken_on", name=op.f("ck_safety_record_period")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safety_record_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_record")),
        sa.UniqueConstraint(
            "person_id", "kind", "level", "taken_on", name=op.f("uq_safety_record_person_id_kind_level_taken_on")
        ),
    )
    with op.batch_alter_table("safety_record", schema=None) as batch_op:
        batch_op.create_index("ix_safety_record_valid_until", ["valid_until"], unique=False)

    op.create_table(
        "rotation_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_rotation_wish_rank")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rotation_wish_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_wish_plan_id_rotation_plan")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rotation_wish_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_wish")),
        sa.UniqueConstraint("plan_id", "person_id", "rank", name=op.f("uq_rotation_wish_plan_id_person_id_rank")),
        sa.UniqueConstraint("plan_id", "person_id", "team_id", name=op.f("uq_rotation_wish_plan_id_person_id_team_id")),
    )
    with op.batch_alter_table("rotation_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_wish_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_wish_team_id"), ["team_id"], unique=False)

    op.create_table(
        "rotation_bound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("lower", sa.Integer(), nullable=False),
        sa.Column("upper", sa.Integer(), nullable=True),
        sa.CheckConstraint("lower >= 0 AND (upper IS NULL OR upper >= lower)", name=op.f("ck_rotation_bound_bounds")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_bound_plan_id_rotation_plan")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_rotation_bound_station_id_station")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rotation_bound_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_bound")),
        sa.UniqueConstraint(
            "plan_id", "team_id", "station_id", name=op.f("uq_rotation_bound_plan_id_team_id_station_id")
        ),
    )
    with op.batch_alter_table("rotation_bound", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_bound_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_bound_team_id"), ["team_id"], unique=False)

    op.create_table(
        "rotation_pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("crew_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_rotation_pin_crew_id_crew")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rotation_pin_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_pin_plan_id_rotation_plan")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_rotation_pin_station_id_station")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rotation_pin_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_pin")),
        sa.UniqueConstraint(
            "plan_id", "person_id", "stage_number", name=op.f("uq_rotation_pin_plan_id_person_id_stage_number")
        ),
    )
    with op.batch_alter_table("rotation_pin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_pin_crew_id"), ["crew_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_pin_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_pin_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_pin_team_id"), ["team_id"], unique=False)

    op.create_table(
        "rotation_placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("crew_id", sa.Integer(), nullable=True),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("lodging", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("from_version", sa.Integer(), nullable=True),
        sa.Column("to_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_rotation_placement_period")),
        sa.CheckConstraint("from_version IS NULL OR team_id IS NOT NULL", name=op.f("ck_rotation_placement_place")),
        sa.CheckConstraint(
            "to_version IS NULL OR to_version > from_version", name=op.f("ck_rotation_placement_versions")
        ),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_rotation_placement_crew_id_crew")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_rotation_placement_mentor_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rotation_placement_person_id_person")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["rotation_plan.id"], name=op.f("fk_rotation_placement_plan_id_rotation_plan")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_rotation_placement_station_id_station")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rotation_placement_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_placement")),
    )
    with op.batch_alter_table("rotation_placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_placement_crew_id"), ["crew_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_placement_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_placement_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_rotation_placement_plan_id_from_version", ["plan_id", "from_version"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_placement_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rotation_placement_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_rotation_placement_draft",
            ["plan_id", "person_id", "stage_number"],
            unique=True,
            sqlite_where=sa.text("from_version IS NULL"),
            postgresql_where=sa.text("from_version IS NULL"),
        )
        batch_op.create_index(
            "uq_rotation_placement_open",
            ["plan_id", "person_id", "stage_number"],
            unique=True,
            sqlite_where=sa.text("from_version IS NOT NULL AND to_version IS NULL"),
            postgresql_where=sa.text("from_version IS NOT NULL AND to_version IS NULL"),
        )
