"""Survey rounds, and each person's answer to one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of


class SurveyRoundTable(SQLModel, table=True):
    """Questions to an audience until a day: asked by batches, each reminded twice at most."""

    __tablename__ = "survey_round"
    __table_args__ = (
        one_of("kind", "resident", "volunteer"),
        one_of("state", "open", "closed"),
        CheckConstraint("(state = 'open') = (next_step_at IS NOT NULL)", name="moves"),
        CheckConstraint("reminders BETWEEN 0 AND 2", name="reminders"),
        due_index("ix_survey_round_due", "next_step_at", condition="next_step_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    title: str = Field(max_length=80)
    # Which register it asks about, and which of its columns.
    kind: str = Field(max_length=16)
    field_keys: str
    # The office's own yes-or-no questions, a list as JSON.
    questions: str = "[]"
    audience: str
    reminders: int = 0
    state: str = Field(max_length=8)
    closes_at: datetime = Field(sa_type=Instant)
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class SurveyAnswerTable(SQLModel, table=True):
    """One person in one round: asked how often, answered how, by whom.

    ``draft`` is what is half filled, by whoever fills it; ``answers`` everything that was handed
    in, the later beside the earlier: nothing is overwritten.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id", name="uq_survey_answer_once"),
        one_of("state", "outstanding", "answered", "refused", "not_reached"),
        CheckConstraint(
            "channel IS NULL OR channel IN ('chat', 'phone', 'visit', 'paper')", name="channel"
        ),
        CheckConstraint("(state = 'outstanding') = (channel IS NULL)", name="told"),
        CheckConstraint("answers IS NULL OR state = 'answered'", name="answered"),
        CheckConstraint(
            "next_reminder_at IS NULL OR state IN ('outstanding', 'not_reached')", name="left"
        ),
        CheckConstraint("asked BETWEEN 0 AND 3", name="asked"),
        due_index(
            "ix_survey_answer_due",
            "round_id",
            "next_reminder_at",
            condition="next_reminder_at IS NOT NULL",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    round_id: int = Field(foreign_key="survey_round.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    by_chat: bool
    state: str = Field(default="outstanding", max_length=16)
    channel: str | None = Field(default=None, max_length=8)
    told_by: int | None = Field(default=None, foreign_key="person.id")
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    asked: int = 0
    next_reminder_at: datetime | None = Field(default=None, sa_type=Instant)
    draft: bytes | None = None
    answers: bytes | None = None
    version: int = 1


survey_round = table_of(SurveyRoundTable)
survey_answer = table_of(SurveyAnswerTable)
