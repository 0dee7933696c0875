"""Pauses as people say them: the reason, and the last day of being away ("住院到周五", "三天")."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from storage.rules.moments import MomentProblem, parse_day
from storage.rules.numerals import small_number
from storage.rules.times import plain

# Longer than this nobody knows; it is "until further notice".
LONGEST = timedelta(days=366)
# Within this time a slip of the finger is taken back before anything has ended.
SETTLES_AFTER = timedelta(hours=1)


class Reason(StrEnum):
    """Why somebody is away."""

    HOSPITAL = "hospital"
    AWAY = "away"
    MOVED = "moved"
    DIED = "died"
    OTHER = "other"


# They do not end by themselves: they take effect.
FOR_GOOD = frozenset({Reason.MOVED, Reason.DIED})

_WORDS: Mapping[Reason, tuple[str, ...]] = MappingProxyType(
    {
        Reason.DIED: ("去世", "过世", "死亡", "离世", "走了人", "died", "passed away", "death"),
        Reason.MOVED: ("搬走", "搬家", "搬离", "搬到", "迁走", "迁出", "moved"),
        Reason.HOSPITAL: ("住院", "医院", "做手术", "手术", "hospital"),
        Reason.AWAY: (
            *("外出", "出门", "不在家", "走亲戚", "旅游", "打工", "回老家", "女儿家", "儿子家"),
            *("away", "travel", "holiday"),
        ),
    }
)
_FURTHER = frozenset({"另行通知", "再说", "不知道", "不定", "长期", "until further notice", "open"})
_NAMES_A_DAY = re.compile(r"[到至天日号月周0-9]|星期|礼拜|until|till|day|week|month|notice|再说")
_DAYS = re.compile(r"([0-9]{1,3}|[一二两三四五六七八九十半]{1,3})(?:个)?(天|日|周|星期|礼拜|月)")
_ENGLISH = re.compile(r"([0-9]{1,3}|a|one|two|three) (day|week|month)s?")
_SMALL = MappingProxyType({"a": 1, "one": 1, "two": 2, "three": 3})
_UNIT = MappingProxyType(
    {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "day": 1, "week": 7, "month": 30}
)
_EDGES = re.compile(
    r"^(?:到|至|住到|直到|until|till|to|for)[ :：]*|[ ,，。.]*(?:为止|止|回来|出院)?$"
)


@dataclass(frozen=True, slots=True)
class PauseWords:
    """What was understood; ``last_day`` None means until further notice."""

    reason: Reason | None
    last_day: date | None
    problem: MomentProblem | None = None
    says_until: bool = False


def find_reason(text: str) -> Reason | None:
    """The reason that the words name; death before a move before a stay."""
    said = plain(text)
    for reason, words in _WORDS.items():
        if any(word in said for word in words):
            return reason
    return None


def parse_until(text: str, today: date) -> date | MomentProblem | None:
    """The last day away: None for "until further notice", or why it is no day."""
    said = _EDGES.sub("", plain(text)).strip()
    if said in _FURTHER:
        return None
    length = _length(said)
    if length is not None:
        # "Three days" holds today: to ring a day too early is the safer mistake.
        return today + timedelta(days=length - 1)
    day = parse_day(said, today)
    if isinstance(day, MomentProblem):
        return day
    if day < today:
        return MomentProblem.PAST
    return MomentProblem.TOO_FAR if day - today > LONGEST else day


def _length(said: str) -> int | None:
    found = _DAYS.fullmatch(said) or _ENGLISH.fullmatch(said)
    if found is None:
        return None
    unit = _UNIT[found.group(2)]
    if found.group(1) == "半":
        return 15 if unit == 30 else None
    # "3日" is the third of a month, not three days.
    if found.group(2) == "日":
        return None
    count = _SMALL.get(found.group(1)) or small_number(found.group(1)) or 0
    return count * unit if 0 < count * unit <= LONGEST.days else None


def understand_pause(text: str, today: date) -> PauseWords:
    """Read "住院到周五", "外出三天", "去世": a reason, and a day where one is said."""
    said = plain(text)
    reason = find_reason(said)
    for words in _WORDS.get(reason, ()) if reason else ():
        said = re.sub(rf"(?:[去到在回]{{1,2}})?{re.escape(words)}住?", " ", said)
    rest = " ".join(said.split()).strip(" ,，。.、")
    if not rest or (reason is not None and _NAMES_A_DAY.search(rest) is None):
        return PauseWords(reason, None)
    # "去女儿家住几天，到下周一": the day stands behind the last "till".
    last = re.split(r"到|至|until|till|[,，。]", rest)[-1].strip()
    until = parse_until(rest, today)
    if isinstance(until, MomentProblem) and last:
        until = parse_until(last, today)
    if isinstance(until, MomentProblem):
        return PauseWords(reason, None, problem=until, says_until=True)
    return PauseWords(reason, until, says_until=True)


def ends_at(last_day: date, zone: tzinfo) -> datetime:
    """The first moment after the last day away."""
    return datetime.combine(last_day + timedelta(days=1), time(0), tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a pause holds; without an end it holds on."""

    starts_at: datetime
    until: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment falls inside; the end itself lies outside."""
        return self.starts_at <= moment and (self.until is None or moment < self.until)
