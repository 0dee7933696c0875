"""Ages by the calendar, and the three ages the law names."""

from datetime import date

import pytest

from storage.rules.ages import (
    age_band,
    age_on,
    is_child,
    is_minor,
    is_old,
    read_day,
    years_after,
)

BORN = date(2012, 11, 25)


@pytest.mark.parametrize(
    ("today", "child"), [(date(2026, 11, 24), True), (date(2026, 11, 25), False)]
)
def test_a_child_is_under_fourteen(today: date, child: bool) -> None:
    assert is_child(BORN, today) is child


@pytest.mark.parametrize(
    ("today", "minor"), [(date(2030, 11, 24), True), (date(2030, 11, 25), False)]
)
def test_a_minor_is_under_eighteen(today: date, minor: bool) -> None:
    assert is_minor(BORN, today) is minor


def test_old_is_from_sixty_on() -> None:
    assert is_old(date(1966, 11, 25), date(2026, 11, 25))
    assert not is_old(date(1966, 11, 26), date(2026, 11, 25))


def test_who_was_born_on_a_leap_day_is_older_on_the_first_of_march() -> None:
    assert age_on(date(2012, 2, 29), date(2026, 2, 28)) == 13
    assert age_on(date(2012, 2, 29), date(2026, 3, 1)) == 14


def test_of_a_month_alone_nobody_is_taken_for_older_than_they_may_be() -> None:
    assert read_day("1958-11") == date(1958, 11, 30)
    assert read_day("1958-11-12") == date(1958, 11, 12)
    assert read_day("1958") == date(1958, 12, 31)
    for nothing in (None, "", "1958-13", "1973-02-29", 19581112, "0000-01"):
        assert read_day(nothing) is None


def test_bands_have_no_gaps() -> None:
    today = date(2026, 1, 1)
    bands = [age_band(date(2026 - age, 1, 1), today) for age in range(100)]
    assert bands[0] == bands[6] == "0_6"
    assert (bands[7], bands[15], bands[16], bands[59], bands[60]) == (
        "7_15",
        "7_15",
        "16_17",
        "36_59",
        "60_79",
    )
    assert bands[80] == bands[99] == "80_"


def test_years_later_a_leap_day_is_the_28th() -> None:
    assert years_after(date(2024, 2, 29), 10) == date(2034, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
