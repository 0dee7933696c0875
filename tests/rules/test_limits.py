"""Who answers for a need, for how long, and to whom it climbs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.rules.areas import Urgency
from storage.rules.lifecycle import UNFINISHED
from storage.rules.limits import (
    LADDER,
    LIMITS,
    Level,
    falls_due,
    levels_above,
    limit_at,
    limit_of,
)
from storage.rules.sending import DEFAULT_QUIET_HOURS

QUIET = DEFAULT_QUIET_HOURS
ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize("state", sorted(UNFINISHED))
@pytest.mark.parametrize("urgency", list(Urgency))
def test_each_state_of_a_live_need_has_an_owner_and_a_limit(state: str, urgency: Urgency) -> None:
    limit = limit_of(state, urgency)
    assert limit.owner in LADDER
    assert limit.within > timedelta(0)


@pytest.mark.parametrize("level", LADDER[1:])
def test_what_is_more_urgent_climbs_no_later(level: Level) -> None:
    lengths = [limit_at(level, urgency).within for urgency in Urgency]
    assert lengths == sorted(lengths)
    for row in LIMITS.values():
        by_state = [row[urgency].within for urgency in Urgency]
        assert by_state == sorted(by_state)


def test_a_need_climbs_from_the_helper_to_the_office_and_no_further() -> None:
    assert levels_above(Level.HELPER) == (Level.COORDINATOR, Level.DEPARTMENT, Level.OFFICE)
    assert levels_above(Level.DEPARTMENT) == (Level.OFFICE,)
    assert levels_above(Level.OFFICE) == ()


def test_danger_falls_due_to_the_minute_also_at_night() -> None:
    limit = limit_of("unclaimed", Urgency.U0)
    start = local("2026-12-31 23:55")
    assert falls_due(limit, Urgency.U0, start, QUIET) == start + limit.within


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-25 10:10", "2026-11-25 12:10"),
        ("2026-11-25 18:59", "2026-11-25 20:59"),
        ("2026-11-25 19:00", "2026-11-26 08:00"),
        ("2026-12-31 23:10", "2027-01-01 08:00"),
        ("2026-11-25 06:00", "2026-11-25 08:00"),
    ],
)
def test_what_is_for_today_climbs_to_the_minute_but_not_in_quiet_hours(
    start: str, due: str
) -> None:
    limit = limit_of("unclaimed", Urgency.U1)
    assert falls_due(limit, Urgency.U1, local(start), QUIET) == local(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-25 08:30", "2026-11-26 09:00"),
        ("2026-11-25 09:00", "2026-11-26 09:00"),
        ("2026-11-25 09:01", "2026-11-26 14:00"),
        ("2026-11-25 14:30", "2026-11-27 09:00"),
        ("2026-11-25 23:59", "2026-11-27 09:00"),
        ("2026-12-30 15:00", "2027-01-01 09:00"),
        ("2026-12-31 00:01", "2027-01-01 09:00"),
    ],
)
def test_what_is_not_urgent_falls_due_at_the_next_look_in_working_hours(
    start: str, due: str
) -> None:
    limit = limit_of("unclaimed", Urgency.U2)
    assert limit.within == timedelta(hours=24)
    assert falls_due(limit, Urgency.U2, local(start), QUIET) == local(due)
