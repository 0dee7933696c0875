"""Alarms: how a holder confirmed, to which number it was handed by whom, and who else listens."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("alarm") as table:
        table.add_column(sa.Column("confirmed_as", sa.String(length=8), nullable=True))
        table.add_column(sa.Column("handed_to", sa.String(length=4), nullable=True))
        table.add_column(sa.Column("handed_by", sa.String(length=64), nullable=True))
        table.create_check_constraint(
            op.f("ck_alarm_confirmed_as"),
            "confirmed_as IS NULL OR confirmed_as IN ('at_door', 'on_phone')",
        )
        table.create_check_constraint(
            op.f("ck_alarm_handed"), "(handed_to IS NULL) = (handed_by IS NULL)"
        )
    op.create_table(
        "alarm_listener",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alarm_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_listener_alarm_id_alarm")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_listener")),
        sa.UniqueConstraint("alarm_id", "chat_id", name="uq_alarm_listener_once"),
    )
    op.create_index(op.f("ix_alarm_listener_chat_id"), "alarm_listener", ["chat_id"])
