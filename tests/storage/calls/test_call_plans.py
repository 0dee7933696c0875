"""A coordinator makes a call plan; those concerned are told, and the resident may say no."""

from datetime import time

import pytest

from storage.call_plans import (
    PAGE,
    CallPlan,
    PlanDraft,
    change_plan,
    end_plan,
    find_plan,
    get_draft,
    list_plans,
    refuse_plan,
    search_callers,
    search_residents,
)
from storage.call_plans.plans import PlanAtNight, PlanChanged, PlanExists, PlanOver, PlanUnfit
from storage.refusals import NotAllowed
from tests.storage.calls.street import EVERY_DAY, Street
from tests.storage.residents import OFFICE

CONTACT = {"contact_name": "李梅", "contact_phone": "+8613800138000"}


def change(street: Street, *, version: int, plan_id: int = 1, by: str = "wang") -> None:
    street.do(
        change_plan,
        now=street.now,
        actor_id=street.people[by],
        plan_id=plan_id,
        version=version,
        draft=PlanDraft(street.people["other"], frozenset({1}), time(10)),
    )


def test_resident_and_caller_are_told_of_a_new_plan(street: Street) -> None:
    plan = street.plan(**CONTACT)
    street.deliver()
    assert street.last("lan").template == "plan_for_you"
    assert street.last("lan").buttons[0][0].data == f"plan:refuse:{plan.id}:1"
    assert street.last("zhang").template == "plan_you_call"
    assert plan.next_due_at is not None
    assert street.count("plan_made") == 1


def test_who_plans_to_call_themselves_is_not_told(street: Street) -> None:
    street.plan(caller_id=street.people["wang"])
    street.deliver()
    assert "plan_you_call" not in street.heard("wang")
    street.do(end_plan, now=street.now, actor_id=street.people["wang"], plan_id=1, version=1)
    street.deliver()
    assert "plan_you_call_no_more" not in street.heard("wang")


def test_a_changed_caller_and_the_one_before_are_told(street: Street) -> None:
    street.plan(**CONTACT)
    change(street, version=1)
    street.deliver()
    assert street.last("other").template == "plan_you_call"
    assert street.last("zhang").template == "plan_you_call_no_more"
    assert street.last("lan").template == "plan_for_you_changed"
    with pytest.raises(PlanChanged):
        change(street, version=1)
    plan = find_plan_now(street)
    assert (plan.clock, plan.weekdays, plan.stand_in) == (time(10), frozenset({1}), None)
    change(street, version=2)  # the same caller is told of the change alone
    street.deliver()
    assert "plan_you_call_no_more" not in street.heard("other")


def find_plan_now(street: Street) -> CallPlan:
    with street.database.transaction() as session:
        found = find_plan(session, plan_id=1)
    assert found is not None
    return found


def test_the_contacts_number_is_kept_when_another_part_is_changed(street: Street) -> None:
    street.plan(**CONTACT)
    with street.database.transaction() as session:
        draft = get_draft(session, actor_id=street.people["wang"], plan_id=1)
    assert draft.contact_phone == "+8613800138000"
    assert draft.stand_in_id == street.people["liu"]
    street.plan(clock=time(10))
    with street.database.transaction() as session:
        assert get_draft(session, actor_id=street.people["wang"], plan_id=2).contact_phone is None


def test_the_resident_can_refuse_and_whoever_made_it_is_told(street: Street) -> None:
    street.plan()
    with pytest.raises(NotAllowed):
        street.do(refuse_plan, now=street.now, resident_id=street.people["zhang"], plan_id=1)
    street.do(refuse_plan, now=street.now, resident_id=street.people["lan"], plan_id=1)
    street.deliver()
    assert street.last("wang").template == "plan_refused"
    assert street.last("zhang").template == "plan_you_call_no_more"
    assert "plan_for_you_ended" not in street.heard("lan")
    street.forward(days=1)
    assert "check_in_call" not in street.heard("zhang")
    with pytest.raises(PlanOver):
        street.do(refuse_plan, now=street.now, resident_id=street.people["lan"], plan_id=1)


def test_an_ended_plan_calls_no_more_and_all_know(street: Street) -> None:
    street.plan()
    street.do(end_plan, now=street.now, actor_id=street.people["chen"], plan_id=1, version=1)
    street.deliver()
    assert street.last("lan").template == "plan_for_you_ended"
    assert street.last("lan").buttons == []
    with pytest.raises(PlanOver):
        change(street, version=2)


def test_nobody_is_called_at_night(street: Street) -> None:
    with pytest.raises(PlanAtNight):
        street.plan(clock=time(21, 30))


def test_one_resident_is_not_called_twice_at_the_same_time(street: Street) -> None:
    street.plan(weekdays=frozenset({0, 2}))
    with pytest.raises(PlanExists):
        street.plan(weekdays=frozenset({2}))
    street.plan(weekdays=frozenset({3}))
    street.plan(weekdays=frozenset({2}), clock=time(10))


def test_callers_and_stand_ins_must_be_approved_and_three_different_people(
    street: Street,
) -> None:
    paper = street.join("paper", "volunteer", in_chat=False)
    lan, zhang = street.people["lan"], street.people["zhang"]
    for unfit in (
        {"caller_id": paper},
        {"caller_id": 999},
        {"stand_in_id": zhang},
        {"stand_in_id": paper},
        {"caller_id": lan},
    ):
        with pytest.raises(PlanUnfit):
            street.plan(**unfit)


def test_only_coordinators_plan_see_and_change(street: Street) -> None:
    street.plan()
    with street.database.transaction() as session, pytest.raises(NotAllowed):
        list_plans(session, actor_id=street.people["zhang"])
    with pytest.raises(NotAllowed):
        change(street, version=1, by="zhang")
    with pytest.raises(NotAllowed):
        change(street, version=1, plan_id=99)
    with pytest.raises(NotAllowed):
        street.do(end_plan, now=street.now, actor_id=999, plan_id=1, version=1)


def test_plans_are_listed_by_pages(street: Street) -> None:
    for hour in range(8, 8 + PAGE + 2):
        street.plan(clock=time(hour))
    with street.database.transaction() as session:
        first = list_plans(session, actor_id=street.people["wang"])
        rest = list_plans(session, actor_id=street.people["wang"], after=first[PAGE - 1].id)
    assert len(first) == PAGE + 1
    assert [plan.clock.hour for plan in rest] == [13, 14]
    assert first[0].facts["weekdays"] == [str(day) for day in sorted(EVERY_DAY)]


def test_people_are_found_by_a_part_of_their_name(street: Street) -> None:
    street.join("100%", "resident")
    with street.database.transaction() as session:
        assert [one.name for one in search_residents(session, actor=OFFICE, words="la")] == ["lan"]
        assert [one.name for one in search_residents(session, actor=OFFICE, words="%")] == ["100%"]
        found = search_callers(session, actor=OFFICE, without=[street.people["zhang"]])
    assert {one.name for one in found} == {"wang", "chen", "liu", "other"}
