"""What people said went wrong, and who follows it up."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('open', 'taken')")
DUE = sa.text("due_at IS NOT NULL")
ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    """Keep complaints."""
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=False),
        sa.Column("reported_id", sa.Integer(), nullable=True),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("serious", sa.Boolean(), nullable=False),
        sa.Column("to_office", sa.Boolean(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("ending", sa.String(length=12), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('resident', 'helper')", name=op.f("ck_complaint_side")),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'ended', 'withdrawn')", name=op.f("ck_complaint_state")
        ),
        sa.CheckConstraint(
            "(state IN ('open', 'taken')) = (due_at IS NOT NULL)", name=op.f("ck_complaint_due")
        ),
        sa.CheckConstraint(
            "(state IN ('ended', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_complaint_ended"),
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ending IS NOT NULL)", name=op.f("ck_complaint_ending")
        ),
        sa.CheckConstraint(
            "state <> 'taken' OR owner_id IS NOT NULL", name=op.f("ck_complaint_owner")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], ["person.id"], name=op.f(f"fk_complaint_{column}_id_person")
            )
            for column in ("reporter", "for", "reported", "owner")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_complaint_need_id_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index(op.f("ix_complaint_reporter_id"), "complaint", ["reporter_id"])
    op.create_index(
        "uq_complaint_live",
        "complaint",
        ["reporter_id", "reported_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    for name, column, where in (
        ("ix_complaint_due", "due_at", DUE),
        ("ix_complaint_about", "reported_id", DUE),
        ("ix_complaint_wipe", "ended_at", ENDED),
    ):
        op.create_index(name, "complaint", [column], sqlite_where=where, postgresql_where=where)
