"""Pairs of people who are not brought together."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STANDS = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    """Keep who is kept apart from whom."""
    op.create_table(
        "apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=8), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ground IN ('report', 'resident', 'helper')", name=op.f("ck_apart_ground")
        ),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_apart_two")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_apart_by_id_person")),
        sa.ForeignKeyConstraint(["one_id"], ["person.id"], name=op.f("fk_apart_one_id_person")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_apart_other_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart")),
    )
    op.create_index(
        "uq_apart_once",
        "apart",
        ["one_id", "other_id", "ground"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    for name, column in (("ix_apart_one", "one_id"), ("ix_apart_other", "other_id")):
        op.create_index(name, "apart", [column], sqlite_where=STANDS, postgresql_where=STANDS)
