"""The stretch of days that figures are of: a week, a month, a quarter, a year, or two dates."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from storage.rules.numerals import small_number
from storage.rules.times import plain
from storage.rules.weeks import Span

_DAY = timedelta(days=1)
_FIRST_YEAR = 2000
# Whoever sees figures alone is shown whole stretches only: single days could be subtracted.
LONGEST_DAYS = 366 * 5


class Stretch(StrEnum):
    """What can be chosen by a button; ``dates`` is typed."""

    WEEK = "week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    QUARTER = "quarter"
    YEAR = "year"
    LAST_YEAR = "last_year"
    DATES = "dates"


class PeriodProblem(StrEnum):
    """Why a text is no period."""

    NOT_UNDERSTOOD = "not_understood"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day up to and with another."""

    first: date
    last: date

    @classmethod
    def read(cls, first: str, last: str) -> "Period":
        """Read two dates as they are kept."""
        return cls(date.fromisoformat(first), date.fromisoformat(last))

    def span(self, zone: tzinfo) -> Span:
        """The moments of the period: the last day counts to its end."""
        return Span(_midnight(self.first, zone), _midnight(self.last + _DAY, zone))

    def before(self) -> "Period":
        """The stretch of the same kind that ends where this begins."""
        last = self.first - _DAY
        if self == _months(self.first.year, self.first.month, 12):
            return Period(date(last.year, 1, 1), last)
        for months in (1, 3):
            if self == _months(self.first.year, self.first.month, months):
                year, month = divmod(self.first.year * 12 + self.first.month - 1 - months, 12)
                return Period(date(year, month + 1, 1), last)
        return Period(last - (self.last - self.first), last)


def period_of(stretch: Stretch, today: date) -> Period:
    """The stretch that today lies in, or the one before it."""
    monday = today - _DAY * today.weekday()
    if stretch is Stretch.WEEK:
        return Period(monday, monday + 6 * _DAY)
    if stretch is Stretch.MONTH:
        return _months(today.year, today.month, 1)
    if stretch is Stretch.LAST_MONTH:
        return period_of(Stretch.MONTH, today).before()
    if stretch is Stretch.QUARTER:
        return _months(today.year, today.month - (today.month - 1) % 3, 3)
    year = today.year - (stretch is Stretch.LAST_YEAR)
    return _months(year, 1, 12)


_SEPARATOR = r" ?(?:到|至|-{1,2}|~|—{1,2}|–|to) ?"
_DATE = r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?"
_FROM_TO = re.compile(_DATE + _SEPARATOR + _DATE)
_ONE_DAY = re.compile(_DATE)
_YEAR = re.compile(r"(\d{4})年?")
_MONTH = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})月?(?:份)?")
_QUARTER = re.compile(r"(?:(\d{4})[-/.年 ]{0,2})?(?:第?([一二三四1-4])季度|q([1-4]))")


def parse_period(text: str, today: date) -> Period | PeriodProblem:
    """The period that was typed: "2026年", "11月", "三季度", "2026-03-01到2026-03-15".

    Without a year it is the last such stretch that has begun.
    """
    said = plain(text)
    if (found := _FROM_TO.fullmatch(said)) is not None:
        return _between(found.groups(), today)
    if (found := _ONE_DAY.fullmatch(said)) is not None:
        return _between((*found.groups(), *found.groups()), today)
    if (found := _YEAR.fullmatch(said)) is not None:
        return _checked(int(found[1]), 1, 12)
    if (found := _QUARTER.fullmatch(said)) is not None:
        first = 3 * (small_number(found[2] or found[3]) or 0) - 2
        return _checked(_year(found[1], first, today), first, 3)
    if (found := _MONTH.fullmatch(said)) is not None and "月" in said + ("月" if found[1] else ""):
        return _checked(_year(found[1], int(found[2]), today), int(found[2]), 1)
    return PeriodProblem.NOT_UNDERSTOOD


def _between(groups: tuple[str | None, ...], today: date) -> Period | PeriodProblem:
    year, month, day, last_year, last_month, last_day = groups
    last = _date(last_year, last_month, last_day, today)
    first = _date(year, month, day, last) if last is not None else None
    if first is None or last is None:
        return PeriodProblem.NOT_UNDERSTOOD
    if first > last:
        return PeriodProblem.BACKWARDS
    return PeriodProblem.TOO_LONG if (last - first).days > LONGEST_DAYS else Period(first, last)


def _date(year: str | None, month: str | None, day: str | None, latest: date) -> date | None:
    """The date; without a year the last that is not after ``latest``."""
    try:
        found = date(int(year or latest.year), int(month or 0), int(day or 0))
        return found if year or found <= latest else found.replace(year=latest.year - 1)
    except ValueError:
        return None


def _year(said: str | None, month: int, today: date) -> int:
    return int(said) if said else today.year - (month > today.month)


def _checked(year: int, month: int, months: int) -> Period | PeriodProblem:
    if not 1 <= month <= 12 or not _FIRST_YEAR <= year < _FIRST_YEAR + 200:
        return PeriodProblem.NOT_UNDERSTOOD
    return _months(year, month, months)


def _months(year: int, month: int, months: int) -> Period:
    after, following = divmod(year * 12 + month - 1 + months, 12)
    return Period(date(year, month, 1), date(after, following + 1, 1) - _DAY)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
