"""The durable machinery: inbox, outbox, choices, dialogues, the journal and its chain."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while
from storage.tables.kept import only_grows

# SQLite gives an automatic key only to a column declared INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")


class InboxTable(SQLModel, table=True):
    """An update, written down before it is acknowledged (law 4)."""

    __tablename__ = "inbox"
    __table_args__ = (
        one_of("state", "new", "done", "failed"),
        due_index("ix_inbox_new", "update_id", condition="state = 'new'"),
        due_index("ix_inbox_wipe", "done_at", condition="body IS NOT NULL AND done_at IS NOT NULL"),
    )
    bot_id: int = Field(primary_key=True, sa_type=BigInteger)
    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    body: bytes | None = None
    state: str = Field(default="new", max_length=8)
    attempts: int = 0
    error: str | None = Field(default=None, max_length=200)
    received_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class OutboxTable(SQLModel, table=True):
    """A message to be said (law 5). ``retry_at`` and ``lease_until`` are real seconds."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("kind", "send", "edit", "leave", "document", "fetch"),
        CheckConstraint("(kind IN ('document', 'fetch')) = (file_id IS NOT NULL)", name="file"),
        one_of("message_class", "alarm", "answer", "must", "info"),
        one_of("state", "pending", "sending", "sent", "unknown", "dead", "expired", "unwanted"),
        CheckConstraint("(state = 'sending') = (owner IS NOT NULL)", name="owner"),
        due_index("ix_outbox_due", "not_before", "priority", "id", condition="state = 'pending'"),
        due_index("ix_outbox_chat", "chat_id", "id", condition="state IN ('pending', 'sending')"),
        due_index("ix_outbox_sending", "lease_until", condition="state = 'sending'"),
        due_index("ix_outbox_card", "chat_id", "card", condition="card IS NOT NULL"),
        due_index("ix_outbox_file", "file_id", condition="file_id IS NOT NULL"),
        due_index(
            "ix_outbox_wipe", "sent_at", condition="facts IS NOT NULL AND sent_at IS NOT NULL"
        ),
    )
    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True))
    key: str = Field(max_length=120, unique=True)
    chat_id: int = Field(sa_type=BigInteger)
    kind: str = Field(default="send", max_length=8)
    template: str = Field(max_length=64)
    facts: bytes | None = None
    buttons: bytes | None = None
    keyboard: str | None = Field(default=None, max_length=24)
    card: str | None = Field(default=None, max_length=48)
    edits: int | None = Field(default=None, sa_type=BigInteger)
    file_id: int | None = Field(default=None, foreign_key="file.id")
    message_class: str = Field(max_length=8)
    priority: int = 0
    state: str = Field(default="pending", max_length=8)
    attempts: int = 0
    unclear: int = 0
    not_before: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    retry_at: float = 0.0
    lease_until: float | None = None
    owner: str | None = Field(default=None, max_length=32)
    wanted: str | None = Field(default=None, max_length=64)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


class ChoiceTable(SQLModel, table=True):
    """A button that was shown, under the number by which it can also be typed (law 7)."""

    __tablename__ = "choice"
    __table_args__ = (
        unique_while("uq_choice_number", "chat_id", "number", condition="open"),
        due_index("ix_choice_card", "chat_id", "card", condition="open"),
    )
    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True))
    chat_id: int = Field(sa_type=BigInteger)
    card: str = Field(max_length=48)
    number: int
    label: str = Field(max_length=64)
    facts: str = ""
    data: str = Field(max_length=64)
    open: bool = True


class DialogueTable(SQLModel, table=True):
    """A half-filled conversation (law 7): which form, which question, the answers so far."""

    __tablename__ = "dialogue"
    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    topic: str = Field(max_length=32)
    question: str = Field(max_length=32)
    answers: bytes
    step: int = 1
    updated_at: datetime = Field(sa_type=Instant)


class JournalTable(SQLModel, table=True):
    """Who did what for whom, when, on what ground; append-only, never the words themselves."""

    __tablename__ = "journal"
    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True))
    at: datetime = Field(sa_type=Instant)
    actor_id: int | None = None
    subject_id: int | None = Field(default=None, index=True)
    what: str = Field(max_length=48)
    thing: str | None = Field(default=None, max_length=24)
    thing_id: int | None = None
    ground: str = Field(default="", max_length=64)
    detail: str = Field(default="", max_length=200)


class JournalSealTable(SQLModel, table=True):
    """One link of the chain over the journal: which rows, how many, and the digest up to here."""

    __tablename__ = "journal_seal"
    __table_args__ = (
        CheckConstraint("first_id <= last_id", name="ids"),
        CheckConstraint("rows > 0", name="rows"),
    )
    id: int | None = Field(default=None, primary_key=True)
    first_id: int = Field(sa_type=BigInteger)
    last_id: int = Field(sa_type=BigInteger)
    rows: int
    digest: str = Field(max_length=64)
    # Unique: of two workers that seal at once, one meets the constraint.
    previous: str = Field(max_length=64, unique=True)
    sealed_at: datetime = Field(sa_type=Instant)


class JournalPostTable(SQLModel, table=True):
    """The head of the chain as the office was told it: once a day."""

    __tablename__ = "journal_post"
    day: date = Field(primary_key=True)
    seal_id: int = Field(foreign_key="journal_seal.id")
    posted_at: datetime = Field(sa_type=Instant)


class RetentionTable(SQLModel, table=True):
    """A class of the retention table: new until it concerns anything, shown, allowed by the office.

    ``ran_on`` is the last night it was counted or carried out, ``purged`` how much in this one.
    """

    __tablename__ = "retention"
    __table_args__ = (
        one_of("state", "new", "shown", "allowed", "standing"),
        CheckConstraint("(state = 'allowed') = (decided_by IS NOT NULL)", name="decided"),
    )
    key: str = Field(primary_key=True, max_length=24)
    days: int
    state: str = Field(max_length=8)
    showing: int = 0
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    ran_on: date | None = None
    purged: int = 0


class HeartbeatTable(SQLModel, table=True):
    """When a tick last ran to its end, for doctor and for telling an outage honestly."""

    __tablename__ = "heartbeat"
    name: str = Field(primary_key=True, max_length=32)
    ran_at: datetime = Field(sa_type=Instant)


inbox = table_of(InboxTable)
outbox = table_of(OutboxTable)
choice = table_of(ChoiceTable)
dialogue = table_of(DialogueTable)
journal = table_of(JournalTable)
journal_seal = table_of(JournalSealTable)
journal_post = table_of(JournalPostTable)
retention = table_of(RetentionTable)
heartbeat = table_of(HeartbeatTable)

only_grows(journal)
only_grows(journal_seal)
