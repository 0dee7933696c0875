"""A moment to come is understood as people say it, and is always still to come."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.moments import MomentProblem, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 10, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("明天上午9点", "2026-11-25 09:00"),
        ("明天", "2026-11-25 09:00"),
        ("明早", "2026-11-25 08:00"),
        ("明晚8点", "2026-11-25 20:00"),
        ("后天", "2026-11-26 09:00"),
        ("大后天下午三点半", "2026-11-27 15:30"),
        ("今天下午", "2026-11-24 15:00"),
        ("今天", "2026-11-24 10:30"),
        ("今天上午", "2026-11-24 10:30"),
        ("今晚", "2026-11-24 19:00"),
        ("下午3点", "2026-11-24 15:00"),
        ("14:00", "2026-11-24 14:00"),
        ("2026-11-30 14:00", "2026-11-30 14:00"),
        ("２０２６－１１－３０　１４：００", "2026-11-30 14:00"),
        ("2026年11月30日下午2点", "2026-11-30 14:00"),
        ("2026/11/30", "2026-11-30 09:00"),
        ("11月30日", "2026-11-30 09:00"),
        ("十一月三十号上午十点", "2026-11-30 10:00"),
        ("11-30 9:30", "2026-11-30 09:30"),
        ("30号下午", "2026-11-30 15:00"),
        ("1月5日", "2027-01-05 09:00"),
        ("5号", "2026-12-05 09:00"),
        ("周五上午", "2026-11-27 09:00"),
        ("周一", "2026-11-30 09:00"),
        ("下周三 14:00", "2026-12-02 14:00"),
        ("星期天", "2026-11-29 09:00"),
        ("半小时后", "2026-11-24 10:40"),
        ("两个小时以后", "2026-11-24 12:10"),
        ("tomorrow 3 pm", "2026-11-25 15:00"),
        ("tomorrow at 9:30", "2026-11-25 09:30"),
        ("today afternoon", "2026-11-24 15:00"),
        ("on friday", "2026-11-27 09:00"),
        ("next monday 10:00", "2026-11-30 10:00"),
        ("in 2 hours", "2026-11-24 12:10"),
    ],
)
def test_a_moment_is_understood(text: str, moment: str) -> None:
    wanted = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    assert parse_moment(text, TUESDAY) == wanted


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", MomentProblem.NOT_UNDERSTOOD),
        ("看情况", MomentProblem.NOT_UNDERSTOOD),
        ("明天25:00", MomentProblem.NOT_UNDERSTOOD),
        ("明天 3:5", MomentProblem.NOT_UNDERSTOOD),
        ("24:00", MomentProblem.NOT_UNDERSTOOD),
        ("31.11.", MomentProblem.NOT_UNDERSTOOD),
        ("2026/2/30", MomentProblem.NO_SUCH_DATE),
        ("11月31日", MomentProblem.NO_SUCH_DATE),
        ("99号", MomentProblem.NO_SUCH_DATE),
        ("monster 9:30", MomentProblem.NOT_UNDERSTOOD),
        ("9点", MomentProblem.PAST),
        ("2020-01-01", MomentProblem.PAST),
        ("这周一", MomentProblem.PAST),
        ("2030-01-01 09:00", MomentProblem.TOO_FAR),
        ("2月29日", MomentProblem.TOO_FAR),
    ],
)
def test_what_is_no_moment_to_come_is_refused_with_the_reason(
    text: str, problem: MomentProblem
) -> None:
    assert parse_moment(text, TUESDAY) is problem


def test_a_moment_is_only_read_from_a_local_now() -> None:
    with pytest.raises(ValueError, match="zone"):
        parse_moment("明天", TUESDAY.replace(tzinfo=None))


def test_a_part_of_the_day_that_is_over_is_past() -> None:
    assert parse_moment("今天上午", TUESDAY.replace(hour=13)) is MomentProblem.PAST


@given(
    st.sampled_from(["明天", "今天", "周", "下周", "11月", "30号", "下午", "3点", "半", "后", ""]),
    st.sampled_from(["上午", "三", "9:30", "半小时", "日", "30", "晚上", "", " at 3 pm"]),
    st.text(max_size=4),
    st.integers(min_value=0, max_value=60 * 24 * 400),
)
def test_a_moment_is_never_in_the_past_and_at_most_a_year_ahead(
    first: str, second: str, third: str, minutes: int
) -> None:
    now = TUESDAY + timedelta(minutes=minutes)
    found = parse_moment(first + second + third, now)
    if isinstance(found, datetime):
        assert now < found <= now + timedelta(days=366)
        assert found.tzinfo is not None
