"""Public numbers as the office confirms and changes them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what lies over the shipped numbers."""
    op.create_table(
        "hotline",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("tested", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["person.id"], name=op.f("fk_hotline_checked_by_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_hotline")),
    )
