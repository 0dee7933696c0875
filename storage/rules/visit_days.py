"""A day on which something was done, as people say it: "今天", "昨天", "11月3日"."""

from datetime import date, timedelta
from types import MappingProxyType

from storage.rules.moments import MomentProblem, parse_day
from storage.rules.times import plain

_AGO = MappingProxyType({"今天": 0, "昨天": 1, "前天": 2, "today": 0, "yesterday": 1})
_YEAR = timedelta(days=366)


def parse_past_day(text: str, today: date) -> date | MomentProblem:
    """The day that is meant, today at the latest and a year ago at the earliest."""
    said = plain(text)
    if said in _AGO:
        return today - timedelta(days=_AGO[said])
    # Read as a day ahead of a year ago, "11月3日" is the last one there was.
    day = parse_day(said, today)
    if isinstance(day, MomentProblem):
        return day
    if day > today:
        day = _year_before(day)
    return day if today - _YEAR < day <= today else MomentProblem.TOO_FAR


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
