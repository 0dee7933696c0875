"""Documents with their editions, the notices sent to an audience, and who has read them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of


class DocumentTable(SQLModel, table=True):
    """A document, notice, rule or plan of an organisation; what it says stands in its editions.

    ``topic`` sorts the rules library (培训、对接、登记 …); only rules have one.
    """

    __tablename__ = "document"
    __table_args__ = (
        one_of("kind", "document", "notice", "rule", "plan"),
        one_of("state", "kept", "withdrawn"),
        CheckConstraint("(kind = 'rule') = (topic IS NOT NULL)", name="topic"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    kind: str = Field(max_length=16)
    topic: str | None = Field(default=None, max_length=16)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    # One of those that the programme itself rests on; named in plans and reports.
    is_basis: bool = False
    state: str = Field(default="kept", max_length=16)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class EditionTable(SQLModel, table=True):
    """One edition of a document: public words, in clear; in force from a day on until the next."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("document_id", "number", name="uq_edition_once"),)
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    number: int
    title: str = Field(max_length=120)
    reference: str = Field(default="", max_length=60)
    text: str = ""
    effective_on: date
    made_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)


class NoticeTable(SQLModel, table=True):
    """Words to an audience, perhaps with a document; sent by batches, and it can be stopped."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("state", "sending", "sent", "stopped"),
        CheckConstraint("(state = 'sending') = (next_step_at IS NOT NULL)", name="moves"),
        CheckConstraint("reminders BETWEEN 0 AND 2", name="reminders"),
        due_index("ix_notice_due", "next_step_at", condition="next_step_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    edition_id: int | None = Field(default=None, foreign_key="edition.id", index=True)
    text: str
    audience: str
    state: str = Field(max_length=16)
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    reminders: int = 0
    reminded_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    sent_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class ReceiptTable(SQLModel, table=True):
    """One receiver of a notice: how often it was sent to them, and when they had read it.

    ``channel`` is how it reached them: pressed in the chat, or noted by ``noted_by``.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("notice_id", "person_id", name="uq_receipt_once"),
        CheckConstraint("told BETWEEN 0 AND 3", name="told"),
        CheckConstraint("(read_at IS NULL) = (channel IS NULL)", name="read"),
        CheckConstraint(
            "channel IS NULL OR channel IN ('chat', 'phone', 'paper', 'visit')", name="channel"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    by_chat: bool
    told: int = 0
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    channel: str | None = Field(default=None, max_length=8)
    noted_by: int | None = Field(default=None, foreign_key="person.id")
    version: int = 1


document = table_of(DocumentTable)
edition = table_of(EditionTable)
notice = table_of(NoticeTable)
receipt = table_of(ReceiptTable)
