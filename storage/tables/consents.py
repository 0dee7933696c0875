"""Consents with their witnessed statements and refusals, and looks at a child's data."""

from datetime import datetime

from sqlalchemy import CheckConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while

PURPOSES = (
    "keep_data",
    "abroad",
    "record_disability",
    "share_contact",
    "publish_name",
    "publish_picture",
    "publish_story",
    "volunteer_minor",
)
GROUNDS = ("self", "guardian", "caregiver", "witnessed", "staff")
CHANNELS = ("chat", "phone", "paper")


class StatementTable(SQLModel, table=True):
    """What somebody who does not use the chat said to named staff.

    ``words`` is sealed JSON: what was read out, where, and who was there.
    """

    __tablename__ = "statement"
    __table_args__ = (
        one_of("channel", *CHANNELS),
        CheckConstraint("person_id <> witness_id", name="two_people"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    witness_id: int = Field(foreign_key="person.id")
    channel: str = Field(max_length=16)
    words: bytes
    said_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)


class ConsentTable(SQLModel, table=True):
    """One yes for one purpose, with version, time and ground (PIPL art. 14, 29).

    ``due_at`` is when the yes moves by itself: asked again before it runs out, then run out.
    """

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", *PURPOSES),
        one_of("ground", *GROUNDS),
        one_of("channel", *CHANNELS),
        one_of("ended", "withdrawn", "expired", "replaced"),
        CheckConstraint("(withdrawn_at IS NULL) = (ended IS NULL)", name="end"),
        CheckConstraint("(ground = 'witnessed') = (statement_id IS NOT NULL)", name="witnessed"),
        unique_while("uq_consent_live", "person_id", "purpose", condition="withdrawn_at IS NULL"),
        due_index(
            "ix_consent_due", "due_at", condition="due_at IS NOT NULL AND withdrawn_at IS NULL"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=24)
    version: str = Field(max_length=16)
    given_by: int = Field(foreign_key="person.id")
    ground: str = Field(max_length=16)
    channel: str = Field(
        default="chat", max_length=16, sa_column_kwargs={"server_default": text("'chat'")}
    )
    statement_id: int | None = Field(default=None, foreign_key="statement.id")
    given_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: int | None = Field(default=None, foreign_key="person.id")
    ended: str | None = Field(default=None, max_length=16)


class ConsentRefusalTable(SQLModel, table=True):
    """A no where no yes stood: it costs nothing, and is not asked about again for a while."""

    __tablename__ = "consent_refusal"
    __table_args__ = (one_of("purpose", *PURPOSES), one_of("channel", *CHANNELS))
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=24)
    version: str = Field(max_length=16)
    refused_by: int = Field(foreign_key="person.id")
    channel: str = Field(
        default="chat", max_length=16, sa_column_kwargs={"server_default": text("'chat'")}
    )
    refused_at: datetime = Field(sa_type=Instant)


class LookTable(SQLModel, table=True):
    """Somebody of the staff asks to see a child's data; another one decides (保护条例 36)."""

    __tablename__ = "look"
    __table_args__ = (
        one_of("state", "asked", "approved", "declined"),
        CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(state = 'approved') = (good_until IS NOT NULL)", name="good"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        unique_while("uq_look_asked", "child_id", "asked_by", condition="state = 'asked'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    child_id: int = Field(foreign_key="person.id", index=True)
    asked_by: int = Field(foreign_key="person.id")
    reason: bytes
    state: str = Field(default="asked", max_length=16)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    good_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


statement = table_of(StatementTable)
consent = table_of(ConsentTable)
consent_refusal = table_of(ConsentRefusalTable)
look = table_of(LookTable)
