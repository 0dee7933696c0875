"""What must not be lost, or come to the wrong person, around plans: each as it was tried."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from storage.apart import Ground, keep_apart
from storage.call_plans import (
    answer_as_stand_in,
    ask_stand_ins,
    change_plan,
    get_draft,
    skip_call,
    tell_change,
)
from storage.call_plans.stand_ins import StandInTaken
from storage.people import get_person
from storage.registers import change_profile
from storage.rules.ladder import Outcome
from storage.rules.tiers import Channel
from storage.tables import household, household_member
from storage.today import Ground as Way
from storage.today import TodayKind, read_today
from tests.storage.calls.street import Street


def part(street: Street, one: str, other: str) -> None:
    street.do(
        keep_apart,
        now=street.now,
        one=street.people[one],
        other=street.people[other],
        ground=Ground.RESIDENT,
        by=street.people["wang"],
    )


@pytest.fixture
def home(street: Street) -> Street:
    """lan and gui live together; zhang phones both, a quarter of an hour apart."""
    street.join("gui", "resident", phone="+8610012340001")
    with street.database.transaction() as session:
        made = session.add(insert(household).values(created_at=street.now, version=1))
        for name in ("lan", "gui"):
            row = {"person_id": street.people[name], "household_id": made, "since": street.now}
            session.execute(insert(household_member), row | {"relation": "other"})
    street.plan()
    return street


def plan_for_gui(street: Street, **changes: object) -> None:
    lan = street.people["lan"]
    street.people["lan"] = street.people["gui"]
    street.plan(**({"clock": time(15, 15)} | changes))
    street.people["lan"] = lan


def test_a_call_that_is_due_is_made_though_the_plan_is_changed_in_that_minute(
    street: Street,
) -> None:
    plan = street.plan()
    assert plan.next_due_at is not None
    street.now = plan.next_due_at
    wang = street.people["wang"]
    draft = street.do(get_draft, actor_id=wang, plan_id=1)
    street.do(
        change_plan,
        now=street.now,
        actor_id=wang,
        plan_id=1,
        version=plan.version,
        draft=replace(draft, caller_id=street.people["other"], clock=time(10)),
    )
    street.forward(minutes=1)
    assert street.case().caller_id == street.people["other"]
    assert street.last("other").template == "check_in_call"
    street.answer("other", Outcome.SPOKE_FINE)
    street.forward(days=1)
    assert street.case(2).due_at.hour == 2, "ten in the morning"


def test_being_out_another_day_does_not_lose_the_call_that_is_due_now(street: Street) -> None:
    plan = street.plan()
    assert plan.next_due_at is not None
    street.now = plan.next_due_at
    with street.database.transaction() as session:
        day = session.house.local(street.now).date()
    skip: dict[str, Any] = {"now": street.now, "actor_id": street.people["lan"], "plan_id": 1}
    street.do(skip_call, **skip, day=day + timedelta(days=2))
    street.forward(minutes=1)
    assert street.last("zhang").template == "check_in_call"


def test_somebody_who_is_not_phoned_stands_in_no_message_that_asks_for_calls(
    home: Street,
) -> None:
    plan_for_gui(home, channel=Channel.VISIT)
    home.forward(hours=5, minutes=20)
    assert "check_in_household" not in home.heard("zhang")
    assert home.heard("zhang").count("check_in_call") == 2
    assert home.last("zhang").facts["channel"] == "visit"


def test_a_caller_gets_no_number_of_somebody_of_the_household_from_whom_they_are_kept_apart(
    home: Street,
) -> None:
    plan_for_gui(home, clock=time(15))
    part(home, "gui", "zhang")
    home.forward(hours=5, minutes=20)
    assert "check_in_household" not in home.heard("zhang")
    assert home.heard("zhang").count("check_in_call") == 1


def test_the_desk_is_told_to_visit_where_a_visit_is_what_was_asked(street: Street) -> None:
    street.plan()
    street.do(
        tell_change,
        now=street.now,
        actor_id=street.people["wang"],
        resident_id=street.people["lan"],
        kind="fell",
    )
    with street.database.transaction() as session:
        today = read_today(session, now=street.now, ground=Way.PRINTED)
    assert today.of(TodayKind.CALL)[0].channel == "visit"


def test_a_grave_change_is_taken_though_the_first_on_duty_is_kept_apart(street: Street) -> None:
    part(street, "lan", "wang")
    told = street.do(
        tell_change,
        now=street.now,
        actor_id=street.people["chen"],
        resident_id=street.people["lan"],
        kind="fell",
    )
    assert street.case(told.check_in_id).caller_id == street.people["chen"]


def test_whose_role_ended_stands_behind_no_caller(street: Street) -> None:
    street.plan(stand_in_id=None)
    street.do(
        ask_stand_ins,
        now=street.now,
        actor_id=street.people["wang"],
        plan_id=1,
        people=[street.people["liu"]],
    )
    street.end_role("liu", "volunteer")
    with pytest.raises(StandInTaken):
        street.do(
            answer_as_stand_in,
            now=street.now,
            person_id=street.people["liu"],
            ask_id=1,
            agrees=True,
        )


def test_whoever_is_known_to_be_deaf_since_the_plan_was_made_is_written_to(street: Street) -> None:
    street.plan()
    with street.database.transaction() as session:
        change_profile(
            session,
            now=street.now,
            actor=get_person(session, person_id=street.people["wang"]),
            person_id=street.people["lan"],
            values={"category": "hearing", "grade": "1"},
            ground="test",
        )
    street.forward(hours=5)
    assert street.last("zhang").facts["channel"] == "text"
    street.forward(minutes=46)
    assert street.last("zhang").facts["channel"] == "text"
