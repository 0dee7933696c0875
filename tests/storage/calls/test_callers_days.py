"""The caller's day in storage: the number, what was heard, a slip, and the thanks."""

from datetime import time

import pytest

from storage.check_ins import (
    NumberTaken,
    confirm_check_in,
    find_lease,
    give_number_back,
    keep_answer,
    list_calls,
    list_concerns,
    next_thanks_at,
    plan_thanks,
    take_back_answer,
    take_number,
    thank_callers,
)
from storage.check_ins.day.slips import TakenBack
from storage.people import get_person
from storage.privacy.copying import open_copy
from storage.refusals import NotAllowed, TooLate
from storage.rules.call_form import Asked
from storage.rules.ladder import Outcome, Presence
from tests.storage.calls.street import Street


def call(street: Street, **changes: object) -> None:
    street.plan(**changes)
    street.forward(hours=5)


def report(street: Street, outcome: Outcome, check_in_id: int) -> None:
    """As the conversation does it."""
    street.answer("zhang", outcome, check_in_id)
    street.do(plan_thanks, now=street.now, caller_id=street.people["zhang"])


def thank(street: Street) -> None:
    while thank_callers(street.database, now=street.now):
        pass
    street.deliver()


def hear(street: Street, asked: Asked, value: str, check_in_id: int = 1) -> None:
    street.do(
        keep_answer,
        now=street.now,
        actor_id=street.people["zhang"],
        check_in_id=check_in_id,
        asked=asked,
        value=value,
    )


def number(street: Street, name: str) -> None:
    street.do(take_number, now=street.now, actor_id=street.people[name], check_in_id=1)


