"""Rhythms: never twice a day, never lost, the last day of a month, and the extra calls between."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.rhythm import ROUTINE, Every, Extra, Rhythm, extra_days, next_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NINE = time(9)
START = date(2026, 11, 26)
MONTHLY_31 = Rhythm(Every.MONTH, monthday=31)

_days = st.frozensets(st.integers(0, 6), min_size=1)
_dates = st.dates(date(2026, 1, 1), date(2029, 12, 31))
_counted = st.sampled_from([Every.MONTH, Every.QUARTER])
rhythms = st.one_of(
    st.builds(Rhythm, st.sampled_from([Every.WEEK, Every.FORTNIGHT]), _days, starts_on=_dates),
    st.builds(Rhythm, _counted, st.just(frozenset(range(7))), st.integers(1, 31), starts_on=_dates),
    st.builds(
        Rhythm,
        _counted,
        st.integers(0, 6).map(lambda day: frozenset({day})),
        nth=st.integers(1, 5),
        starts_on=_dates,
    ),
)
# The longest that a rhythm is silent.
LONGEST = {Every.WEEK: 7, Every.FORTNIGHT: 14, Every.MONTH: 35, Every.QUARTER: 99}


def local(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def run(rhythm: Rhythm, after: datetime, count: int, **more: object) -> list[datetime]:
    found = []
    for _ in range(count):
        after = next_due(after, NINE, rhythm, **more).at  # type: ignore[arg-type]
        found.append(after)
    return found


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    dues = run(MONTHLY_31, local(date(2027, 1, 1)), 4)
    assert [due.date().isoformat() for due in dues] == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
    ]


def test_every_two_weeks_and_every_quarter_are_counted_from_their_first_day() -> None:
    fortnight = Rhythm(Every.FORTNIGHT, frozenset({3}), starts_on=START)
    dues = run(fortnight, local(START), 3)
    assert [due.date() for due in dues] == [START + timedelta(days=14 * at) for at in range(3)]
    quarter = Rhythm(Every.QUARTER, nth=1, weekdays=frozenset({0}), starts_on=START)
    dues = run(quarter, local(START), 2)
    assert [due.date().isoformat() for due in dues] == ["2027-02-01", "2027-05-03"]


def test_a_skipped_day_is_passed_over_and_holidays_are_not() -> None:
    weekly = Rhythm(Every.WEEK, frozenset({3}))
    assert next_due(local(START), NINE, weekly, without=[START]).at.date() == date(2026, 12, 3)
    # 1 October 2026 is a Thursday and a holiday: whoever is alone is phoned then too.
    assert next_due(local(date(2026, 9, 30)), NINE, weekly).at.date() == date(2026, 10, 1)


def test_an_extra_call_falls_between_and_never_on_the_same_day() -> None:
    weekly = Rhythm(Every.WEEK, frozenset({0}))
    days = extra_days(weekly, a_week=2, first=START)
    assert days == {0, 3}
    heat = Extra("round", days, START, None)
    dues = [next_due(local(START), NINE, weekly, extras=[heat])]
    dues.append(next_due(dues[0].at, NINE, weekly, extras=[heat]))
    assert [(one.at.weekday(), one.kind) for one in dues] == [(3, "round"), (0, ROUTINE)]
    assert extra_days(weekly, a_week=1, first=START) == frozenset()
    assert extra_days(MONTHLY_31, a_week=2, first=START) == {3, 6}


def test_a_rhythm_that_never_comes_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="never comes"):
        next_due(local(START), NINE, Rhythm(Every.WEEK))
    with pytest.raises(ValueError, match="zone"):
        next_due(datetime(2026, 1, 1), NINE, MONTHLY_31)  # noqa: DTZ001 - that is the point


@given(
    rhythms,
    st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is added by the strategy
        datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([SHANGHAI, NEW_YORK]),
    ),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
)
def test_calls_go_on_for_ever_and_never_twice_on_a_day(
    rhythm: Rhythm, now: datetime, clock: time
) -> None:
    seen: list[date] = []
    after = now
    for _ in range(4):
        due = next_due(after, clock, rhythm).at
        assert due.astimezone(UTC) > after.astimezone(UTC)
        assert (due.date() - after.date()).days <= LONGEST[rhythm.every]
        assert rhythm.falls_on(due.date())
        if rhythm.monthday is not None:
            last = calendar.monthrange(due.year, due.month)[1]
            assert due.day == min(rhythm.monthday, last)
        seen.append(due.date())
        after = due
    assert len(set(seen)) == len(seen)


@given(rhythms, _dates, st.integers(1, 7), st.sets(_dates, max_size=5))
def test_with_extra_calls_and_skipped_days_there_is_one_call_a_day_and_none_is_lost(
    rhythm: Rhythm, first: date, a_week: int, without: set[date]
) -> None:
    extra = Extra("round", extra_days(rhythm, a_week=a_week, first=first), first, None)
    dues = run(rhythm, local(first), 12, extras=[extra], without=without)
    days = [due.date() for due in dues]
    assert days == sorted(set(days))
    assert not set(days) & without
    own = (first + timedelta(days=ahead) for ahead in range((days[-1] - first).days))
    assert {day for day in own if rhythm.falls_on(day)} - without <= set(days)


@given(_dates, st.integers(1, 7), _days)
def test_a_round_makes_at_least_so_many_calls_a_week(
    first: date, a_week: int, weekdays: frozenset[int]
) -> None:
    rhythm = Rhythm(Every.WEEK, weekdays)
    extra = Extra("round", extra_days(rhythm, a_week=a_week, first=first), first, None)
    dues = run(rhythm, local(first) - timedelta(seconds=1), 30, extras=[extra])
    in_a_week = [due for due in dues if due.date() < first + timedelta(days=7)]
    assert len(in_a_week) >= min(7, a_week)
