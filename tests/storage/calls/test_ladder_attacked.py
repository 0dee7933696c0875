"""What must not end a check-in, reach its person, or be lost: each by the way it was tried."""

from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage.apart import Ground, keep_apart
from storage.check_ins import (
    answer_for_oneself,
    climb_ladder,
    keep_answer,
    reopen_check_in,
    show_check_ins,
    start_check_ins,
    state_errand,
    take_check_in,
    take_number,
)
from storage.people import get_person
from storage.refusals import OutsideScope
from storage.rules.call_form import Asked
from storage.rules.ladder import RUNGS, Outcome, Rung
from storage.tables import call_lease, check_in, check_in_plan, need, person
from tests.storage.calls.street import WORDS, Street

NUMBER = "+8610012345678"


def part(street: Street, name: str) -> None:
    """Lan no longer wants somebody at her door, or said something about them."""
    street.do(
        keep_apart,
        now=street.now,
        one=street.people["lan"],
        other=street.people[name],
        ground=Ground.REPORT,
        by=street.people["wang"],
    )


def fail_to_call(street: Street) -> None:
    street.forward(hours=5)
    for wait in (30, 120, 0):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)


@pytest.mark.parametrize("name", ["zhang", "liu", "chen"])
def test_whoever_is_kept_apart_does_not_say_how_the_person_is(street: Street, name: str) -> None:
    street.plan()
    street.forward(hours=5)
    part(street, name)
    with pytest.raises(OutsideScope):
        street.answer(name, Outcome.SPOKE_FINE)
    with pytest.raises(OutsideScope):
        street.take(name)
    assert street.case().state == "open"


def test_whoever_is_kept_apart_is_rung_on_no_rung_and_hears_no_end(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    part(street, "liu")
    part(street, "chen")
    street.forward(hours=12)
    assert RUNGS[street.case().rung] is Rung.NO_SUPPORT
    assert street.heard("liu") == []
    assert street.heard("chen") == []
    street.answer("wang", Outcome.SEEN)
    street.deliver()
    assert street.heard("liu") == []


def test_staff_who_are_kept_apart_are_rung_where_nobody_else_is(street: Street) -> None:
    street.plan()
    street.end_role("chen", "coordinator")
    part(street, "wang")
    street.forward(hours=17)
    assert street.last("wang").template == "check_in_duty"
    street.take("wang")
    assert street.case().holder_id == street.people["wang"]


def test_those_of_the_plan_who_are_kept_apart_are_not_rung_for_want_of_staff(
    street: Street,
) -> None:
    street.plan()
    for one in ("wang", "chen"):
        street.end_role(one, "coordinator")
    part(street, "liu")
    street.forward(hours=17)
    assert street.heard("liu") == []
    assert street.last("zhang").template == "check_in_duty"


def test_the_number_taken_for_one_call_gives_nothing_at_the_next(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.SPOKE_FINE)
    with street.database.transaction() as session:
        since = street.now
        session.execute(
            insert(call_lease),
            {
                "resident_id": street.people["lan"],
                "holder_id": street.people["other"],
                "since": since,
                "until": since + timedelta(minutes=45),
                "version": 1,
            },
        )
    street.forward(days=1)
    assert street.case(2).state == "open"
    with pytest.raises(OutsideScope):
        street.answer("other", Outcome.SPOKE_FINE, 2)
    with pytest.raises(OutsideScope):
        street.do(take_number, now=street.now, actor_id=street.people["other"], check_in_id=2)


def test_help_that_is_needed_does_not_wait_behind_an_errand_of_the_same_call(
    street: Street,
) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.SPOKE_FINE)
    told: dict[str, Any] = {"now": street.now, "actor_id": street.people["zhang"], "check_in_id": 1}
    street.do(keep_answer, **told, asked=Asked.ERRAND, value="想请人带一袋米")
    errand = street.do(state_errand, **told)
    answered = street.do(
        answer_for_oneself,
        now=street.now,
        person_id=street.people["lan"],
        check_in_id=1,
        is_well=False,
        words=WORDS,
    )
    assert answered.need_id != errand
    with street.database.transaction() as session:
        urgencies = session.execute(select(need.c.urgency).order_by(need.c.id)).scalars().all()
    assert urgencies[1] == "U1"
    again = street.answer("zhang", Outcome.NEEDS_HELP)
    assert again.need_id == answered.need_id


def test_an_end_taken_back_from_paper_is_not_told_as_what_came_back(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("wang", Outcome.SPOKE_FINE)
    street.do(reopen_check_in, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    assert street.case().last_outcome is None
    street.forward(hours=12)
    assert street.last("wang").facts["outcome"] == "no_report"


def test_a_contact_without_a_yes_is_shown_to_no_neighbour_and_not_before_the_end(
    street: Street,
) -> None:
    street.join("next_door", "volunteer")
    street.plan(stand_in_id=None, contact_name="李梅", contact_phone=NUMBER)
    street.pair("next_door")
    fail_to_call(street)
    with street.database.transaction() as session:
        wang = get_person(session, person_id=street.people["wang"])
        show_check_ins(session, now=street.now, actor=wang)
    street.deliver()
    assert street.last("wang").facts["contact_phone"] is None
    held = street.do(
        take_check_in, now=street.now, actor_id=street.people["next_door"], check_in_id=1
    )
    assert held.facts["contact_phone"] is None
    street.forward(hours=5)
    assert street.last("wang").facts["contact_phone"] == NUMBER


def test_that_help_is_needed_is_heard_also_from_who_is_kept_apart(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    part(street, "zhang")
    assert street.answer("zhang", Outcome.NEEDS_HELP).need_id is not None


def test_a_case_that_fails_keeps_no_other_from_being_asked_about(street: Street) -> None:
    street.join("gui", "resident", phone="+8610012340001")
    street.plan()
    lan = street.people["lan"]
    street.people["lan"] = street.people["gui"]
    street.plan()
    street.people["lan"] = lan
    with street.database.transaction() as session:
        due = session.value(select(check_in_plan.c.next_due_at).limit(1))
    street.now = due
    while start_check_ins(street.database, now=street.now):
        pass
    with street.database.transaction() as session:
        session.change(update(check_in).where(check_in.c.id == 1).values(ladder="torn"))
    with pytest.raises(JSONDecodeError):
        climb_ladder(street.database, now=street.now)
    street.forward(seconds=1)
    assert street.last("zhang").facts["name"] == "gui"
    assert street.case(1).next_step_at == street.now + timedelta(seconds=59)


def test_a_button_is_not_ones_own_where_a_merged_entry_left_a_shared_chat(street: Street) -> None:
    street.join("twin", "resident")
    street.plan()
    street.forward(hours=5)
    street.share_chat("twin")
    with street.database.transaction() as session:
        twin = person.c.id == street.people["twin"]
        session.change(update(person).where(twin).values(merged_into=street.people["lan"]))
    answered = street.do(
        answer_for_oneself,
        now=street.now,
        person_id=street.people["lan"],
        check_in_id=1,
        is_well=True,
    )
    assert (answered.effect, street.case().state) == ("noted", "open")
