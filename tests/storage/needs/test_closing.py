"""Was it done? And what time, or a coordinator, does when nobody says."""

from datetime import timedelta
from typing import Any

import pytest

from storage.needs import (
    Statement,
    ask_again,
    assign_need,
    cancel_need,
    close_need_by_staff,
    confirm_done,
    decline_offer,
    deny_done,
    list_assignable,
    open_phones,
    set_out,
    take_back,
)
from storage.needs.moving import _step
from storage.needs.refusals import NeedMoved, NeedOver
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.tables import claim
from tests.storage.needs.village import Village

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _done(village: Village, *, by: int | None = None) -> int:
    need_id = village.carried(by=by)
    village.finish(need_id, note="门口台阶高")
    return need_id


def _say(village: Village, step: Any, need_id: int, *, by: int | None = None) -> None:
    version = village.need(need_id).version
    village.do(step, actor_id=by or village.resident, need_id=need_id, version=version)


def _desk(village: Village, step: Any, need_id: int, **facts: Any) -> Any:
    mine = {"coordinator_id": village.coordinator, "need_id": need_id}
    return village.do(step, version=village.need(need_id).version, **mine, **facts)


def test_yes_closes_it_counts_the_minutes_and_thanks_both(village: Village) -> None:
    need_id = _done(village, by=village.daughter)
    asked = village.deliver()
    for person_id in (village.resident, village.daughter):
        assert "need_was_it_done" in village.said_to(person_id, asked)
    _say(village, confirm_done, need_id)
    card = village.need(need_id)
    assert (card.state, card.claim) == (NeedState.CLOSED, None)
    parcels = village.deliver()
    thanks = next(p for p in parcels if p.template == "task_thanks")
    assert thanks.facts["spent"] == 45
    assert village.said_to(village.daughter, parcels) == ["need_closed"]
    with pytest.raises(NeedOver):
        _say(village, confirm_done, need_id)


def test_a_caregiver_may_answer_for_a_resident_without_a_chat(village: Village) -> None:
    village.forget_chat(village.resident)
    need_id = _done(village, by=village.daughter)
    assert "need_was_it_done" in village.said_to(village.daughter)
    _say(village, confirm_done, need_id, by=village.daughter)
    assert village.need(need_id).state is NeedState.CLOSED


def test_when_nobody_who_could_say_yes_uses_the_chat_the_coordinators_are_asked_at_once(
    village: Village,
) -> None:
    need_id = village.carried()
    for person_id in (village.resident, village.daughter):
        village.forget_chat(person_id)
    village.finish(need_id)
    assert "desk_unconfirmed" in village.said_to(village.coordinator)


def test_a_volunteer_does_not_confirm_their_own_work(village: Village) -> None:
    need_id = _done(village)
    for step in (confirm_done, deny_done):
        with pytest.raises(NotAllowed):
            _say(village, step, need_id, by=village.volunteers[0])


def test_not_yet_opens_it_again_and_asks_the_same_volunteer_first(village: Village) -> None:
    need_id = _done(village)
    village.deliver()
    _say(village, deny_done, need_id)
    first, second = village.volunteers
    assert village.offers(need_id)[2:] == [(2, first, "offered"), (2, second, "offered")]
    parcels = village.deliver()
    assert village.said_to(first, parcels) == ["task_not_yet"]
    assert village.said_to(second, parcels) == ["offer_card"]
    village.claim(need_id, first)


def test_not_yet_is_told_kindly_to_who_is_no_volunteer_any_more(village: Village) -> None:
    need_id = _done(village)
    village.end_role(village.volunteers[0])
    village.deliver()
    _say(village, deny_done, need_id)
    told = next(p for p in village.deliver() if p.template == "task_not_yet")
    assert (told.facts["may_go"], told.buttons) == (False, [])


def test_silence_is_asked_once_more_and_then_is_the_coordinators(village: Village) -> None:
    need_id = _done(village)
    village.deliver()
    village.wait(DAY)
    assert village.said_to(village.resident) == ["need_was_it_done"]
    village.wait(DAY)
    parcels = village.deliver()
    assert village.said_to(village.coordinator, parcels) == ["desk_unconfirmed"]
    assert village.said_to(village.resident, parcels) == []
    village.wait(DAY)
    assert village.said_to(village.coordinator) == ["desk_unconfirmed"]
    _desk(village, ask_again, need_id)
    assert village.said_to(village.resident) == ["need_was_it_done"]
    _desk(village, close_need_by_staff, need_id, words="电话里说办好了")
    assert village.need(need_id).state is NeedState.CLOSED
    parcels = village.deliver()
    assert "need_closed_by_staff" in village.said_to(village.resident, parcels)
    assert village.said_to(village.volunteers[0], parcels) == ["task_thanks"]


def test_a_claim_without_a_time_is_soon_offered_on(village: Village) -> None:
    need_id = village.state()
    village.claim(need_id, village.volunteers[0])
    village.deliver()
    village.wait(timedelta(minutes=10))
    assert village.said_to(village.volunteers[0]) == ["task_how_is_it"]
    village.wait(timedelta(minutes=20))
    assert village.need(need_id).state is NeedState.OPEN
    parcels = village.deliver()
    assert village.said_to(village.volunteers[0], parcels) == ["task_taken_back"]
    assert village.said_to(village.volunteers[1], parcels) == ["offer_card"]


