"""What the system notes about itself: times without a word, and what goes out by e-mail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
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


class MailTable(SQLModel, table=True):
    """An e-mail to be sent: one ring of one thing to one address, once.

    ``unclear`` counts ends of which nobody knows whether it arrived: the next try says so.
    """

    __tablename__ = "mail"
    __table_args__ = (
        one_of("about", "alarm", "check_in", "outage", "test"),
        one_of("state", "pending", "sending", "sent", "unknown", "dead"),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease"),
        CheckConstraint("(state IN ('pending', 'sending')) = (ended_at IS NULL)", name="ended"),
        due_index("ix_mail_due", "not_before", condition="state = 'pending'"),
        due_index("ix_mail_sending", "lease_until", condition="state = 'sending'"),
        due_index("ix_mail_wipe", "ended_at", condition="facts IS NOT NULL"),
        Index("ix_mail_about", "about", "thing_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    key: str = Field(max_length=120, unique=True)
    about: str = Field(max_length=8)
    thing_id: int
    address: bytes | None = None
    facts: bytes | None = None
    state: str = Field(default="pending", max_length=8)
    attempts: int = 0
    unclear: int = 0
    not_before: datetime = Field(sa_type=Instant)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = Field(default=None, max_length=60)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


outage = table_of(OutageTable)
mail = table_of(MailTable)
