"""Ages by the calendar: who is a child, who is a minor, who is old, and in which band.

Child: under 14, 个人信息保护法 art. 31. Minor: under 18, 未成年人保护法 art. 2. Old: from 60,
老年人权益保障法 art. 2.
"""

import calendar
import re
from datetime import date

CHILD_UNDER, MINOR_UNDER, OLD_FROM = 14, 18, 60
# The lower ends of the bands in which the office counts.
BANDS = (0, 7, 16, 18, 36, 60, 80)
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def read_day(text: object) -> date | None:
    """Return the day that a profile holds, "1958-11-12", "1958-11" or "1958"; None for none.

    Of a month or a year alone it is the last day: nobody is taken for older than they may be.
    """
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 12), found[3]
    if not (1 <= month <= 12 and year):
        return None
    last = calendar.monthrange(year, month)[1]
    if day is not None and not 1 <= int(day) <= last:
        return None
    return date(year, month, int(day) if day else last)


def age_on(born_on: date, today: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def is_child(born_on: date, today: date) -> bool:
    """Whether a guardian alone may consent."""
    return age_on(born_on, today) < CHILD_UNDER


def is_minor(born_on: date, today: date) -> bool:
    """Whether a guardian must consent beside them."""
    return age_on(born_on, today) < MINOR_UNDER


def is_old(born_on: date, today: date) -> bool:
    """Whether the law calls them old."""
    return age_on(born_on, today) >= OLD_FROM


def age_band(born_on: date, today: date) -> str:
    """The band as a key: "0_6", "7_15" … "80_"."""
    age = age_on(born_on, today)
    at = max(index for index, low in enumerate(BANDS) if low <= age or index == 0)
    return f"{BANDS[at]}_{BANDS[at + 1] - 1}" if at + 1 < len(BANDS) else f"{BANDS[at]}_"


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th of a common year."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))
