"""How a service recurs: each week, each month on a day, or on the first Saturday; as one text.

"weekly:0,3" are Mondays and Thursdays, "day:31" the 31st or a shorter month's last day, "nth:1:5"
the first Saturday of each month, "nth:5:0" the last Monday.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from storage.rules.numerals import small_number
from storage.rules.times import parse_weekdays, plain

LAST = 5
_DAY = timedelta(days=1)
_WEEK = 7


class Every(StrEnum):
    """What a pattern counts."""

    WEEK = "weekly"
    DAY = "day"
    NTH = "nth"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern; of the numbers those count that its kind needs."""

    every: Every
    weekdays: tuple[int, ...] = ()
    number: int = 0

    def __post_init__(self) -> None:
        most = {Every.WEEK: 0, Every.DAY: 31, Every.NTH: LAST}[self.every]
        week = all(0 <= one < _WEEK for one in self.weekdays)
        many = {Every.WEEK: len(self.weekdays) > 0, Every.DAY: not self.weekdays}
        fits = many.get(self.every, len(self.weekdays) == 1)
        if not week or not fits or not (min(1, most) <= self.number <= most):
            raise ValueError(f"no pattern: {self}")

    def __str__(self) -> str:
        days = ",".join(map(str, self.weekdays))
        parts = {
            Every.WEEK: (self.every, days),
            Every.DAY: (self.every, self.number),
            Every.NTH: (self.every, self.number, days),
        }
        return ":".join(map(str, parts[self.every]))

    def falls_on(self, day: date) -> bool:
        """Whether the service is due on a day."""
        if self.every is Every.WEEK:
            return day.weekday() in self.weekdays
        last = calendar.monthrange(day.year, day.month)[1]
        if self.every is Every.DAY:
            return day.day == min(self.number, last)
        if day.weekday() not in self.weekdays:
            return False
        if self.number == LAST:
            return day.day + _WEEK > last
        return (day.day - 1) // _WEEK + 1 == self.number

    def dates_from(self, day: date) -> Iterator[date]:
        """The days on which the service is due, a given one included, without end."""
        while True:
            if self.falls_on(day):
                yield day
            day += _DAY

    def next_from(self, day: date) -> date:
        """The first such day; the given one counts."""
        return next(self.dates_from(day))


def read_pattern(text: str) -> Pattern:
    """Read a pattern as it is kept; raises ValueError for anything else."""
    every, *rest = text.split(":")
    if every == Every.WEEK and len(rest) == 1:
        return Pattern(Every.WEEK, weekdays=tuple(sorted({int(one) for one in rest[0].split(",")})))
    if every == Every.DAY and len(rest) == 1:
        return Pattern(Every.DAY, number=int(rest[0]))
    if every == Every.NTH and len(rest) == 2:
        return Pattern(Every.NTH, weekdays=(int(rest[1]),), number=int(rest[0]))
    raise ValueError(f"no pattern: {text}")


_NUMBER = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTHLY_LAST = re.compile(r"每个?月(?:的)?(?:最后一天|月底|最后1天)")
_MONTHLY_NTH = re.compile(
    rf"每个?月(?:的)?(?:第{_NUMBER}个?|(最后)一?个?)((?:周|星期|礼拜)[一二三四五六日天1-7])"
)
_MONTHLY_DAY = re.compile(rf"每个?月(?:的)?{_NUMBER}[日号]")
_WEEKLY = re.compile(r"每个?((?:周|星期|礼拜|天|日).*)")
# What may follow the day: the time, which is read apart.
_CLOCK = re.compile(
    r"(?:[,， ]|上午|下午|早上|中午|晚上|傍晚|凌晨|\d{1,2}[:：点时]|[一二三四五六七八九十]+点).*$"
)


def parse_pattern(text: str) -> tuple[Pattern, str] | None:
    """Read "每周六上午9点", "每月第一个周六", "每月15号"; with the rest, where a time may stand."""
    said = plain(text).strip(" 。.")
    if found := _MONTHLY_LAST.match(said):
        return Pattern(Every.DAY, number=31), said[found.end() :]
    if found := _MONTHLY_NTH.match(said):
        number = LAST if found.group(2) else small_number(found.group(1)) or 0
        weekdays = parse_weekdays(found.group(3))
        if weekdays is None or not 1 <= number <= LAST:
            return None
        return Pattern(Every.NTH, weekdays=tuple(weekdays), number=number), said[found.end() :]
    if found := _MONTHLY_DAY.match(said):
        number = small_number(found.group(1)) or 0
        if not 1 <= number <= 31:
            return None
        return Pattern(Every.DAY, number=number), said[found.end() :]
    return _weekly(said)


def _weekly(said: str) -> tuple[Pattern, str] | None:
    found = _WEEKLY.match(said)
    if found is None:
        return None
    clock = _CLOCK.search(said, 2 if found.group(1)[0] in "天日" else 3)
    rest = clock.group() if clock else ""
    days = said.removeprefix("每").removeprefix("个").removesuffix(rest)
    weekdays = parse_weekdays("每天" if days in ("天", "日") else days)
    if not weekdays:
        return None
    return Pattern(Every.WEEK, weekdays=tuple(sorted(weekdays))), rest
