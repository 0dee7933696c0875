"""A plan fits the person: never by phone to whom it does not reach, as often as the tier asks."""

from dataclasses import replace
from datetime import date, time

import pytest

from storage.call_plans import change_plan, get_draft, suggest_plan_tier
from storage.call_plans.plans import PlanButtonShared, PlanNotByPhone, PlanTooSeldom
from storage.refusals import NotAllowed
from storage.registers import change_profile, place_in_household
from storage.rules.rhythm import Every
from storage.rules.tiers import Channel, Tier
from tests.storage.calls.street import Street
from tests.storage.residents import OFFICE


def know(street: Street, name: str = "lan", **values: object) -> None:
    actor = replace(OFFICE, id=street.people["wang"])
    street.do(
        change_profile,
        now=street.now,
        actor=actor,
        person_id=street.people[name],
        values=values,  # type: ignore[arg-type]
        ground="staff",
    )


def suggested(street: Street) -> tuple[Tier, str]:
    found = street.do(
        suggest_plan_tier,
        now=street.now,
        actor_id=street.people["wang"],
        resident_id=street.people["lan"],
    )
    return found.tier, found.reason


def test_the_register_suggests_the_tier_with_its_reason(street: Street) -> None:
    assert suggested(street) == (Tier.C, "other")
    know(street, category="physical", grade="1")
    assert suggested(street) == (Tier.B, "severe")
    know(street, lives_alone=True)
    assert suggested(street) == (Tier.A, "alone_severe")
    assert street.count("tier_suggested") == 3


def test_a_couple_both_severe_is_looked_after_closest(street: Street) -> None:
    husband = street.join("hao", "resident")
    know(street, category="physical", grade="2")
    know(street, "hao", category="visual", grade="1")
    actor = replace(OFFICE, id=street.people["wang"])
    home = street.do(
        place_in_household,
        now=street.now,
        actor=actor,
        person_id=street.people["lan"],
        relation="head",
    )
    assert suggested(street) == (Tier.B, "severe")
    street.do(
        place_in_household,
        now=street.now,
        actor=actor,
        person_id=husband,
        household_id=home,
        relation="spouse",
    )
    assert suggested(street) == (Tier.A, "both_severe")


def test_only_staff_of_the_person_are_told_a_suggestion(street: Street) -> None:
    with pytest.raises(NotAllowed):
        street.do(
            suggest_plan_tier,
            now=street.now,
            actor_id=street.people["zhang"],
            resident_id=street.people["lan"],
        )


@pytest.mark.parametrize("known", [{"category": "hearing"}, {"category": "speech"}])
def test_whoever_may_not_hear_or_speak_is_greeted_otherwise(
    street: Street, known: dict[str, str]
) -> None:
    know(street, **known)
    with pytest.raises(PlanNotByPhone):
        street.plan()
    plan = street.plan(channel=Channel.VISIT)
    street.forward(hours=5)
    assert (plan.channel, street.case().channel) == (Channel.VISIT, "visit")
    with pytest.raises(PlanNotByPhone):
        change(street, channel=Channel.PHONE)


def test_a_further_category_counts_too(street: Street) -> None:
    know(street, category="multiple", category_second=["physical", "hearing"])
    with pytest.raises(PlanNotByPhone):
        street.plan()
    know(street, category="visual", category_second=None)
    street.plan()


def change(street: Street, plan_id: int = 1, **values: object) -> None:
    actor_id = street.people["wang"]
    draft = street.do(get_draft, actor_id=actor_id, plan_id=plan_id)
    street.do(
        change_plan,
        now=street.now,
        actor_id=actor_id,
        plan_id=plan_id,
        version=1,
        draft=replace(draft, **values),  # type: ignore[arg-type]
    )


def test_a_tier_is_not_phoned_less_often_than_it_asks_for(street: Street) -> None:
    monthly = {"every": Every.MONTH, "monthday": 31}
    for tier, every in ((Tier.A, Every.FORTNIGHT), (Tier.B, Every.QUARTER)):
        with pytest.raises(PlanTooSeldom):
            street.plan(tier=tier, **monthly | {"every": every})
    plan = street.plan(tier=Tier.B, **monthly)
    assert plan.next_due_at is not None
    assert street.database.house.local(plan.next_due_at).date() == date(2026, 11, 30)


def test_a_monthly_plan_calls_once_a_month_on_the_last_day(street: Street) -> None:
    street.plan(every=Every.MONTH, monthday=31, stand_in_id=None)
    street.sleep_until(street.now.replace(month=12, day=1))
    street.tick()
    plan = street.plan(every=Every.QUARTER, monthday=31, clock=time(10), stand_in_id=None)
    assert plan.rhythm.starts_on == date(2026, 12, 31)


def test_a_button_of_ones_own_needs_a_chat_of_ones_own(street: Street) -> None:
    street.plan(own_button="call_days")
    street.share_chat("lan")
    with pytest.raises(PlanButtonShared):
        street.plan(own_button="daily", clock=time(10))
