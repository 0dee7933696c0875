"""The office's own answers by edition, and questions to a person."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KEPT = sa.text("state = 'kept'")
DUE = sa.text("due_at IS NOT NULL")
ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    """Make the tables."""
    _answers()
    _questions()


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('kept', 'withdrawn')", name=op.f("ck_answer_state")),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["person.id"], name=op.f("fk_answer_reviewed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(
        "ix_answer_reviewed", "answer", ["reviewed_on"], sqlite_where=KEPT, postgresql_where=KEPT
    )
    op.create_table(
        "answer_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_text_answer_id_answer")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_answer_text_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_text")),
        sa.UniqueConstraint("answer_id", "number", name="uq_answer_text_once"),
    )


def _questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'withdrawn')", name=op.f("ck_question_state")
        ),
        sa.CheckConstraint("(state = 'open') = (due_at IS NOT NULL)", name=op.f("ck_question_due")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_question_ended")),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_by IS NOT NULL)", name=op.f("ck_question_answered")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_question_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_question_answer_id_answer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_person_id"), "question", ["person_id"])
    op.create_index(
        "ix_question_due", "question", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_index(
        "ix_question_wipe", "question", ["ended_at"], sqlite_where=ENDED, postgresql_where=ENDED
    )
