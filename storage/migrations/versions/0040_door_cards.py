"""In whose chat the card of a door is shown, to be taken back; and holes of rotas by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

OPEN = sa.text("hidden_at IS NULL")


def upgrade() -> None:
    """Make the table, and an index for the office's list."""
    op.create_index("ix_duty_hole_when", "duty_hole", ["day"])
    op.create_table(
        "door_showing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=8), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("shown_to", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ground IN ('alarm', 'check_in', 'visit')", name=op.f("ck_door_showing_ground")
        ),
        sa.ForeignKeyConstraint(
            ["shown_to"], ["person.id"], name=op.f("fk_door_showing_shown_to_person")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["person.id"], name=op.f("fk_door_showing_resident_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_showing")),
    )
    op.create_index(
        "uq_door_showing_open",
        "door_showing",
        ["ground", "thing_id", "shown_to"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
