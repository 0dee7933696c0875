"""What the office changed of the shipped table of categories of need."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of changed categories."""
    op.create_table(
        "category",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("urgency", sa.String(length=2), nullable=True),
        sa.Column("volunteer_may", sa.String(length=16), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=True),
        sa.Column("verify_hours", sa.Integer(), nullable=True),
        sa.Column("providers", sa.String(length=400), nullable=True),
        sa.Column("undo_field", sa.String(length=16), nullable=True),
        sa.Column("undo_value", sa.String(length=400), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("urgency IN ('U1', 'U2', 'U3')", name=op.f("ck_category_urgency")),
        sa.CheckConstraint(
            "volunteer_may IN ('yes', 'with_skill', 'no')",
            name=op.f("ck_category_volunteer_may"),
        ),
        sa.CheckConstraint("mode IN ('first_come', 'chosen')", name=op.f("ck_category_mode")),
        sa.CheckConstraint("verify_hours BETWEEN 0 AND 720", name=op.f("ck_category_verify_hours")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_category_changed_by_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_category")),
    )
