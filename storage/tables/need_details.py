"""What belongs to a need beside its words: details, voices and photos, and what a home is like."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class NeedDetailTable(SQLModel, table=True):
    """When, where, access and wishes of one need; the group alone in clear, as of a household."""

    __tablename__ = "need_detail"
    need_id: int = Field(primary_key=True, foreign_key="need.id")
    uid: str = Field(max_length=32)
    group_code: str = Field(default="", max_length=40)
    facts: bytes


class NeedMediaTable(SQLModel, table=True):
    """A voice or photo somebody sent, with the need it belongs to as soon as there is one.

    ``awaited``: being fetched; ``waiting``: for somebody of the staff to listen, or to phone
    because it could not be fetched; ``done``: heard, or a photo that is kept.
    ``next_step_at`` is when it moves by itself: on to the staff, on to who is on duty.
    """

    __tablename__ = "need_media"
    __table_args__ = (
        one_of("kind", "voice", "photo"),
        one_of("state", "awaited", "waiting", "done"),
        CheckConstraint("(state = 'done') = (next_step_at IS NULL)", name="moves"),
        CheckConstraint("(heard_by IS NULL) = (heard_at IS NULL)", name="heard"),
        due_index("ix_need_media_due", "next_step_at", condition="next_step_at IS NOT NULL"),
        due_index("ix_need_media_waiting", "created_at", condition="state = 'waiting'"),
        Index("ix_need_media_sender_created", "sender_id", "created_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    need_id: int | None = Field(default=None, foreign_key="need.id", index=True)
    resident_id: int = Field(foreign_key="person.id", index=True)
    sender_id: int = Field(foreign_key="person.id")
    file_id: int | None = Field(default=None, foreign_key="file.id", index=True)
    kind: str = Field(max_length=8)
    album: str = Field(default="", max_length=64)
    seconds: int = 0
    transcript: bytes | None = None
    state: str = Field(default="awaited", max_length=8)
    rings: int = 0
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    heard_by: int | None = Field(default=None, foreign_key="person.id")
    heard_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class HomeAccessTable(SQLModel, table=True):
    """What whoever comes has to know at somebody's door, kept with their yes for the next time."""

    __tablename__ = "home_access"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    uid: str = Field(max_length=32)
    facts: bytes
    told_by: int = Field(foreign_key="person.id")
    told_at: datetime = Field(sa_type=Instant)


class DoorShowingTable(SQLModel, table=True):
    """The card of a door in the chat of whoever holds an alarm, a check-in or a visit."""

    __tablename__ = "door_showing"
    __table_args__ = (
        one_of("ground", "alarm", "check_in", "visit"),
        unique_while(
            "uq_door_showing_open", "ground", "thing_id", "shown_to", condition="hidden_at IS NULL"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    ground: str = Field(max_length=8)
    thing_id: int
    shown_to: int = Field(foreign_key="person.id")
    resident_id: int = Field(foreign_key="person.id")
    shown_at: datetime = Field(sa_type=Instant)
    hidden_at: datetime | None = Field(default=None, sa_type=Instant)


need_detail = table_of(NeedDetailTable)
need_media = table_of(NeedMediaTable)
home_access = table_of(HomeAccessTable)
door_showing = table_of(DoorShowingTable)
