"""A plan that cannot be begun keeps no other person from being phoned, and does not go unseen."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.exc import OperationalError

from storage.call_times import Schedule, schedule_of
from storage.check_ins import start_check_ins, starting
from storage.database import Session
from storage.health import list_unstarted, read_health
from tests.storage.calls.street import Street

WHO = ("gui", "mei", "lan")


@pytest.fixture
def three(street: Street) -> Street:
    """Three people to be phoned one after the other."""
    lan = street.people["lan"]
    for minute, name in enumerate(WHO):
        if name != "lan":
            street.join(name, "resident", phone=f"+861001234000{minute}")
            street.people["lan"] = street.people[name]
        street.plan(clock=time(15, minute))
        street.people["lan"] = lan
    return street


def break_plans(monkeypatch: pytest.MonkeyPatch, *ids: int, error: Exception) -> None:
    def broken(session: Session, plan: Row[Any], **more: Any) -> Schedule:
        if plan.id in ids:
            raise error
        return schedule_of(session, plan, **more)

    monkeypatch.setattr(starting, "schedule_of", broken)


def first_due(street: Street) -> datetime:
    due = street.next_due()
    assert due is not None
    return due


def test_the_others_are_phoned_and_the_one_stays_due_as_it_was(
    three: Street, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    due = first_due(three)
    break_plans(monkeypatch, 1, error=ValueError("words of somebody"))
    three.now = due + timedelta(minutes=10)
    while start_check_ins(three.database, now=three.now):
        pass
    assert three.count("check_in_started") == 2
    assert three.next_due() == due
    assert "call plan 1 cannot be started: ValueError" in caplog.text
    assert "words" not in caplog.text
    with three.database.transaction() as session:
        assert list_unstarted(session, now=three.now) == [1]
        assert read_health(session, now=three.now).unstarted == 1
        assert list_unstarted(session, now=due + timedelta(minutes=1)) == [], "it may come yet"


def test_once_it_is_mended_the_call_is_made(three: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    due = first_due(three)
    with monkeypatch.context() as broken:
        break_plans(broken, 1, error=ValueError())
        three.now = due + timedelta(minutes=3)
        three.tick()
    assert three.count("check_in_started") == 2
    three.tick()
    assert three.count("check_in_started") == 3


def test_when_most_fail_the_tick_itself_has_failed(
    three: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "LEFT_OUT_AT_MOST", 1)
    break_plans(monkeypatch, 1, 2, 3, error=ValueError("all of them"))
    three.now = first_due(three) + timedelta(minutes=10)
    with pytest.raises(ValueError, match="all of them"):
        start_check_ins(three.database, now=three.now)


def test_a_database_that_is_away_is_no_fault_of_a_plan(
    three: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_plans(monkeypatch, 1, error=OperationalError("", None, Exception()))
    three.now = first_due(three) + timedelta(minutes=10)
    with pytest.raises(OperationalError):
        start_check_ins(three.database, now=three.now)
    assert three.count("check_in_started") == 0
