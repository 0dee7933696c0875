"""Survey rounds: what may be asked, when people are asked and reminded, and never too often."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files

from storage.rules.fields import Field, Register, get_field
from storage.rules.sending import working_moment

QUESTIONS = 5
QUESTION_LIMIT = 80
TITLE_LIMIT = 30
# As many as read the first message at once and may call the office about it.
BATCH = 100
BETWEEN_BATCHES = timedelta(minutes=10)
REMINDERS = 2
# After the first message, and after the first reminder.
WAITS = (timedelta(days=3), timedelta(days=4))
# How long a round may run, in days, as offered.
LASTS = (14, 30, 60)


class AnswerState(StrEnum):
    """How far one person is in a round."""

    OUTSTANDING = "outstanding"
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


class Channel(StrEnum):
    """How answers came in."""

    CHAT = "chat"
    PHONE = "phone"
    VISIT = "visit"
    PAPER = "paper"


# Who may still be asked, by whatever way.
OPEN = (AnswerState.OUTSTANDING, AnswerState.NOT_REACHED)
BY_STAFF = (Channel.PHONE, Channel.VISIT, Channel.PAPER)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are asked together."""

    key: str
    register: Register
    fields: tuple[Field, ...]


def _read() -> tuple[Group, ...]:
    data = files("storage") / "rules" / "data" / "surveys.toml"
    rows = tomllib.loads(data.read_text(encoding="utf-8"))["groups"]
    return tuple(
        Group(
            key=row["key"],
            register=Register(row["register"]),
            fields=tuple(get_field(Register(row["register"]), key) for key in row["fields"]),
        )
        for row in rows
    )


GROUPS = _read()


# Asked only where another answer makes it a question at all.
ONLY_IF: Mapping[str, tuple[str, frozenset[str]]] = {
    "job_wish": ("employment", frozenset({"unemployed", "student"})),
    "no_job_reason": ("employment", frozenset({"unemployed"})),
    "no_school_reason": ("schooling", frozenset({"not_at_school"})),
}


def is_a_question(key: str, values: Mapping[str, object]) -> bool:
    """Whether a field is worth asking, by what is known and has been said so far."""
    parent, wanted = ONLY_IF.get(key, ("", frozenset[str]()))
    value = values.get(parent)
    return value is None or value in wanted


def groups_of(register: Register) -> tuple[Group, ...]:
    """The groups of questions about residents, or about volunteers."""
    return tuple(group for group in GROUPS if group.register is register)


def fields_of(register: Register, groups: Collection[str] | None = None) -> tuple[Field, ...]:
    """What may be asked, in order; with ``groups`` only what stands in these."""
    return tuple(
        field
        for group in groups_of(register)
        if groups is None or group.key in groups
        for field in group.fields
    )


def next_batch_at(now_local: datetime) -> datetime:
    """When the next hundred may be asked: in working hours, when the office answers the phone."""
    return working_moment(now_local + BETWEEN_BATCHES)


def reminder_at(
    now_local: datetime, *, asked: int, reminders: int, closes_at: datetime
) -> datetime | None:
    """When somebody who was asked so many times is reminded; None when they are left in peace."""
    if asked > min(reminders, REMINDERS):
        return None
    moment = working_moment(now_local + WAITS[asked - 1])
    return moment if moment < closes_at else None


def differing(
    before: Mapping[str, object], now: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """What two answers to the same questions say differently; silence contradicts nobody."""
    return {
        key: (before[key], value)
        for key, value in now.items()
        if before.get(key) not in (None, value)
    }
