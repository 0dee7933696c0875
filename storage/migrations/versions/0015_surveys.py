"""Survey rounds, and each person's answer to one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOVES = sa.text("next_step_at IS NOT NULL")
ASKS = sa.text("next_reminder_at IS NOT NULL")


def upgrade() -> None:
    """Make both tables."""
    _rounds()
    _answers()


def _rounds() -> None:
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("field_keys", sa.String(), nullable=False),
        sa.Column("questions", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('resident', 'volunteer')", name=op.f("ck_survey_round_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_survey_round_state")),
        sa.CheckConstraint(
            "(state = 'open') = (next_step_at IS NOT NULL)", name=op.f("ck_survey_round_moves")
        ),
        sa.CheckConstraint("reminders BETWEEN 0 AND 2", name=op.f("ck_survey_round_reminders")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_survey_round_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("fk_survey_round_opened_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_round")),
    )
    op.create_index(op.f("ix_survey_round_organisation_id"), "survey_round", ["organisation_id"])
    op.create_index(
        "ix_survey_round_due",
        "survey_round",
        ["next_step_at"],
        sqlite_where=MOVES,
        postgresql_where=MOVES,
    )


def _answers() -> None:
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_chat", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=True),
        sa.Column("told_by", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('outstanding', 'answered', 'refused', 'not_reached')",
            name=op.f("ck_survey_answer_state"),
        ),
        sa.CheckConstraint(
            "channel IS NULL OR channel IN ('chat', 'phone', 'visit', 'paper')",
            name=op.f("ck_survey_answer_channel"),
        ),
        sa.CheckConstraint(
            "(state = 'outstanding') = (channel IS NULL)", name=op.f("ck_survey_answer_told")
        ),
        sa.CheckConstraint(
            "answers IS NULL OR state = 'answered'", name=op.f("ck_survey_answer_answered")
        ),
        sa.CheckConstraint(
            "next_reminder_at IS NULL OR state IN ('outstanding', 'not_reached')",
            name=op.f("ck_survey_answer_left"),
        ),
        sa.CheckConstraint("asked BETWEEN 0 AND 3", name=op.f("ck_survey_answer_asked")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name=op.f("fk_survey_answer_round_id_survey_round")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_answer_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], ["person.id"], name=op.f("fk_survey_answer_told_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("round_id", "person_id", name="uq_survey_answer_once"),
    )
    op.create_index(op.f("ix_survey_answer_person_id"), "survey_answer", ["person_id"])
    op.create_index(
        "ix_survey_answer_due",
        "survey_answer",
        ["round_id", "next_reminder_at"],
        sqlite_where=ASKS,
        postgresql_where=ASKS,
    )
