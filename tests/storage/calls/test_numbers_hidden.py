"""When a case is over, the numbers that came with it leave the chats of whoever was asked."""

from typing import Any

from storage.check_ins import confirm_check_in, take_back_answer
from storage.rules.ladder import Outcome, Presence
from tests.storage.calls.street import Street

HIDDEN = "check_in_number_hidden"


def climb_to_the_stand_in(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    assert street.heard("liu")[-1] == "check_in_stand_in"


def edits(street: Street, name: str) -> list[int | None]:
    return [one.edits for one in street.rewritten.get(name, []) if one.template == HIDDEN]


def test_the_stand_ins_message_loses_the_number_when_somebody_else_reached_the_person(
    street: Street,
) -> None:
    climb_to_the_stand_in(street)
    street.answer("zhang", Outcome.SPOKE_FINE)
    street.deliver()
    assert len(edits(street, "liu")) == 1
    assert all(number is not None for number in edits(street, "liu"))
    assert edits(street, "zhang") == [], "the caller of the plan phones there again"


def test_it_stays_while_nobody_knows_how_the_person_is(street: Street) -> None:
    climb_to_the_stand_in(street)
    street.answer("liu", Outcome.NO_ANSWER)
    street.deliver()
    assert edits(street, "liu") == []


def test_each_ring_of_those_on_duty_loses_it_once(street: Street) -> None:
    climb_to_the_stand_in(street)
    street.forward(hours=6)
    rings = street.heard("wang").count("check_in_duty")
    assert rings > 1
    street.answer("wang", Outcome.SEEN)
    street.deliver()
    assert len(set(edits(street, "wang"))) == len(edits(street, "wang")) == rings


def test_an_ordinary_call_rewrites_nothing(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.SPOKE_FINE)
    street.deliver()
    assert edits(street, "zhang") == []


def test_after_a_slip_and_a_second_end_nothing_is_left(street: Street) -> None:
    climb_to_the_stand_in(street)
    street.answer("liu", Outcome.SEEN)
    who: dict[str, Any] = {"now": street.now, "actor_id": street.people["liu"], "check_in_id": 1}
    street.do(take_back_answer, **who)
    street.do(confirm_check_in, **who, presence=Presence.AT_DOOR)
    street.deliver()
    assert len(edits(street, "liu")) == 1
    street.answer("liu", Outcome.SEEN)
    street.deliver()
    assert len(edits(street, "liu")) == 1, "it shows none any more"
