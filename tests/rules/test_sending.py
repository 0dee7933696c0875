"""Quiet hours, pauses and caps hold back what they may, and never an alarm."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.sending import (
    DEFAULT_QUIET_HOURS,
    RULES,
    MessageClass,
    QuietHours,
    QuietProblem,
    goes_in_a_pause,
    hold_until,
    is_capped,
    working_moment,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI)
DAY = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
moments = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is added by the strategy
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(SHANGHAI),
)


def test_every_class_stands_in_the_table_with_its_own_priority() -> None:
    assert set(RULES) == set(MessageClass)
    order = sorted(MessageClass, key=lambda klass: RULES[klass].priority)
    assert order == [
        MessageClass.ALARM,
        MessageClass.ANSWER,
        MessageClass.MUST,
        MessageClass.INFO,
    ]


@pytest.mark.parametrize("chosen", [True, False])
def test_an_alarm_and_an_answer_go_in_the_night(chosen: bool) -> None:
    for klass in (MessageClass.ALARM, MessageClass.ANSWER):
        assert hold_until(klass, NIGHT, DEFAULT_QUIET_HOURS, chosen_time=chosen) is None


def test_an_offer_waits_for_the_morning() -> None:
    held = hold_until(MessageClass.INFO, NIGHT, DEFAULT_QUIET_HOURS, chosen_time=True)
    assert held == datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI)


def test_a_call_prompt_waits_unless_the_person_chose_the_time() -> None:
    held = hold_until(MessageClass.MUST, NIGHT, DEFAULT_QUIET_HOURS)
    assert held == datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI)
    assert hold_until(MessageClass.MUST, NIGHT, DEFAULT_QUIET_HOURS, chosen_time=True) is None


def test_nothing_waits_at_noon() -> None:
    for klass in MessageClass:
        assert hold_until(klass, DAY, DEFAULT_QUIET_HOURS) is None


def test_before_dawn_the_wait_ends_the_same_morning() -> None:
    dawn = NIGHT.replace(hour=5)
    assert hold_until(MessageClass.INFO, dawn, DEFAULT_QUIET_HOURS) == NIGHT.replace(
        hour=8, minute=0
    )


def test_a_pause_and_a_cap_hold_back_what_the_table_says() -> None:
    assert [klass for klass in MessageClass if goes_in_a_pause(klass)] == [
        MessageClass.ALARM,
        MessageClass.ANSWER,
    ]
    assert [klass for klass in MessageClass if is_capped(klass)] == [MessageClass.INFO]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("21:00-08:00", time(21), time(8)),
        ("２１：００－０８：００", time(21), time(8)),
        (" 13:00 – 14:30 ", time(13), time(14, 30)),
        ("22:00到7:00", time(22), time(7)),
    ],
)
def test_quiet_hours_are_read_as_people_type_them(text: str, start: time, end: time) -> None:
    assert QuietHours.parse(text) == QuietHours(start, end)


@pytest.mark.parametrize("text", ["", "21-8", "25:00-08:00", "21:00-08:60", "night", "21:00"])
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    assert QuietHours.parse(text) is QuietProblem.NOT_UNDERSTOOD


@pytest.mark.parametrize("text", ["08:00-08:00", "00:00-23:59", "09:00-08:00"])
def test_quiet_hours_that_cover_the_whole_day_are_refused(text: str) -> None:
    assert QuietHours.parse(text) is QuietProblem.WHOLE_DAY


def test_quiet_hours_read_back_as_they_were_written() -> None:
    assert str(DEFAULT_QUIET_HOURS) == "21:00-08:00"


@given(moments, st.sampled_from(MessageClass), st.booleans())
def test_a_wait_always_ends_outside_the_quiet_hours_within_a_day(
    moment: datetime, klass: MessageClass, chosen: bool
) -> None:
    for quiet in (DEFAULT_QUIET_HOURS, QuietHours(time(12), time(14))):
        held = hold_until(klass, moment, quiet, chosen_time=chosen)
        if held is not None:
            assert quiet.covers(moment)
            assert not quiet.covers(held)
            assert moment < held <= moment + timedelta(days=1)


@given(moments)
def test_a_working_moment_is_between_nine_and_six_and_not_in_the_past(moment: datetime) -> None:
    found = working_moment(moment)
    assert found >= moment
    assert time(9) <= found.time() < time(18)
    assert found - moment <= timedelta(hours=15)
