"""The office's own short answers by edition, and the questions that a person has to answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of


class AnswerTable(SQLModel, table=True):
    """An answer: by which words it is found, and when somebody last read it against its source."""

    __tablename__ = "answer"
    __table_args__ = (
        one_of("state", "kept", "withdrawn"),
        due_index("ix_answer_reviewed", "reviewed_on", condition="state = 'kept'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=40)
    words: str = ""
    state: str = Field(default="kept", max_length=9)
    reviewed_on: date
    reviewed_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class AnswerTextTable(SQLModel, table=True):
    """One edition of an answer: public words with their source, in clear; the newest is given."""

    __tablename__ = "answer_text"
    __table_args__ = (UniqueConstraint("answer_id", "number", name="uq_answer_text_once"),)
    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id")
    number: int
    text: str
    source: str = Field(default="", max_length=200)
    made_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)


class QuestionTable(SQLModel, table=True):
    """What somebody wants to know from a person; open until one of the staff has answered."""

    __tablename__ = "question"
    __table_args__ = (
        one_of("state", "open", "answered", "withdrawn"),
        CheckConstraint("(state = 'open') = (due_at IS NOT NULL)", name="due"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'answered') = (answered_by IS NOT NULL)", name="answered"),
        due_index("ix_question_due", "due_at", condition="due_at IS NOT NULL"),
        due_index("ix_question_wipe", "ended_at", condition="ended_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    answer_id: int | None = Field(default=None, foreign_key="answer.id")
    words: bytes
    state: str = Field(default="open", max_length=9)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    reminders: int = 0
    reply: bytes | None = None
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


answer = table_of(AnswerTable)
answer_text = table_of(AnswerTextTable)
question = table_of(QuestionTable)
