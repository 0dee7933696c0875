"""Call plans, the check-ins they make, alarms, and the reminders of days."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


def _from_before(word: str) -> dict[str, object]:
    """What rows have that were there before the column."""
    return {"server_default": text(f"'{word}'")}


class CheckInPlanTable(SQLModel, table=True):
    """Whom to phone or visit, who does, how often, and from what local time until when.

    ``weekdays`` (Monday is bit 0) count unless ``monthday`` does; ``nth`` 5 is the last one of a
    month. ``starts_on`` is the day from which two weeks or three months are counted.
    ``contact_answer``: what the emergency contact said to being one; only ``agreed`` is a yes.
    """

    __tablename__ = "check_in_plan"
    __table_args__ = (
        one_of("state", "active", "ended"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("(state = 'active') = (next_due_at IS NOT NULL)", name="due"),
        CheckConstraint("resident_id <> caller_id", name="two_people"),
        one_of("tier", "a", "b", "c"),
        one_of("every", "week", "fortnight", "month", "quarter"),
        one_of("channel", "phone", "text", "video", "visit"),
        one_of("own_button", "none", "call_days", "daily"),
        one_of("contact_answer", "not_asked", "asked", "agreed", "declined", "withdrawn"),
        CheckConstraint(
            "(every IN ('month', 'quarter')) = (monthday IS NOT NULL OR nth IS NOT NULL)",
            name="in_month",
        ),
        CheckConstraint("monthday IS NULL OR nth IS NULL", name="one_way"),
        CheckConstraint("monthday IS NULL OR monthday BETWEEN 1 AND 31", name="monthday"),
        CheckConstraint("nth IS NULL OR nth BETWEEN 1 AND 5", name="nth"),
        CheckConstraint("every IN ('week', 'month') OR starts_on IS NOT NULL", name="counted_from"),
        CheckConstraint("(raised_to IS NULL) = (raised_until IS NULL)", name="raised"),
        CheckConstraint(
            "(contact_answer = 'agreed') = (contact_agreed_at IS NOT NULL)", name="contact_agreed"
        ),
        CheckConstraint(
            "(contact_agreed_at IS NULL) = (contact_agreed_as IS NULL)", name="contact_how"
        ),
        CheckConstraint(
            "button_at IS NULL OR (state = 'active' AND own_button <> 'none')", name="button"
        ),
        due_index("ix_check_in_plan_due", "next_due_at", condition="next_due_at IS NOT NULL"),
        due_index("ix_check_in_plan_button", "button_at", condition="button_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    resident_id: int = Field(foreign_key="person.id", index=True)
    caller_id: int = Field(foreign_key="person.id", index=True)
    stand_in_id: int | None = Field(default=None, foreign_key="person.id")
    contact_name: str | None = Field(default=None, max_length=64)
    contact_phone: bytes | None = None
    # Who the contact is in the chat, and how their yes is known: "own", or a witnessed statement.
    contact_id: int | None = Field(default=None, foreign_key="person.id")
    contact_answer: str = Field(
        default="not_asked", max_length=10, sa_column_kwargs=_from_before("not_asked")
    )
    contact_agreed_at: datetime | None = Field(default=None, sa_type=Instant)
    contact_agreed_by: int | None = Field(default=None, foreign_key="person.id")
    contact_agreed_as: str | None = Field(default=None, max_length=10)
    tier: str = Field(default="c", max_length=1, sa_column_kwargs=_from_before("c"))
    # For a stated time after something grave happened.
    raised_to: str | None = Field(default=None, max_length=1)
    raised_until: date | None = None
    channel: str = Field(default="phone", max_length=8, sa_column_kwargs=_from_before("phone"))
    own_button: str = Field(default="none", max_length=10, sa_column_kwargs=_from_before("none"))
    button_at: datetime | None = Field(default=None, sa_type=Instant)
    every: str = Field(default="week", max_length=10, sa_column_kwargs=_from_before("week"))
    monthday: int | None = None
    nth: int | None = None
    starts_on: date | None = None
    weekdays: int
    local_time: str = Field(max_length=5)
    local_until: str | None = Field(default=None, max_length=5)
    next_due_at: datetime | None = Field(default=None, sa_type=Instant)
    state: str = Field(default="active", max_length=16)
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class CallSkipTable(SQLModel, table=True):
    """One day on which a plan's call is not made: the person is out, or said that they are fine."""

    __tablename__ = "call_skip"
    __table_args__ = (
        one_of("reason", "out", "fine"),
        UniqueConstraint("plan_id", "day", name="uq_call_skip_once"),
    )
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="check_in_plan.id")
    day: date
    reason: str = Field(max_length=8)
    said_by: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)


