"""From claim to close: the check before, the words at the door, out and safe, what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.confirmations import hours_of, marks_of
from storage.consents import withdraw
from storage.needs import (
    Judgement,
    Statement,
    arrive,
    ask_for_help,
    cancel_need,
    check_self,
    confirm_done,
    deny_done,
    hear_door_words,
    leave_remark,
    list_reflections,
    list_remarks,
    mark_risky,
    rate_visit,
    reflect,
    remove_remark,
    reopen_need,
    say_arrival,
    say_out_safe,
    set_out,
    show_contact,
    watch_visits,
)
from storage.needs.refusals import NeedMoved, NotChecked
from storage.needs.visits.preparing import open_door_words
from storage.needs.visits.remarks import Disrespectful
from storage.people import get_person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.roles import end_role
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.rules.marks import MarkKind
from storage.rules.purposes import Purpose
from storage.rules.visits import DoorWords, Outcome, OutcomeReason
from storage.tables import alarm, claim, reopening
from tests.storage.needs.village import Village

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAMP = Statement(Category.HOME_REPAIR, Urgency.U2, "灯坏了")
LAMP_TODAY = Statement(Category.HOME_REPAIR, Urgency.U1, "灯坏了")


def _claim_id(village: Village, need_id: int) -> int:
    held = village.need(need_id).claim
    assert held is not None
    return held.id


def _claimed(village: Village, said: Statement) -> int:
    electrician = village.volunteers[0]
    village.set_volunteer(electrician, skills="repairs")
    need_id = village.state(said)
    village.claim(need_id, electrician)
    return need_id


def _words(village: Village, need_id: int) -> DoorWords:
    words = village.database.do(open_door_words, claim_id=_claim_id(village, need_id))
    assert words is not None
    return words


def _answer(village: Village, step: Any, need_id: int, **facts: Any) -> Any:
    version = village.need(need_id).version
    return village.do(step, actor_id=village.resident, need_id=need_id, version=version, **facts)


def test_where_it_takes_something_the_helper_says_first_that_they_can(village: Village) -> None:
    need_id = _claimed(village, LAMP)
    with pytest.raises(NotChecked):
        village.come(need_id)
    with pytest.raises(NeedMoved):
        village.show_contact(need_id)
    village.act(check_self, need_id)
    with pytest.raises(NeedMoved):
        village.act(check_self, need_id)
    village.come(need_id)
    village.show_contact(need_id)
    assert village.noted().count("self_checked") == 1


def test_what_is_urgent_or_simple_is_not_held_up_and_the_time_is_the_yes(village: Village) -> None:
    for need_id in (_claimed(village, LAMP_TODAY), village.state()):
        if village.need(need_id).claim is None:
            village.claim(need_id, village.volunteers[1])
        village.come(need_id)
        assert village.need(need_id).held.checked_at == village.now
    assert village.noted().count("self_checked") == 2


def test_the_resident_reads_both_words_and_the_helper_only_their_own(village: Village) -> None:
    need_id = village.carried()
    words = _words(village, need_id)
    told = next(p for p in village.deliver() if p.template == "need_who_comes")
    assert (told.facts["says"], told.facts["answer"]) == (words.says, words.answer)
    with village.database.transaction() as session:
        sealed = session.value(select(claim.c.door_words))
    assert words.says.encode() not in sealed


def test_the_right_word_from_either_side_is_a_mark_and_a_wrong_one_is_none(
    village: Village,
) -> None:
    need_id = village.carried()
    helper, words, claim_id = village.volunteers[0], _words(village, need_id), 1
    hear = hear_door_words
    assert village.do(hear, person_id=village.volunteers[1], text=words.answer) is None
    assert village.do(hear, person_id=helper, text="想请人买米") is None
    # The helper's own word, told to the bot by the helper, proves nothing.
    assert village.do(hear, person_id=helper, text=words.says) is None
    wrong = "茶壶" if words.answer != "茶壶" else "草帽"
    assert not village.do(hear, person_id=helper, text=wrong).matched
    assert village.do(hear, person_id=helper, text=f" {words.answer}。").matched
    assert village.need(need_id).held.arrived_at == village.now
    marks = village.database.do(marks_of, claim_ids=[claim_id])[claim_id]
    assert [(one.kind, one.by) for one in marks] == [(MarkKind.DOOR_WORDS, helper)]
    # Heard once: afterwards the words are words like others.
    assert village.do(hear, person_id=village.resident, text=words.says) is None


def test_whoever_guesses_is_not_asked_for_ever(village: Village) -> None:
    need_id = village.carried()
    helper, words = village.volunteers[0], _words(village, need_id)
    wrong = "茶壶" if words.answer != "茶壶" else "草帽"
    for _ in range(3):
        village.do(hear_door_words, person_id=helper, text=wrong)
    assert village.do(hear_door_words, person_id=helper, text=words.answer) is None
    # The home still can.
    assert village.do(hear_door_words, person_id=village.resident, text=words.says) is None


def test_arrived_is_told_once_and_waited_for_until_done(village: Village) -> None:
    need_id = village.carried()
    village.deliver()
    village.act(arrive, need_id)
    assert village.said_to(village.resident) == ["need_arrived"]
    with pytest.raises(AlreadyDone):
        village.act(arrive, need_id)
    village.wait(4 * HOUR)
    assert village.said_to(village.volunteers[0]) == ["task_how_is_it"]
    village.wait(3 * HOUR)
    village.wait(3 * HOUR)
    assert "desk_silent" in village.said_to(village.coordinator)


def test_a_yes_and_the_door_words_count_and_a_yes_alone_awaits_a_second_mark(
    village: Village,
) -> None:
    helper = village.volunteers[0]
    first = village.carried()
    village.finish(first, minutes=45)
    _answer(village, confirm_done, first)
    hours = village.database.do(hours_of, person_id=helper)
    assert (hours.counted, hours.awaiting) == (0, 45)
    second = village.carried()
    answer = _words(village, second).answer
    village.finish(second, minutes=30)
    village.do(hear_door_words, person_id=helper, text=answer)
    _answer(village, confirm_done, second)
    hours = village.database.do(hours_of, person_id=helper)
    assert (hours.counted, hours.awaiting) == (30, 45)


def test_nobody_came_is_no_mark_and_is_told_to_a_coordinator_on_wish(village: Village) -> None:
    need_id = village.carried()
    village.finish(need_id, minutes=45)
    village.deliver()
    judged = Judgement(Outcome.NOT, OutcomeReason.NOBODY_CAME, "等了一下午")
    _answer(village, deny_done, need_id, judged=judged, to_coordinator=True)
    assert village.database.do(marks_of, claim_ids=[1]) == {}
    assert village.need(need_id).state is NeedState.UNCLAIMED
    told = village.deliver()
    desk = next(p for p in told if p.template == "desk_unclaimed")
    assert desk.facts["reason"] == "not_solved"
    assert village.said_to(village.volunteers[0], told) == ["task_not_yet"]
    with pytest.raises(NeedMoved):
        _answer(village, confirm_done, need_id)


def test_enough_though_not_solved_closes_with_its_reason(village: Village) -> None:
    need_id = village.carried()
    village.finish(need_id)
    judged = Judgement(Outcome.PARTLY, OutcomeReason.LACKED_THINGS)
    _answer(village, confirm_done, need_id, judged=judged)
    with village.database.transaction() as session:
        row = session.all(select(claim.c.outcome, claim.c.outcome_reason))[0]
    assert tuple(row) == ("partly", "lacked_things")
    village.do(rate_visit, actor_id=village.resident, need_id=need_id, rating=2)
    with pytest.raises(AlreadyDone):
        village.do(rate_visit, actor_id=village.daughter, need_id=need_id, rating=5)
    with pytest.raises(NotAllowed):
        village.do(rate_visit, actor_id=village.volunteers[1], need_id=need_id, rating=5)


def _risky(village: Village) -> int:
    need_id = _claimed(village, LAMP_TODAY)
    village.come(need_id)
    village.act(set_out, need_id)
    village.deliver()
    return need_id


def _watch(village: Village, time: timedelta) -> None:
    village.now += time
    while watch_visits(village.database, now=village.now):
        pass


def test_out_and_safe_ends_the_watch(village: Village) -> None:
    need_id = _risky(village)
    village.finish(need_id)
    _watch(village, timedelta(minutes=10))
    helper = village.volunteers[0]
    assert "visit_safe" in village.said_to(helper)
    village.do(say_out_safe, volunteer_id=helper, claim_id=1)
    with pytest.raises(TooLate):
        village.do(say_out_safe, volunteer_id=helper, claim_id=1)
    with pytest.raises(NotAllowed):
        village.do(say_out_safe, volunteer_id=village.volunteers[1], claim_id=1)
    _watch(village, DAY)
    assert "visit_safe" not in village.said_to(helper)


def test_silence_is_asked_again_and_then_everybody_on_duty_is_rung(village: Village) -> None:
    _risky(village)
    helper = village.volunteers[0]
    _watch(village, 2 * HOUR)
    assert village.said_to(helper) == ["visit_safe"]
    _watch(village, timedelta(minutes=15))
    assert village.said_to(helper) == ["visit_safe"]
    _watch(village, timedelta(minutes=15))
    told = village.deliver()
    ring = next(p for p in told if p.template == "alarm_ring")
    assert (ring.facts["kind"], ring.facts["name"]) == ("no_word", "志愿者1")
    assert "桂花小区" in str(ring.facts["words"])
    village.do(say_out_safe, volunteer_id=helper, claim_id=1)
    assert "alarm_says_safe" in village.said_to(village.coordinator)


def test_who_asks_for_help_rings_at_once_and_the_end_of_the_claim_ends_no_watch(
    village: Village,
) -> None:
    need_id = _risky(village)
    _answer(village, cancel_need, need_id)
    village.deliver()
    _watch(village, 2 * HOUR)
    assert "visit_safe" in village.said_to(village.volunteers[0])
    village.do(ask_for_help, volunteer_id=village.volunteers[0], claim_id=1)
    assert "alarm_ring" in village.said_to(village.coordinator)


def test_a_coordinator_or_the_helper_marks_a_visit_risky_and_the_mark_stays(
    village: Village,
) -> None:
    need_id = village.carried()
    assert not village.need(need_id).held.risky
    with pytest.raises(NotAllowed):
        village.do(mark_risky, actor_id=village.volunteers[1], need_id=need_id)
    village.do(mark_risky, actor_id=village.coordinator, need_id=need_id)
    assert village.need(need_id).held.risky
    village.finish(need_id)
    _answer(village, deny_done, need_id)
    village.claim(need_id, village.volunteers[1])
    village.come(need_id)
    assert village.need(need_id).held.risky


def test_a_remark_is_read_by_the_next_and_taken_away_by_whom_it_is_about(
    village: Village,
) -> None:
    need_id = village.carried()
    claim_id, helper = _claim_id(village, need_id), village.volunteers[0]
    mine = {"volunteer_id": helper, "claim_id": claim_id}
    with pytest.raises(NotAllowed):
        village.do(leave_remark, **mine, words="要多敲几次门")
    village.finish(need_id)
    for rude in ("她是个傻子", "傻 子", "傻·子"):
        with pytest.raises(Disrespectful):
            village.do(leave_remark, **mine, words=rude)
    village.deliver()
    village.do(leave_remark, **mine, words="要多敲几次门")
    with pytest.raises(AlreadyDone):
        village.do(leave_remark, **mine, words="再一句")
    assert village.said_to(village.resident) == ["visit_remark"]
    facts = {"resident_id": village.resident}
    (remark,) = village.database.do(list_remarks, **facts)
    assert (remark.words, remark.by) == ("要多敲几次门", "志愿者1")
    with pytest.raises(NotAllowed):
        village.do(remove_remark, actor_id=village.volunteers[1], word_id=remark.id)
    village.do(remove_remark, actor_id=village.resident, word_id=remark.id)
    with pytest.raises(TooLate):
        village.do(remove_remark, actor_id=village.daughter, word_id=remark.id)
    assert village.database.do(list_remarks, **facts) == []


def test_staff_read_reflections_with_the_writers_yes_and_not_without_it(village: Village) -> None:
    written: dict[str, int] = {}
    for words, helper, share in (("很高兴", 0, True), ("有点累", 1, False)):
        need_id = village.state()
        written[words] = village.volunteers[helper]
        village.claim(need_id, written[words])
        village.come(need_id)
        village.finish(need_id)
        mine = {"volunteer_id": written[words], "claim_id": _claim_id(village, need_id)}
        village.do(reflect, **mine, words=words, share=share)
        _answer(village, confirm_done, need_id)

    def read(reader: int, **page: int) -> list[tuple[str, int]]:
        with village.database.transaction() as session:
            actor = get_person(session, person_id=reader)
            found = list_reflections(session, now=village.now, actor=actor, **page)
        return [(one.words, one.id) for one in found]

    ((words, first),) = read(village.coordinator)
    assert words == "很高兴"
    assert read(village.coordinator, before=first) == []
    for other in (village.resident, written["有点累"]):
        with pytest.raises(NotAllowed):
            read(other)
    yes = {"person_id": written["很高兴"], "purpose": Purpose.PUBLISH_STORY}
    village.do(withdraw, **yes, actor_id=written["很高兴"])
    assert read(village.coordinator) == []


def test_within_a_week_it_is_opened_again_and_later_a_new_one_is_linked(village: Village) -> None:
    need_id = village.carried()
    village.finish(need_id)
    _answer(village, confirm_done, need_id)
    again = {"reason": OutcomeReason.BROKE_AGAIN, "words": "又坏了"}
    with pytest.raises(NotAllowed):
        village.do(reopen_need, actor_id=village.volunteers[0], need_id=need_id, version=4, **again)
    assert _answer(village, reopen_need, need_id, **again).id == need_id
    assert village.need(need_id).state is NeedState.OPEN
    with pytest.raises(TooLate):
        _answer(village, reopen_need, need_id, **again)
    _answer(village, cancel_need, need_id)
    village.now += 8 * DAY
    new = _answer(village, reopen_need, need_id, **again)
    assert new.id != need_id
    assert new.words == village.need(need_id).words
    with pytest.raises(AlreadyDone):
        _answer(village, reopen_need, need_id, **again)
    with village.database.transaction() as session:
        rows = session.all(select(reopening.c.new_need_id).order_by(reopening.c.id))
    assert [row.new_need_id for row in rows] == [None, new.id]


def test_a_helper_removed_on_the_way_frees_the_need_and_whoever_waits_is_told(
    village: Village,
) -> None:
    need_id = village.carried()
    village.act(set_out, need_id)
    village.show_contact(need_id)
    village.deliver()
    helper = village.volunteers[0]
    village.do(end_role, person_id=helper, kind="volunteer", actor_id=village.coordinator)
    with pytest.raises(NotAllowed):
        village.do(show_contact, volunteer_id=helper, claim_id=1)
    village.wait(timedelta())
    assert village.need(need_id).claim is None
    told = village.deliver()
    assert village.said_to(village.resident, told) == ["need_offered_on"]
    assert "claim_contact_hidden" in village.said_to(helper, told)


def test_an_hour_moved_while_on_the_way_calls_off_the_watch(village: Village) -> None:
    need_id = _risky(village)
    village.act(say_arrival, need_id, arrives_at=village.now + 5 * HOUR)
    _watch(village, 2 * HOUR)
    assert village.said_to(village.volunteers[0]) == []
    with village.database.transaction() as session:
        assert session.value(select(alarm.c.id)) is None


def test_a_helper_without_a_chat_is_looked_for_at_once(village: Village) -> None:
    _risky(village)
    village.forget_chat(village.volunteers[0])
    _watch(village, 2 * HOUR)
    assert "alarm_ring" in village.said_to(village.coordinator)
    with village.database.transaction() as session:
        session.change(update(claim).values(safe_due_at=None))
