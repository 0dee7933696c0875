"""One volunteer has the need, knows where only then, and can give it back."""

from datetime import timedelta

import pytest

from storage.needs import (
    cancel_need,
    claim_need,
    decline_offer,
    get_task,
    release_claim,
    say_arrival,
    set_out,
    show_contact,
)
from storage.needs.claims.claiming import write_claim
from storage.needs.refusals import AtLimit, NeedChanged, NeedMoved, NeedOver, NeedTaken
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.lifecycle import NeedState
from storage.tables import claim
from tests.storage.needs.village import Village


def test_the_first_to_press_has_it_and_the_others_are_told_kindly_on_their_card(
    village: Village,
) -> None:
    need_id = village.state()
    village.deliver()
    first, second = village.volunteers
    card = village.claim(need_id, first)
    assert card.state is NeedState.CLAIMED
    assert card.claim is not None
    assert card.claim.volunteer_id == first
    edits = [p for p in village.deliver() if p.kind == "edit"]
    assert [(p.chat_id, p.template) for p in edits] == [(village.chat_of(second), "offer_taken")]
    assert village.offers(need_id) == [(1, first, "taken"), (1, second, "closed")]


def test_an_offer_says_neither_name_nor_address_nor_phone(village: Village) -> None:
    village.state()
    offers = [p for p in village.deliver() if p.template == "offer_card"]
    assert len(offers) == 2
    for parcel in offers:
        facts = str(parcel.facts)
        assert not any(word in facts for word in ("兰姨", "501", "13900139000", "13800138000"))


def test_who_comes_second_is_refused_kindly(village: Village) -> None:
    need_id = village.state()
    version = village.need(need_id).version
    first, second = village.volunteers
    village.claim(need_id, first)
    with pytest.raises(NeedTaken):
        village.do(claim_need, volunteer_id=second, need_id=need_id, version=version)
    with pytest.raises(AlreadyDone):
        village.do(claim_need, volunteer_id=first, need_id=need_id, version=version)


def test_whoever_was_never_asked_cannot_take_a_need(village: Village) -> None:
    need_id = village.state()
    stranger = village.add_volunteer("新来的")
    for person_id in (stranger, village.resident, village.daughter):
        with pytest.raises(NotAllowed):
            village.claim(need_id, person_id)
    with pytest.raises(NotAllowed):
        village.do(claim_need, volunteer_id=stranger, need_id=999, version=1)


def test_a_volunteer_whose_role_has_ended_cannot_take_a_need(village: Village) -> None:
    need_id = village.state()
    village.end_role(village.volunteers[0])
    with pytest.raises(NotAllowed):
        village.claim(need_id, village.volunteers[0])


def test_an_old_card_shows_the_new_words_before_it_takes(village: Village) -> None:
    need_id = village.state()
    with pytest.raises(NeedChanged):
        village.do(claim_need, volunteer_id=village.volunteers[0], need_id=need_id, version=77)


def test_a_press_on_a_need_that_is_over_says_so(village: Village) -> None:
    need_id = village.carried()
    village.finish(need_id)
    from_before = village.need(need_id).version
    with pytest.raises(NeedTaken):
        village.do(
            claim_need, volunteer_id=village.volunteers[1], need_id=need_id, version=from_before
        )


def test_more_tasks_than_a_volunteer_wanted_are_refused_and_nothing_changes(
    village: Village,
) -> None:
    helper = village.volunteers[0]
    needs = [village.state(), village.state()]
    village.set_volunteer(helper, open_limit=1)
    village.claim(needs[0], helper)
    with pytest.raises(AtLimit):
        village.claim(needs[1], helper)
    assert village.need(needs[1]).state is NeedState.OPEN


def test_the_database_itself_lets_no_second_claim_live(village: Village) -> None:
    need_id = village.state()
    with village.database.transaction() as session:
        session.execute(
            claim.insert().values(
                uid="0" * 32,
                need_id=need_id,
                volunteer_id=village.volunteers[1],
                state="active",
                created_at=village.now,
                version=1,
            )
        )
    # A card read before the other claim was written, as a racing transaction would have it.
    card = village.need(need_id)
    with village.database.transaction() as session, pytest.raises(NeedTaken):
        write_claim(session, now=village.now, need_id=card.id, volunteer_id=village.volunteers[0])


def test_all_have_said_no_and_the_next_are_asked_at_once(village: Village) -> None:
    need_id = village.state()
    far = village.add_volunteer("远方", home=village.far)
    near = village.add_volunteer("附近", skills="errands")
    for helper in village.volunteers[:2]:
        village.do(decline_offer, volunteer_id=helper, need_id=need_id)
    assert village.offers(need_id)[2:] == [(1, near, "offered")]
    village.do(decline_offer, volunteer_id=near, need_id=need_id)
    assert village.offers(need_id)[3:] == [(1, far, "offered")]
    village.do(decline_offer, volunteer_id=far, need_id=need_id)
    assert village.need(need_id).state is NeedState.UNCLAIMED


def test_a_no_is_a_no_once(village: Village) -> None:
    need_id = village.state()
    first, second = village.volunteers
    village.do(decline_offer, volunteer_id=first, need_id=need_id)
    with pytest.raises(AlreadyDone):
        village.do(decline_offer, volunteer_id=first, need_id=need_id)
    # Whoever said no may still change their mind while nobody has it.
    village.claim(need_id, first)
    with pytest.raises(NeedTaken):
        village.do(decline_offer, volunteer_id=second, need_id=need_id)
    with pytest.raises(NotAllowed):
        village.do(decline_offer, volunteer_id=village.resident, need_id=need_id)


