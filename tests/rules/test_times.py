"""Times, durations and weekdays are understood as people type them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.times import (
    EVERY_DAY,
    WEEKEND,
    WORKING_DAYS,
    local_moment,
    parse_clock_time,
    parse_minutes,
    parse_weekdays,
    parse_window,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30", 30),
        ("３０", 30),
        ("90分钟", 90),
        ("90 分", 90),
        ("半小时", 30),
        ("半个小时", 30),
        ("1小时", 60),
        ("1 小时 30 分钟", 90),
        ("一个小时", 60),
        ("两个小时", 120),
        ("一个半小时", 90),
        ("1小时半", 90),
        ("1.5小时", 90),
        ("1h30", 90),
        ("1h 30m", 90),
        ("2 hours", 120),
        ("1 hour and 15 minutes", 75),
        ("half an hour", 30),
        ("一刻钟", 15),
        ("四十五分钟", 45),
        ("24小时", 1440),
    ],
)
def test_a_length_of_time_is_understood(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    ["", "0", "-5", "很久", "²", "25小时", "1h90", "99999", "半天", "小时", "1.7小时", "abc"],
)
def test_what_is_no_length_of_time_is_asked_again(text: str) -> None:
    assert parse_minutes(text) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:30", time(9, 30)),
        ("９：３０", time(9, 30)),
        ("09.30", time(9, 30)),
        ("0930", time(9, 30)),
        ("3:00", time(3)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("3点", time(15)),
        ("九点", time(9)),
        ("9点半", time(9, 30)),
        ("9点一刻", time(9, 15)),
        ("十点三刻", time(10, 45)),
        ("9点05分", time(9, 5)),
        ("九点零五", time(9, 5)),
        ("15时20分", time(15, 20)),
        ("下午3点半", time(15, 30)),
        ("下午 3:30", time(15, 30)),
        ("早上8点", time(8)),
        ("中午12点", time(12)),
        ("中午11点半", time(11, 30)),
        ("中午1点", time(13)),
        ("晚上8点", time(20)),
        ("晚上12点", time(0)),
        ("凌晨2点", time(2)),
        ("3 pm", time(15)),
        ("3:30 p.m.", time(15, 30)),
        ("12 PM", time(12)),
        ("12 am", time(0)),
        ("9 o'clock", time(9)),
        ("中午", time(12)),
        ("noon", time(12)),
    ],
)
def test_a_time_of_day_is_understood(text: str, clock: time) -> None:
    assert parse_clock_time(text) == clock


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9",
        "24:00",
        "25:00",
        "3:5",
        "9:60",
        "13 PM",
        "0 am",
        "25点",
        "9点70",
        "9点二三",
        "明天",
        "²:30",
        "9:30x",
    ],
)
def test_what_is_no_time_of_day_is_asked_again(text: str) -> None:
    assert parse_clock_time(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("每天", EVERY_DAY),
        ("every day", EVERY_DAY),
        ("工作日", WORKING_DAYS),
        ("周末", WEEKEND),
        ("weekends", WEEKEND),
        ("周一三五", {0, 2, 4}),
        ("每周二、四", {1, 3}),
        ("星期天", {6}),
        ("礼拜六和礼拜日", {5, 6}),
        ("周一到周五", WORKING_DAYS),
        ("周五至周一", {4, 5, 6, 0}),
        ("周1,3", {0, 2}),
        ("mon wed", {0, 2}),
        ("Monday, Thursday and Sunday", {0, 3, 6}),
        ("mon-fri", WORKING_DAYS),
        ("every Tuesday", {1}),
        ("Mon to Wed", {0, 1, 2}),
    ],
)
def test_days_of_the_week_are_understood(text: str, days: set[int]) -> None:
    assert parse_weekdays(text) == frozenset(days)


@pytest.mark.parametrize(
    "text", ["", "周", "周八", "一三五", "135", "明天", "month", "周一x", "每个"]
)
def test_what_names_no_day_is_asked_again(text: str) -> None:
    assert parse_weekdays(text) is None


def test_a_time_that_the_clocks_skip_is_the_first_that_exists() -> None:
    moment = local_moment(datetime(2026, 3, 8, tzinfo=NEW_YORK).date(), time(2, 30), NEW_YORK)
    assert moment.isoformat() == "2026-03-08T03:00:00-04:00"


@pytest.mark.parametrize(
    ("text", "start", "until"),
    [
        ("9:30", time(9, 30), None),
        ("9:30-10:30", time(9, 30), time(10, 30)),
        ("下午3点到4点", time(15), time(16)),
        ("晚上7点至8点", time(19), time(20)),
        ("9:30～11点", time(9, 30), time(11)),
    ],
)
def test_a_window_is_from_when_until_when(text: str, start: time, until: time | None) -> None:
    assert parse_window(text) == (start, until)


@pytest.mark.parametrize("text", ["", "有空", "9点到", "到10点", "15:00-14:00", "9点到有空"])
def test_what_is_no_window_is_asked_again(text: str) -> None:
    assert parse_window(text) is None


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(text: str) -> None:
    minutes = parse_minutes(text)
    assert minutes is None or 0 < minutes <= 1440
    parse_clock_time(text)
    days = parse_weekdays(text)
    assert days is None or days <= EVERY_DAY
