"""A day out, and the button before the call: that one call is not made, the next one is."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from storage.call_plans import (
    Fine,
    call_after_all,
    find_plan,
    move_calls,
    say_fine,
    skip_call,
    switch_button,
)
from storage.call_plans.plans import PlanChanged
from storage.call_plans.skipping import NoCallThen
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.ladder import Outcome
from storage.rules.rhythm import Every
from storage.rules.tiers import Tier
from storage.tables import claim, need
from tests.storage.calls.street import Street

TODAY = date(2026, 11, 25)
TOMORROW = TODAY + timedelta(days=1)


def skip(street: Street, day: date, by: str = "lan") -> None:
    street.do(skip_call, now=street.now, actor_id=street.people[by], plan_id=1, day=day)


def due(street: Street) -> date:
    """The local day of the next call."""
    with street.database.transaction() as session:
        found = find_plan(session, plan_id=1)
        assert found is not None
        assert found.next_due_at is not None
        return session.house.local(found.next_due_at).date()


def press_fine(street: Street, name: str = "lan") -> Fine:
    return street.do(say_fine, now=street.now, person_id=street.people[name], plan_id=1)


def test_a_day_out_is_one_call_less_and_the_caller_knows(street: Street) -> None:
    street.plan(stand_in_id=None)
    skip(street, TODAY)
    street.deliver()
    assert due(street) == TOMORROW
    assert street.last("zhang").template == "plan_skipped_told"
    street.forward(hours=10)
    assert street.case() is None
    street.forward(days=1)
    assert street.case().due_at.date() == TOMORROW


def test_a_day_out_is_taken_back(street: Street) -> None:
    street.plan()
    skip(street, TODAY)
    with pytest.raises(AlreadyDone):
        skip(street, TODAY)
    lan = street.people["lan"]
    street.do(call_after_all, now=street.now, actor_id=lan, plan_id=1, day=TODAY)
    street.deliver()
    assert due(street) == TODAY
    assert street.last("zhang").template == "plan_call_on"
    with pytest.raises(AlreadyDone):
        street.do(call_after_all, now=street.now, actor_id=lan, plan_id=1, day=TODAY)


def test_only_a_day_with_a_call_ahead_can_be_skipped_and_only_by_ones_own(street: Street) -> None:
    street.plan(weekdays=frozenset({2}))
    for day in (TOMORROW, TODAY - timedelta(days=7)):
        with pytest.raises(NoCallThen):
            skip(street, day)
    with pytest.raises(NotAllowed):
        skip(street, TODAY, by="zhang")
    street.forward(hours=6)
    with pytest.raises(NoCallThen):
        skip(street, TODAY)


def test_fine_before_the_call_makes_it_needless_that_day(street: Street) -> None:
    street.plan(own_button="call_days", stand_in_id=None)
    street.forward(hours=4, minutes=30)
    assert street.last("lan").template == "plan_are_you_fine"
    assert press_fine(street).is_enough
    street.forward(hours=12)
    assert street.heard("zhang")[-1] == "plan_fine_told"
    assert street.case() is None
    assert due(street) == TOMORROW


def test_fine_in_a_shared_chat_is_only_noted(street: Street) -> None:
    street.plan(own_button="call_days")
    street.share_chat("lan")
    assert not press_fine(street).is_enough
    street.forward(hours=5)
    assert street.case().state == "open"
    assert street.count("fine_noted") == 1
    with pytest.raises(NotAllowed):
        press_fine(street, "zhang")


def test_fine_after_the_call_began_names_the_call_that_it_answers(street: Street) -> None:
    street.plan(own_button="call_days")
    street.forward(hours=5)
    assert press_fine(street).check_in_id == 1
    assert "plan_are_you_fine" in street.heard("lan")


def test_whoever_presses_each_day_is_called_on_the_day_without_a_press(street: Street) -> None:
    street.plan(own_button="daily", weekdays=frozenset({0}), stand_in_id=None)
    assert due(street) == TODAY
    press_fine(street)
    assert due(street) == TOMORROW
    street.forward(days=1, hours=6)
    assert street.case().due_at.date() == TOMORROW


def test_calls_move_to_another_hour_but_never_become_fewer(street: Street) -> None:
    street.plan(weekdays=frozenset({0, 2}), tier=Tier.A, stand_in_id=None)
    lan = street.people["lan"]
    move: dict[str, Any] = {"now": street.now, "actor_id": lan, "plan_id": 1}
    moved = street.do(move_calls, **move, version=1, clock=time(10), weekdays=frozenset({1, 3}))
    assert (moved.clock, moved.weekdays) == (time(10), frozenset({1, 3}))
    moved = street.do(move_calls, **move, version=2, clock=time(9), weekdays=frozenset({1}))
    assert moved.weekdays == {1, 3}
    street.deliver()
    assert street.last("zhang").template == "plan_you_call"
    with pytest.raises(PlanChanged):
        street.do(move_calls, **move, version=2, clock=time(9))
    with pytest.raises(NotAllowed):
        street.do(move_calls, **move | {"actor_id": street.people["liu"]}, version=3, clock=time(9))


def test_a_button_is_wished_and_no_longer_wished(street: Street) -> None:
    street.plan()
    press: dict[str, Any] = {"now": street.now, "actor_id": street.people["lan"], "plan_id": 1}
    wished = street.do(switch_button, **press, version=1, kind="call_days")
    assert wished.own_button == "call_days"
    street.do(switch_button, **press, version=2, kind="none")
    street.forward(hours=5)
    assert "plan_are_you_fine" not in street.heard("lan")
    assert street.heard("zhang") == ["plan_you_call", "check_in_call"], "nothing that concerns him"


def was_helped_at_home(street: Street) -> None:
    """A need of lan's was closed just now, by somebody who came to her home."""
    with street.database.transaction() as session:
        person = {"resident_id": street.people["lan"], "stated_by": street.people["lan"]}
        need_id = session.add(
            insert(need).values(
                uid="n" * 32,
                words=b"",
                area="livelihood",
                category="errand",
                action="home_care",
                urgency="U2",
                state="closed",
                ended_at=street.now,
                created_at=street.now,
                version=1,
                **person,
            )
        )
        session.execute(
            insert(claim).values(
                uid="c" * 32,
                need_id=need_id,
                volunteer_id=street.people["other"],
                state="confirmed",
                done_at=street.now,
                ended_at=street.now,
                created_at=street.now,
                version=1,
            )
        )


