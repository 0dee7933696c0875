"""The rota of duty: which organisation keeps one, its slots, swaps, and the holes found in it."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

LOOK = sa.text("next_look_at IS NOT NULL")
WEEK = sa.text("next_week_at IS NOT NULL")
ASKED = sa.text("state = 'asked'")
PARTS = "part IN ('all', 'day', 'night')"


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Make the four tables."""
    _rotas()
    _shifts()
    _swaps()
    op.create_table(
        "duty_hole",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.CheckConstraint(PARTS, name=op.f("ck_duty_hole_part")),
        _to("duty_hole", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("organisation_id", "day", name=op.f("pk_duty_hole")),
    )


def _rotas() -> None:
    op.create_table(
        "rota",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_week_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('kept', 'stopped')", name=op.f("ck_rota_state")),
        sa.CheckConstraint(
            "(state = 'kept') = (next_look_at IS NOT NULL)", name=op.f("ck_rota_looks")
        ),
        sa.CheckConstraint(
            "(state = 'kept') = (next_week_at IS NOT NULL)", name=op.f("ck_rota_weeks")
        ),
        _to("rota", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_rota")),
    )
    op.create_index(
        "ix_rota_look", "rota", ["next_look_at"], sqlite_where=LOOK, postgresql_where=LOOK
    )
    op.create_index(
        "ix_rota_week", "rota", ["next_week_at"], sqlite_where=WEEK, postgresql_where=WEEK
    )


def _shifts() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(PARTS, name=op.f("ck_shift_part")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_shift_days")),
        _to("shift", "organisation_id", "organisation"),
        _to("shift", "person_id", "person"),
        _to("shift", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint(
            "organisation_id", "first_day", "last_day", "part", name="uq_shift_once"
        ),
    )
    op.create_index("ix_shift_when", "shift", ["organisation_id", "last_day"])
    op.create_index(op.f("ix_shift_person_id"), "shift", ["person_id"])


def _swaps() -> None:
    op.create_table(
        "shift_swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("shift_version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_to", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("other_version", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'withdrawn', 'lapsed')",
            name=op.f("ck_shift_swap_state"),
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_by IS NOT NULL)", name=op.f("ck_shift_swap_accepted")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (ended_at IS NULL)", name=op.f("ck_shift_swap_ended")
        ),
        sa.CheckConstraint(
            "(other_id IS NULL) = (asked_to IS NULL)", name=op.f("ck_shift_swap_other")
        ),
        _to("shift_swap", "shift_id", "shift"),
        _to("shift_swap", "other_id", "shift"),
        _to("shift_swap", "asked_by", "person"),
        _to("shift_swap", "asked_to", "person"),
        _to("shift_swap", "accepted_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swap")),
    )
    op.create_index(
        "uq_shift_swap_asked",
        "shift_swap",
        ["shift_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
