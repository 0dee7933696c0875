"""Those who speak for a resident state, change and withdraw needs; nobody else does."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.needs import (
    Statement,
    cancel_need,
    change_need,
    list_own_needs,
    list_spoken_for,
    list_tasks,
    may_see_words,
    open_need_from_check_in,
    state_need,
)
from storage.needs.opening import understand
from storage.needs.refusals import NeedMoved, NeedOver
from storage.needs.statements.stating import _write_change
from storage.people import find_person
from storage.refusals import NotAllowed
from storage.rules.areas import Category, Urgency
from storage.rules.ladder import LADDERS, freeze
from storage.rules.lifecycle import NeedState
from storage.rules.tiers import Tier
from storage.tables import check_in, check_in_plan, consent
from tests.storage.needs.village import ERRAND, Village

CHAT = Statement(Category.COMPANIONSHIP, Urgency.U2, "想有人聊聊天")


def _change(village: Village, need_id: int, said: Statement, *, by: int | None = None) -> None:
    facts = {"need_id": need_id, "version": village.need(need_id).version, "said": said}
    village.do(change_need, actor_id=by or village.resident, **facts)


def _cancel(village: Village, need_id: int, *, by: int | None = None) -> None:
    facts = {"need_id": need_id, "version": village.need(need_id).version}
    village.do(cancel_need, actor_id=by or village.resident, **facts)


def test_sending_keeps_the_address_and_the_yes_to_showing_it(village: Village) -> None:
    other = village.add_resident("周伯")
    said = {"resident_id": other, "said": ERRAND, "address": "后街 5 号"}
    village.do(state_need, actor_id=other, **said)
    village.do(state_need, actor_id=other, resident_id=other, said=ERRAND)
    with village.database.transaction() as session:
        person = find_person(session, person_id=other)
        rows = session.all(select(consent).where(consent.c.person_id == other))
    assert person is not None
    assert person.has_address
    assert [(row.purpose, row.ground, row.given_by) for row in rows] == [
        ("share_contact", "self", other)
    ]


def test_a_caregiver_says_yes_for_both(village: Village) -> None:
    village.state(by=village.daughter)
    with village.database.transaction() as session:
        rows = session.all(select(consent).order_by(consent.c.person_id))
    assert [(row.person_id, row.ground) for row in rows] == [
        (village.resident, "caregiver"),
        (village.daughter, "self"),
    ]


def test_nobody_states_a_need_for_somebody_they_do_not_speak_for(village: Village) -> None:
    for stranger in (village.volunteers[0], 9999):
        with pytest.raises(NotAllowed):
            village.state(by=stranger)


def test_a_person_is_asked_for_whom_among_those_they_may_speak_for(village: Village) -> None:
    own = village.database.do(list_spoken_for, person_id=village.resident)
    assert [(one.name, one.own) for one in own] == [("兰姨", True)]
    theirs = village.database.do(list_spoken_for, person_id=village.daughter)
    assert [(one.name, one.own, one.has_address) for one in theirs] == [("兰姨", False, True)]
    assert village.database.do(list_spoken_for, person_id=9999) == []


def test_a_changed_word_is_seen_on_the_offers_that_are_out(village: Village) -> None:
    need_id = village.state()
    village.deliver()
    _change(village, need_id, Statement(ERRAND.category, ERRAND.urgency, "买米和油"))
    edits = [p for p in village.deliver() if p.template == "offer_card"]
    assert [(p.kind, p.facts["words"]) for p in edits] == [("edit", "买米和油")] * 2
    village.claim(need_id, village.volunteers[0])


def test_an_offer_that_had_not_gone_out_goes_out_with_the_new_words(village: Village) -> None:
    need_id = village.state()
    _change(village, need_id, Statement(ERRAND.category, ERRAND.urgency, "买米和油"))
    offers = [p for p in village.deliver() if p.template == "offer_card"]
    assert [(p.kind, p.facts["words"]) for p in offers] == [("send", "买米和油")] * 2


def test_another_kind_of_need_is_offered_afresh(village: Village) -> None:
    friend = village.add_volunteer("聊友", skills="visits_and_chat")
    need_id = village.state()
    village.deliver()
    _change(village, need_id, CHAT)
    assert village.need(need_id).round == 2
    parcels = village.deliver()
    assert village.said_to(village.volunteers[0], parcels) == ["offer_withdrawn"]
    assert village.said_to(friend, parcels) == ["offer_card"]


def test_a_more_urgent_need_widens_by_the_times_of_its_urgency(village: Village) -> None:
    far = village.add_volunteer("远方", home=village.far)
    need_id = village.state()
    _change(village, need_id, Statement(ERRAND.category, Urgency.U1, ERRAND.words))
    assert len(village.offers(need_id)) == 2, "those just asked have their time"
    village.wait(timedelta(minutes=10))
    assert (1, far, "offered") in village.offers(need_id)


def test_who_comes_is_told_of_a_change_and_so_is_the_resident_of_a_caregivers(
    village: Village,
) -> None:
    need_id = village.carried()
    village.deliver()
    said = Statement(CHAT.category, Urgency.U1, "还要一袋盐")
    _change(village, need_id, said, by=village.daughter)
    parcels = village.deliver()
    assert village.said_to(village.volunteers[0], parcels) == ["task_changed"]
    assert village.said_to(village.resident, parcels) == ["need_changed"]
    assert village.need(need_id).state is NeedState.CLAIMED


def test_coordinators_see_a_change_of_what_they_have(village: Village) -> None:
    benefit = Statement(Category.TWO_SUBSIDIES, Urgency.U2, "两项补贴")
    need_id = village.state(benefit)
    assert village.said_to(village.coordinator) == ["desk_unclaimed"]
    _change(village, need_id, Statement(benefit.category, benefit.urgency, "护理补贴"))
    assert village.said_to(village.coordinator) == ["desk_changed"]
    _change(village, need_id, ERRAND)
    assert village.need(need_id).state is NeedState.OPEN


def test_what_is_done_or_over_cannot_be_changed(village: Village) -> None:
    need_id = village.carried()
    village.finish(need_id)
    with pytest.raises(NeedMoved):
        _change(village, need_id, CHAT)
    with pytest.raises(NeedMoved):
        _cancel(village, need_id)
    over = village.state()
    _cancel(village, over)
    with pytest.raises(NeedMoved):
        _change(village, over, CHAT)
    with pytest.raises(NeedOver):
        _cancel(village, over)
    with pytest.raises(NotAllowed):
        village.do(cancel_need, actor_id=village.resident, need_id=777, version=1)


def test_an_old_button_changes_nothing_and_a_stranger_even_less(village: Village) -> None:
    need_id = village.state()
    facts = {"need_id": need_id, "version": 99, "said": CHAT}
    with pytest.raises(NeedMoved):
        village.do(change_need, actor_id=village.resident, **facts)
    with pytest.raises(NotAllowed):
        _change(village, need_id, CHAT, by=village.volunteers[0])
    with pytest.raises(NotAllowed):
        _cancel(village, need_id, by=village.volunteers[0])


def test_two_changes_at_once_do_not_write_over_each_other(village: Village) -> None:
    need_id = village.state()
    before = village.need(need_id)
    _change(village, need_id, Statement(ERRAND.category, ERRAND.urgency, "第一"))
    with village.database.transaction() as session, pytest.raises(NeedMoved):
        _write_change(session, before, now=village.now, said=CHAT, anew=False)


def test_a_withdrawn_need_tells_the_volunteer_at_once_and_puts_the_address_away(
    village: Village,
) -> None:
    need_id = village.carried()
    village.show_contact(need_id)
    village.deliver()
    _cancel(village, need_id, by=village.daughter)
    parcels = village.deliver()
    told = village.said_to(village.volunteers[0], parcels)
    assert sorted(told) == ["claim_contact_hidden", "task_cancelled"]
    assert village.said_to(village.resident, parcels) == ["need_cancelled"]
    assert village.need(need_id).claim is None


def test_a_withdrawn_need_leaves_no_offer_out(village: Village) -> None:
    need_id = village.state()
    village.deliver()
    _cancel(village, need_id)
    parcels = village.deliver()
    assert [village.said_to(one, parcels) for one in village.volunteers] == [
        ["offer_withdrawn"],
        ["offer_withdrawn"],
    ]


def test_mine_lists_own_needs_those_of_who_one_cares_for_and_tasks(village: Village) -> None:
    need_id = village.carried()
    for person_id in (village.resident, village.daughter):
        cards = village.database.do(list_own_needs, person_id=person_id)
        assert [card.id for card in cards] == [need_id]
    later = village.state()
    village.claim(later, village.volunteers[0])
    tasks = village.database.do(list_tasks, volunteer_id=village.volunteers[0])
    assert [card.id for card in tasks] == [need_id, later], "a time said comes first"
    assert village.database.do(list_own_needs, person_id=village.volunteers[0]) == []


def test_only_who_speaks_for_the_resident_staff_and_who_comes_may_read_everything(
    village: Village,
) -> None:
    need_id = village.carried()
    card = village.need(need_id)
    with village.database.transaction() as session:
        may = {
            who: may_see_words(session, person_id=who, card=card, as_helper=True)
            for who in (village.resident, village.daughter, village.coordinator, 999)
        }
        first, second = village.volunteers
        assert may_see_words(session, person_id=first, card=card, as_helper=True)
        assert not may_see_words(session, person_id=first, card=card)
        assert not may_see_words(session, person_id=second, card=card, as_helper=True)
    assert list(may.values()) == [True, True, True, False]


def test_help_needed_on_the_phone_is_on_the_coordinators_desk_at_once(village: Village) -> None:
    with village.database.transaction() as session:
        plan = session.value(
            check_in_plan.insert()
            .values(
                uid="1" * 32,
                resident_id=village.resident,
                caller_id=village.volunteers[0],
                weekdays=127,
                local_time="10:00",
                next_due_at=village.now,
                state="active",
                created_by=village.coordinator,
                created_at=village.now,
                version=1,
            )
            .returning(check_in_plan.c.id)
        )
        case = session.value(
            check_in.insert()
            .values(
                plan_id=plan,
                resident_id=village.resident,
                caller_id=village.volunteers[0],
                due_at=village.now,
                tier=Tier.C.value,
                ladder=freeze(LADDERS[Tier.C]),
                rung=0,
                repeat=0,
                state="open",
                next_step_at=village.now,
                version=1,
            )
            .returning(check_in.c.id)
        )
    village.now += timedelta(hours=12)  # in the quiet hours
    need_id = village.do(
        open_need_from_check_in,
        resident_id=village.resident,
        actor_id=village.volunteers[0],
        words="问候电话中说需要帮助。",
        check_in_id=case,
    )
    card = village.need(need_id)
    assert (card.state, card.urgency, card.origin) == (
        NeedState.UNCLAIMED,
        Urgency.U1,
        "check_in",
    )
    assert village.said_to(village.coordinator) == ["desk_unclaimed"]


def test_words_that_are_no_danger_any_more_are_for_a_person_today() -> None:
    assert understand("我摔倒了").urgency in (Urgency.U1, Urgency.U2)
    assert understand("我摔倒了").category is not Category.EMERGENCY_MEDICAL
