"""Outages: times in which nothing was said to anybody."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OPEN = sa.text("ended IS NULL")
DUE = sa.text("next_step_at IS NOT NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('asleep', 'messenger')", name=op.f("ck_outage_kind")),
        sa.CheckConstraint(
            "ended IS NOT NULL OR next_step_at IS NULL", name=op.f("ck_outage_told_after")
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR next_step_at IS NULL", name=op.f("ck_outage_told_once")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("kind", "began", name="uq_outage_once"),
    )
    op.create_index(
        "uq_outage_open",
        "outage",
        ["kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_outage_due", "outage", ["next_step_at"], sqlite_where=DUE, postgresql_where=DUE
    )
