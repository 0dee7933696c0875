"""Extra rounds: as many calls as asked for, never two a day, counted before, and taken back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.call_plans import (
    CallRound,
    count_round,
    declare_round,
    end_round,
    list_rounds,
    next_festival,
    next_proposal_at,
    propose_festivals,
    step_rounds,
)
from storage.call_plans.rounds import RoundOver
from storage.check_ins import start_check_ins
from storage.people import get_person
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.rhythm import Every
from storage.rules.tiers import RoundKind, Tier
from storage.tables import check_in
from tests.storage.calls.street import Street

TODAY = date(2026, 11, 25)  # a Wednesday


def declare(street: Street, *, by: str = "wang", **changes: Any) -> CallRound:
    values: dict[str, Any] = {"kind": RoundKind.COLD, "tiers": ["a", "b"]}
    with street.database.transaction() as session:
        actor = get_person(session, person_id=street.people[by])
        made = declare_round(session, now=street.now, actor=actor, **values | changes)
    step(street)
    return made


def step(street: Street) -> None:
    while step_rounds(street.database, now=street.now):
        pass


def end(street: Street, made: CallRound) -> None:
    with street.database.transaction() as session:
        actor = get_person(session, person_id=street.people["wang"])
        end_round(session, now=street.now, actor=actor, round_id=made.id, version=1)
    step(street)


def live_for(street: Street, days: int) -> list[tuple[date, str]]:
    """Let only calls fall due, and return the day and kind of each."""
    for _ in range(days * 24):
        street.now += timedelta(hours=1)
        step(street)
        while start_check_ins(street.database, now=street.now):
            pass
    zone = street.database.house.zone
    with street.database.transaction() as session:
        rows = session.all(select(check_in.c.due_at, check_in.c.kind).order_by(check_in.c.due_at))
    return [(row.due_at.astimezone(zone).date(), row.kind) for row in rows]


def test_in_the_cold_tier_a_is_called_twice_a_week_until_it_is_ended(street: Street) -> None:
    street.plan(tier=Tier.A, weekdays=frozenset({0}), stand_in_id=None)
    made = declare(street)
    made_by_then = live_for(street, 7)
    assert made_by_then == [(TODAY + timedelta(days=1), "round"), (date(2026, 11, 30), "routine")]
    end(street, made)
    assert live_for(street, 7)[2:] == [(date(2026, 12, 7), "routine")]


def test_whoever_is_called_on_that_day_anyway_is_not_called_twice(street: Street) -> None:
    street.plan(tier=Tier.B, every=Every.FORTNIGHT, weekdays=frozenset({2}), stand_in_id=None)
    street.plan(
        clock=datetime(2026, 1, 1, 16).time(),  # noqa: DTZ001 - only its hour
        weekdays=frozenset({4}),
        stand_in_id=None,
    )
    declare(street, tiers=["a", "b", "c"])
    declare(street, kind=RoundKind.STORM, tiers=["a", "b", "c"])
    days = [day for day, _ in live_for(street, 20)]
    assert len(days) == len(set(days))


def test_it_is_counted_before_and_nobody_of_another_tier_is_called(street: Street) -> None:
    street.plan(tier=Tier.C, every=Every.MONTH, monthday=28, stand_in_id=None)
    with street.database.transaction() as session:
        wang = get_person(session, person_id=street.people["wang"])
        counted = count_round(session, now=street.now, actor=wang, tiers=["a", "c"])
        zhang = get_person(session, person_id=street.people["zhang"])
        with pytest.raises(NotAllowed):
            count_round(session, now=street.now, actor=zhang, tiers=["a"])
    assert counted == {"a": 0, "c": 1}
    declare(street)
    assert live_for(street, 4) == [(date(2026, 11, 28), "routine")]


def test_a_festival_is_one_day_and_ends_by_itself(street: Street) -> None:
    street.plan(tier=Tier.C, every=Every.MONTH, monthday=28, stand_in_id=None)
    day = date(2026, 12, 3)
    declare(
        street,
        kind=RoundKind.FESTIVAL,
        tiers=["c"],
        day="disability_day",
        held_on=day,
    )
    assert live_for(street, 12) == [(date(2026, 11, 28), "routine"), (day, "round")]
    with street.database.transaction() as session:
        wang = get_person(session, person_id=street.people["wang"])
        assert list_rounds(session, actor=wang) == []


def test_the_same_round_is_declared_once_and_ended_once(street: Street) -> None:
    made = declare(street)
    with pytest.raises(AlreadyDone):
        declare(street)
    with pytest.raises(NotAllowed):
        declare(street, by="zhang")
    with pytest.raises(NotAllowed):
        declare(street, kind=RoundKind.FESTIVAL)
    end(street, made)
    with pytest.raises(RoundOver):
        end(street, made)
    declare(street)


def test_a_festival_is_proposed_to_the_office_days_before_and_once(street: Street) -> None:
    assert next_festival(TODAY) == ("disability_day", date(2026, 12, 3))
    assert not propose_festivals(street.database, now=street.now)
    street.now = street.now.replace(month=11, day=30)
    assert propose_festivals(street.database, now=street.now)
    assert not propose_festivals(street.database, now=street.now)
    street.deliver()
    assert street.heard("wang") == ["extra_festival"]
    with street.database.transaction() as session:
        assert next_proposal_at(session) is None
