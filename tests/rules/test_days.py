"""Each day is known for every year, and its reminders come once, in time, at a working hour."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.days import (
    DAYS,
    LEADS,
    find_day,
    next_dates,
    next_reminder_at,
    read_days,
    reminders_due,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BY_KEY = {day.key: day for day in DAYS}
NATIONAL = BY_KEY["national_disability_day"]
dates = st.dates(min_value=date(2020, 1, 1), max_value=date(2050, 12, 31))


def morning(day: date, clock: time = time(9)) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("year", "held_on", "ordinal"),
    [
        (2024, date(2024, 5, 19), 34),
        (2026, date(2026, 5, 17), 36),
        (2027, date(2027, 5, 16), 37),
        (2028, date(2028, 5, 21), 38),
        (2029, date(2029, 5, 20), 39),
        (2030, date(2030, 5, 19), 40),
    ],
)
def test_the_national_day_is_the_third_sunday_of_may_and_is_counted(
    year: int, held_on: date, ordinal: int
) -> None:
    assert NATIONAL.on.in_year(year) == held_on
    assert NATIONAL.ordinal(held_on) == ordinal


def test_the_fixed_days_are_on_their_dates_and_are_not_counted() -> None:
    for key, held_on in (("disability_day", (12, 3)), ("volunteer_day", (12, 5))):
        found = BY_KEY[key].on.in_year(2026)
        assert (found.month, found.day) == held_on
        assert BY_KEY[key].ordinal(found) is None


@pytest.mark.parametrize("text", ["全国残疾人日", "全国助残日", "national_disability_day"])
def test_the_national_day_is_found_by_the_name_in_the_programme_too(text: str) -> None:
    assert find_day(text) is NATIONAL


def test_what_is_no_day_is_not_found() -> None:
    assert find_day("生日") is None


def test_the_nearest_day_comes_first_and_today_is_not_past() -> None:
    found = next_dates(date(2026, 12, 3))
    assert [day.key for day, _ in found] == [
        "disability_day",
        "volunteer_day",
        "national_disability_day",
    ]
    assert found[0][1] == date(2026, 12, 3)


@pytest.mark.parametrize("lead", LEADS)
def test_a_reminder_comes_at_nine_on_each_of_its_days(lead: int) -> None:
    day = NATIONAL.on.in_year(2027) - timedelta(days=lead)
    assert reminders_due(morning(day, time(8, 59))) == ()
    (found,) = reminders_due(morning(day))
    assert (found.day, found.lead, found.days_left) == (NATIONAL, lead, lead)


def test_after_an_outage_only_the_newest_reminder_comes_with_the_days_that_are_left() -> None:
    (found,) = reminders_due(morning(date(2027, 5, 12)))
    assert (found.lead, found.days_left) == (7, 4)


def test_nothing_comes_in_the_evening_or_when_the_day_is_past() -> None:
    held_on = NATIONAL.on.in_year(2027)
    assert reminders_due(morning(held_on, time(18))) == ()
    assert reminders_due(morning(held_on + timedelta(days=1))) == ()


def test_two_days_that_are_near_are_both_there() -> None:
    found = reminders_due(morning(date(2026, 12, 2)))
    assert [(r.day.key, r.lead) for r in found] == [("disability_day", 1), ("volunteer_day", 7)]


@given(dates)
def test_the_third_sunday_is_a_sunday_from_the_15th_to_the_21st(day: date) -> None:
    held_on = NATIONAL.next_held(day)
    assert held_on >= day
    assert held_on.isoweekday() == 7
    assert held_on.month == 5
    assert 15 <= held_on.day <= 21


@given(dates, st.integers(min_value=0, max_value=59))
def test_the_next_reminder_is_the_very_moment_from_which_it_is_due(day: date, minute: int) -> None:
    moment = next_reminder_at(morning(day, time(11, minute)))
    assert moment is not None
    due = {(r.day.key, r.held_on, r.lead) for r in reminders_due(moment)}
    before = {(r.day.key, r.held_on, r.lead) for r in reminders_due(moment - timedelta(hours=16))}
    assert due - before


def test_more_days_can_be_added_by_data_alone() -> None:
    (day,) = read_days(
        '[[day]]\nkey = "deaf_day"\non = {nth = 4, weekday = 7, month = 9}\naudience = ["resident"]'
    )
    assert [day.on.in_year(year).day for year in range(2026, 2031)] == [27, 26, 24, 23, 22]


@pytest.mark.parametrize(
    "on",
    ['"02-29"', '"13-01"', '"soon"', "7", "{nth = 5, weekday = 7, month = 9}", "{nth = 1}"],
)
def test_a_day_that_makes_no_sense_is_refused_with_its_key(on: str) -> None:
    with pytest.raises(ValueError, match="odd_day"):
        read_days(f'[[day]]\nkey = "odd_day"\non = {on}\naudience = ["resident"]')


def test_a_day_with_odd_fields_or_one_that_stands_twice_is_refused() -> None:
    good = '[[day]]\nkey = "a"\non = "01-01"\naudience = []\n'
    with pytest.raises(ValueError, match="twice"):
        read_days(good + good)
    with pytest.raises(ValueError, match="lists"):
        read_days(good.replace("[]", '"resident"'))
    with pytest.raises(ValueError, match="since a year"):
        read_days(good + 'since = "long ago"\n')