def test_a_silent_volunteer_is_asked_twice_and_then_a_coordinator_knows(
    village: Village,
) -> None:
    need_id = village.carried()
    village.deliver()
    village.wait(2 * HOUR)
    assert village.said_to(village.volunteers[0]) == ["task_how_is_it"]
    village.wait(2 * HOUR)
    assert village.said_to(village.volunteers[0]) == ["task_how_is_it"]
    village.wait(2 * HOUR)
    assert village.said_to(village.coordinator) == ["desk_silent"]
    assert village.need(need_id).state is NeedState.CLAIMED
    _desk(village, ask_again, need_id)
    assert village.said_to(village.volunteers[0]) == ["task_how_is_it"]
    _desk(village, take_back, need_id)
    parcels = village.deliver()
    assert "task_taken_back" in village.said_to(village.volunteers[0], parcels)
    assert village.said_to(village.resident, parcels) == ["need_offered_on"]
    assert (2, village.volunteers[1], "offered") in village.offers(need_id)


def test_on_the_way_is_given_time_before_anybody_asks(village: Village) -> None:
    need_id = village.carried()
    village.act(set_out, need_id)
    village.deliver()
    village.wait(3 * HOUR)
    assert village.said_to(village.volunteers[0]) == []
    village.wait(HOUR)
    assert village.said_to(village.volunteers[0]) == ["task_how_is_it"]


def test_an_assignment_is_an_offer_and_a_no_comes_back_to_the_desk(village: Village) -> None:
    need_id = village.state()
    village.wait(10 * DAY)
    village.deliver()
    first = village.volunteers[0]
    _desk(village, assign_need, need_id, volunteer_id=first)
    asked = village.deliver()
    assert village.said_to(first, asked) == ["offer_assigned"]
    assert "兰姨" not in str(asked[0].facts)
    with pytest.raises(AlreadyDone):
        _desk(village, assign_need, need_id, volunteer_id=first)
    village.do(decline_offer, volunteer_id=first, need_id=need_id)
    told = village.deliver()
    assert village.said_to(village.coordinator, told) == ["desk_assign_declined"]
    assert told[0].facts["declined_by"] == "志愿者1"


def test_somebody_never_asked_before_can_be_asked_in_person_and_takes_it(
    village: Village,
) -> None:
    need_id = village.state()
    barber = village.add_volunteer("理发师", skills="haircut", home=village.far)
    _desk(village, assign_need, need_id, volunteer_id=barber)
    assert village.need(need_id).state is NeedState.UNCLAIMED
    village.claim(need_id, barber)
    with pytest.raises(NeedMoved):
        _desk(village, assign_need, need_id, volunteer_id=village.volunteers[1])


def test_the_coordinators_list_has_who_is_free_the_best_first(village: Village) -> None:
    need_id = village.state(Statement(Category.HAIRCUT, Urgency.U2, "理发"))
    barber = village.add_volunteer("理发师", skills="haircut", home=village.far)
    paused = village.add_volunteer("歇着")
    village.set_volunteer(paused, paused_until=village.now + DAY)
    found = village.do(list_assignable, coordinator_id=village.coordinator, need_id=need_id)
    assert [(one.person_id, one.suits) for one in found] == [
        *((helper, False) for helper in village.volunteers[:2]),
        (barber, True),
    ]
    with pytest.raises(NotAllowed):
        _desk(village, assign_need, need_id, volunteer_id=paused)


def test_only_coordinators_have_a_desk(village: Village) -> None:
    need_id = village.state()
    facts = {"coordinator_id": village.resident, "need_id": need_id}
    version = village.need(need_id).version
    for step in (ask_again, take_back):
        with pytest.raises(NotAllowed):
            village.do(step, version=version, **facts)
    for look in (list_assignable, open_phones):
        with pytest.raises(NotAllowed):
            village.do(look, **facts)
    with pytest.raises(NotAllowed):
        village.do(close_need_by_staff, version=version, words="x", **facts)


def test_the_desk_closes_with_a_word_and_everybody_knows(village: Village) -> None:
    need_id = village.carried()
    village.deliver()
    _desk(village, close_need_by_staff, need_id, words="社区已经送到")
    parcels = village.deliver()
    assert village.said_to(village.volunteers[0], parcels) == ["task_closed_by_staff"]
    told = next(p for p in parcels if p.template == "need_closed_by_staff")
    assert told.facts["reply"] == "社区已经送到"
    with pytest.raises(NeedOver):
        _desk(village, close_need_by_staff, need_id, words="x")
    waiting = village.state()
    _desk(village, close_need_by_staff, waiting, words="x")
    assert village.need(waiting).state is NeedState.CLOSED


def test_there_is_nobody_to_ask_again_where_nobody_has_it(village: Village) -> None:
    need_id = village.state()
    for step in (ask_again, take_back):
        with pytest.raises(NeedMoved):
            _desk(village, step, need_id)


def test_a_coordinator_sees_both_phones_and_the_look_is_noted(village: Village) -> None:
    need_id = village.state()
    facts = {"coordinator_id": village.coordinator, "need_id": need_id}
    resident, nobody = village.do(open_phones, **facts)
    assert (resident.phone, nobody) == ("+8613900139000", None)
    village.claim(need_id, village.volunteers[0])
    _, helper = village.do(open_phones, **facts)
    assert helper.name == "志愿者1"
    # The resident's twice, the volunteer's once.
    assert village.noted().count("contact_shown") == 3


def test_a_need_that_has_lost_its_claim_is_reported_not_guessed(village: Village) -> None:
    need_id = village.carried()
    with village.database.transaction() as session:
        session.change(claim.delete().where(claim.c.need_id == need_id))
    with village.database.transaction() as session, pytest.raises(LookupError):
        _step(session, village.card_in(session, need_id), now=village.now)


def test_a_volunteer_who_has_no_chat_any_more_is_no_hindrance(village: Village) -> None:
    need_id = village.carried()
    village.forget_chat(village.volunteers[0])
    _say(village, cancel_need, need_id)
    assert village.need(need_id).state is NeedState.CANCELLED
