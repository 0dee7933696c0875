"""Commemorative days: when each is held, whom it concerns, and when its reminders are due.

The days themselves are data (data/days.toml). 残疾人保障法 art. 14: the third Sunday of May.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from storage.rules.sending import WORK_ENDS, WORK_STARTS
from storage.rules.text import normalise

LEADS = (30, 14, 7, 1)
_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class OnDate:
    """The same date each year."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """The date in a year."""
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class OnWeekday:
    """The nth weekday (Monday is 1) of a month."""

    nth: int
    weekday: int
    month: int

    def in_year(self, year: int) -> date:
        """The date in a year."""
        first = date(year, self.month, 1)
        ahead = (self.weekday - first.isoweekday()) % _WEEK
        return first + _DAY * (ahead + _WEEK * (self.nth - 1))


@dataclass(frozen=True, slots=True)
class Day:
    """A commemorative day."""

    key: str
    on: OnDate | OnWeekday
    audience: tuple[str, ...]
    aliases: tuple[str, ...]
    since: int | None = None

    def next_held(self, today: date) -> date:
        """When it is held next; today counts."""
        this_year = self.on.in_year(today.year)
        return this_year if this_year >= today else self.on.in_year(today.year + 1)

    def ordinal(self, held_on: date) -> int | None:
        """The how-manieth it is, for the days that are counted (the 36th in 2026)."""
        return held_on.year - self.since if self.since is not None else None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of a day that may go out now; `days_left` is what is true when it goes."""

    day: Day
    held_on: date
    lead: int
    days_left: int


def read_days(text: str) -> tuple[Day, ...]:
    """The days of a data file; a line that makes no sense raises ValueError with its key."""
    days = tuple(_read_day(row) for row in tomllib.loads(text)["day"])
    keys = [day.key for day in days]
    if len(set(keys)) != len(keys):
        raise ValueError("a day stands twice in the data")
    return days


def _read_day(row: Mapping[str, object]) -> Day:
    key, since = row["key"], row.get("since")
    if not isinstance(key, str) or not (since is None or isinstance(since, int)):
        raise ValueError(f"day {key}: key is a text, since a year")
    return Day(
        key=key,
        on=_read_rule(key, row["on"]),
        audience=_texts(key, row["audience"]),
        aliases=_texts(key, row.get("aliases", [])),
        since=since,
    )


def _texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"day {key}: audience and aliases are lists")
    return tuple(str(item) for item in value)


def _read_rule(key: str, on: object) -> OnDate | OnWeekday:
    rule: OnDate | OnWeekday
    try:
        if isinstance(on, str):
            month, day = (int(part) for part in on.split("-"))
            rule = OnDate(month, day)
        elif isinstance(on, dict):
            rule = OnWeekday(int(on["nth"]), int(on["weekday"]), int(on["month"]))
            if not (1 <= rule.nth <= 4 and 1 <= rule.weekday <= _WEEK):
                raise ValueError(on)
        else:
            raise ValueError(on)
        rule.in_year(2027)  # a common year: 29 February would be missing in three of four
    except (KeyError, ValueError) as error:
        raise ValueError(f"day {key}: no date each year can be made of {on!r}") from error
    return rule


DAYS = read_days(files("storage.rules").joinpath("data", "days.toml").read_text(encoding="utf-8"))


def find_day(text: str, days: Sequence[Day] = DAYS) -> Day | None:
    """The day that a key, a name or an alias means."""
    wanted = normalise(text)
    return next((d for d in days if wanted in map(normalise, (d.key, *d.aliases))), None)


def next_dates(today: date, days: Sequence[Day] = DAYS) -> tuple[tuple[Day, date], ...]:
    """Each day with its next date, the nearest first; a day held today is not past."""
    return tuple(sorted(((d, d.next_held(today)) for d in days), key=lambda pair: pair[1]))


def reminders_due(now_local: datetime, days: Sequence[Day] = DAYS) -> tuple[Reminder, ...]:
    """The newest reminder of each day whose time has come; nothing outside working hours.

    Once each is the caller's rule (day, held_on and lead are unique). Of several that an outage
    slept through only the newest is here, and none when the day is past.
    """
    if not WORK_STARTS <= now_local.time().replace(tzinfo=None) < WORK_ENDS:
        return ()
    today = now_local.date()
    found = []
    for day, held_on in next_dates(today, days):
        left = (held_on - today).days
        lead = min((lead for lead in LEADS if lead >= left), default=None)
        if lead is not None:
            found.append(Reminder(day=day, held_on=held_on, lead=lead, days_left=left))
    return tuple(found)


def next_reminder_at(
    after_local: datetime, days: Sequence[Day] = DAYS, at: time = WORK_STARTS
) -> datetime | None:
    """When the next reminder of any day comes due, for the clock that is moved."""
    moments = (
        datetime.combine(held_on - _DAY * lead, at, tzinfo=after_local.tzinfo)
        for day in days
        for held_on in (day.on.in_year(after_local.year + ahead) for ahead in (0, 1, 2))
        for lead in LEADS
    )
    return min((moment for moment in moments if moment > after_local), default=None)
