"""Whoever was asked to stand behind a caller and does not answer is not waited for for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.call_plans import (
    answer_as_stand_in,
    ask_stand_ins,
    end_plan,
    lapse_asks,
    next_lapse_at,
)
from storage.call_plans.stand_ins import StandInTaken
from storage.roles import end_role
from storage.rules.tiers import ANSWER_WITHIN
from storage.tables import call_stand_in
from tests.storage.calls.street import Street


def ask(street: Street, *names: str) -> None:
    street.do(
        ask_stand_ins,
        now=street.now,
        actor_id=street.people["wang"],
        plan_id=1,
        people=[street.people[name] for name in names],
    )


def lapse(street: Street, *, after: timedelta) -> None:
    while lapse_asks(street.database, now=street.now + after):
        pass


def states(street: Street) -> list[str]:
    with street.database.transaction() as session:
        rows = session.all(select(call_stand_in.c.state).order_by(call_stand_in.c.id))
    return [row.state for row in rows]


def test_after_two_days_the_coordinator_hears_it_once_and_may_ask_again(street: Street) -> None:
    street.plan(stand_in_id=None)
    ask(street, "liu")
    street.deliver()
    assert street.do(next_lapse_at) == street.now + ANSWER_WITHIN
    lapse(street, after=ANSWER_WITHIN - timedelta(minutes=1))
    assert states(street) == ["asked"]
    for _ in range(2):
        lapse(street, after=ANSWER_WITHIN)
    assert states(street) == ["closed"]
    assert street.do(next_lapse_at) is None
    street.now += ANSWER_WITHIN
    street.deliver()
    assert street.heard("wang").count("plan_stand_in_lapsed") == 1
    with pytest.raises(StandInTaken):
        street.do(
            answer_as_stand_in,
            now=street.now,
            person_id=street.people["liu"],
            ask_id=1,
            agrees=True,
        )
    ask(street, "liu")
    assert states(street) == ["closed", "asked"]


def test_when_the_one_who_asked_works_here_no_more_duty_hears_it(street: Street) -> None:
    street.plan(stand_in_id=None)
    ask(street, "liu")
    wang = street.people["wang"]
    street.do(
        end_role,
        now=street.now,
        person_id=wang,
        kind="coordinator",
        actor_id=wang,
        ground="office",
    )
    lapse(street, after=ANSWER_WITHIN)
    street.now += ANSWER_WITHIN
    street.deliver()
    assert "plan_stand_in_lapsed" not in street.heard("wang")
    assert "plan_stand_in_lapsed" in street.heard("chen")


def test_of_a_plan_that_is_over_nobody_hears_that_nobody_answered(street: Street) -> None:
    plan = street.plan(stand_in_id=None)
    ask(street, "liu")
    wang = street.people["wang"]
    street.do(end_plan, now=street.now, actor_id=wang, plan_id=1, version=plan.version)
    lapse(street, after=ANSWER_WITHIN)
    street.now += ANSWER_WITHIN
    street.deliver()
    assert states(street) == ["closed"]
    assert street.do(next_lapse_at) is None
    for name in ("wang", "chen"):
        assert "plan_stand_in_lapsed" not in street.heard(name)
