"""The tables of dates: how far they reach, that they agree, and that their end is said early."""

from datetime import date, timedelta

import pytest

from bot.commands.calendars import examine_calendars
from storage.rules.holidays import HOLIDAYS, DayKind
from storage.rules.tiers import LUNAR

YEARS = range(2027, 2046)
LAST = date(2045, 2, 17)


def test_every_festival_stands_once_in_each_year_until_2045() -> None:
    for key, days in LUNAR.items():
        assert [day.year for day in days] == list(YEARS), key


def test_each_lies_in_the_weeks_in_which_the_lunar_calendar_can_put_it() -> None:
    between = {
        "spring_festival": ((1, 21), (2, 20)),
        "mid_autumn_festival": ((9, 7), (10, 8)),
        "elders_day": ((9, 30), (10, 31)),
    }
    assert set(between) == set(LUNAR)
    for key, (first, last) in between.items():
        assert all(first <= (day.month, day.day) <= last for day in LUNAR[key])
        ahead = [(b - a).days for a, b in zip(LUNAR[key], LUNAR[key][1:], strict=False)]
        assert all(353 <= days <= 355 or 383 <= days <= 385 for days in ahead), key


def test_festivals_and_holidays_are_the_same_days() -> None:
    for key in ("spring_festival", "mid_autumn_festival"):
        assert set(LUNAR[key]) <= HOLIDAYS.moving
        assert all(HOLIDAYS.kind_of(day) is DayKind.HOLIDAY for day in LUNAR[key])
    for spring in LUNAR["spring_festival"]:
        assert {spring + timedelta(days=ahead) for ahead in (-1, 1, 2)} <= HOLIDAYS.moving
    assert {day.year for day in HOLIDAYS.moving} == set(YEARS)


@pytest.mark.parametrize("today", [date(2026, 11, 26), LAST - timedelta(days=366)])
def test_the_doctor_says_until_when_they_are_known(today: date) -> None:
    found = examine_calendars(today)
    assert (found.ok, found.says) == (True, f"known until {LAST}")


@pytest.mark.parametrize("today", [LAST - timedelta(days=365), date(2050, 1, 1)])
def test_a_year_before_the_end_the_doctor_asks_for_the_next_years(today: date) -> None:
    found = examine_calendars(today)
    assert not found.ok
    assert found.says.startswith(f"known until {LAST} only; add the next years")


def test_only_the_table_that_ends_is_named() -> None:
    assert examine_calendars(LAST).says.endswith("data: tiers.toml, holidays.toml")
    assert examine_calendars(LAST - timedelta(days=365)).says.endswith("data: tiers.toml")
