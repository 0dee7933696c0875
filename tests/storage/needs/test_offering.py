"""Offers widen by the table, reach only who suits, and end with a person who decides."""

from datetime import timedelta

import pytest

from storage.categories import Changing, change_rule
from storage.needs import Statement, count_unclaimed, list_desk, move_needs, next_need_at
from storage.needs.cards import read_need
from storage.needs.matching.offering import hand_over, offer_on
from storage.people import get_person
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from tests.storage.needs.village import ERRAND, Village
from tests.storage.residents import OFFICE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_only_who_suits_is_asked(village: Village) -> None:
    first, second = village.volunteers
    paused = village.add_volunteer("歇着")
    village.set_volunteer(paused, paused_until=village.now + DAY)
    village.add_volunteer("不会", skills="haircut")
    village.add_volunteer("远方", home=village.far)
    ended = village.add_volunteer("退出")
    village.end_role(ended)
    full = village.add_volunteer("满了", limit=1)
    others = village.add_resident("周伯")
    taken = village.do_state(others)
    village.claim(taken, full)
    need_id = village.state()
    assert [who for _, who, _ in village.offers(need_id)] == [first, second]


@pytest.mark.parametrize(("may", "asked"), [("yes", 2), ("with_skill", 0)])
def test_who_may_help_is_what_the_office_says_now(village: Village, may: str, asked: int) -> None:
    farm = Statement(Category.FARM_HELP, Urgency.U2, "谷子收不回来")
    with village.database.transaction() as session:
        office = get_person(session, person_id=village.coordinator)
        change_rule(
            session,
            now=village.now,
            actor=office,
            category=Category.FARM_HELP,
            field=Changing.VOLUNTEER_MAY,
            value=may,
            version=0,
        )
    for volunteer in village.volunteers:
        village.set_volunteer(volunteer, skills="haircut")
    assert len(village.offers(village.state(farm))) == asked


def test_nobody_of_the_household_is_asked(village: Village) -> None:
    for person_id in (village.resident, village.daughter):
        village.make_volunteer(person_id)
    need_id = village.state(by=village.daughter)
    assert [who for _, who, _ in village.offers(need_id)] == village.volunteers


def test_waves_go_from_near_to_anywhere_to_the_coordinator(village: Village) -> None:
    far = village.add_volunteer("远方", home=village.far)
    need_id = village.state()
    village.deliver()
    village.wait(4 * HOUR + timedelta(minutes=1))  # nobody near is left: anywhere at once
    assert (1, far, "offered") in village.offers(need_id)
    village.wait(2 * DAY)
    card = village.need(need_id)
    assert card.state is NeedState.UNCLAIMED
    told = next(p for p in village.deliver() if p.template == "desk_unclaimed")
    assert {key: told.facts[key] for key in ("reason", "asked", "declined", "silent")} == {
        "reason": "nobody_took_it",
        "asked": 3,
        "declined": 0,
        "silent": 3,
    }


def test_a_community_without_volunteers_is_not_waited_for(village: Village) -> None:
    village.move(village.resident, village.far)
    need_id = village.state()
    assert [who for _, who, _ in village.offers(need_id)] == village.volunteers
    for helper in village.volunteers:
        village.end_role(helper)
    other = village.state()
    assert village.need(other).state is NeedState.UNCLAIMED
    reasons = [p.facts["reason"] for p in village.deliver() if p.template == "desk_unclaimed"]
    assert reasons == ["nobody_suitable"]
    assert village.database.do(count_unclaimed, actor=OFFICE) == 1
    assert [card.id for card in village.database.do(list_desk, actor=OFFICE)] == [other]


def test_a_resident_without_a_community_is_offered_everywhere(village: Village) -> None:
    village.move(village.resident, None)
    need_id = village.state()
    assert [who for _, who, _ in village.offers(need_id)] == village.volunteers


def test_what_volunteers_may_not_do_goes_to_the_coordinator_with_the_reason(
    village: Village,
) -> None:
    said = Statement(Category.TWO_SUBSIDIES, Urgency.U2, "补贴")
    need_id = village.state(said, by=village.daughter)
    assert village.offers(need_id) == []
    parcels = village.deliver()
    told = next(p for p in parcels if p.template == "desk_unclaimed")
    assert told.facts["reason"] == "not_for_volunteers"
    # The daughter reads it in the answer to her own press.
    assert village.said_to(village.daughter, parcels) == []
    assert village.said_to(village.resident, parcels) == [
        "need_stated_for",
        "need_with_coordinator",
    ]


def test_the_time_of_a_wave_starts_when_its_offers_may_go_out(village: Village) -> None:
    village.now += 14 * HOUR  # midnight
    need_id = village.state(Statement(Category.ERRAND, Urgency.U1, "买药"))
    assert village.said_to(village.volunteers[0]) == []
    village.wait(7 * HOUR)
    assert village.need(need_id).state is NeedState.OPEN
    village.wait(HOUR)
    assert village.said_to(village.volunteers[0]) == ["offer_card"]


def test_coordinators_are_reminded_daily_until_it_is_handled(village: Village) -> None:
    for helper in village.volunteers:
        village.end_role(helper)
    village.state()
    assert village.said_to(village.coordinator) == ["desk_unclaimed"]
    for _ in range(3):
        village.wait(DAY)
        assert village.said_to(village.coordinator) == ["desk_unclaimed"]


def test_a_need_may_be_taken_while_the_coordinator_has_it(village: Village) -> None:
    need_id = village.state()
    village.wait(10 * DAY)
    assert village.need(need_id).state is NeedState.UNCLAIMED
    village.claim(need_id, village.volunteers[0])
    assert village.need(need_id).state is NeedState.CLAIMED


def test_after_an_outage_a_late_need_moves_once(village: Village) -> None:
    need_id = village.state()
    village.now += 30 * DAY
    assert move_needs(village.database, now=village.now)
    assert not move_needs(village.database, now=village.now)
    assert village.need(need_id).state is NeedState.UNCLAIMED
    due = village.database.do(next_need_at)
    assert due is not None
    assert due > village.now


def test_nothing_is_due_where_nothing_was_stated(village: Village) -> None:
    assert village.database.do(next_need_at) is None
    assert not move_needs(village.database, now=village.now)


def test_a_need_that_somebody_took_meanwhile_is_not_offered_on(village: Village) -> None:
    village.add_volunteer("远方", home=village.far)
    need_id = village.state()
    before = village.need(need_id)
    village.claim(need_id, village.volunteers[0])
    offers = village.offers(need_id)
    with village.database.transaction() as session:
        offer_on(session, now=village.now, card=before)
        hand_over(session, now=village.now, card=before)
    assert village.offers(need_id) == offers
    assert village.need(need_id).state is NeedState.CLAIMED


def test_a_need_that_is_not_there_is_a_mistake_of_the_program(village: Village) -> None:
    with village.database.transaction() as session, pytest.raises(LookupError):
        read_need(session, need_id=404)


def test_a_volunteer_without_a_chat_holds_nothing_up(village: Village) -> None:
    village.forget_chat(village.volunteers[1])
    need_id = village.state()
    village.claim(need_id, village.volunteers[0])
    village.come(need_id)
    assert village.need(need_id).words == ERRAND.words