class CallStandInTable(SQLModel, table=True):
    """Somebody asked to stand behind a caller; the first yes has it, the others hear so."""

    __tablename__ = "call_stand_in"
    __table_args__ = (
        one_of("state", "asked", "accepted", "declined", "closed"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        unique_while("uq_call_stand_in_asked", "plan_id", "asked_id", condition="state = 'asked'"),
        Index("ix_call_stand_in_asked", "asked_id", "state"),
        due_index("ix_call_stand_in_waiting", "created_at", condition="state = 'asked'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="check_in_plan.id")
    asked_id: int = Field(foreign_key="person.id")
    # Whom they come after; nobody when there was none.
    replaces_id: int | None = Field(default=None, foreign_key="person.id")
    asked_by: int = Field(foreign_key="person.id")
    state: str = Field(default="asked", max_length=16)
    created_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class CallRoundTable(SQLModel, table=True):
    """More calls for a time: heat, cold, storm, or one festival day; for some tiers and an area.

    ``path``: the organisation below which it holds. ``step_at`` while its plans are gone through.
    """

    __tablename__ = "call_round"
    __table_args__ = (
        one_of("kind", "heat", "cold", "storm", "festival"),
        one_of("state", "running", "ended"),
        CheckConstraint("(kind = 'festival') = (day IS NOT NULL)", name="festival"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        unique_while(
            "uq_call_round_everywhere",
            *("kind", "path", "starts_on"),
            condition="state = 'running' AND community_id IS NULL",
        ),
        unique_while(
            "uq_call_round_here",
            *("kind", "path", "starts_on", "community_id"),
            condition="state = 'running' AND community_id IS NOT NULL",
        ),
        due_index("ix_call_round_due", "step_at", condition="step_at IS NOT NULL"),
        Index("ix_call_round_state", "state", "starts_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=10)
    day: str | None = Field(default=None, max_length=40)
    tiers: str = Field(max_length=8)
    path: str = Field(max_length=200)
    community_id: int | None = Field(default=None, foreign_key="community.id")
    starts_on: date
    ends_on: date | None = None
    state: str = Field(default="running", max_length=10)
    step_at: datetime | None = Field(default=None, sa_type=Instant)
    last_plan_id: int = 0
    reached: int = 0
    declared_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class LifeChangeTable(SQLModel, table=True):
    """Something grave happened to somebody: a visit within a day, and closer care for a time."""

    __tablename__ = "life_change"
    __table_args__ = (
        one_of("state", "live", "withdrawn"),
        UniqueConstraint("resident_id", "kind", "told_on", name="uq_life_change_once"),
    )
    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=24)
    plan_id: int = Field(foreign_key="check_in_plan.id")
    check_in_id: int | None = Field(default=None, foreign_key="check_in.id")
    told_by: int = Field(foreign_key="person.id")
    told_on: date
    until: date
    state: str = Field(default="live", max_length=10)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class CheckInTable(SQLModel, table=True):
    """One due call and the ladder behind it; open until somebody spoke to or saw the person.

    ``kind``: by the plan's own rhythm, in an extra round, or after something grave happened.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("plan_id", "due_at", name="uq_check_in_once"),
        one_of("state", "open", "closed"),
        CheckConstraint("(state = 'open') = (next_step_at IS NOT NULL)", name="moves"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(holder_id IS NULL) = (held_until IS NULL)", name="held"),
        one_of("kind", "routine", "round", "change"),
        one_of("channel", "phone", "text", "video", "visit"),
        one_of("tier", "a", "b", "c"),
        CheckConstraint("rung BETWEEN 0 AND 8", name="rung"),
        CheckConstraint(
            "confirmed_as IS NULL OR confirmed_as IN ('on_way', 'at_door', 'on_phone')",
            name="confirmed_as",
        ),
        CheckConstraint("confirmed_as IS NULL OR holder_id IS NOT NULL", name="confirmed_by"),
        CheckConstraint(
            "(handed_to IS NULL) = (ending IS NULL OR ending <> 'handed_over')", name="handed"
        ),
        CheckConstraint(
            "(found IS NULL) = (ending IS NULL OR ending <> 'false_alarm')", name="found"
        ),
        due_index("ix_check_in_due", "next_step_at", condition="next_step_at IS NOT NULL"),
        Index("ix_check_in_when", "due_at"),
        Index("ix_check_in_caller", "caller_id", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="check_in_plan.id")
    resident_id: int = Field(foreign_key="person.id", index=True)
    caller_id: int = Field(foreign_key="person.id")
    due_at: datetime = Field(sa_type=Instant)
    kind: str = Field(default="routine", max_length=8, sa_column_kwargs=_from_before("routine"))
    channel: str = Field(default="phone", max_length=8, sa_column_kwargs=_from_before("phone"))
    # The ladder as it was when this was opened: a later change of the data does not move it.
    tier: str = Field(max_length=1)
    ladder: str = Field(max_length=2000)
    rung: int = 0
    repeat: int = 0
    state: str = Field(default="open", max_length=16)
    last_outcome: str | None = Field(default=None, max_length=16)
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    holder_id: int | None = Field(default=None, foreign_key="person.id")
    held_until: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_as: str | None = Field(default=None, max_length=8)
    ending: str | None = Field(default=None, max_length=24)
    found: str | None = Field(default=None, max_length=16)
    handed_to: str | None = Field(default=None, max_length=4)
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class CheckInAskedTable(SQLModel, table=True):
    """Who was asked about a check-in, at which step of it: may report, and hears how it ends."""

    __tablename__ = "check_in_asked"
    __table_args__ = (
        UniqueConstraint("check_in_id", "version", "person_id", name="uq_check_in_asked_once"),
    )
    id: int | None = Field(default=None, primary_key=True)
    check_in_id: int = Field(foreign_key="check_in.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    rung: int
    version: int
    asked_at: datetime = Field(sa_type=Instant)


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
call_skip = table_of(CallSkipTable)
call_stand_in = table_of(CallStandInTable)
call_round = table_of(CallRoundTable)
life_change = table_of(LifeChangeTable)
check_in = table_of(CheckInTable)
check_in_asked = table_of(CheckInAskedTable)
alarm = table_of(AlarmTable)
alarm_listener = table_of(AlarmListenerTable)
day_reminder = table_of(DayReminderTable)
