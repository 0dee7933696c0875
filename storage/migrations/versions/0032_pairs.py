"""Pairs of households and helpers, what both report of them, and who is to be told first."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Make the three tables."""
    _pairs()
    _logs()
    _tellings()


def _pairs() -> None:
    op.create_table(
        "pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("acts", sa.String(length=200), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("frequency", sa.String(length=16), nullable=False),
        sa.Column("resident_yes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resident_yes_by", sa.Integer(), nullable=True),
        sa.Column("resident_ground", sa.String(length=16), nullable=True),
        sa.Column("resident_statement_id", sa.Integer(), nullable=True),
        sa.Column("helper_yes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helper_yes_by", sa.Integer(), nullable=True),
        sa.Column("helper_ground", sa.String(length=16), nullable=True),
        sa.Column("helper_statement_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("sign_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_reason", sa.String(length=16), nullable=True),
        sa.Column("seeking_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(COALESCE(helper_ground, '') = 'witnessed') = (helper_statement_id IS NOT NULL)",
            name=op.f("ck_pair_helper_witnessed"),
        ),
        sa.CheckConstraint(
            "(COALESCE(resident_ground, '') = 'witnessed') = (resident_statement_id IS NOT NULL)",
            name=op.f("ck_pair_resident_witnessed"),
        ),
        sa.CheckConstraint("(state = 'ended') = (due_at IS NULL)", name=op.f("ck_pair_due")),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL) AND (state = 'ended') = (ended_reason"
            " IS NOT NULL)",
            name=op.f("ck_pair_ended"),
        ),
        sa.CheckConstraint(
            "ended_reason IN ('resident_no', 'helper_no', 'no_answer', 'withdrawn',"
            " 'resident_ended', 'helper_ended', 'staff_ended', 'resident_moved',"
            " 'resident_died', 'resident_left', 'helper_moved', 'helper_died', 'helper_left',"
            " 'kept_apart', 'merged')",
            name=op.f("ck_pair_ended_reason"),
        ),
        sa.CheckConstraint(
            "helper_ground IN ('self', 'guardian', 'witnessed', 'staff')",
            name=op.f("ck_pair_helper_ground"),
        ),
        sa.CheckConstraint(
            "kind IN ('neighbour', 'mutual', 'study', 'rehab', 'home')", name=op.f("ck_pair_kind")
        ),
        sa.CheckConstraint(
            "resident_ground IN ('self', 'guardian', 'witnessed')",
            name=op.f("ck_pair_resident_ground"),
        ),
        sa.CheckConstraint(
            "seeking_since IS NULL OR state = 'ended'", name=op.f("ck_pair_seeking")
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR (agreed_at IS NULL AND (resident_yes_at IS NULL OR"
            " helper_yes_at IS NULL))",
            name=op.f("ck_pair_proposed"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'active', 'dormant', 'ended')", name=op.f("ck_pair_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'dormant') OR (resident_yes_at IS NOT NULL AND"
            " helper_yes_at IS NOT NULL AND agreed_at IS NOT NULL)",
            name=op.f("ck_pair_agreed"),
        ),
        sa.CheckConstraint(
            "(helper_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_pair_one_helper")
        ),
        sa.CheckConstraint(
            "(helper_yes_at IS NULL) = (helper_yes_by IS NULL) AND (helper_yes_at IS NULL) ="
            " (helper_ground IS NULL)",
            name=op.f("ck_pair_helper_yes"),
        ),
        sa.CheckConstraint(
            "(resident_yes_at IS NULL) = (resident_yes_by IS NULL) AND (resident_yes_at IS"
            " NULL) = (resident_ground IS NULL)",
            name=op.f("ck_pair_resident_yes"),
        ),
        sa.CheckConstraint(
            "helper_id IS NULL OR helper_id <> resident_id", name=op.f("ck_pair_two_people")
        ),
        _to("pair", "ended_by", "person"),
        _to("pair", "file_id", "file"),
        _to("pair", "helper_id", "person"),
        _to("pair", "helper_statement_id", "statement"),
        _to("pair", "helper_yes_by", "person"),
        _to("pair", "household_id", "household"),
        _to("pair", "keeper_id", "person"),
        _to("pair", "made_by", "person"),
        _to("pair", "organisation_id", "organisation"),
        _to("pair", "resident_id", "person"),
        _to("pair", "resident_statement_id", "statement"),
        _to("pair", "resident_yes_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
    )
    op.create_index(
        "ix_pair_dormant",
        "pair",
        ["sign_at"],
        unique=False,
        sqlite_where=sa.text("state = 'dormant'"),
        postgresql_where=sa.text("state = 'dormant'"),
    )
    op.create_index(
        "ix_pair_due",
        "pair",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_pair_helper", "pair", ["helper_id", "kind"], unique=False)
    op.create_index("ix_pair_household", "pair", ["household_id", "kind"], unique=False)
    op.create_index(op.f("ix_pair_keeper_id"), "pair", ["keeper_id"], unique=False)
    op.create_index("ix_pair_organisation", "pair", ["organisation_id", "kind"], unique=False)
    op.create_index(
        "ix_pair_seeking",
        "pair",
        ["seeking_since"],
        unique=False,
        sqlite_where=sa.text("seeking_since IS NOT NULL"),
        postgresql_where=sa.text("seeking_since IS NOT NULL"),
    )
    op.create_index(
        "uq_pair_helper",
        "pair",
        ["resident_id", "helper_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_index(
        "uq_pair_neighbour",
        "pair",
        ["household_id", "helper_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'neighbour' AND state <> 'ended'"),
        postgresql_where=sa.text("kind = 'neighbour' AND state <> 'ended'"),
    )
    op.create_index(
        "uq_pair_organisation",
        "pair",
        ["resident_id", "organisation_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )


def _logs() -> None:
    op.create_table(
        "pair_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("acts", sa.String(length=200), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('chat', 'phone', 'visit', 'paper')", name=op.f("ck_pair_log_channel")
        ),
        sa.CheckConstraint(
            "outcome IN ('done', 'nothing', 'problem')", name=op.f("ck_pair_log_outcome")
        ),
        sa.CheckConstraint(
            "side IN ('resident', 'helper', 'staff')", name=op.f("ck_pair_log_side")
        ),
        _to("pair_log", "pair_id", "pair"),
        _to("pair_log", "written_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_log")),
    )
    op.create_index("ix_pair_log_pair", "pair_log", ["pair_id", "at"], unique=False)
    op.create_index(
        "ix_pair_log_problem",
        "pair_log",
        ["at"],
        unique=False,
        sqlite_where=sa.text("waits"),
        postgresql_where=sa.text("waits"),
    )


def _tellings() -> None:
    op.create_table(
        "pair_telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (done_at IS NULL)", name=op.f("ck_pair_telling_done")
        ),
        sa.CheckConstraint("state IN ('open', 'told', 'sent')", name=op.f("ck_pair_telling_state")),
        _to("pair_telling", "done_by", "person"),
        _to("pair_telling", "pair_id", "pair"),
        _to("pair_telling", "person_id", "person"),
        _to("pair_telling", "staff_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_telling")),
    )
    op.create_index(
        "ix_pair_telling_due",
        "pair_telling",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_pair_telling_open",
        "pair_telling",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_pair_telling_pair_id"), "pair_telling", ["pair_id"], unique=False)
    op.create_index(
        "uq_pair_telling",
        "pair_telling",
        ["pair_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
