"""Times, durations and weekdays as people type them, and the local moments they mean."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType

from storage.rules.numerals import chinese_number, small_number

EVERY_DAY = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})

_DAY = timedelta(days=1)
_LONGEST_MINUTES = 24 * 60
_NUMBER = r"(?:\d{1,4}|[零〇一二两三四五六七八九十]{1,3})"


def plain(text: str) -> str:
    """The text in one width and case, without spaces at its ends; signs like ² are left alone."""
    kept = "".join(_fold(char) for char in text)
    return re.sub(r"\s+", " ", kept.replace("\u2236", ":")).strip().casefold()


def _fold(char: str) -> str:
    # A digit that is not a plain one stays what it is: nobody who types ² has told us a time.
    folded = unicodedata.normalize("NFKC", char)
    is_other = folded.isascii() and folded.isdigit() and not "\uff10" <= char <= "\uff19"
    return char if is_other and not char.isascii() else folded


_HOUR_WORD = r"(?:个?小时|个?钟头|hours?|hrs?|h)"
_MINUTE_WORD = r"(?:分钟?|minutes?|mins?|m)"
_HALF_WORDS = MappingProxyType(
    {"半小时": 30, "半个小时": 30, "半个钟头": 30, "半个钟": 30, "half an hour": 30, "an hour": 60}
    | {"一刻钟": 15, "三刻钟": 45, "a quarter of an hour": 15, "an hour and a half": 90}
)
_DURATION = re.compile(
    rf"(?:({_NUMBER})(?:\.(5))? ?{_HOUR_WORD} ?(半)?)? ?(?:(?:and )?({_NUMBER}) ?{_MINUTE_WORD}?)?"
)
_AND_A_HALF = re.compile(rf"({_NUMBER})个半(?:小时|钟头)")


def parse_minutes(text: str) -> int | None:
    """A length of time in minutes, up to a day: "30", "半小时", "1小时", "一个半小时", "1h30"."""
    said = plain(text)
    if said in _HALF_WORDS:
        return _HALF_WORDS[said]
    if (half := _AND_A_HALF.fullmatch(said)) is not None:
        return _minutes(half.group(1), True, None)
    found = _DURATION.fullmatch(said)
    if found is None:
        return None
    hours, tenths, half_word, minutes = found.groups()
    return _minutes(hours, bool(tenths or half_word), minutes)


def _minutes(hours: str | None, half: bool, minutes: str | None) -> int | None:
    whole, rest = small_number(hours or "0"), small_number(minutes or "0")
    if whole is None or rest is None or (hours is not None and rest >= 60):
        return None
    total = 60 * whole + 30 * half + rest
    return total if 0 < total <= _LONGEST_MINUTES else None


# Part of the day → the hours of the clock face that become afternoon and evening hours.
_PARTS = MappingProxyType(
    {"凌晨": False, "清晨": False, "早上": False, "早晨": False, "上午": False, "早": False}
    | {"中午": True, "下午": True, "傍晚": True, "晚上": True, "晚": True, "夜里": True}
    | {"am": False, "a.m.": False, "pm": True, "p.m.": True}
)
_UNTIL = re.compile(r" ?(?:-|–|—|~|到|至|\bto\b) ?")
_WORDS_FOR_NOON = frozenset({"中午", "正午", "noon", "midday"})
_DIGITAL = re.compile(r"(\d{1,2})[:.](\d{2})|(\d{2})(\d{2})|(\d{1,2})(?= ?[ap]\.?m)")
_SPOKEN = re.compile(
    rf"({_NUMBER}) ?[点时](?:钟|整)?(?:(半)|([一三])刻|零?({_NUMBER}) ?分?)?|({_NUMBER}) ?o'?clock"
)
_PART_BEFORE = re.compile("(" + "|".join(p for p in _PARTS if not p.isascii()) + ") ?")
_PART_AFTER = re.compile(r" ?([ap]\.?m\.?)$")


def parse_clock_time(text: str) -> time | None:
    """A time of day: "9:30", "下午3点半", "12 PM"; 24:00, 25:00 and 3:5 are none.

    Digits are read as written (3:00 is in the night); "3点" is said of the day, so it is 15:00.
    """
    said = plain(text)
    if said in _WORDS_FOR_NOON:
        return time(12)
    part: str | None = None
    if (before := _PART_BEFORE.match(said)) is not None:
        part, said = before.group(1), said[before.end() :]
    if (digital := _DIGITAL.match(said)) is not None:
        return _digital_time(digital, said[digital.end() :], part)
    spoken = _SPOKEN.fullmatch(said.removeprefix("at "))
    return _spoken_time(spoken, part) if spoken is not None else None


def parse_window(text: str) -> tuple[time, time | None] | None:
    """A time of day, or from when until when: "9:30", "9:30-10:30", "下午3点到4点"."""
    whole = parse_clock_time(text)
    if whole is not None:
        return whole, None
    first, *rest = _UNTIL.split(plain(text), maxsplit=1)
    start, end = parse_clock_time(first), parse_clock_time(rest[0]) if rest else None
    if start is None or end is None:
        return None
    if end <= start and end.hour < 12:
        end = end.replace(hour=end.hour + 12)  # 晚上7点到8点
    return (start, end) if end > start else None


def _digital_time(found: re.Match[str], rest: str, part: str | None) -> time | None:
    after = _PART_AFTER.fullmatch(rest)
    if rest and after is None:
        return None
    if after is not None:
        part = after.group(1).replace(".", "")
    groups = found.groups()
    hour = int(groups[0] or groups[2] or groups[4])
    return _on_the_clock(hour, int(groups[1] or groups[3] or 0), part)


def _spoken_time(found: re.Match[str], part: str | None) -> time | None:
    hour_word, half, quarters, minute_word, clock_word = found.groups()
    hour = small_number(hour_word or clock_word)
    minute = small_number(minute_word) if minute_word else 0
    if half:
        minute = 30
    if quarters:
        minute = 15 * (chinese_number(quarters) or 0)
    if hour is None or minute is None:
        return None
    if part is None and 1 <= hour <= 6:
        part = "下午"
    return _on_the_clock(hour, minute, part)


def _on_the_clock(hour: int, minute: int, part: str | None) -> time | None:
    if part is not None:
        if part.isascii() and not 1 <= hour <= 12:
            return None
        hour = _of_part(hour, part)
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def _of_part(hour: int, part: str) -> int:
    if _PARTS[part]:
        # 中午11点 is before noon; 晚上12点 is midnight.
        if part == "中午" and hour >= 10:
            return hour
        if part in ("晚上", "晚", "夜里") and (hour == 12 or hour <= 3):
            return hour % 12
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and part in ("am", "a.m.", "凌晨") else hour


_WEEK = r"(?:周|星期|礼拜)"
_DAY_NUMBERS = MappingProxyType(
    {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
    | {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6}
    | {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
)
_DAY_SETS = MappingProxyType(
    {"每天": EVERY_DAY, "天天": EVERY_DAY, "每日": EVERY_DAY, "daily": EVERY_DAY}
    | {"every day": EVERY_DAY, "everyday": EVERY_DAY, "工作日": WORKING_DAYS}
    | {"平时": WORKING_DAYS, "weekdays": WORKING_DAYS, "周末": WEEKEND, "weekends": WEEKEND}
    | {"weekend": WEEKEND, "双休日": WEEKEND}
)
_ENGLISH_DAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|rs?|(?:s|nes|rs|ur)?days?)?(?![a-z])"
)
_RANGE = re.compile(r"([一二三四五六日天1-7])(?:-|~|到|至)([一二三四五六日天1-7])")


def parse_weekdays(text: str) -> frozenset[int] | None:
    """Days of the week, Monday is 0: "每天", "周一三五", "周一到周五", "mon wed", "weekends"."""
    said = re.sub(r"^每(?=周|星期|礼拜|个)", "", plain(text)).removeprefix("个")
    if said in _DAY_SETS:
        return _DAY_SETS[said]
    said = re.sub("to|through|–|—", "-", re.sub(r"every|and|on|days? ", " ", _short_days(said)))
    if not re.search(rf"{_WEEK}|#", said):
        return None
    bare = re.sub(rf"{_WEEK}|[ #,，、;和及跟与.]", "", said)
    expanded = _RANGE.sub(_run_of_days, bare)
    if not expanded or any(char not in _DAY_NUMBERS for char in expanded):
        return None
    return frozenset(_DAY_NUMBERS[char] for char in expanded)


def _short_days(said: str) -> str:
    """English days as #1 … #7, so that they run through the same reading as the Chinese ones."""
    return _ENGLISH_DAY.sub(lambda found: f"#{_DAY_NUMBERS[found.group(1)] + 1}", said)


def _run_of_days(found: re.Match[str]) -> str:
    first, last = (_DAY_NUMBERS[char] for char in found.groups())
    return "".join(str(day % 7 + 1) for day in range(first, last + 1 + 7 * (last < first)))


def local_moment(day: date, clock: time, zone: tzinfo) -> datetime:
    """A local moment; one that the clocks skip is the first that exists after it."""
    wished = datetime.combine(day, clock, tzinfo=zone)
    exists = wished.astimezone(UTC).astimezone(zone)
    if exists.replace(tzinfo=None) == wished.replace(tzinfo=None):
        return wished
    return _first_after_gap(wished.replace(fold=1).astimezone(UTC), wished.utcoffset(), zone)


def _first_after_gap(inside: datetime, offset: timedelta | None, zone: tzinfo) -> datetime:
    low, high = inside - _DAY, inside + _DAY
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0).astimezone(zone)
