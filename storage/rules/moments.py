"""A moment to come as people say it: "明天上午9点", "后天", "11月30日", "2026-11-30 14:00"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from storage.rules.numerals import small_number
from storage.rules.times import local_moment, parse_clock_time, parse_minutes, parse_weekdays, plain


class MomentProblem(StrEnum):
    """Why a text is no moment to come."""

    NOT_UNDERSTOOD = "not_understood"
    NO_SUCH_DATE = "no_such_date"
    PAST = "past"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the day that was named without a time: when it is best, and when it is over."""

    best: time
    over: time


_HORIZON = timedelta(days=366)
_DAY = timedelta(days=1)
_HALF_HOUR = timedelta(minutes=30)
_WHOLE_DAY = _Stretch(time(9), time(20))
_MORNING, _AFTERNOON = _Stretch(time(9), time(12)), _Stretch(time(15), time(18))
_EARLY, _NOON, _EVENING = (
    _Stretch(time(8), time(10)),
    _Stretch(time(12), time(14)),
    _Stretch(time(19), time(21)),
)
_STRETCHES = MappingProxyType(
    {"": _WHOLE_DAY, "上午": _MORNING, "morning": _MORNING, "in the morning": _MORNING}
    | {"早上": _EARLY, "早": _EARLY, "一早": _EARLY, "中午": _NOON, "noon": _NOON}
    | {"下午": _AFTERNOON, "afternoon": _AFTERNOON, "in the afternoon": _AFTERNOON}
    | {"傍晚": _EVENING, "晚上": _EVENING, "晚": _EVENING, "evening": _EVENING}
    | {"in the evening": _EVENING, "night": _EVENING}
)
_DAYS_AHEAD = MappingProxyType(
    {"大后天": 3, "后天": 2, "明天": 1, "明日": 1, "今天": 0, "今日": 0, "今": 0, "明": 1}
    | {"the day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0, "this": 0}
)
_DAY_WORD = re.compile("|".join(sorted(_DAYS_AHEAD, key=len, reverse=True)))
_FULL_DATE = re.compile(r"(\d{4})(?:-|/|\.|年) ?(\d{1,2})(?:-|/|\.|月) ?(\d{1,2})[日号]?")
_NUMBER = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTH_DAY = re.compile(rf"{_NUMBER}月 ?{_NUMBER}[日号]?|(\d{{1,2}})[-/](\d{{1,2}})(?!\d)")
_DAY_OF_MONTH = re.compile(rf"{_NUMBER}[日号]")
_WEEKDAY = re.compile(
    r"(下个?|这个?|本|next |this )?((?:周|星期|礼拜)[一二三四五六日天1-7]"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
)
_LATER = re.compile(r"(?:in )?(.+?) ?(?:以后|之后|后)|in (.+)")

_Found = tuple[date | MomentProblem, str]


def parse_moment(text: str, now_local: datetime) -> datetime | MomentProblem:
    """The moment that a text means, seen from a local now: always after it, or a reason."""
    said = plain(text).removeprefix("on ")
    found = _later(said, now_local) or _on_a_day(said, now_local)
    if isinstance(found, MomentProblem):
        return found
    if found <= now_local:
        return MomentProblem.PAST
    return MomentProblem.TOO_FAR if found - now_local > _HORIZON else found


def parse_day(text: str, today: date) -> date | MomentProblem:
    """The day that a text means and nothing else: "周五", "12月3日", "下周一", "后天"."""
    said = plain(text).removeprefix("on ")
    for pattern, day_of in _DAY_READERS:
        found = pattern.fullmatch(said)
        if found is not None:
            return day_of(found, today)
    return MomentProblem.NOT_UNDERSTOOD


def _later(said: str, now_local: datetime) -> datetime | None:
    span = _LATER.fullmatch(said)
    minutes = parse_minutes(span.group(1) or span.group(2)) if span is not None else None
    return now_local + timedelta(minutes=minutes) if minutes is not None else None


def _on_a_day(said: str, now_local: datetime) -> datetime | MomentProblem:
    if not said:
        return MomentProblem.NOT_UNDERSTOOD
    day, rest = _day_in(said, now_local.date())
    if isinstance(day, MomentProblem):
        return day
    zone = now_local.tzinfo
    if zone is None:
        raise ValueError("a local moment has a zone")
    rest = re.sub(r"^[ ,，的tT]+|[ ,，。.前吧来]+$", "", rest)
    if rest not in _STRETCHES:
        clock = parse_clock_time(rest.removeprefix("at "))
        return MomentProblem.NOT_UNDERSTOOD if clock is None else local_moment(day, clock, zone)
    return _in_stretch(day, _STRETCHES[rest], now_local, zone)


def _in_stretch(day: date, stretch: _Stretch, now_local: datetime, zone: tzinfo) -> datetime:
    """The best time of a stretch; when it has passed, soon, as long as the stretch lasts."""
    best = local_moment(day, stretch.best, zone)
    if best > now_local or day != now_local.date():
        return best
    minutes = 30 - now_local.minute % 30
    soon = now_local.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    return soon if soon < local_moment(day, stretch.over, zone) else best


def _day_in(said: str, today: date) -> _Found:
    """The day that the text begins with, and the rest; without a day it is today."""
    for pattern, day_of in _DAY_READERS:
        found = pattern.match(said)
        if found is not None:
            return day_of(found, today), said[found.end() :]
    return today, said


def _full_date(found: re.Match[str], _today: date) -> date | MomentProblem:
    year, month, day = (int(part) for part in found.groups())
    return _date(year, month, day)


def _month_day(found: re.Match[str], today: date) -> date | MomentProblem:
    month, day = (small_number(part) or 0 for part in found.groups() if part)
    this_year = _date(today.year, month, day)
    if isinstance(this_year, date) and this_year >= today:
        return this_year
    # 29 February is the next one that exists, and too far is said by the horizon.
    years = (_date(year, month, day) for year in range(today.year + 1, today.year + 9))
    return next((day for day in years if isinstance(day, date)), MomentProblem.NO_SUCH_DATE)


def _day_of_month(found: re.Match[str], today: date) -> date | MomentProblem:
    wanted = small_number(found.group(1)) or 0
    if not 1 <= wanted <= 31:
        return MomentProblem.NO_SUCH_DATE
    days = (today + _DAY * ahead for ahead in range(63))
    return next(day for day in days if day.day == wanted)


def _ahead(found: re.Match[str], today: date) -> date | MomentProblem:
    return today + _DAY * _DAYS_AHEAD[found.group()]


def _weekday(found: re.Match[str], today: date) -> date | MomentProblem:
    days = parse_weekdays(found.group(2))
    if days is None:
        return MomentProblem.NOT_UNDERSTOOD
    (weekday,) = days
    monday = today - _DAY * today.weekday()
    which = (found.group(1) or "").strip()
    if which.startswith(("下", "next")):
        return monday + _DAY * (7 + weekday)
    this_week = monday + _DAY * weekday
    return this_week if this_week >= today or which else this_week + 7 * _DAY


def _date(year: int, month: int, day: int) -> date | MomentProblem:
    try:
        return date(year, month, day)
    except ValueError:
        return MomentProblem.NO_SUCH_DATE


_DAY_READERS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], date], date | MomentProblem]], ...
] = (
    (_FULL_DATE, _full_date),
    (_MONTH_DAY, _month_day),
    (_DAY_OF_MONTH, _day_of_month),
    (_DAY_WORD, _ahead),
    (_WEEKDAY, _weekday),
)