def test_a_number_is_one_persons_for_as_long_as_a_call_lasts(street: Street) -> None:
    call(street)
    number(street, "zhang")
    with pytest.raises(NumberTaken) as taken:
        number(street, "wang")
    assert taken.value.facts["holder"] == "zhang"
    number(street, "zhang")
    street.forward(minutes=46)
    assert street.do(find_lease, resident_id=street.people["lan"], now=street.now) is None
    number(street, "wang")
    street.do(give_number_back, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    number(street, "zhang")
    assert street.count("number_leased") == 4


def test_a_number_is_for_nobody_else(street: Street) -> None:
    call(street)
    for name in ("other", "lan"):
        with pytest.raises(NotAllowed):
            number(street, name)
    assert street.do(find_lease, resident_id=street.people["lan"], now=street.now) is None


def test_a_lease_holds_no_ladder_back(street: Street) -> None:
    call(street)
    number(street, "zhang")
    street.forward(hours=4)
    assert street.heard("wang"), "those on duty were rung all the same"


def test_the_last_of_two_outcomes_stands_and_both_are_recorded(street: Street) -> None:
    call(street)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.answer("zhang", Outcome.SPOKE_FINE)
    assert street.case().ending == "spoke_fine"
    street.answer("zhang", Outcome.NO_ANSWER)
    assert street.case().ending == "spoke_fine"
    assert street.count("check_in_outcome") == 2
    assert street.count("check_in_late_outcome") == 1


def test_only_whoever_ended_it_takes_it_back_and_the_case_goes_on_there(street: Street) -> None:
    call(street)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    street.answer("liu", Outcome.SEEN)

    def back(name: str) -> None:
        street.do(take_back_answer, now=street.now, actor_id=street.people[name], check_in_id=1)

    for name in ("zhang", "wang", "lan"):
        with pytest.raises((TooLate, NotAllowed)):
            back(name)
    back("liu")
    case = street.case()
    assert (case.state, case.holder_id) == ("open", street.people["liu"])
    street.forward(minutes=6)
    assert "check_in_duty" in street.heard("wang"), "the ladder is no slower than it was"


def climb_to_the_stand_in(street: Street) -> None:
    call(street)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    assert street.heard("liu")[-1] == "check_in_stand_in"


def back(street: Street, name: str) -> TakenBack:
    who = street.people[name]
    return street.do(take_back_answer, now=street.now, actor_id=who, check_in_id=1)


def test_after_a_slip_on_the_phone_whoever_was_to_go_is_asked_again_at_once(
    street: Street,
) -> None:
    climb_to_the_stand_in(street)
    street.do(take_number, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    street.answer("wang", Outcome.SPOKE_FINE)
    street.forward(minutes=3)
    back(street, "wang")
    assert street.case().holder_id is None, "nobody has to wait for somebody on a telephone"
    street.forward(minutes=1)
    assert street.heard("liu").count("check_in_stand_in") == 2


def test_after_a_slip_at_the_door_they_say_again_that_they_are_there(street: Street) -> None:
    climb_to_the_stand_in(street)
    street.answer("liu", Outcome.SEEN)
    taken = back(street, "liu")
    assert [line[0].label for line in taken.buttons[:2]] == ["hold.at_door", "hold.on_phone"]
    street.do(
        confirm_check_in,
        now=street.now,
        actor_id=street.people["liu"],
        check_in_id=1,
        presence=Presence.AT_DOOR,
    )
    street.forward(minutes=20)
    assert street.case().holder_id == street.people["liu"]


def test_who_is_low_on_several_calls_is_shown_to_a_coordinator_and_no_score_is_kept(
    street: Street,
) -> None:
    call(street)
    wang = street.do(get_person, person_id=street.people["wang"])
    for check_in_id in (1, 2):
        street.answer("zhang", Outcome.SPOKE_FINE, check_in_id)
        assert street.do(list_concerns, actor=wang) == []
        hear(street, Asked.MOOD, "bad", check_in_id)
        street.forward(days=1)
    (one,) = street.do(list_concerns, actor=wang)
    assert (one.kind, one.resident) == ("low_mood", "lan")


def test_what_was_heard_is_in_the_persons_copy_but_not_who_is_said_to_do_harm(
    street: Street,
) -> None:
    call(street)
    street.answer("zhang", Outcome.SPOKE_FINE)
    hear(street, Asked.NOTES, "腿疼")
    street.do(
        keep_answer,
        now=street.now,
        actor_id=street.people["zhang"],
        check_in_id=1,
        asked=Asked.FLAGS,
        value=["food", "harm"],
    )
    lan = street.do(get_person, person_id=street.people["lan"])
    sections = street.do(open_copy, subject=lan)
    (calls,) = (one for one in sections if one.key == "calls")
    said = {line.key: line.value for line in calls.lines if line.named == "call_asked"}
    assert said == {"notes": "腿疼", "flags": ["food"]}
    with pytest.raises(TooLate):
        hear(street, Asked.BODY, "10 of 10")
    with pytest.raises(NotAllowed):
        street.do(
            keep_answer,
            now=street.now,
            actor_id=street.people["other"],
            check_in_id=1,
            asked=Asked.NOTES,
            value="x",
        )


def test_thanks_come_once_when_the_round_is_done_and_a_slip_puts_them_off(street: Street) -> None:
    street.join("gui", "resident", phone="+8610012340001")
    street.plan()
    street.plan(clock=time(16))
    street.forward(hours=7, minutes=5)
    report(street, Outcome.SPOKE_FINE, 1)
    assert street.do(next_thanks_at) is None, "one is left"
    report(street, Outcome.SPOKE_FINE, 2)
    street.do(take_back_answer, now=street.now, actor_id=street.people["zhang"], check_in_id=2)
    street.do(plan_thanks, now=street.now, caller_id=street.people["zhang"])
    assert street.do(next_thanks_at) is None
    report(street, Outcome.SPOKE_FINE, 2)
    street.forward(minutes=16)
    thank(street)
    assert street.heard("zhang").count("call_day_thanks") == 1
    assert set(street.last("zhang").facts) == {"names"}, "no counts"
    report(street, Outcome.SPOKE_FINE, 2)
    street.forward(minutes=16)
    thank(street)
    assert street.heard("zhang").count("call_day_thanks") == 1


def test_one_call_is_thanked_for_on_its_own_card(street: Street) -> None:
    call(street)
    report(street, Outcome.SPOKE_FINE, 1)
    assert street.do(next_thanks_at) is None


def test_a_call_that_was_missed_is_carried_over_until_it_is_made(street: Street) -> None:
    call(street)
    street.forward(hours=20)
    zhang = street.do(get_person, person_id=street.people["zhang"])
    day = street.do(list_calls, now=street.now, actor=zhang)
    assert [one.id for one in day.carried] == [1]
    assert [one.state for one in day.round] == ["later"]
    report(street, Outcome.SPOKE_FINE, 1)
    day = street.do(list_calls, now=street.now, actor=zhang)
    assert day.carried == ()


def test_after_a_slip_the_step_runs_on_as_it_stood(street: Street) -> None:
    call(street)
    street.answer("zhang", Outcome.SPOKE_FINE)
    street.forward(minutes=5)
    street.do(take_back_answer, now=street.now, actor_id=street.people["zhang"], check_in_id=1)
    street.forward(minutes=39)
    assert street.heard("zhang") == ["plan_you_call", "check_in_call"]
    street.forward(minutes=2)
    assert street.heard("zhang")[-1] == "check_in_call_again", "45 minutes after the prompt"


def test_the_stand_in_hears_at_once_that_another_hour_is_wished_for(street: Street) -> None:
    call(street)
    hear(street, Asked.NEXT, "下午四点以后")
    street.deliver()
    told = street.last("liu")
    assert told.template == "call_next_wished"
    assert told.facts == {"name": "lan", "by": "zhang", "words": "下午四点以后"}
    assert told.buttons == [], "the hour is for the person and for staff to change"
    assert "call_next_wished" not in street.heard("zhang"), "they wrote it down themselves"
    hear(street, Asked.NEXT, "下午四点以后")
    hear(street, Asked.BODY, "good")
    hear(street, Asked.NEXT, "上午十点")
    street.deliver()
    assert street.heard("liu").count("call_next_wished") == 2, "said again only if it has changed"
    assert street.last("liu").facts["words"] == "上午十点"


def test_the_caller_hears_of_a_wish_that_somebody_else_was_told(street: Street) -> None:
    call(street)
    street.do(
        keep_answer,
        now=street.now,
        actor_id=street.people["liu"],
        check_in_id=1,
        asked=Asked.NEXT,
        value="饭后",
    )
    street.deliver()
    assert street.last("zhang").template == "call_next_wished"
    assert "call_next_wished" not in street.heard("liu")


def test_nobody_hears_of_a_wish_who_may_not_call_any_more(street: Street) -> None:
    call(street)
    street.end_role("liu", "volunteer")
    hear(street, Asked.NEXT, "下午四点以后")
    street.deliver()
    assert "call_next_wished" not in street.heard("liu")


def test_an_empty_wish_is_told_to_nobody(street: Street) -> None:
    call(street)
    hear(street, Asked.NEXT, "")
    street.deliver()
    assert "call_next_wished" not in street.heard("liu")
