"""What comes back from a call counts whenever it comes, from whoever may know it."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, select

from storage.check_ins import Answered, Effect, answer_for_oneself, describe_help, take_check_in
from storage.check_ins.cases import change_case, get_case, wait_until
from storage.check_ins.holding import CheckInHeld, CheckInOver, NotYet
from storage.needs.cards import find_need
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.ladder import Outcome
from storage.tables import caregiver, need
from tests.storage.calls.street import WORDS, Street


@pytest.fixture
def at_the_door(street: Street) -> Street:
    """The caller tried three times in vain; the stand-in has been asked."""
    street.plan()
    street.forward(hours=5)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    assert street.heard("liu")[-1] == "check_in_stand_in"
    return street


def well(street: Street, name: str = "lan", *, is_well: bool = True) -> Answered:
    return street.do(
        answer_for_oneself,
        now=street.now,
        person_id=street.people[name],
        check_in_id=1,
        is_well=is_well,
        words=WORDS,
    )


def take(street: Street, name: str) -> None:
    street.do(take_check_in, now=street.now, actor_id=street.people[name], check_in_id=1)


def test_when_the_caller_got_no_answer_the_resident_is_asked_once_in_their_own_chat(
    at_the_door: Street,
) -> None:
    assert at_the_door.heard("lan").count("check_in_are_you_well") == 1
    assert well(at_the_door).effect is Effect.ENDED
    at_the_door.deliver()
    for one in ("zhang", "liu"):
        assert at_the_door.heard(one).count("check_in_over") == 1
        assert at_the_door.last(one).facts["ending"] == "own_button"
    assert "check_in_over" not in at_the_door.heard("wang")  # was never asked
    at_the_door.forward(hours=12)
    assert "check_in_duty" not in at_the_door.heard("wang")


def test_a_button_in_a_shared_chat_ends_nothing(street: Street) -> None:
    street.share_chat("lan")
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.deliver()
    assert "check_in_are_you_well" not in street.heard("lan")
    assert well(street).effect is Effect.NOTED
    assert street.case().state == "open"


def test_nobody_else_can_press_the_residents_button(at_the_door: Street) -> None:
    for name in ("zhang", "other", "wang"):
        with pytest.raises(NotAllowed):
            well(at_the_door, name)


def test_the_residents_own_call_for_help_becomes_a_need(at_the_door: Street) -> None:
    answered = well(at_the_door, is_well=False)
    assert answered.need_id is not None
    assert at_the_door.case().ending == "needs_help"


def test_the_resident_answers_while_the_neighbour_is_on_the_way(at_the_door: Street) -> None:
    take(at_the_door, "liu")
    at_the_door.deliver()
    assert at_the_door.last("lan").template == "check_in_somebody_comes"
    assert at_the_door.last("lan").buttons[0][0].data.startswith("check_in:own_button:1:")
    well(at_the_door)
    at_the_door.deliver()
    assert at_the_door.last("liu").template == "check_in_turn_back"
    assert at_the_door.last("liu").facts["by_resident"] is True
    assert at_the_door.last("zhang").template == "check_in_over"


def test_an_answer_to_yesterdays_check_in_leaves_todays_open(street: Street) -> None:
    street.plan()
    street.forward(days=1, hours=5, minutes=1)
    assert street.case(1).state == street.case(2).state == "open"
    street.answer("zhang", Outcome.SPOKE_FINE, check_in_id=1)
    assert street.case(1).state == "closed"
    assert street.case(2).state == "open"


def test_needs_help_becomes_a_need_with_the_check_in_behind_it(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    answered = street.answer("zhang", Outcome.NEEDS_HELP)
    assert answered.effect is Effect.ENDED
    with street.database.transaction() as session:
        row = session.all(select(need))[0]
    assert (row.origin, row.check_in_id, row.stated_by) == ("check_in", 1, street.people["zhang"])
    street.deliver()
    assert "check_in_help_comes" in street.heard("lan")


def describe(street: Street, name: str, check_in_id: int = 1) -> None:
    street.do(
        describe_help,
        now=street.now,
        actor_id=street.people[name],
        check_in_id=check_in_id,
        words="药吃完了",
    )


def test_what_the_caller_heard_is_added_and_told_to_duty_at_once(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    answered = street.answer("zhang", Outcome.NEEDS_HELP)
    describe(street, "zhang")
    street.deliver()
    assert "check_in_help_words" in street.heard("wang")
    assert answered.need_id is not None
    with street.database.transaction() as session:
        found = find_need(session, need_id=answered.need_id)
    assert found is not None
    assert found.words.endswith("药吃完了")
    with pytest.raises(NotAllowed):
        describe(street, "liu")
    with pytest.raises(NotAllowed):
        describe(street, "zhang", check_in_id=99)


def test_a_late_outcome_is_written_down_and_the_present_state_explained(
    at_the_door: Street,
) -> None:
    at_the_door.answer("liu", Outcome.SEEN)
    late = at_the_door.answer("zhang", Outcome.NO_ANSWER)
    assert late.effect is Effect.LATE
    assert (late.ending, late.ended_by) == ("seen", "liu")
    assert at_the_door.count("check_in_late_outcome") == 1
    assert well(at_the_door).effect is Effect.LATE


def test_help_that_is_needed_after_all_opens_a_need_once(at_the_door: Street) -> None:
    at_the_door.answer("liu", Outcome.SPOKE_FINE)
    late = at_the_door.answer("zhang", Outcome.NEEDS_HELP)
    assert late.effect is Effect.LATE_NEED
    at_the_door.deliver()
    assert at_the_door.last("liu").template == "check_in_late_need"
    assert at_the_door.answer("wang", Outcome.NEEDS_HELP).effect is Effect.LATE
    with at_the_door.database.transaction() as session:
        assert len(session.all(select(need))) == 1


def test_help_that_the_same_person_reports_late_is_told_to_nobody_twice(
    at_the_door: Street,
) -> None:
    at_the_door.answer("liu", Outcome.SPOKE_FINE)
    assert at_the_door.answer("liu", Outcome.NEEDS_HELP).effect is Effect.LATE_NEED
    at_the_door.deliver()
    assert "check_in_late_need" not in at_the_door.heard("liu")


def test_a_vain_try_of_somebody_whose_turn_it_is_not_changes_nothing(at_the_door: Street) -> None:
    before = at_the_door.case().next_step_at
    assert at_the_door.answer("zhang", Outcome.COULD_NOT_TELL).effect is Effect.NOTED
    assert at_the_door.answer("wang", Outcome.NO_ANSWER).effect is Effect.NOTED
    assert at_the_door.case().next_step_at == before
    assert at_the_door.answer("liu", Outcome.NO_ANSWER).effect is Effect.CLIMBED
    at_the_door.forward(minutes=1)
    assert at_the_door.answer("chen", Outcome.NO_ANSWER).effect is Effect.NOTED


def test_the_same_report_twice_climbs_once(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    assert street.answer("zhang", Outcome.NO_ANSWER).effect is Effect.CLIMBED
    assert street.answer("zhang", Outcome.NO_ANSWER).effect is Effect.NOTED
    assert street.case().rung == 1


def test_whoever_holds_it_is_the_only_one_whose_vain_try_lets_it_go_on(
    at_the_door: Street,
) -> None:
    take(at_the_door, "liu")
    held = at_the_door.answer("zhang", Outcome.NO_ANSWER)
    assert (held.effect, held.holder) == (Effect.NOTED, "liu")
    assert at_the_door.answer("liu", Outcome.NO_ANSWER).effect is Effect.CLIMBED
    at_the_door.forward(minutes=1)
    assert at_the_door.heard("wang")[-1] == "check_in_duty"


def test_the_holder_sees_the_address_and_others_are_told_who_has_it(at_the_door: Street) -> None:
    held = at_the_door.do(
        take_check_in, now=at_the_door.now, actor_id=at_the_door.people["liu"], check_in_id=1
    )
    assert held.facts["address"] == "桂花小区 3 栋 501"
    assert at_the_door.last("zhang").template != "check_in_taken"
    at_the_door.deliver()
    assert at_the_door.last("zhang").template == "check_in_taken"
    with pytest.raises(CheckInHeld):
        take(at_the_door, "wang")
    assert at_the_door.heard("lan").count("check_in_somebody_comes") == 1


def test_an_outcome_after_the_top_rung_still_ends_it(at_the_door: Street) -> None:
    at_the_door.forward(hours=3)
    assert at_the_door.heard("wang")[-1] == "check_in_duty"
    assert at_the_door.answer("zhang", Outcome.SPOKE_FINE).effect is Effect.ENDED
    at_the_door.deliver()
    for one in ("wang", "chen", "liu"):
        assert at_the_door.heard(one).count("check_in_over") == 1


def test_nobody_takes_what_the_caller_is_still_at_or_what_is_over(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    with pytest.raises(NotYet):
        take(street, "wang")
    street.answer("zhang", Outcome.SPOKE_FINE)
    with pytest.raises(CheckInOver):
        take(street, "wang")


def test_strangers_and_those_removed_change_nothing(at_the_door: Street) -> None:
    with pytest.raises(NotAllowed):
        at_the_door.answer("other", Outcome.SPOKE_FINE)
    with pytest.raises(NotAllowed):
        at_the_door.answer("lan", Outcome.SPOKE_FINE)
    with pytest.raises(NotAllowed):
        at_the_door.answer("zhang", Outcome.SPOKE_FINE, check_in_id=99)
    with pytest.raises(NotAllowed):
        take(at_the_door, "zhang")  # the caller phones; others hold
    at_the_door.end_role("zhang", "volunteer")
    with pytest.raises(NotAllowed):
        at_the_door.answer("zhang", Outcome.SPOKE_FINE)
    assert at_the_door.case().state == "open"


def test_a_case_that_changed_meanwhile_is_not_overwritten(at_the_door: Street) -> None:
    with at_the_door.database.transaction() as session:
        old = get_case(session, check_in_id=1)
        with pytest.raises(LookupError):
            get_case(session, check_in_id=99)
    take(at_the_door, "liu")
    with at_the_door.database.transaction() as session:
        with pytest.raises(TooLate):
            change_case(session, old, {"repeat": 1})
        with pytest.raises(TooLate):
            wait_until(session, old, moment=at_the_door.now, asked=1)


def _together(street: Street, names: list[str], act: str) -> list[object]:
    """Everybody acts in the same moment; returns what each got."""
    start, got = Barrier(len(names)), list[object]()

    def run(name: str) -> None:
        start.wait()
        try:
            if act == "take":
                take(street, name)
                got.append("taken")
            else:
                outcome = Outcome.SEEN if name == "liu" else Outcome.NEEDS_HELP
                got.append(street.answer(name, outcome).effect)
        except Refusal as refusal:
            got.append(refusal.key)

    threads = [Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_two_different_outcomes_at_once_close_it_once_and_lose_no_call_for_help(
    at_the_door: Street,
) -> None:
    got = _together(at_the_door, ["liu", "zhang"], "answer")
    assert got in (
        [Effect.ENDED, Effect.LATE_NEED],
        [Effect.ENDED, Effect.LATE],
    )
    with at_the_door.database.transaction() as session:
        assert len(session.all(select(need))) == 1
    assert at_the_door.count("check_in_outcome") + at_the_door.count("check_in_late_outcome") == 5


def test_of_many_who_take_it_together_one_has_it(at_the_door: Street) -> None:
    at_the_door.forward(hours=2)
    got = _together(at_the_door, ["wang", "chen", "liu"], "take")
    assert sorted(map(str, got)) == ["check_in_held", "check_in_held", "taken"]


def _tied(street: Street, name: str) -> None:
    street.join(name, "caregiver")
    with street.database.transaction() as session:
        session.execute(
            insert(caregiver).values(
                resident_id=street.people["lan"],
                caregiver_id=street.people[name],
                state="confirmed",
                created_at=street.now,
                version=1,
            )
        )


def test_each_caregiver_hears_that_somebody_looks_after_it(at_the_door: Street) -> None:
    _tied(at_the_door, "daughter")
    _tied(at_the_door, "son")
    take(at_the_door, "liu")
    at_the_door.deliver()
    for name in ("daughter", "son"):
        told = at_the_door.last(name)
        assert told.template == "check_in_somebody_comes"
        assert told.facts["whom"] == "lan"
        assert told.buttons == []
    assert at_the_door.last("lan").facts["whom"] is None
