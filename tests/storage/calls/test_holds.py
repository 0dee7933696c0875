"""“I take it” counts for as long as somebody is at it; then the ladder goes on, without blame."""

from datetime import timedelta
from typing import Any

import pytest

from storage.check_ins import (
    answer_for_oneself,
    confirm_check_in,
    end_false_alarm,
    hand_over_check_in,
    list_numbers,
    list_reasons,
    prolong_check_in,
    reopen_check_in,
    show_held,
)
from storage.check_ins.holding import CheckInHeld, CheckInOver, Held, HoldOver
from storage.refusals import NotAllowed, OutsideScope
from storage.rules.ladder import RUNGS, Found, Outcome, Presence, Rung
from tests.storage.calls.street import WORDS, Street


@pytest.fixture
def at_the_door(street: Street) -> Street:
    """The caller tried three times in vain; the stand-in is asked, a neighbour comes after."""
    street.join("next_door", "volunteer")
    street.plan()
    street.pair("next_door")
    street.forward(hours=5)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    return street


def confirm(street: Street, name: str, presence: Presence) -> Held:
    return street.do(
        confirm_check_in,
        now=street.now,
        actor_id=street.people[name],
        check_in_id=1,
        presence=presence,
    )


def acts(held: Held) -> list[str]:
    return [one.data.split(":")[1] for line in held.buttons for one in line]


def rung(street: Street) -> Rung:
    return RUNGS[int(street.case().rung)]


def test_whoever_takes_it_and_says_nothing_more_holds_it_no_longer_than_the_named_minutes(
    at_the_door: Street,
) -> None:
    held = at_the_door.take("liu")
    assert acts(held)[:3] == ["at_door", "on_phone", "on_way"]
    assert (held.facts["minutes"], held.facts["presence"]) == (30, None)
    at_the_door.forward(minutes=29)
    assert at_the_door.case().holder_id == at_the_door.people["liu"]
    at_the_door.forward(minutes=1)
    assert at_the_door.case().holder_id is None
    assert rung(at_the_door) is Rung.NEIGHBOUR
    former = at_the_door.last("liu")
    assert (former.template, former.facts["rung"]) == ("check_in_hold_ended", "neighbour")
    assert "take" in str(former.buttons)
    assert at_the_door.last("zhang").template == "check_in_hold_over"
    assert at_the_door.last("zhang").facts["former"] == "liu"
    assert at_the_door.last("next_door").template == "check_in_neighbour"


def test_what_the_former_holder_knows_still_counts(at_the_door: Street) -> None:
    at_the_door.take("liu")
    at_the_door.forward(minutes=31)
    with pytest.raises(HoldOver):
        confirm(at_the_door, "liu", Presence.AT_DOOR)
    at_the_door.answer("liu", Outcome.SEEN)
    assert at_the_door.case().ending == "seen"


def test_at_the_door_keeps_it_half_an_hour_and_longer_by_a_named_time(at_the_door: Street) -> None:
    at_the_door.take("liu")
    longer: Any = {"actor_id": at_the_door.people["liu"], "check_in_id": 1}
    early = at_the_door.do(prolong_check_in, now=at_the_door.now, span=timedelta(hours=2), **longer)
    assert early.facts["until"] == (at_the_door.now + timedelta(minutes=30)).isoformat()
    at_the_door.forward(minutes=20)
    there = confirm(at_the_door, "liu", Presence.AT_DOOR)
    assert acts(there)[:2] == ["longer_60", "longer_120"]
    assert at_the_door.case().held_until == at_the_door.now + timedelta(minutes=30)
    at_the_door.do(prolong_check_in, now=at_the_door.now, span=timedelta(hours=2), **longer)
    at_the_door.do(prolong_check_in, now=at_the_door.now, span=timedelta(days=9), **longer)
    assert at_the_door.case().held_until == at_the_door.now + timedelta(hours=2)
    assert at_the_door.count("check_in_confirmed") == 2


def test_still_on_the_way_is_good_for_the_same_minutes_once_more(at_the_door: Street) -> None:
    at_the_door.take("liu")
    at_the_door.forward(minutes=25)
    assert "on_way" not in acts(confirm(at_the_door, "liu", Presence.ON_WAY))
    until = at_the_door.case().held_until
    assert until == at_the_door.now + timedelta(minutes=30)
    at_the_door.forward(minutes=5)
    confirm(at_the_door, "liu", Presence.ON_WAY)
    assert at_the_door.case().held_until == until
    at_the_door.forward(minutes=25)
    assert rung(at_the_door) is Rung.NEIGHBOUR


def test_a_rung_that_was_left_to_somebody_on_duty_is_asked_anew(at_the_door: Street) -> None:
    at_the_door.answer("liu", Outcome.NO_ANSWER)
    at_the_door.forward(minutes=1)
    at_the_door.take("wang")
    at_the_door.forward(minutes=31)
    assert rung(at_the_door) is Rung.NEIGHBOUR
    assert at_the_door.heard("next_door").count("check_in_neighbour") == 2


def test_pressed_twice_nothing_is_longer_by_it_and_nobody_else_confirms(
    at_the_door: Street,
) -> None:
    at_the_door.take("liu")
    until = at_the_door.case().held_until
    at_the_door.forward(minutes=5)
    at_the_door.take("liu")
    assert at_the_door.case().held_until == until
    with pytest.raises(CheckInHeld):
        confirm(at_the_door, "wang", Presence.AT_DOOR)
    with pytest.raises(OutsideScope):
        confirm(at_the_door, "zhang", Presence.AT_DOOR)
    with pytest.raises(NotAllowed):
        confirm(at_the_door, "lan", Presence.AT_DOOR)
    shown = at_the_door.do(
        show_held, now=at_the_door.now, actor_id=at_the_door.people["liu"], check_in_id=1
    )
    assert shown.facts["name"] == "lan"


