"""Weeks: what is compared with what, when the digest may go, and medians."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.weeks import (
    WEEK,
    digest_due,
    digest_ends,
    median,
    next_digest_at,
    weeks_so_far,
    whole_weeks,
    without_few,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 30, tzinfo=SHANGHAI)
MOMENTS = st.integers(-(10**6), 10**6).map(lambda n: MONDAY + timedelta(minutes=n))


@given(MOMENTS)
def test_weeks_begin_on_monday_and_follow_each_other(moment: datetime) -> None:
    this, last = weeks_so_far(moment)
    whole, before = whole_weeks(moment)
    assert this.start <= moment < this.start + WEEK
    assert whole == last
    assert (last.end, before.end) == (this.start, last.start)
    assert {one.start.weekday() for one in (this, last, before)} == {0}
    assert {one.end - one.start for one in (this, last, before)} == {WEEK}


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (MONDAY.replace(hour=8, minute=59), None),
        (MONDAY.replace(hour=9), date(2026, 11, 30)),
        (MONDAY.replace(hour=23), date(2026, 11, 30)),
        (MONDAY + timedelta(hours=35, minutes=59), date(2026, 11, 30)),
        (MONDAY + timedelta(hours=36), None),
        (MONDAY - timedelta(hours=1), None),
    ],
)
def test_the_digest_goes_from_monday_nine_to_tuesday_noon(
    moment: datetime, due: date | None
) -> None:
    assert digest_due(moment) == due


@given(MOMENTS)
def test_the_next_digest_is_always_ahead_within_a_week_and_due_when_it_comes(
    moment: datetime,
) -> None:
    coming = next_digest_at(moment)
    assert moment < coming <= moment + WEEK
    assert digest_due(coming) == coming.date()
    assert digest_ends(coming) > coming


@pytest.mark.parametrize(
    ("minutes", "middle"), [([], None), ([5], 5), ([9, 1, 5], 5), ([1, 2, 4, 99], 3)]
)
def test_half_of_them_are_no_longer_than_the_median(minutes: list[int], middle: int | None) -> None:
    found = median([timedelta(minutes=one) for one in minutes])
    assert found == (timedelta(minutes=middle) if middle is not None else None)


def test_a_small_cell_is_only_few() -> None:
    assert without_few([0, 1, 4, 5, 12]) == ["0", "few", "few", "5", "12"]
