"""People who do not use the chat: calls written down, what to tell them, sheets, and pauses."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class CallRecordTable(SQLModel, table=True):
    """What came back from a call, a visit or a sheet, as staff wrote it down for somebody."""

    __tablename__ = "call_record"
    __table_args__ = (
        one_of("channel", "phone", "visit", "paper"),
        one_of("outcome", "spoke_fine", "seen", "no_answer", "needs_help", "could_not_tell"),
        one_of("state", "kept", "undone"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str = Field(max_length=8)
    outcome: str = Field(max_length=16)
    words: bytes | None = None
    check_in_id: int | None = Field(default=None, foreign_key="check_in.id")
    need_id: int | None = Field(default=None, foreign_key="need.id")
    state: str = Field(default="kept", max_length=8)
    reported_by: int = Field(foreign_key="person.id")
    reported_at: datetime = Field(sa_type=Instant)
    version: int = 1


class ToTellTable(SQLModel, table=True):
    """What somebody without a chat has to be told by a person; ``key`` is the business fact."""

    __tablename__ = "to_tell"
    __table_args__ = (
        one_of("state", "open", "told", "dropped"),
        CheckConstraint("(state = 'open') = (done_at IS NULL)", name="done"),
        due_index("ix_to_tell_open", "person_id", condition="state = 'open'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    person_id: int = Field(foreign_key="person.id")
    template: str = Field(max_length=64)
    facts: bytes | None = None
    wanted: str | None = Field(default=None, max_length=64)
    state: str = Field(default="open", max_length=8)
    how: str | None = Field(default=None, max_length=8)
    done_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class SheetTable(SQLModel, table=True):
    """A printed call and visit sheet for one week: who printed it, whose it is."""

    __tablename__ = "sheet"
    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="community.id")
    caller_id: int | None = Field(default=None, foreign_key="person.id")
    first_day: date
    printed_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class SheetLineTable(SQLModel, table=True):
    """One person on a sheet; what was ticked is typed back once."""

    __tablename__ = "sheet_line"
    __table_args__ = (
        UniqueConstraint("sheet_id", "number", name="uq_sheet_line_once"),
        CheckConstraint("(outcome IS NULL) = (typed_at IS NULL)", name="typed"),
        CheckConstraint("(outcome IS NULL) = (typed_by IS NULL)", name="typer"),
    )
    id: int | None = Field(default=None, primary_key=True)
    sheet_id: int = Field(foreign_key="sheet.id")
    number: int
    person_id: int = Field(foreign_key="person.id", index=True)
    due_days: str = Field(default="", max_length=16)
    outcome: str | None = Field(default=None, max_length=16)
    typed_by: int | None = Field(default=None, foreign_key="person.id")
    typed_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class PauseTable(SQLModel, table=True):
    """A person, or with ``household_id`` everybody there, is away: nothing is sent inside.

    ``due_at`` is when it ends by itself; of somebody who moved or died, when it takes effect.
    """

    __tablename__ = "pause"
    __table_args__ = (
        one_of("reason", "hospital", "away", "moved", "died", "other"),
        one_of("state", "live", "over", "undone"),
        CheckConstraint("(state = 'live') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state = 'live' OR due_at IS NULL", name="due"),
        unique_while("uq_pause_person", "person_id", condition="state = 'live'"),
        unique_while("uq_pause_household", "household_id", condition="state = 'live'"),
        due_index("ix_pause_due", "due_at", condition="due_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    household_id: int | None = Field(default=None, foreign_key="household.id")
    reason: str = Field(max_length=16)
    last_day: date | None = None
    starts_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    state: str = Field(default="live", max_length=8)
    made_by: int = Field(foreign_key="person.id")
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


call_record = table_of(CallRecordTable)
to_tell = table_of(ToTellTable)
sheet = table_of(SheetTable)
sheet_line = table_of(SheetLineTable)
pause = table_of(PauseTable)
