"""How calls recur: each week, every two weeks, each month or quarter; and the extra ones between.

Counted in the programme's zone by days, so that a clock set back makes no second call. The 31st is
the last day of a shorter month. Holidays swallow nothing: whoever lives alone is alone then too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from storage.rules.recurring import Every as Counted
from storage.rules.recurring import Pattern
from storage.rules.times import local_moment

_DAY = timedelta(days=1)
# Four quarters and a day: a rhythm that comes once a quarter has a next day within this.
_HORIZON = 400


class Every(StrEnum):
    """How often."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days a plan calls; ``starts_on``: from where two weeks or a quarter are counted."""

    every: Every
    weekdays: frozenset[int] = frozenset()
    monthday: int | None = None
    nth: int | None = None
    starts_on: date | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the plan calls on a day."""
        if self.every in (Every.MONTH, Every.QUARTER):
            return self._is_month(day) and self._pattern().falls_on(day)
        return day.weekday() in self.weekdays and self._is_week(day)

    def _is_week(self, day: date) -> bool:
        if self.every is Every.WEEK or self.starts_on is None:
            return True
        return (_monday(day) - _monday(self.starts_on)).days % 14 == 0

    def _is_month(self, day: date) -> bool:
        if self.every is Every.MONTH or self.starts_on is None:
            return True
        return (day.month - self.starts_on.month) % 3 == 0

    def _pattern(self) -> Pattern:
        if self.monthday is not None:
            return Pattern(Counted.DAY, number=self.monthday)
        return Pattern(Counted.NTH, weekdays=tuple(self.weekdays), number=self.nth or 1)


@dataclass(frozen=True, slots=True)
class Extra:
    """More calls for a time, on some weekdays from one day to another; no end: until it is ended.

    ``unless``: the rhythms of other plans for the same person, on whose days none is made.
    """

    kind: str
    weekdays: frozenset[int]
    first: date
    last: date | None
    unless: tuple[Rhythm, ...] = ()

    def falls_on(self, day: date) -> bool:
        """Whether a call more is made on a day."""
        inside = self.first <= day and (self.last is None or day <= self.last)
        if not inside or day.weekday() not in self.weekdays:
            return False
        return not any(other.falls_on(day) for other in self.unless)


@dataclass(frozen=True, slots=True)
class Due:
    """When a call is due, and for what reason."""

    at: datetime
    kind: str


ROUTINE = "routine"


def next_due(
    after_local: datetime,
    clock: time,
    rhythm: Rhythm,
    *,
    extras: Collection[Extra] = (),
    without: Collection[date] = (),
) -> Due:
    """The first call after a local moment; on one day never more than one.

    ``without``: days that are left out, because the person is out or is fine.
    """
    zone = after_local.tzinfo
    if zone is None:
        raise ValueError("a local moment has a zone")
    today = after_local.date()
    for ahead in range(_HORIZON + len(without) * 93):
        day = today + _DAY * ahead
        kind = None if day in without else kind_on(day, rhythm, extras)
        # Compared in UTC: at the hour that comes twice the wall clock knows no before and after.
        moment = local_moment(day, clock, zone)
        if kind is not None and moment.astimezone(UTC) > after_local.astimezone(UTC):
            return Due(moment, kind)
    raise ValueError("a rhythm that never comes")


def kind_on(day: date, rhythm: Rhythm, extras: Collection[Extra] = ()) -> str | None:
    """Why a call is made on a day; None when there is none."""
    if rhythm.falls_on(day):
        return ROUTINE
    return next((one.kind for one in extras if one.falls_on(day)), None)


def extra_days(rhythm: Rhythm, *, a_week: int, first: date) -> frozenset[int]:
    """The weekdays on which a round calls, so that with the plan's own there are enough a week."""
    own = rhythm.weekdays if rhythm.every is Every.WEEK else frozenset[int]()
    if len(own) >= a_week:
        return frozenset()
    start = min(own) if own else first.weekday()
    return own | frozenset((start + 7 * at // a_week) % 7 for at in range(a_week))


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()
