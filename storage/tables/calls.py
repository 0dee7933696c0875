"""The caller's day: what was heard on a call, who is on the phone with whom, and the thanks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class CallNoteTable(SQLModel, table=True):
    """What somebody heard on one call, by question, sealed; the next caller reads a short of it."""

    __tablename__ = "call_note"
    __table_args__ = (UniqueConstraint("check_in_id", "author_id", name="uq_call_note_once"),)
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    check_in_id: int = Field(foreign_key="check_in.id")
    resident_id: int = Field(foreign_key="person.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    # None once it was removed: that a call was made stays on record, what was said does not.
    facts: bytes | None = None
    written_at: datetime = Field(sa_type=Instant)
    version: int = 1


class CallConcernTable(SQLModel, table=True):
    """What a coordinator should look at after a call: another hour, a low mood, something amiss."""

    __tablename__ = "call_concern"
    __table_args__ = (
        one_of("kind", "next_time", "low_mood", "amiss", "harm"),
        one_of("state", "open", "done"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        unique_while("uq_call_concern_open", "resident_id", "kind", condition="state = 'open'"),
        due_index("ix_call_concern_open", "since", condition="state = 'open'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="person.id")
    check_in_id: int = Field(foreign_key="check_in.id")
    kind: str = Field(max_length=12)
    state: str = Field(default="open", max_length=8)
    since: datetime = Field(sa_type=Instant)
    done_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class CallLeaseTable(SQLModel, table=True):
    """Who is phoning somebody just now: one row for each person phoned, free when it is over."""

    __tablename__ = "call_lease"
    __table_args__ = (CheckConstraint("until >= since", name="until"),)
    resident_id: int = Field(primary_key=True, foreign_key="person.id")
    holder_id: int = Field(foreign_key="person.id", index=True)
    since: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    version: int = 1


class CallDayTable(SQLModel, table=True):
    """One day of one caller: when they are thanked for it, once all of it is done."""

    __tablename__ = "call_day"
    __table_args__ = (
        UniqueConstraint("caller_id", "day", name="uq_call_day_once"),
        CheckConstraint("thanks_at IS NULL OR thanked_at IS NULL", name="thanks"),
        due_index("ix_call_day_thanks", "thanks_at", condition="thanks_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    caller_id: int = Field(foreign_key="person.id")
    day: date
    thanks_at: datetime | None = Field(default=None, sa_type=Instant)
    thanked_at: datetime | None = Field(default=None, sa_type=Instant)


class SharedPromptTable(SQLModel, table=True):
    """A check-in that is asked about in the message of another of the same household."""

    __tablename__ = "shared_prompt"
    __table_args__ = (
        UniqueConstraint("check_in_id", "case_version", name="uq_shared_prompt_once"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, index=True)
    check_in_id: int = Field(foreign_key="check_in.id")
    case_version: int


call_note = table_of(CallNoteTable)
call_concern = table_of(CallConcernTable)
call_lease = table_of(CallLeaseTable)
call_day = table_of(CallDayTable)
shared_prompt = table_of(SharedPromptTable)
