"""Who is kept apart from whom, and what people said went wrong."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class ApartTable(SQLModel, table=True):
    """Two people who are not brought together, on one ground, until it is lifted.

    The smaller number stands first, until a merge gives one of them another: reads look both ways.
    """

    __tablename__ = "apart"
    __table_args__ = (
        one_of("ground", "report", "resident", "helper"),
        CheckConstraint("one_id <> other_id", name="two"),
        unique_while(
            "uq_apart_once", "one_id", "other_id", "ground", condition="lifted_at IS NULL"
        ),
        due_index("ix_apart_one", "one_id", condition="lifted_at IS NULL"),
        due_index("ix_apart_other", "other_id", condition="lifted_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    one_id: int = Field(foreign_key="person.id")
    other_id: int = Field(foreign_key="person.id")
    ground: str = Field(max_length=8)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)


class ComplaintTable(SQLModel, table=True):
    """Something went wrong: who says it, of whom, and who of the staff follows it up until when.

    ``for_id`` is on whose side it stands: the resident for whom somebody speaks, or the helper.
    ``to_office``: it is about somebody of the staff, so only the programme's office sees it.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        one_of("side", "resident", "helper"),
        one_of("state", "open", "taken", "ended", "withdrawn"),
        CheckConstraint("(state IN ('open', 'taken')) = (due_at IS NOT NULL)", name="due"),
        CheckConstraint("(state IN ('ended', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("(state = 'ended') = (ending IS NOT NULL)", name="ending"),
        CheckConstraint("state <> 'taken' OR owner_id IS NOT NULL", name="owner"),
        unique_while(
            "uq_complaint_live",
            "reporter_id",
            "reported_id",
            condition="state IN ('open', 'taken')",
        ),
        due_index("ix_complaint_due", "due_at", condition="due_at IS NOT NULL"),
        due_index("ix_complaint_about", "reported_id", condition="due_at IS NOT NULL"),
        due_index("ix_complaint_wipe", "ended_at", condition="ended_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    reporter_id: int = Field(foreign_key="person.id", index=True)
    for_id: int = Field(foreign_key="person.id")
    reported_id: int | None = Field(default=None, foreign_key="person.id")
    need_id: int | None = Field(default=None, foreign_key="need.id")
    side: str = Field(max_length=8)
    what: str = Field(max_length=16)
    serious: bool = False
    to_office: bool = False
    words: bytes
    state: str = Field(default="open", max_length=9)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    reminders: int = 0
    ending: str | None = Field(default=None, max_length=12)
    note: bytes | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


apart = table_of(ApartTable)
complaint = table_of(ComplaintTable)
