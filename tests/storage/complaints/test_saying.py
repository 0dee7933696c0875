"""Something went wrong: the two are parted at once, quietly, and the staff hear of it."""

import pytest

from storage.apart import are_apart, may_they_meet
from storage.complaints import (
    ComplaintEnding,
    ComplaintOver,
    ComplaintTaken,
    end_complaint,
    list_own_complaints,
    list_parties,
    take_complaint,
    withdraw_complaint,
)
from storage.needs import claim_need
from storage.needs.refusals import NeedMoved
from storage.people import get_person
from storage.refusals import NotAllowed
from storage.rules.lifecycle import NeedState
from tests.storage.complaints.quarrel import Quarrel


def test_a_report_parts_the_two_and_offers_the_task_on(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    village.show_contact(need_id)
    village.deliver()
    quarrel.say(quarrel.resident, need_id)
    assert village.database.do(are_apart, quarrel.resident, quarrel.helper)
    assert village.need(need_id).state is NeedState.OPEN
    assert village.need(need_id).claim is None
    sent = village.deliver()
    told = village.said_to(quarrel.helper, sent)
    assert "claim_contact_hidden" in told
    assert "task_plan_changed" in told
    assert not any("complaint" in one for one in told)
    assert "complaint_new" in village.said_to(quarrel.staff, sent)
    helpers = {one for _, one, state in village.offers(need_id) if state == "offered"}
    assert quarrel.helper not in helpers
    assert village.volunteers[1] in helpers


def test_a_helper_may_say_so_too_and_the_resident_is_not_blamed(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    said = quarrel.say(quarrel.helper, need_id, what="unsafe_place")
    assert (said.reported_id, said.for_id) == (quarrel.resident, quarrel.helper)
    sent = village.deliver()
    assert village.said_to(quarrel.helper, sent).count("task_plan_changed") == 0
    told = village.said_to(quarrel.resident, sent)
    assert "need_offered_on" in told
    assert not any("complaint" in one for one in told)


def test_a_caregiver_speaks_for_the_resident_and_both_are_kept_from_the_helper(
    quarrel: Quarrel,
) -> None:
    village = quarrel.village
    need_id = village.carried()
    said = quarrel.say(village.daughter, need_id)
    assert (said.reporter_id, said.for_id) == (village.daughter, quarrel.resident)
    for one in (village.daughter, quarrel.resident):
        assert village.database.do(are_apart, one, quarrel.helper)


def test_no_later_need_leads_them_together(quarrel: Quarrel) -> None:
    village = quarrel.village
    quarrel.say(quarrel.resident, village.carried())
    later = village.state()
    assert quarrel.helper not in {one for _, one, _ in village.offers(later)}


def test_an_offer_that_is_out_leads_nowhere_any_more(quarrel: Quarrel) -> None:
    village = quarrel.village
    first, second = village.carried(), village.state()
    assert quarrel.helper in {one for _, one, _ in village.offers(second)}
    version = village.need(second).version
    quarrel.say(quarrel.resident, first)
    states = {one: state for _, one, state in village.offers(second)}
    assert states[quarrel.helper] == "closed"
    with pytest.raises(NeedMoved):
        village.do(claim_need, volunteer_id=quarrel.helper, need_id=second, version=version)


def test_what_is_done_still_waits_for_its_yes(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    village.finish(need_id)
    quarrel.say(quarrel.resident, need_id)
    assert village.need(need_id).state is NeedState.DONE


def test_of_whom_something_grave_was_said_is_sent_to_nobody_until_it_is_looked_into(
    quarrel: Quarrel,
) -> None:
    village = quarrel.village
    need_id = village.carried()
    neighbour = village.add_resident("周婆婆")
    assert village.database.do(may_they_meet, helper_id=quarrel.helper, person_id=neighbour)
    quarrel.say(quarrel.resident, need_id, what="touched")
    assert not village.database.do(may_they_meet, helper_id=quarrel.helper, person_id=neighbour)
    later = village.do_state(neighbour)
    assert quarrel.helper not in {one for _, one, _ in village.offers(later)}


def test_more_about_the_same_one_is_added_and_the_graver_counts(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    first = quarrel.say(quarrel.resident, need_id)
    again = quarrel.say(quarrel.resident, need_id, what="hurt", words="推了我一把")
    milder = quarrel.say(quarrel.resident, need_id, what="no_show", words="昨天没来")
    assert first.id == again.id == milder.id
    assert milder.wrong.key == "hurt"
    assert milder.words == "说话很难听\n推了我一把\n昨天没来"
    assert first.due_at is not None
    assert milder.due_at is not None
    assert milder.due_at < first.due_at
    assert village.said_to(quarrel.staff) == ["complaint_more"]  # the newest says it all


def test_only_the_two_sides_of_a_task_may_say_so(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    stranger = village.add_resident("周婆婆")
    for one in (stranger, village.volunteers[1], quarrel.staff):
        with pytest.raises(NotAllowed):
            quarrel.say(one, need_id)
    with pytest.raises(NotAllowed):
        quarrel.say(quarrel.resident, need_id, what="not_home")  # the other side's words
    with pytest.raises(NotAllowed):
        quarrel.say(quarrel.resident, village.state())  # nobody has come


def test_each_sees_with_whom_they_had_to_do(quarrel: Quarrel) -> None:
    village = quarrel.village
    village.carried()
    actor = village.database.do(get_person, person_id=quarrel.resident)
    (party,) = village.do(list_parties, actor=actor)
    assert party.name == "志愿者1"
    actor = village.database.do(get_person, person_id=quarrel.helper)
    (party,) = village.do(list_parties, actor=actor)
    assert party.reported_id == quarrel.resident


def test_it_can_be_taken_back_while_nobody_has_it(quarrel: Quarrel) -> None:
    village = quarrel.village
    quarrel.say(quarrel.resident, village.carried(), what="touched")
    with pytest.raises(NotAllowed):
        quarrel.do(withdraw_complaint, quarrel.helper)
    quarrel.do(withdraw_complaint, quarrel.resident)
    assert not village.database.do(are_apart, quarrel.resident, quarrel.helper)
    assert "complaint_withdrawn" in village.said_to(quarrel.staff)
    with pytest.raises(ComplaintOver):
        quarrel.do(withdraw_complaint, quarrel.resident)
    assert village.database.do(list_own_complaints, actor=quarrel.person(quarrel.resident)) == []


def test_it_cannot_be_taken_back_once_somebody_has_it(quarrel: Quarrel) -> None:
    village = quarrel.village
    quarrel.say(quarrel.resident, village.carried())
    quarrel.do(take_complaint, quarrel.staff)
    with pytest.raises(ComplaintTaken) as taken:
        quarrel.do(withdraw_complaint, quarrel.resident)
    assert taken.value.facts["owner"] == "王主任"


def test_the_words_are_sealed(quarrel: Quarrel) -> None:
    quarrel.say(quarrel.resident, quarrel.village.carried(), words="他骂人")
    assert "骂人".encode() not in quarrel.row().words


def test_taken_back_by_one_it_still_keeps_apart_what_another_said(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    first = quarrel.say(quarrel.resident, need_id)
    second = quarrel.say(village.daughter, need_id)
    pair = (quarrel.resident, quarrel.helper)
    quarrel.do(withdraw_complaint, quarrel.resident, first.id)
    assert village.database.do(are_apart, *pair)
    quarrel.do(withdraw_complaint, village.daughter, second.id)
    assert not village.database.do(are_apart, *pair)


def test_what_staff_kept_apart_is_not_undone_by_a_later_word_taken_back(quarrel: Quarrel) -> None:
    village = quarrel.village
    need_id = village.carried()
    quarrel.say(quarrel.resident, need_id)
    quarrel.do(take_complaint, quarrel.staff)
    apart = ComplaintEnding.KEPT_APART
    quarrel.do(end_complaint, quarrel.staff, ending=apart, note="两边都问过")
    again = quarrel.say(quarrel.resident, need_id)
    quarrel.do(withdraw_complaint, quarrel.resident, again.id)
    assert village.database.do(are_apart, quarrel.resident, quarrel.helper)
