"""What holds a message back: one table of message class by quiet hours, pause and caps.

An alarm is held back by nothing. No call or prompt in the night unless the person chose the time.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType


class MessageClass(StrEnum):
    """How much a message matters, which decides what may hold it back."""

    ALARM = "alarm"
    MUST = "must"
    ANSWER = "answer"
    INFO = "info"


class Hold(StrEnum):
    """What quiet hours, a pause or a cap do to a message of a class."""

    GOES = "goes"
    WAITS = "waits"
    WAITS_UNLESS_CHOSEN = "waits_unless_chosen"
    DROPPED = "dropped"
    DROPPED_REPLANNED = "dropped_replanned"
    HELD_MERGED = "held_merged"


@dataclass(frozen=True, slots=True)
class SendingRule:
    """One line of the table."""

    priority: int  # lower goes first
    quiet_hours: Hold
    pause: Hold
    caps: Hold


RULES = MappingProxyType(
    {
        MessageClass.ALARM: SendingRule(0, Hold.GOES, Hold.GOES, Hold.GOES),
        MessageClass.ANSWER: SendingRule(1, Hold.GOES, Hold.GOES, Hold.GOES),
        MessageClass.MUST: SendingRule(
            2, Hold.WAITS_UNLESS_CHOSEN, Hold.DROPPED_REPLANNED, Hold.GOES
        ),
        MessageClass.INFO: SendingRule(3, Hold.WAITS, Hold.DROPPED, Hold.HELD_MERGED),
    }
)


class QuietProblem(StrEnum):
    """Why a text is no quiet hours."""

    NOT_UNDERSTOOD = "not_understood"
    WHOLE_DAY = "whole_day"


# Messages that wait need a stretch of the day in which they may go.
SHORTEST_OPEN = timedelta(hours=4)
_DAY = timedelta(days=1)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|~|至|到|to)\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The stretch of each day in which nobody is disturbed without need; it may pass midnight."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours | QuietProblem":
        """Read "21:00-08:00", in full-width too; the whole day, or nearly, is refused."""
        plain = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-").strip()
        found = _SPAN.fullmatch(plain)
        if found is None:
            return QuietProblem.NOT_UNDERSTOOD
        hour, minute, end_hour, end_minute = (int(part) for part in found.groups())
        if max(hour, end_hour) > 23 or max(minute, end_minute) > 59:
            return QuietProblem.NOT_UNDERSTOOD
        hours = cls(time(hour, minute), time(end_hour, end_minute))
        return QuietProblem.WHOLE_DAY if _DAY - hours.length < SHORTEST_OPEN else hours

    @property
    def length(self) -> timedelta:
        """How long the quiet is; the same start and end mean the whole day."""
        span = _since_midnight(self.end) - _since_midnight(self.start)
        return span if span > timedelta(0) else span + _DAY

    def covers(self, moment_local: datetime) -> bool:
        """Whether a local moment lies in the quiet hours; their end is open again."""
        clock = moment_local.time().replace(tzinfo=None)
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, moment_local: datetime) -> datetime:
        """The first end of the quiet hours after a local moment."""
        end = datetime.combine(moment_local.date(), self.end, tzinfo=moment_local.tzinfo)
        return end if end > moment_local else _at(moment_local.date() + _DAY, self.end, end.tzinfo)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


DEFAULT_QUIET_HOURS = QuietHours(time(21, 0), time(8, 0))
WORK_STARTS, WORK_ENDS = time(9, 0), time(18, 0)


def _at(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """A local moment on a day."""
    return datetime.combine(day, clock, tzinfo=zone)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)


def hold_until(
    klass: MessageClass, now_local: datetime, quiet: QuietHours, *, chosen_time: bool = False
) -> datetime | None:
    """Until when quiet hours hold a message of a class; None when it may go now."""
    rule = RULES[klass].quiet_hours
    waits = rule is Hold.WAITS or (rule is Hold.WAITS_UNLESS_CHOSEN and not chosen_time)
    return quiet.end_after(now_local) if waits and quiet.covers(now_local) else None


def goes_in_a_pause(klass: MessageClass) -> bool:
    """Whether somebody who has paused still gets messages of this class."""
    return RULES[klass].pause is Hold.GOES


def is_capped(klass: MessageClass) -> bool:
    """Whether a daily cap may hold a message of this class, to be merged with others."""
    return RULES[klass].caps is not Hold.GOES


def working_moment(now_local: datetime) -> datetime:
    """The first moment from now on that lies in working hours."""
    clock = now_local.time().replace(tzinfo=None)
    if clock < WORK_STARTS:
        return _at(now_local.date(), WORK_STARTS, now_local.tzinfo)
    if clock < WORK_ENDS:
        return now_local
    return _at(now_local.date() + _DAY, WORK_STARTS, now_local.tzinfo)