def test_the_resident_answers_while_a_neighbour_is_on_the_way_who_is_told_to_turn_back(
    at_the_door: Street,
) -> None:
    at_the_door.answer("liu", Outcome.NO_ANSWER)
    at_the_door.forward(minutes=1)
    at_the_door.take("next_door")
    at_the_door.deliver()
    lan = at_the_door.people["lan"]
    now = at_the_door.now
    at_the_door.do(
        answer_for_oneself, now=now, person_id=lan, check_in_id=1, is_well=True, words=WORDS
    )
    at_the_door.deliver()
    told = at_the_door.last("next_door")
    assert (told.template, told.facts["by_resident"]) == ("check_in_turn_back", True)
    assert at_the_door.last("liu").template == "check_in_over"
    assert "check_in_settled" not in at_the_door.heard("lan")


def test_the_resident_is_told_the_outcome_once(at_the_door: Street) -> None:
    at_the_door.answer("liu", Outcome.SEEN)
    at_the_door.deliver()
    assert at_the_door.last("lan").template == "check_in_settled"
    at_the_door.answer("wang", Outcome.SEEN)  # late: written down, told to nobody
    at_the_door.forward(hours=3)
    assert at_the_door.heard("lan").count("check_in_settled") == 1


def test_whom_the_caller_just_spoke_to_hears_nothing_about_it(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.SPOKE_FINE)
    street.deliver()
    assert "check_in_settled" not in street.heard("lan")


def hand_over(street: Street, name: str, to: str = "120") -> str:
    who = street.people[name]
    return street.do(hand_over_check_in, now=street.now, actor_id=who, check_in_id=1, to=to)


def false_alarm(street: Street, name: str) -> str:
    who = street.people[name]
    return street.do(
        end_false_alarm, now=street.now, actor_id=who, check_in_id=1, found=Found.FAMILY
    )


def test_a_holder_hands_it_to_the_ambulance_under_their_name(at_the_door: Street) -> None:
    held = at_the_door.take("liu")
    assert acts(held)[-1] == "handed"
    facts, buttons = at_the_door.do(list_numbers, actor_id=at_the_door.people["liu"], check_in_id=1)
    assert facts["name"] == "lan"
    assert [line[0].data.split(":")[1] for line in buttons] == [
        *("hand_110", "hand_119", "hand_120"),
        "back",
    ]
    assert hand_over(at_the_door, "liu") == "lan"
    case = at_the_door.case()
    assert (case.ending, case.handed_to, case.ended_by) == (
        *("handed_over", "120"),
        at_the_door.people["liu"],
    )
    at_the_door.deliver()
    assert at_the_door.last("lan").facts["handed_to"] == "120"
    with pytest.raises(CheckInOver):
        hand_over(at_the_door, "wang")
    with pytest.raises(ValueError, match="no emergency number"):
        hand_over(at_the_door, "wang", to="12345")


def test_only_staff_end_a_false_alarm_and_with_a_reason(at_the_door: Street) -> None:
    at_the_door.take("liu")
    for name in ("liu", "zhang"):
        with pytest.raises(OutsideScope):
            false_alarm(at_the_door, name)
    with pytest.raises(OutsideScope):
        hand_over(at_the_door, "zhang")
    facts, buttons = at_the_door.do(
        list_reasons, actor_id=at_the_door.people["wang"], check_in_id=1
    )
    assert (facts["name"], len(buttons)) == ("lan", len(Found) + 1)
    false_alarm(at_the_door, "wang")
    assert (at_the_door.case().ending, at_the_door.case().found) == ("false_alarm", "family")
    at_the_door.deliver()
    assert at_the_door.last("liu").template == "check_in_turn_back"
    assert at_the_door.last("lan").facts["found"] == "family"
    wang = at_the_door.people["wang"]
    at_the_door.do(reopen_check_in, now=at_the_door.now, actor_id=wang, check_in_id=1)
    assert at_the_door.case().found is None
    at_the_door.answer("wang", Outcome.SEEN)
    at_the_door.deliver()
    assert at_the_door.heard("lan").count("check_in_settled") == 1


def test_an_outcome_after_the_office_was_asked_is_recorded_and_the_state_explained(
    at_the_door: Street,
) -> None:
    at_the_door.forward(hours=4)
    assert rung(at_the_door) is Rung.NO_SUPPORT
    vain = at_the_door.answer("zhang", Outcome.NO_ANSWER)
    assert (vain.effect.value, vain.rung) == ("noted", Rung.NO_SUPPORT)
    assert at_the_door.case().state == "open"
    at_the_door.answer("zhang", Outcome.SPOKE_FINE)
    at_the_door.deliver()
    assert at_the_door.last("wang").template == "check_in_over"


def test_a_caller_who_reports_twice_differently_is_believed_when_somebody_is_well(
    street: Street,
) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.NO_ANSWER)
    assert street.answer("zhang", Outcome.SPOKE_FINE).effect.value == "ended"
    assert street.answer("zhang", Outcome.COULD_NOT_TELL).effect.value == "late"
    assert street.case().ending == "spoke_fine"
