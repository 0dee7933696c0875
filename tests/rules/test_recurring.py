"""Days on which a service is due, over short months, leap days and year ends."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.holidays import HOLIDAYS, DayKind, read_holidays
from storage.rules.recurring import Every, Pattern, parse_pattern, read_pattern


def _next(pattern: str, start: date, many: int = 3) -> list[str]:
    return [f"{one:%Y-%m-%d}" for one in islice(read_pattern(pattern).dates_from(start), many)]


@pytest.mark.parametrize(
    ("pattern", "start", "days"),
    [
        ("weekly:5", date(2026, 12, 27), ["2027-01-02", "2027-01-09", "2027-01-16"]),
        ("weekly:0,3", date(2026, 11, 26), ["2026-11-26", "2026-11-30", "2026-12-03"]),
        ("day:31", date(2027, 1, 31), ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("day:29", date(2028, 2, 1), ["2028-02-29", "2028-03-29", "2028-04-29"]),
        ("day:30", date(2028, 2, 1), ["2028-02-29", "2028-03-30", "2028-04-30"]),
        ("nth:1:5", date(2026, 12, 6), ["2027-01-02", "2027-02-06", "2027-03-06"]),
        ("nth:5:0", date(2026, 11, 25), ["2026-11-30", "2026-12-28", "2027-01-25"]),
    ],
)
def test_the_days_of_a_pattern(pattern: str, start: date, days: list[str]) -> None:
    assert _next(pattern, start) == days


PATTERNS = st.one_of(
    st.sets(st.integers(0, 6), min_size=1).map(
        lambda days: Pattern(Every.WEEK, weekdays=tuple(sorted(days)))
    ),
    st.integers(1, 31).map(lambda day: Pattern(Every.DAY, number=day)),
    st.tuples(st.integers(1, 5), st.integers(0, 6)).map(
        lambda two: Pattern(Every.NTH, weekdays=(two[1],), number=two[0])
    ),
)


@given(PATTERNS, st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_no_month_is_left_out_and_no_day_comes_twice(pattern: Pattern, start: date) -> None:
    days = list(islice(pattern.dates_from(start), 14))
    assert days == sorted(set(days))
    assert max((b - a).days for a, b in pairwise(days)) <= 35
    assert read_pattern(str(pattern)) == pattern


@pytest.mark.parametrize("text", ["", "weekly:", "weekly:7", "day:0", "day:32", "nth:6:1", "nth:1"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|invalid literal"):
        read_pattern(text)


@pytest.mark.parametrize(
    ("text", "pattern", "rest"),
    [
        ("每周六上午9点", "weekly:5", "上午9点"),
        ("每周一、三 14:30", "weekly:0,2", " 14:30"),
        ("每个星期天", "weekly:6", ""),
        ("每天早上8点", "weekly:0,1,2,3,4,5,6", "早上8点"),
        ("每月第一个周六下午3点", "nth:1:5", "下午3点"),
        ("每个月最后一个星期五", "nth:5:4", ""),
        ("每月15号9点", "day:15", "9点"),
        ("每月最后一天", "day:31", ""),
    ],
)
def test_patterns_as_people_say_them(text: str, pattern: str, rest: str) -> None:
    found = parse_pattern(text)
    assert found is not None
    assert (str(found[0]), found[1]) == (pattern, rest)


@pytest.mark.parametrize("text", ["明天", "经常来", "每月32号", "每月第六个周一", "九点"])
def test_what_says_no_days_is_not_guessed(text: str) -> None:
    assert parse_pattern(text) is None


def test_the_published_year_knows_holidays_and_make_up_days() -> None:
    kinds = {day: HOLIDAYS.kind_of(day) for day in (date(2026, 2, 14), date(2026, 2, 23))}
    assert list(kinds.values()) == [DayKind.MAKE_UP, DayKind.HOLIDAY]
    assert HOLIDAYS.kind_of(date(2026, 10, 8)) is DayKind.WORKDAY
    assert len([d for d in HOLIDAYS.off if d.year == 2026]) == 33


def test_a_year_that_is_not_published_falls_back_to_the_statute() -> None:
    assert not HOLIDAYS.is_published(date(2027, 2, 6))
    assert HOLIDAYS.kind_of(date(2027, 2, 6)) is DayKind.HOLIDAY
    assert HOLIDAYS.kind_of(date(2027, 10, 4)) is DayKind.WORKDAY
    assert HOLIDAYS.kind_of(date(2031, 5, 2)) is DayKind.HOLIDAY


def test_every_year_of_the_statute_has_its_seven_moving_days() -> None:
    for year in range(2027, 2031):
        days = sorted(d for d in HOLIDAYS.moving if d.year == year)
        assert len(days) == 7
        assert days[3] - days[0] == timedelta(days=3)


def test_a_day_that_is_both_off_and_a_workday_is_refused() -> None:
    text = 'fixed = []\n[moving]\n[year.2030]\noff = [["01-01", "01-03"]]\nwork = ["01-02"]'
    with pytest.raises(ValueError, match="at once"):
        read_holidays(text)
