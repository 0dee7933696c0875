"""Who stands behind a call: the contact's own yes, the first stand-in who agrees, nobody apart."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from storage.apart import Ground, keep_apart
from storage.call_plans import (
    PlanDraft,
    answer_as_contact,
    answer_as_stand_in,
    ask_stand_ins,
    change_plan,
    find_plan,
    get_draft,
    search_callers,
)
from storage.call_plans.plans import PlanUnfit
from storage.refusals import NotAllowed, Refusal
from storage.tables import check_in_plan
from tests.storage.calls.street import Street
from tests.storage.residents import OFFICE

CONTACT = {"contact_name": "李梅", "contact_phone": "+8610012345678"}


def columns(street: Street) -> Any:
    with street.database.transaction() as session:
        return session.find(select(check_in_plan).where(check_in_plan.c.id == 1))


def ask(street: Street, *names: str) -> int:
    return street.do(
        ask_stand_ins,
        now=street.now,
        actor_id=street.people["wang"],
        plan_id=1,
        people=[street.people[name] for name in names],
    )


def answer(street: Street, name: str, ask_id: int, *, agrees: bool = True) -> None:
    street.do(
        answer_as_stand_in,
        now=street.now,
        person_id=street.people[name],
        ask_id=ask_id,
        agrees=agrees,
    )


def race(*acts: Callable[[], None]) -> list[str]:
    """Let all go off at once; what each came to."""
    start, came = Barrier(len(acts)), list[str]()

    def run(act: Callable[[], None]) -> None:
        start.wait()
        try:
            act()
            came.append("done")
        except Refusal as refusal:
            came.append(refusal.key)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_a_contact_whom_nobody_asked_has_not_agreed(street: Street) -> None:
    street.plan(**CONTACT)
    row = columns(street)
    assert (row.contact_answer, row.contact_agreed_at) == ("not_asked", None)


def test_a_witnessed_yes_names_who_heard_it_when_and_how(street: Street) -> None:
    street.plan(**CONTACT, contact_said="phone")
    row = columns(street)
    assert (row.contact_answer, row.contact_agreed_as) == ("agreed", "phone")
    assert (row.contact_agreed_by, row.contact_agreed_at) == (street.people["wang"], street.now)
    assert street.count("contact_agreed") == 1


def test_a_contact_in_the_chat_says_yes_themselves_and_takes_it_back(street: Street) -> None:
    mei = street.join("mei", "caregiver")
    street.plan(**CONTACT, contact_id=mei)
    street.deliver()
    assert street.last("mei").template == "plan_contact_ask"
    say: dict[str, Any] = {"now": street.now, "plan_id": 1}
    with pytest.raises(NotAllowed):
        street.do(answer_as_contact, **say, person_id=street.people["zhang"], agrees=True)
    street.do(answer_as_contact, **say, person_id=mei, agrees=True)
    assert columns(street).contact_agreed_as == "own"
    street.do(answer_as_contact, **say, person_id=mei, agrees=False)
    row = columns(street)
    assert (row.contact_answer, row.contact_agreed_at) == ("withdrawn", None)
    street.deliver()
    assert street.heard("wang")[-1] == "plan_contact_said"


def test_a_yes_stands_when_another_part_changes_and_not_for_another_contact(
    street: Street,
) -> None:
    street.plan(**CONTACT, contact_said="in_person")
    draft = street.do(get_draft, actor_id=street.people["wang"], plan_id=1)
    change(street, 1, draft, caller_id=street.people["other"])
    assert columns(street).contact_answer == "agreed"
    change(street, 2, draft, contact_name="王芳")
    assert columns(street).contact_answer == "not_asked"


def change(street: Street, version: int, draft: PlanDraft, **values: Any) -> None:
    fields = {name: getattr(draft, name) for name in PlanDraft.__slots__}
    street.do(
        change_plan,
        now=street.now,
        actor_id=street.people["wang"],
        plan_id=1,
        version=version,
        draft=PlanDraft(**(fields | values)),
    )


def test_the_first_who_agrees_stands_in_and_the_other_is_told_kindly(street: Street) -> None:
    street.plan(stand_in_id=None)
    assert ask(street, "liu", "other") == 2
    assert ask(street, "liu") == 0
    street.deliver()
    assert street.last("liu").template == "plan_stand_in_ask"
    came = race(lambda: answer(street, "liu", 1), lambda: answer(street, "other", 2))
    assert came == ["done", "stand_in_taken"]
    with street.database.transaction() as session:
        plan = find_plan(session, plan_id=1)
    assert plan is not None
    loser = "other" if plan.stand_in == "liu" else "liu"
    street.deliver()
    assert street.last(loser).template == "plan_stand_in_found"
    assert street.count("stand_in_accepted") == 1


def test_a_stand_in_may_say_no_and_a_foreign_press_changes_nothing(street: Street) -> None:
    street.plan(stand_in_id=None)
    ask(street, "liu")
    with pytest.raises(NotAllowed):
        answer(street, "other", 1)
    answer(street, "liu", 1, agrees=False)
    street.deliver()
    assert street.heard("wang")[-1] == "plan_stand_in_said"
    assert columns(street).stand_in_id is None
    assert ask(street, "liu") == 1  # may be asked again


def test_of_two_staff_who_change_a_plan_at_once_one_is_told(street: Street) -> None:
    street.plan()
    draft = street.do(get_draft, actor_id=street.people["wang"], plan_id=1)
    others = (street.people["other"], street.people["chen"])
    came = race(*(lambda who=who: change(street, 1, draft, caller_id=who) for who in others))
    assert came == ["done", "plan_changed"]


def test_nobody_who_is_kept_apart_is_offered_planned_or_asked(street: Street) -> None:
    street.plan(stand_in_id=None)
    lan, liu = street.people["lan"], street.people["liu"]
    street.do(keep_apart, now=street.now, one=lan, other=liu, ground=Ground.RESIDENT, by=lan)
    for unfit in ({"caller_id": liu}, {"stand_in_id": liu}):
        with pytest.raises(PlanUnfit):
            street.plan(**unfit)
    with pytest.raises(PlanUnfit):
        ask(street, "liu")
    with street.database.transaction() as session:
        offered = search_callers(session, actor=OFFICE, for_whom=lan)
    assert "liu" not in {one.name for one in offered}
