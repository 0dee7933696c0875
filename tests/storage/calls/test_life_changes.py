"""After a grave change somebody visits within a day, and for a stated time calls come closer."""

from datetime import date, timedelta

import pytest

from storage.call_plans import LifeChange, find_plan, take_back_change, tell_change
from storage.call_plans.changes import ChangeKnown, ChangeOver
from storage.refusals import NotAllowed
from storage.rules.ladder import Outcome
from storage.rules.rhythm import Every
from storage.rules.tiers import Tier
from tests.storage.calls.street import Street


def tell(street: Street, *, by: str = "wang", kind: str = "fell") -> LifeChange:
    return street.do(
        tell_change,
        now=street.now,
        actor_id=street.people[by],
        resident_id=street.people["lan"],
        kind=kind,
    )


def raised(street: Street) -> tuple[Tier | None, date | None]:
    with street.database.transaction() as session:
        plan = find_plan(session, plan_id=1)
    assert plan is not None
    return plan.raised_to, plan.raised_until


def test_somebody_is_asked_at_once_to_visit_and_again_until_they_were_seen(
    street: Street,
) -> None:
    street.plan(every=Every.MONTH, monthday=1, stand_in_id=None)
    told = tell(street)
    street.forward(minutes=5)
    assert street.case(told.check_in_id).kind == "change"
    assert any(name.startswith("check_in_") for name in street.heard("wang"))
    street.forward(hours=20)
    rung = [name for name in street.heard("wang") if name == "check_in_duty"]
    assert rung
    street.answer("wang", Outcome.SEEN, told.check_in_id)
    assert street.case(told.check_in_id).state == "closed"


def test_calls_come_each_week_until_the_stated_day(street: Street) -> None:
    street.plan(every=Every.MONTH, monthday=1, stand_in_id=None)
    told = tell(street)
    assert raised(street) == (Tier.A, date(2026, 11, 25) + timedelta(days=28))
    with street.database.transaction() as session:
        plan = find_plan(session, plan_id=1)
    assert plan is not None
    assert plan.next_due_at is not None
    # The visit of today is enough for today.
    assert plan.next_due_at - street.now <= timedelta(days=7)
    assert told.until == plan.raised_until


def test_without_a_plan_whoever_is_on_duty_has_one_from_then_on(street: Street) -> None:
    tell(street, by="lan")
    street.deliver()
    assert raised(street)[0] is Tier.A
    assert "plan_for_you" in street.heard("lan")


def test_the_same_is_told_once_a_day_and_a_slip_is_taken_back(street: Street) -> None:
    street.plan(stand_in_id=None)
    told = tell(street)
    with pytest.raises(ChangeKnown):
        tell(street, by="lan")
    back = {"now": street.now, "actor_id": street.people["wang"], "change_id": told.id}
    plan = street.do(take_back_change, **back, version=1)  # type: ignore[arg-type]
    assert (plan.raised_to, plan.raised_until) == (None, None)
    with pytest.raises(ChangeOver):
        street.do(take_back_change, **back, version=1)  # type: ignore[arg-type]


def test_only_family_and_staff_tell_it_and_only_what_is_known(street: Street) -> None:
    with pytest.raises(NotAllowed):
        tell(street, by="zhang")
    with pytest.raises(NotAllowed):
        tell(street, kind="rich")
