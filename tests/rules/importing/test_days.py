"""Days in cells: every style that offices use, and no guessing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.importing.cells import Cell, Reason
from storage.rules.importing.days import Day, read_day

BORN = Day(1958, 11, 2)


@pytest.mark.parametrize(
    "written",
    [
        *("1958-11-2", "1958/11/2", "1958.11.2", "1958年11月2日", "19581102", "1958-11-02"),
        *(
            "１９５８．１１．０２",
            " 1958 年 11 月 2 日 ",
            "1958、11、2",
            "1958—11—2",
            "1958年11月2日生",
        ),
        *("1958-11-02 00:00:00", "1958.11.2.", "'1958-11-2", "21491"),
        *(
            19581102,
            19581102.0,
            21491,
            21491.0,
            date(1958, 11, 2),
            datetime(1958, 11, 2, 8, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_day_is_read_in_every_style(written: Cell) -> None:
    assert read_day(written) == BORN


@pytest.mark.parametrize("written", ["1958.11", "1958年11月", "195811", 195811, 1958.11, "1958/11"])
def test_a_month_alone_is_kept_as_a_month(written: Cell) -> None:
    assert read_day(written) == Day(1958, 11)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026/2/30", "date_impossible"),
        ("1958-13-1", "date_impossible"),
        ("20260230", "date_impossible"),
        ("明天", "date_unreadable"),
        ("31.11.", "date_unreadable"),
        ("58.11.2", "date_unreadable"),
        (1958.1, "date_month_unclear"),
        ("1958", "date_only_year"),
        ("1958年", "date_only_year"),
        (1958, "date_only_year"),
        ("1858-1-1", "date_out_of_range"),
        (True, "date_unreadable"),
        ("1.96E+07", "date_unreadable"),
    ],
)
def test_what_is_no_day_says_why(written: Cell, why: str) -> None:
    found = read_day(written)
    assert isinstance(found, Reason)
    assert found.key == why


def test_numbers_of_a_workbook_from_an_old_mac_count_from_1904() -> None:
    assert read_day(20029, from_1904=True) == BORN


def test_nobody_is_born_tomorrow() -> None:
    today = date(2026, 11, 25)
    assert read_day("2026-11-24", before=today) == Day(2026, 11, 24)
    for later in ("2026-11-25", "2026-12"):
        found = read_day(later, before=today)
        assert isinstance(found, Reason)
        assert found.key == "date_in_future"


@given(day=st.dates(date(1927, 6, 1), date(2090, 12, 31)), style=st.sampled_from(range(8)))
def test_whatever_the_style_the_day_comes_back(day: date, style: int) -> None:
    written: list[Cell] = [
        day,
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}/{day.month:02}/{day.day}",
        f"{day.year}.{day.month}.{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        float((day - date(1899, 12, 30)).days),
    ]
    assert read_day(written[style]) == Day(day.year, day.month, day.day)


@given(st.text(max_size=20))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(read_day(text), Day | Reason)
