"""Call plans, the check-ins they make, alarms, and the reminders of days."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of


class CheckInPlanTable(SQLModel, table=True):
    """Whom to phone, who phones, on which weekdays (Monday is bit 0) and at what local time."""

    __tablename__ = "check_in_plan"
    __table_args__ = (
        one_of("state", "active", "ended"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("(state = 'active') = (next_due_at IS NOT NULL)", name="due"),
        CheckConstraint("resident_id <> caller_id", name="two_people"),
        due_index("ix_check_in_plan_due", "next_due_at", condition="next_due_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    resident_id: int = Field(foreign_key="person.id", index=True)
    caller_id: int = Field(foreign_key="person.id", index=True)
    stand_in_id: int | None = Field(default=None, foreign_key="person.id")
    contact_name: str | None = Field(default=None, max_length=64)
    contact_phone: bytes | None = None
    weekdays: int
    local_time: str = Field(max_length=5)
    next_due_at: datetime | None = Field(default=None, sa_type=Instant)
    state: str = Field(default="active", max_length=16)
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class CheckInTable(SQLModel, table=True):
    """One due call and the ladder behind it; open until somebody spoke to or saw the person."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("plan_id", "due_at", name="uq_check_in_once"),
        one_of("state", "open", "closed"),
        CheckConstraint("(state = 'open') = (next_step_at IS NOT NULL)", name="moves"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(holder_id IS NULL) = (held_until IS NULL)", name="held"),
        due_index("ix_check_in_due", "next_step_at", condition="next_step_at IS NOT NULL"),
        Index("ix_check_in_when", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="check_in_plan.id")
    resident_id: int = Field(foreign_key="person.id", index=True)
    caller_id: int = Field(foreign_key="person.id")
    due_at: datetime = Field(sa_type=Instant)
    rung: int = 0
    repeat: int = 0
    state: str = Field(default="open", max_length=16)
    last_outcome: str | None = Field(default=None, max_length=16)
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    holder_id: int | None = Field(default=None, foreign_key="person.id")
    held_until: datetime | None = Field(default=None, sa_type=Instant)
    ending: str | None = Field(default=None, max_length=24)
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class AlarmTable(SQLModel, table=True):
    """Words of danger: rings everyone on duty until a named person holds it, and then its end."""

    __tablename__ = "alarm"
    __table_args__ = (
        one_of("state", "open", "held", "closed"),
        CheckConstraint("(state = 'closed') = (next_step_at IS NULL)", name="moves"),
        CheckConstraint("(state = 'closed') = (ending IS NOT NULL)", name="ending"),
        CheckConstraint("state <> 'held' OR holder_id IS NOT NULL", name="held"),
        CheckConstraint(
            "confirmed_as IS NULL OR confirmed_as IN ('at_door', 'on_phone')", name="confirmed_as"
        ),
        CheckConstraint("(handed_to IS NULL) = (handed_by IS NULL)", name="handed"),
        due_index("ix_alarm_due", "next_step_at", condition="next_step_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    chat_id: int = Field(sa_type=BigInteger, index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    danger: str = Field(max_length=24)
    words: bytes
    state: str = Field(default="open", max_length=16)
    holder_id: int | None = Field(default=None, foreign_key="person.id")
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    rings: int = 0
    confirmed_as: str | None = Field(default=None, max_length=8)
    ending: str | None = Field(default=None, max_length=24)
    handed_to: str | None = Field(default=None, max_length=4)
    handed_by: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class AlarmListenerTable(SQLModel, table=True):
    """A chat beside the alarm's own in which somebody spoke up about it, and hears how it goes."""

    __tablename__ = "alarm_listener"
    __table_args__ = (UniqueConstraint("alarm_id", "chat_id", name="uq_alarm_listener_once"),)
    id: int | None = Field(default=None, primary_key=True)
    alarm_id: int = Field(foreign_key="alarm.id")
    chat_id: int = Field(sa_type=BigInteger, index=True)


class DayReminderTable(SQLModel, table=True):
    """One reminder of one day: sent through the audience by batches, once."""

    __tablename__ = "day_reminder"
    __table_args__ = (
        UniqueConstraint("day", "held_on", "lead", name="uq_day_reminder_once"),
        one_of("state", "running", "sent", "skipped"),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(max_length=40)
    held_on: date
    lead: int
    state: str = Field(default="running", max_length=16)
    last_person_id: int = 0
    told: int = 0
    started_at: datetime = Field(sa_type=Instant)


check_in_plan = table_of(CheckInPlanTable)
check_in = table_of(CheckInTable)
alarm = table_of(AlarmTable)
alarm_listener = table_of(AlarmListenerTable)
day_reminder = table_of(DayReminderTable)
