"""What the system notes about itself: times in which it said nothing to anybody."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class OutageTable(SQLModel, table=True):
    """A time in which nothing went out: the program slept, or the messenger was away.

    ``next_step_at`` is when those on duty are told; it is empty while it lasts, and afterwards.
    """

    __tablename__ = "outage"
    __table_args__ = (
        UniqueConstraint("kind", "began", name="uq_outage_once"),
        one_of("kind", "asleep", "messenger"),
        CheckConstraint("ended IS NOT NULL OR next_step_at IS NULL", name="told_after"),
        CheckConstraint("told_at IS NULL OR next_step_at IS NULL", name="told_once"),
        unique_while("uq_outage_open", "kind", condition="ended IS NULL"),
        due_index("ix_outage_due", "next_step_at", condition="next_step_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    began: datetime = Field(sa_type=Instant)
    ended: datetime | None = Field(default=None, sa_type=Instant)
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    calls: int = 0
    dropped: int = 0
    version: int = 1


outage = table_of(OutageTable)
