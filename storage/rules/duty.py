"""The rota: who is on at a moment, which slots are empty, and how a round goes on.

A week belongs to one person; a single day, or its day or night, may be another's. A statutory
holiday is nobody's until somebody is named for it.
"""

import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files

from storage.rules.holidays import HOLIDAYS, DayKind

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_DATA = tomllib.loads(
    files("storage.rules").joinpath("data", "duty.toml").read_text(encoding="utf-8")
)
CHANGES_AT = time.fromisoformat(_DATA["changes_at"])
NIGHT_AT = time.fromisoformat(_DATA["night_at"])
WEEKS_SHOWN: int = _DATA["weeks_shown"]
WEEKS_AT_MOST: int = _DATA["weeks_at_most"]
WARN_DAYS: tuple[int, ...] = tuple(sorted(_DATA["warn_days"]))
OFFICE_FROM: int = _DATA["office_from"]
WEEK_TOLD_AT = time.fromisoformat(_DATA["week_told_at"])
LOOKED_OVER = tuple(time.fromisoformat(one) for one in _DATA["looked_over"])


class Part(StrEnum):
    """Which part of a day: whole, from morning to evening, or the night after it."""

    ALL = "all"
    DAY = "day"
    NIGHT = "night"


class Reason(StrEnum):
    """Why a coordinator puts another in somebody's place."""

    ILL = "ill"
    LEAVE = "leave"
    AGREED = "agreed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Span:
    """A slot of the rota: a whole week from its Monday, or one day or part of it."""

    first: date
    last: date
    part: Part = Part.ALL

    @property
    def is_week(self) -> bool:
        """Whether it is a whole week."""
        return self.last > self.first

    def holds(self, day: date, part: Part) -> bool:
        """Whether it covers the day or night of a day."""
        return self.first <= day <= self.last and self.part in (Part.ALL, part)

    @property
    def is_sound(self) -> bool:
        """Whether it is a week from Monday to Sunday, or a single day."""
        if not self.is_week:
            return self.first == self.last
        whole = self.first.weekday() == 0 and self.last == self.first + 6 * DAY
        return whole and self.part is Part.ALL


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of one day with nobody on it."""

    day: date
    part: Part


def week_of(day: date) -> Span:
    """The week in which a day lies."""
    monday = monday_of(day)
    return Span(monday, monday + 6 * DAY)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - day.weekday() * DAY


def on_at(local: datetime) -> tuple[date, Part]:
    """Whose duty it is at a moment: early in the morning still that of the night before."""
    if local.time() < CHANGES_AT:
        return local.date() - DAY, Part.NIGHT
    return local.date(), Part.NIGHT if local.time() >= NIGHT_AT else Part.DAY


def is_holiday(day: date) -> bool:
    """Whether somebody has to be named for the day by itself."""
    return HOLIDAYS.kind_of(day) is DayKind.HOLIDAY


def choose(spans: Iterable[Span], day: date, part: Part) -> Span | None:
    """Of the filled slots the one that counts: part of a day before the day, that before the week.

    On a statutory holiday a week does not count.
    """
    fitting = [
        one for one in spans if one.holds(day, part) and not (one.is_week and is_holiday(day))
    ]
    return min(fitting, key=lambda one: (one.is_week, one.part is Part.ALL), default=None)


def join_parts(missing: Collection[tuple[date, Part]]) -> list[Hole]:
    """Holes in their order; a day of which both parts are missing is one."""
    holes = []
    for day in sorted({day for day, _ in missing}):
        parts = [part for part in (Part.DAY, Part.NIGHT) if (day, part) in missing]
        holes.append(Hole(day, parts[0] if len(parts) == 1 else Part.ALL))
    return holes


def in_runs(holes: Iterable[Hole]) -> list[Span]:
    """Holes as people say them: whole days in a row as one stretch."""
    runs: list[Span] = []
    for hole in holes:
        last = runs[-1] if runs else None
        whole = hole.part is Part.ALL and last is not None and last.part is Part.ALL
        if last is not None and whole and hole.day == last.last + DAY:
            runs[-1] = Span(last.first, hole.day)
        else:
            runs.append(Span(hole.day, hole.day, hole.part))
    return runs


def lead_of(days: int) -> int | None:
    """Which warning is due so many days before; None while it is too early.

    The last one is also due when a slot becomes empty later than that.
    """
    return next((lead for lead in WARN_DAYS if days <= lead), None)


def watched_days(today: date) -> int:
    """How many days ahead holes are looked for: to the end of the week of the first warning."""
    return (week_of(today + WARN_DAYS[-1] * DAY).last - today).days


def warn_of(holes: Sequence[Hole], today: date) -> list[tuple[Hole, int]]:
    """The holes to be said by now, each with its lead.

    Days in a row within a week are one stretch, said together when its first day comes near: an
    empty week is said twice, not on each of its days.
    """
    said: list[tuple[Hole, int]] = []
    begins = before = None
    for hole in holes:
        follows = before is not None and hole.day == before + DAY and hole.day.weekday() != 0
        begins = begins if follows and begins is not None else hole.day
        before = hole.day
        lead = lead_of((begins - today).days)
        if lead is not None:
            said.append((hole, lead))
    return said


def continue_round(past: Sequence[int], count: int) -> list[int]:
    """Who comes next, so often: the last round again, which began where somebody came anew."""
    round_: list[int] = []
    for one in reversed(past):
        if one in round_:
            break
        round_.append(one)
    round_.reverse()
    return [round_[at % len(round_)] for at in range(count)] if round_ else []


def first_workday(monday: date) -> date:
    """The first day of a week on which is worked; Monday when there is none."""
    week = (monday + at * DAY for at in range(7))
    working = (DayKind.WORKDAY, DayKind.MAKE_UP)
    return next((day for day in week if HOLIDAYS.kind_of(day) in working), monday)


def next_look(local: datetime) -> datetime:
    """When the rota is looked over again: once an hour, and not at night."""
    hour = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    opens, closes = LOOKED_OVER
    if hour.time() < opens and hour.date() == local.date():
        return datetime.combine(hour.date(), opens, tzinfo=local.tzinfo)
    if hour.date() > local.date() or hour.time() > closes:
        return datetime.combine(local.date() + DAY, opens, tzinfo=local.tzinfo)
    return hour


def next_week_told(local: datetime) -> datetime:
    """When "who is on this week" is said next: on Monday, and on the first workday if later."""
    monday = monday_of(local.date())
    days = (monday, first_workday(monday), monday + WEEK)
    moments = (datetime.combine(day, WEEK_TOLD_AT, tzinfo=local.tzinfo) for day in days)
    return next(moment for moment in moments if moment > local)
