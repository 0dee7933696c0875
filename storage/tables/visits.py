"""What belongs to a visit beside its claim: marks, words, stand-ins, call-backs, reopenings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class ConfirmationTable(SQLModel, table=True):
    """One mark that a visit took place: the minutes count only with two independent ones.

    ``reason`` says how staff know who entered it by hand. A mark is never changed.
    """

    __tablename__ = "confirmation"
    __table_args__ = (
        one_of("kind", "resident", "family", "door_words", "staff"),
        CheckConstraint("(kind = 'staff') = (reason <> '')", name="reason"),
        UniqueConstraint("claim_id", "kind", "marked_by", name="uq_confirmation_once"),
    )
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = Field(foreign_key="claim.id")
    kind: str = Field(max_length=16)
    marked_by: int = Field(foreign_key="person.id")
    reason: str = Field(default="", max_length=24)
    marked_at: datetime = Field(sa_type=Instant)


class VisitWordTable(SQLModel, table=True):
    """Words about a visit: why it is not solved, a remark for the next helper, a reflection.

    ``shared``: the writer let a reflection be shown. Removed words are wiped, the row stays.
    """

    __tablename__ = "visit_word"
    __table_args__ = (
        one_of("kind", "outcome", "remark", "reflection"),
        UniqueConstraint("claim_id", "kind", "written_by", name="uq_visit_word_once"),
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    claim_id: int = Field(foreign_key="claim.id")
    kind: str = Field(max_length=16)
    words: bytes | None = None
    shared: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_type=Instant)
    removed_by: int | None = Field(default=None, foreign_key="person.id")
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


class StandInTable(SQLModel, table=True):
    """Somebody asked to go in a helper's place, or to swap a task; the first yes has it."""

    __tablename__ = "stand_in"
    __table_args__ = (
        one_of("state", "asked", "accepted", "declined", "closed"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        unique_while("uq_stand_in_asked", "claim_id", "asked_id", condition="state = 'asked'"),
        unique_while("uq_stand_in_accepted", "claim_id", condition="state = 'accepted'"),
        Index("ix_stand_in_claim", "claim_id"),
        Index("ix_stand_in_asked", "asked_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = Field(foreign_key="claim.id")
    asked_id: int = Field(foreign_key="person.id")
    # The task that the one who is asked gives in exchange.
    swap_claim_id: int | None = Field(default=None, foreign_key="claim.id")
    state: str = Field(default="asked", max_length=16)
    created_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class CallBackTable(SQLModel, table=True):
    """回访: staff ask afterwards how it was; of each week a fair sample, and all unsolved."""

    __tablename__ = "call_back"
    __table_args__ = (
        one_of("why", "sample", "not_solved", "no_chat"),
        one_of("state", "open", "done", "dropped"),
        one_of("outcome", "solved", "partly", "not"),
        CheckConstraint("satisfied IS NULL OR satisfied BETWEEN 1 AND 5", name="satisfied"),
        CheckConstraint("(state = 'open') = (done_at IS NULL)", name="done"),
        UniqueConstraint("need_id", name="uq_call_back_need"),
        due_index("ix_call_back_open", "created_at", condition="state = 'open'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    need_id: int = Field(foreign_key="need.id")
    resident_id: int = Field(foreign_key="person.id")
    why: str = Field(max_length=16)
    # The Monday of the week in which the need was closed.
    week: date
    state: str = Field(default="open", max_length=8)
    reached: bool | None = None
    outcome: str | None = Field(default=None, max_length=8)
    satisfied: int | None = None
    words: bytes | None = None
    called_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class ReopeningTable(SQLModel, table=True):
    """A need was not solved after all: open again, or, later than that, a new one linked to it."""

    __tablename__ = "reopening"
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    need_id: int = Field(foreign_key="need.id", index=True)
    new_need_id: int | None = Field(default=None, foreign_key="need.id", unique=True)
    reason: str = Field(max_length=24)
    words: bytes | None = None
    reopened_by: int = Field(foreign_key="person.id")
    reopened_at: datetime = Field(sa_type=Instant)


confirmation = table_of(ConfirmationTable)
visit_word = table_of(VisitWordTable)
stand_in = table_of(StandInTable)
call_back = table_of(CallBackTable)
reopening = table_of(ReopeningTable)
