"""Statutory holidays and make-up workdays, from a data file that grows by a year each November.

全国年节及纪念日放假办法; the yearly arrangement (放假调休) is published by the State Council.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any

_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What a day is for those who work."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # 调休上班


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of holidays: published years day by day, other years by the statute."""

    off: frozenset[date]
    make_up: frozenset[date]
    published: frozenset[int]
    fixed: frozenset[tuple[int, int]]
    moving: frozenset[date]

    def kind_of(self, day: date) -> DayKind:
        """What a day is; of an unpublished year without make-up days."""
        if day in self.make_up:
            return DayKind.MAKE_UP
        statutory = (day.month, day.day) in self.fixed or day in self.moving
        if day in self.off or (day.year not in self.published and statutory):
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKDAY

    def is_published(self, day: date) -> bool:
        """Whether the arrangement of this year is known; else say 未公布调休."""
        return day.year in self.published


def read_holidays(text: str) -> Calendar:
    """The calendar of a data file; a day that does not exist raises ValueError."""
    data = tomllib.loads(text)
    off: set[date] = set()
    make_up: set[date] = set()
    for year, table in data["year"].items():
        for first, last in table["off"]:
            off |= _span(_day(year, first), _day(year, last))
        make_up |= {_day(year, one) for one in table["work"]}
    if off & make_up:
        raise ValueError("a day is off and a workday at once")
    return Calendar(
        off=frozenset(off),
        make_up=frozenset(make_up),
        published=frozenset(map(int, data["year"])),
        fixed=frozenset((day.month, day.day) for day in (_day("2028", d) for d in data["fixed"])),
        moving=_moving(data["moving"]),
    )


def _moving(years: Mapping[str, Any]) -> frozenset[date]:
    return frozenset(_day(year, one) for year, days in years.items() for one in days)


def _day(year: str, day: str) -> date:
    return date.fromisoformat(f"{year}-{day}")


def _span(first: date, last: date) -> set[date]:
    if last < first:
        raise ValueError(f"a holiday ends before it begins: {first}")
    return {first + _DAY * ahead for ahead in range((last - first).days + 1)}


HOLIDAYS = read_holidays(
    files("storage.rules").joinpath("data", "holidays.toml").read_text(encoding="utf-8")
)
