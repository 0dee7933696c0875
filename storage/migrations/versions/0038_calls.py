"""The caller's day: notes of calls, what to look at after one, the lease of a number, thanks."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
THANKS = sa.text("thanks_at IS NOT NULL")


def upgrade() -> None:
    """Make the tables."""
    _notes()
    _concerns()
    _leases()
    _days()
    _shared()
    # The list of one caller's day must not grow with the register.
    op.create_index("ix_check_in_caller", "check_in", ["caller_id", "due_at"])


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["person.id"], name=op.f(f"fk_{table}_{column}_person")
    )


def _check_in(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["check_in_id"], ["check_in.id"], name=op.f(f"fk_{table}_check_in_id_check_in")
    )


def _notes() -> None:
    op.create_table(
        "call_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check_in("call_note"),
        _person("call_note", "resident_id"),
        _person("call_note", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_note")),
        sa.UniqueConstraint("check_in_id", "author_id", name="uq_call_note_once"),
    )
    op.create_index(op.f("ix_call_note_resident_id"), "call_note", ["resident_id"])


def _concerns() -> None:
    op.create_table(
        "call_concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('next_time', 'low_mood', 'amiss', 'harm')", name=op.f("ck_call_concern_kind")
        ),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("ck_call_concern_state")),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_call_concern_done")
        ),
        _person("call_concern", "resident_id"),
        _check_in("call_concern"),
        _person("call_concern", "done_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_concern")),
    )
    op.create_index(
        "uq_call_concern_open",
        "call_concern",
        ["resident_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_call_concern_open", "call_concern", ["since"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def _leases() -> None:
    op.create_table(
        "call_lease",
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_call_lease_until")),
        _person("call_lease", "resident_id"),
        _person("call_lease", "holder_id"),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_call_lease")),
    )
    op.create_index(op.f("ix_call_lease_holder_id"), "call_lease", ["holder_id"])


def _days() -> None:
    op.create_table(
        "call_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("thanks_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "thanks_at IS NULL OR thanked_at IS NULL", name=op.f("ck_call_day_thanks")
        ),
        _person("call_day", "caller_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_day")),
        sa.UniqueConstraint("caller_id", "day", name="uq_call_day_once"),
    )
    op.create_index(
        "ix_call_day_thanks",
        "call_day",
        ["thanks_at"],
        sqlite_where=THANKS,
        postgresql_where=THANKS,
    )


def _shared() -> None:
    op.create_table(
        "shared_prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        _check_in("shared_prompt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_prompt")),
        sa.UniqueConstraint("check_in_id", "case_version", name="uq_shared_prompt_once"),
    )
    op.create_index(op.f("ix_shared_prompt_key"), "shared_prompt", ["key"])