def test_where_and_whom_is_seen_only_after_the_time_is_said_and_each_look_is_noted(
    village: Village,
) -> None:
    need_id = village.state(by=village.daughter)
    card = village.claim(need_id, village.volunteers[0])
    assert card.claim is not None
    mine = {"volunteer_id": village.volunteers[0], "claim_id": card.claim.id}
    with pytest.raises(NeedMoved):
        village.do(show_contact, **mine)
    village.come(need_id)
    contact, asker = village.do(show_contact, **mine)
    assert (contact.name, contact.phone) == ("兰姨", "+8613900139000")
    assert contact.address == "桂花小区 3 栋 501"
    assert asker.phone == "+8613900139001"
    assert village.noted().count("contact_shown") == 2
    other = {"volunteer_id": village.volunteers[1], "claim_id": card.claim.id}
    with pytest.raises(NotAllowed):
        village.do(show_contact, **other)
    village.finish(need_id)
    with pytest.raises(NeedMoved):
        village.do(show_contact, **mine)


def test_a_resident_who_asked_for_themselves_is_the_only_one_shown(village: Village) -> None:
    need_id = village.carried()
    held = village.need(need_id).claim
    assert held is not None
    shown = village.do(show_contact, volunteer_id=held.volunteer_id, claim_id=held.id)
    assert shown[1] is None


def test_the_resident_and_who_asked_for_them_hear_who_comes_and_when(village: Village) -> None:
    need_id = village.carried(by=village.daughter)
    parcels = village.deliver()
    for person_id in (village.resident, village.daughter):
        assert "need_who_comes" in village.said_to(person_id, parcels)
    told = next(p for p in parcels if p.template == "need_who_comes")
    assert told.facts["volunteer"] == "志愿者1"
    assert told.facts["arrives_at"] == (village.now + timedelta(hours=1)).isoformat()
    village.come(need_id, after=timedelta(hours=3))
    assert village.said_to(village.resident) == ["need_other_time"]


def test_news_of_somebody_who_comes_at_night_does_not_wait_for_the_morning(
    village: Village,
) -> None:
    need_id = village.state()
    village.deliver()
    village.now += timedelta(hours=12)  # ten in the evening
    village.claim(need_id, village.volunteers[0])
    village.come(need_id, after=timedelta(minutes=30))
    assert "need_who_comes" in village.said_to(village.resident)


def test_going_needs_a_time_and_is_told(village: Village) -> None:
    need_id = village.state()
    village.claim(need_id, village.volunteers[0])
    with pytest.raises(NeedMoved):
        village.act(set_out, need_id)
    with pytest.raises(NeedMoved):
        village.finish(need_id)
    village.come(need_id)
    village.deliver()
    card = village.act(set_out, need_id)
    assert card.claim is not None
    assert card.claim.on_way_at == village.now
    assert village.said_to(village.resident) == ["need_on_way"]


def test_an_old_button_of_a_task_changes_nothing(village: Village) -> None:
    need_id = village.carried()
    held = village.need(need_id).claim
    assert held is not None
    mine = {"volunteer_id": held.volunteer_id, "claim_id": held.id, "version": held.version - 1}
    with pytest.raises(NeedMoved):
        village.do(say_arrival, **mine, arrives_at=village.now)
    with pytest.raises(NeedMoved):
        village.do(release_claim, **mine)
    assert village.need(need_id).claim == held


def test_who_cannot_come_is_not_asked_again_and_others_are_at_once(village: Village) -> None:
    need_id = village.carried()
    village.deliver()
    second = village.volunteers[1]
    village.act(release_claim, need_id)
    card = village.need(need_id)
    assert (card.state, card.round, card.claim) == (NeedState.OPEN, 2, None)
    assert [one for one in village.offers(need_id) if one[0] == 2] == [(2, second, "offered")]
    parcels = village.deliver()
    assert village.said_to(village.resident, parcels) == ["need_offered_on"]
    assert village.said_to(second, parcels) == ["offer_card"]
    village.claim(need_id, second)


def test_a_claim_given_back_before_a_time_was_said_does_not_trouble_the_resident(
    village: Village,
) -> None:
    need_id = village.state()
    village.claim(need_id, village.volunteers[0])
    village.deliver()
    village.act(release_claim, need_id)
    assert village.said_to(village.resident) == []


def test_a_task_that_is_no_longer_theirs_says_where_the_need_stands(village: Village) -> None:
    need_id = village.carried()
    held = village.need(need_id).claim
    assert held is not None
    village.act(release_claim, need_id)
    with pytest.raises(NeedMoved):
        village.database.do(get_task, volunteer_id=held.volunteer_id, claim_id=held.id)
    with pytest.raises(NotAllowed):
        village.database.do(get_task, volunteer_id=village.volunteers[1], claim_id=held.id)
    with pytest.raises(NotAllowed):
        village.database.do(get_task, volunteer_id=held.volunteer_id, claim_id=999)


def test_an_old_card_of_an_earlier_round_still_takes_a_need_that_waits(village: Village) -> None:
    need_id = village.carried()
    first, second = village.volunteers
    village.act(release_claim, need_id)
    village.do(decline_offer, volunteer_id=second, need_id=need_id)
    village.claim(need_id, first)
    assert (2, first, "taken") in village.offers(need_id)


def test_the_press_on_a_closed_need_names_its_end(village: Village) -> None:
    need_id = village.state()
    card = village.need(need_id)
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=card.version)
    with pytest.raises(NeedOver):
        village.claim(need_id, village.volunteers[0])
