"""Days as offices write them: many styles, month only, Excel's own numbers; never guessed."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from storage.rules.importing.cells import Cell, Reason, cell_text
from storage.rules.numerals import half_width

EARLIEST = 1900
LATEST = 2100
# Day 0 of Excel's numbers; it believes 1900 was a leap year, so March 1900 is where it is right.
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
# Between 1927 and 2091; anything else that is a bare number is rather a year, or six or eight
# digits, or a slip of the hand.
_SERIALS = range(10_000, 70_000)

_SEPARATED = re.compile(r"(\d{4})[-/.年、~_](\d{1,2})(?:[-/.月、~_](\d{1,2})日?|月)?")
_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a whole month when only that was written (出生年月)."""

    year: int
    month: int
    day: int | None = None

    def __str__(self) -> str:
        month = f"{self.year:04d}-{self.month:02d}"
        return month if self.day is None else f"{month}-{self.day:02d}"


def read_day(cell: Cell, *, from_1904: bool = False, before: date | None = None) -> Day | Reason:
    """Read a day; ``before`` is the first day that it cannot be any more (for births)."""
    day = _read(cell, from_1904=from_1904)
    if isinstance(day, Reason):
        return day
    if not EARLIEST <= day.year <= LATEST:
        return Reason("date_out_of_range", {"value": str(day)})
    if before is not None and (day.year, day.month, day.day or 1) >= (
        before.year,
        before.month,
        before.day,
    ):
        return Reason("date_in_future", {"value": str(day)})
    return day


def _read(cell: Cell, *, from_1904: bool) -> Day | Reason:
    if isinstance(cell, date):
        return Day(cell.year, cell.month, cell.day)
    if isinstance(cell, bool):
        return Reason("date_unreadable", {"value": cell_text(cell)})
    if isinstance(cell, int | float):
        return _from_number(cell, from_1904=from_1904)
    text = re.sub(r"\s+", " ", half_width(cell_text(cell))).strip()
    text = _TIME.sub("", text).replace("－", "-").replace("—", "-").replace("–", "-")
    plain = re.sub(r"\s*([-/.年月日、])\s*", r"\1", text).rstrip("生.-/")
    plain = plain.removesuffix("年") if re.fullmatch(r"\d{4}年", plain) else plain
    if re.fullmatch(r"\d+(?:\.0)?", plain):
        return _from_digits(plain.removesuffix(".0"), from_1904=from_1904, written=plain)
    found = _SEPARATED.fullmatch(plain)
    if found is None:
        return Reason("date_unreadable", {"value": text})
    return _made(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, written=text)


def _from_number(number: float, *, from_1904: bool) -> Day | Reason:
    written = cell_text(number)
    if float(number).is_integer():
        return _from_digits(str(int(number)), from_1904=from_1904, written=written)
    found = re.fullmatch(r"(\d{4})\.(\d{1,2})", written)
    if found is not None:
        if found[2] == "1":
            # Excel drops the last zero of 1958.10, so this may be January or October.
            return Reason("date_month_unclear", {"value": written})
        return _made(int(found[1]), int(found[2]), None, written=written)
    if int(number) in _SERIALS:
        return _from_serial(int(number), from_1904=from_1904)
    return Reason("date_unreadable", {"value": written})


def _from_digits(digits: str, *, from_1904: bool, written: str) -> Day | Reason:
    if len(digits) == 8:
        return _made(int(digits[:4]), int(digits[4:6]), int(digits[6:]), written=written)
    if len(digits) == 6:
        return _made(int(digits[:4]), int(digits[4:]), None, written=written)
    if len(digits) == 4 and EARLIEST <= int(digits) <= LATEST:
        return Reason("date_only_year", {"value": written})
    if len(digits) <= 6 and int(digits) in _SERIALS:
        return _from_serial(int(digits), from_1904=from_1904)
    return Reason("date_unreadable", {"value": written})


def _from_serial(serial: int, *, from_1904: bool) -> Day:
    day = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(days=serial)
    return Day(day.year, day.month, day.day)


def _made(year: int, month: int, day: int | None, *, written: str) -> Day | Reason:
    try:
        date(year, month, day or 1)
    except ValueError:
        return Reason("date_impossible", {"value": written})
    return Day(year, month, day)
