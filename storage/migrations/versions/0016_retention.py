"""How long each class of data is kept, as the office was shown it and allowed it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of allowed periods."""
    op.create_table(
        "retention",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("showing", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ran_on", sa.Date(), nullable=True),
        sa.Column("purged", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'shown', 'allowed', 'standing')", name=op.f("ck_retention_state")
        ),
        sa.CheckConstraint(
            "(state = 'allowed') = (decided_by IS NOT NULL)", name=op.f("ck_retention_decided")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_retention_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_retention")),
    )