@pytest.mark.parametrize(
    ("tier", "every", "called"), [(Tier.B, Every.FORTNIGHT, 0), (Tier.A, Every.WEEK, 1)]
)
def test_somebody_who_came_makes_a_call_needless_but_never_beyond_the_tiers_rule(
    street: Street, tier: Tier, every: Every, called: int
) -> None:
    street.plan(tier=tier, every=every, weekdays=frozenset({3}), stand_in_id=None)
    was_helped_at_home(street)
    street.forward(days=2)
    assert street.count("check_in_started") == called
    assert street.count("check_in_seen_before") == 1 - called


def test_one_visit_stands_for_one_call_however_often_somebody_is_phoned(street: Street) -> None:
    street.plan(tier=Tier.C, stand_in_id=None)
    was_helped_at_home(street)
    street.forward(hours=5)
    assert street.count("check_in_seen_before") == 1
    assert street.count("check_in_started") == 0
    street.forward(days=1)
    assert street.count("check_in_seen_before") == 1
    assert street.count("check_in_started") == 1


def test_an_outcome_is_still_reported_when_the_plan_was_moved_meanwhile(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    lan = street.people["lan"]
    street.do(move_calls, now=street.now, actor_id=lan, plan_id=1, version=1, clock=time(10))
    street.answer("zhang", Outcome.SPOKE_FINE)
    assert street.case().state == "closed"
    assert due(street) == TOMORROW
