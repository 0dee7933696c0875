"""From claim to close: what a visit leaves behind, marks, stand-ins, call-backs, reopenings."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of visits, and let a claim say more of how it goes."""
    op.create_table(
        "call_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("called_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (done_at IS NULL)", name=op.f("ck_call_back_done")),
        sa.CheckConstraint(
            "outcome IN ('solved', 'partly', 'not')", name=op.f("ck_call_back_outcome")
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_call_back_state")),
        sa.CheckConstraint(
            "why IN ('sample', 'not_solved', 'no_chat')", name=op.f("ck_call_back_why")
        ),
        sa.CheckConstraint(
            "satisfied IS NULL OR satisfied BETWEEN 1 AND 5", name=op.f("ck_call_back_satisfied")
        ),
        sa.ForeignKeyConstraint(
            ["called_by"], ["person.id"], name=op.f("fk_call_back_called_by_person")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_call_back_need_id_need")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["person.id"], name=op.f("fk_call_back_resident_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("need_id", name="uq_call_back_need"),
    )
    op.create_index(
        "ix_call_back_open",
        "call_back",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "reopening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("new_need_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_reopening_need_id_need")),
        sa.ForeignKeyConstraint(
            ["new_need_id"], ["need.id"], name=op.f("fk_reopening_new_need_id_need")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"], ["person.id"], name=op.f("fk_reopening_reopened_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
        sa.UniqueConstraint("new_need_id", name=op.f("uq_reopening_new_need_id")),
    )
    op.create_index(op.f("ix_reopening_need_id"), "reopening", ["need_id"], unique=False)

    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'staff') = (reason <> '')", name=op.f("ck_confirmation_reason")
        ),
        sa.CheckConstraint(
            "kind IN ('resident', 'family', 'door_words', 'staff')",
            name=op.f("ck_confirmation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_confirmation_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["person.id"], name=op.f("fk_confirmation_marked_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("claim_id", "kind", "marked_by", name="uq_confirmation_once"),
    )
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("swap_claim_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_stand_in_answered")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'closed')", name=op.f("ck_stand_in_state")
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["person.id"], name=op.f("fk_stand_in_asked_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_stand_in_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["swap_claim_id"], ["claim.id"], name=op.f("fk_stand_in_swap_claim_id_claim")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    op.create_index("ix_stand_in_asked", "stand_in", ["asked_id", "state"], unique=False)
    op.create_index("ix_stand_in_claim", "stand_in", ["claim_id"], unique=False)
    op.create_index(
        "uq_stand_in_accepted",
        "stand_in",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_index(
        "uq_stand_in_asked",
        "stand_in",
        ["claim_id", "asked_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )

    op.create_table(
        "visit_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('outcome', 'remark', 'reflection')", name=op.f("ck_visit_word_kind")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)", name=op.f("ck_visit_word_removed")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_visit_word_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["person.id"], name=op.f("fk_visit_word_removed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_visit_word_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_word")),
        sa.UniqueConstraint("claim_id", "kind", "written_by", name="uq_visit_word_once"),
    )
    with op.batch_alter_table("claim") as claim:
        claim.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        claim.add_column(sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
        claim.add_column(sa.Column("door_words", sa.LargeBinary(), nullable=True))
        claim.add_column(
            sa.Column("door_tries", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        claim.add_column(
            sa.Column("risky", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        claim.add_column(sa.Column("safe_due_at", sa.DateTime(timezone=True), nullable=True))
        claim.add_column(
            sa.Column("safe_asked", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        claim.add_column(sa.Column("safe_at", sa.DateTime(timezone=True), nullable=True))
        claim.add_column(sa.Column("outcome", sa.String(length=8), nullable=True))
        claim.add_column(sa.Column("outcome_reason", sa.String(length=24), nullable=True))
        claim.add_column(sa.Column("rating", sa.Integer(), nullable=True))
        claim.create_index(
            "ix_claim_safe_due",
            ["safe_due_at"],
            unique=False,
            sqlite_where=sa.text("safe_due_at IS NOT NULL"),
            postgresql_where=sa.text("safe_due_at IS NOT NULL"),
        )
        claim.create_check_constraint(
            op.f("ck_claim_outcome"), "outcome IN ('solved', 'partly', 'not')"
        )
        claim.create_check_constraint(
            op.f("ck_claim_rating"), "rating IS NULL OR rating BETWEEN 1 AND 5"
        )
