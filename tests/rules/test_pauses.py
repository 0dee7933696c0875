"""Pauses as people say them: the reason, and the last day of being away."""

from datetime import UTC, date, datetime

import pytest

from storage.rules.moments import MomentProblem
from storage.rules.pauses import Reason, Span, parse_until, understand_pause

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "reason", "last_day"),
    [
        ("住院到周五", Reason.HOSPITAL, date(2026, 11, 27)),
        ("住院 到 12月3日", Reason.HOSPITAL, date(2026, 12, 3)),
        ("外出三天", Reason.AWAY, date(2026, 11, 27)),
        ("外出到下周一", Reason.AWAY, date(2026, 11, 30)),
        ("到女儿家一个月", Reason.AWAY, date(2026, 12, 24)),
        ("住院到周五出院", Reason.HOSPITAL, date(2026, 11, 27)),
        ("hospital until Friday", Reason.HOSPITAL, date(2026, 11, 27)),
        ("到女儿家住，到下周一", Reason.AWAY, date(2026, 11, 30)),
        ("去儿子家住几天 到周日", Reason.AWAY, date(2026, 11, 29)),
        ("住院，要动腿", Reason.HOSPITAL, None),
        ("住院", Reason.HOSPITAL, None),
        ("去世", Reason.DIED, None),
        ("搬走", Reason.MOVED, None),
        ("到３号", None, date(2026, 12, 3)),
        ("今天", None, WEDNESDAY),
    ],
)
def test_a_pause_is_read_as_people_say_it(
    said: str, reason: Reason | None, last_day: date | None
) -> None:
    understood = understand_pause(said, WEDNESDAY)
    assert (understood.reason, understood.last_day, understood.problem) == (reason, last_day, None)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("2026-11-24", MomentProblem.PAST),
        ("2月30日", MomentProblem.NO_SUCH_DATE),
        ("2028-01-01", MomentProblem.TOO_FAR),
        ("等他好了", MomentProblem.NOT_UNDERSTOOD),
        ("0天", MomentProblem.NOT_UNDERSTOOD),
        ("9999天", MomentProblem.NOT_UNDERSTOOD),
        ("²天", MomentProblem.NOT_UNDERSTOOD),
    ],
)
def test_what_is_no_day_is_told_with_its_reason(said: str, problem: MomentProblem) -> None:
    assert parse_until(said, WEDNESDAY) is problem


def test_until_further_notice_has_no_last_day() -> None:
    assert parse_until("另行通知", WEDNESDAY) is None


def test_the_end_itself_lies_outside_the_pause() -> None:
    start, end = datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    assert Span(start, end).holds(start)
    assert not Span(start, end).holds(end)
    assert Span(start, None).holds(datetime(2036, 1, 1, tzinfo=UTC))
