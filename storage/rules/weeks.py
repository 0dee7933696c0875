"""Weeks: the two that figures compare, and when the Monday digest may still go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEK = timedelta(days=7)
DIGEST_AT = time(9)
# An outage delays the digest so long at most; later it would tell of a week half gone.
LATE_BY = timedelta(hours=27)
# Below this a cell could point to somebody, for those who see figures and no people.
FEW = 5


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to another, local."""

    start: datetime
    end: datetime


def weeks_so_far(now_local: datetime) -> tuple[Span, Span]:
    """This week, of which nothing is known yet behind now, and the whole last week."""
    monday = _monday(now_local)
    return Span(monday, monday + WEEK), Span(monday - WEEK, monday)


def whole_weeks(now_local: datetime) -> tuple[Span, Span]:
    """The last week, and the one before it."""
    monday = _monday(now_local)
    return Span(monday - WEEK, monday), Span(monday - 2 * WEEK, monday - WEEK)


def opens_at(now_local: datetime) -> datetime:
    """From when on the matters of a new week are begun."""
    return datetime.combine(_monday(now_local), DIGEST_AT, tzinfo=now_local.tzinfo)


def digest_due(now_local: datetime) -> date | None:
    """The Monday whose digest may go now; None outside its time."""
    monday = _monday(now_local)
    opens = datetime.combine(monday, DIGEST_AT, tzinfo=now_local.tzinfo)
    return monday.date() if opens <= now_local < opens + LATE_BY else None


def digest_ends(now_local: datetime) -> datetime:
    """When the digest of this week is no longer worth sending."""
    return datetime.combine(_monday(now_local), DIGEST_AT, tzinfo=now_local.tzinfo) + LATE_BY


def next_digest_at(after_local: datetime) -> datetime:
    """When the next digest falls due."""
    this = datetime.combine(_monday(after_local), DIGEST_AT, tzinfo=after_local.tzinfo)
    return this if this > after_local else this + WEEK


def median(spans: Sequence[timedelta]) -> timedelta | None:
    """The middle one: half were no longer than this; None of none."""
    ordered = sorted(spans)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def without_few(cells: Sequence[int]) -> list[str]:
    """The cells as those may see them who see no people: a small one is only "few"."""
    return ["few" if 0 < cell < FEW else str(cell) for cell in cells]


def _monday(moment: datetime) -> datetime:
    day = moment - timedelta(days=moment.weekday())
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
