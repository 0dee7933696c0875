"""The days that figures are of: the last one counts to its end, in the programme's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from storage.rules.periods import Period, PeriodProblem, Stretch, parse_period, period_of

TODAY = date(2026, 11, 25)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("stretch", "first", "last"),
    [
        (Stretch.WEEK, date(2026, 11, 23), date(2026, 11, 29)),
        (Stretch.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Stretch.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Stretch.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Stretch.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Stretch.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_each_stretch_has_its_first_and_last_day(stretch: Stretch, first: date, last: date) -> None:
    assert period_of(stretch, TODAY) == Period(first, last)


def test_the_month_before_january_lies_in_the_year_before() -> None:
    assert period_of(Stretch.LAST_MONTH, date(2027, 1, 1)) == Period(
        date(2026, 12, 1), date(2026, 12, 31)
    )


@pytest.mark.parametrize(
    ("days", "before"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        (("2026-03-02", "2026-03-08"), ("2026-02-23", "2026-03-01")),
    ],
)
def test_what_it_is_compared_with_is_the_one_before(
    days: tuple[str, str], before: tuple[str, str]
) -> None:
    first, last = (Period(*map(date.fromisoformat, one)) for one in (days, before))
    assert first.before() == last


def test_the_last_day_counts_to_its_end_in_the_programmes_zone() -> None:
    span = Period(date(2026, 12, 1), date(2026, 12, 31)).span(ZONE)
    assert span.start == datetime(2026, 12, 1, tzinfo=ZONE)
    assert span.end == datetime(2027, 1, 1, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("11月", date(2026, 11, 1), date(2026, 11, 30)),
        ("12月份", date(2025, 12, 1), date(2025, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("2025年第四季度", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2026-03-01到2026-03-15", date(2026, 3, 1), date(2026, 3, 15)),
        ("12月20日至1月5日", date(2025, 12, 20), date(2026, 1, 5)),
        ("１１月１日－１１月７日", date(2026, 11, 1), date(2026, 11, 7)),
        ("11月3日", date(2026, 11, 3), date(2026, 11, 3)),
    ],
)
def test_a_period_is_read_as_people_type_it(text: str, first: date, last: date) -> None:
    assert parse_period(text, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PeriodProblem.NOT_UNDERSTOOD),
        ("最近", PeriodProblem.NOT_UNDERSTOOD),
        ("13月", PeriodProblem.NOT_UNDERSTOOD),
        ("5", PeriodProblem.NOT_UNDERSTOOD),
        ("2026-02-30到2026-03-01", PeriodProblem.NOT_UNDERSTOOD),
        ("2026-03-15到2026-03-01", PeriodProblem.BACKWARDS),
        ("2001-01-01到2026-03-01", PeriodProblem.TOO_LONG),
    ],
)
def test_what_is_no_period_is_said_to_be_none(text: str, problem: PeriodProblem) -> None:
    assert parse_period(text, TODAY) is problem
