"""Several helpers for one need, services that recur, and institutions that are served."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DUE = sa.text("due_at IS NOT NULL")
VISIT = sa.text("visit_on IS NOT NULL")
PARENT = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    """Make the tables of services, then let needs point at them and at one another."""
    _series()
    _missed()
    with op.batch_alter_table("need") as need:
        need.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        need.add_column(sa.Column("place_number", sa.Integer(), nullable=True))
        need.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        need.add_column(sa.Column("visit_on", sa.Date(), nullable=True))
        need.add_column(sa.Column("served_organisation_id", sa.Integer(), nullable=True))
        need.add_column(sa.Column("headcount", sa.Integer(), nullable=True))
        need.create_foreign_key(op.f("fk_need_parent_id_need"), "need", ["parent_id"], ["id"])
        need.create_foreign_key(
            op.f("fk_need_series_id_need_series"), "need_series", ["series_id"], ["id"]
        )
        need.create_foreign_key(
            op.f("fk_need_served_organisation_id_organisation"),
            "organisation",
            ["served_organisation_id"],
            ["id"],
        )
        need.create_check_constraint(
            op.f("ck_need_place"), "(parent_id IS NULL) = (place_number IS NULL)"
        )
        need.create_check_constraint(
            op.f("ck_need_visit"), "(series_id IS NULL) = (visit_on IS NULL)"
        )
        need.create_check_constraint(
            op.f("ck_need_served"), "(served_organisation_id IS NULL) = (headcount IS NULL)"
        )
    op.create_index(
        "uq_need_place",
        "need",
        ["parent_id", "place_number"],
        unique=True,
        sqlite_where=PARENT,
        postgresql_where=PARENT,
    )
    op.create_index(
        "uq_need_visit",
        "need",
        ["series_id", "visit_on"],
        unique=True,
        sqlite_where=VISIT,
        postgresql_where=VISIT,
    )


def _series() -> None:
    op.create_table(
        "need_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("pattern", sa.String(length=24), nullable=False),
        sa.Column("local_time", sa.String(length=5), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("visits_left", sa.Integer(), nullable=True),
        sa.Column("skips_holidays", sa.Boolean(), nullable=False),
        sa.Column("helper", sa.String(length=8), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'ended')", name=op.f("ck_need_series_state")
        ),
        sa.CheckConstraint(
            "helper IN ('any', 'same', 'fixed')", name=op.f("ck_need_series_helper")
        ),
        sa.CheckConstraint(
            "helper <> 'fixed' OR helper_id IS NOT NULL", name=op.f("ck_need_series_fixed")
        ),
        sa.CheckConstraint(
            "(state = 'active') = (due_at IS NOT NULL)", name=op.f("ck_need_series_moves")
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_need_series_ended")
        ),
        sa.CheckConstraint(
            "visits_left IS NULL OR visits_left >= 0", name=op.f("ck_need_series_visits_left")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["person.id"], name=op.f("fk_need_series_resident_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_need_series_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["helper_id"], ["person.id"], name=op.f("fk_need_series_helper_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_series")),
    )
    op.create_index(op.f("ix_need_series_resident_id"), "need_series", ["resident_id"])
    op.create_index(op.f("ix_need_series_helper_id"), "need_series", ["helper_id"])
    op.create_index(
        "ix_need_series_due", "need_series", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )


def _missed() -> None:
    op.create_table(
        "missed_visit",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('holiday', 'away', 'skipped', 'asleep')",
            name=op.f("ck_missed_visit_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["need_series.id"], name=op.f("fk_missed_visit_series_id_need_series")
        ),
        sa.PrimaryKeyConstraint("series_id", "visit_on", name=op.f("pk_missed_visit")),
    )
