"""Who is asked, and why, as the registers say it now; and what the coordinator is told of it."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from storage.apart import Ground, keep_apart
from storage.consents import give_consent
from storage.needs import (
    Declining,
    Statement,
    cancel_need,
    decline_for_good,
    decline_offer,
    explain_offers,
    explain_person,
    list_assignable,
    list_kinds_off,
    switch_kind_off,
    switch_kind_on,
)
from storage.neighbours import list_near, set_neighbour
from storage.people import find_person, get_person
from storage.refusals import AlreadyDone, NotAllowed
from storage.registers import change_profile
from storage.rules.areas import Category, Urgency
from storage.rules.fields import Register
from storage.rules.lifecycle import NeedState
from storage.rules.matching import Stop
from storage.rules.purposes import Ground as Word
from storage.rules.purposes import Purpose
from storage.rules.weights import WEIGHTS, Part
from storage.tables import household, household_member, journal, offer, qualification
from tests.storage.needs.village import Village
from tests.storage.residents import OFFICE

DAY = timedelta(days=1)
TUTORING = Statement(Category.STUDY_HELP, Urgency.U1, "想请人教孩子写作业")
MASSAGE = Statement(Category.MASSAGE, Urgency.U2, "肩膀痛，想请人按摩")


def asked_for(village: Village, need_id: int) -> list[int]:
    return [who for _, who, _ in village.offers(need_id)]


def explain(village: Village, need_id: int) -> Any:
    return village.database.do(explain_offers, coordinator_id=village.coordinator, need_id=need_id)


def why_not(village: Village, need_id: int, name: str) -> Any:
    (found,) = village.do(
        explain_person, coordinator_id=village.coordinator, need_id=need_id, name=name
    )
    return found


def born(village: Village, person_id: int, year: int, *, sex: str = "female") -> None:
    with village.database.transaction() as session:
        change_profile(
            session,
            now=village.now,
            actor=get_person(session, person_id=person_id),
            person_id=person_id,
            values={"born_on": f"{year}-01-01", "sex": sex},
            ground="self",
            register=Register.VOLUNTEER,
        )


def test_each_offer_keeps_the_named_parts_it_was_made_for(village: Village) -> None:
    need_id = village.state()
    with village.database.transaction() as session:
        reasons = session.value(select(offer.c.reasons).where(offer.c.need_id == need_id))
    assert f"same_community:{WEIGHTS.points[Part.SAME_COMMUNITY]}" in reasons
    card = next(p for p in village.deliver() if p.template == "offer_card")
    assert card.facts["why"] == ["has_skill", "same_community"]


def test_the_coordinator_sees_why_these_and_how_many_were_passed_over(village: Village) -> None:
    resting = village.add_volunteer("歇着")
    village.set_volunteer(resting, paused_until=village.now + DAY)
    village.add_volunteer("不会", skills="haircut")
    need_id = village.state()
    told = explain(village, need_id)
    assert [(one.reach, one.why, one.asked) for one in told.waves] == [
        ("near_with_skill", "first", 2)
    ]
    assert [one.name for one in told.asked] == ["志愿者1", "志愿者2"]
    assert Part.SAME_COMMUNITY in told.asked[0].parts
    assert told.passed_over == {Stop.PAUSED: 1, Stop.SKILL_NOT_TICKED: 1}


def test_one_volunteer_is_looked_up_by_name(village: Village) -> None:
    resting = village.add_volunteer("歇着")
    village.set_volunteer(resting, paused_until=village.now + DAY)
    ended = village.add_volunteer("退出")
    village.end_role(ended)
    village.add_volunteer("远方", home=village.far)
    need_id = village.state()
    assert why_not(village, need_id, "歇着").stops == [Stop.PAUSED]
    assert why_not(village, need_id, "退出").stops == [Stop.NOT_APPROVED]
    assert why_not(village, need_id, "远方").stops == []
    asked = why_not(village, need_id, "志愿者1")
    assert (asked.state, asked.stops) == ("offered", [])
    nobody = {"coordinator_id": village.coordinator, "need_id": need_id, "name": "没有这人"}
    assert village.do(explain_person, **nobody) == []


def test_only_a_coordinator_is_told_why(village: Village) -> None:
    need_id = village.state()
    for who in (village.resident, village.volunteers[0]):
        with pytest.raises(NotAllowed):
            village.database.do(explain_offers, coordinator_id=who, need_id=need_id)
        facts = {"coordinator_id": who, "need_id": need_id, "name": "志愿者1"}
        with pytest.raises(NotAllowed):
            village.do(explain_person, **facts)


def test_those_kept_apart_are_never_brought_together(village: Village) -> None:
    first, second = village.volunteers
    village.do(
        keep_apart, one=first, other=village.resident, ground=Ground.REPORT, by=village.coordinator
    )
    need_id = village.state()
    assert asked_for(village, need_id) == [second]
    found = village.do(list_assignable, coordinator_id=village.coordinator, need_id=need_id)
    assert first not in [one.person_id for one in found]


def test_a_household_is_not_asked_for_itself(village: Village) -> None:
    first, second = village.volunteers
    with village.database.transaction() as session:
        home = session.add(
            insert(household).values(
                community_id=village.home, created_at=village.now, version=1, group_code=""
            )
        )
        for who in (first, village.resident):
            session.execute(
                insert(household_member).values(
                    person_id=who, household_id=home, relation="other", since=village.now
                )
            )
    assert asked_for(village, village.state()) == [second]


def test_a_minor_is_asked_only_with_the_guardians_yes(village: Village) -> None:
    young = village.add_volunteer("小李", skills="tutoring")
    born(village, young, 2010)
    assert young not in asked_for(village, village.state(TUTORING))
    with village.database.transaction() as session:
        give_consent(
            session,
            now=village.now,
            person_id=young,
            purpose=Purpose.VOLUNTEER_MINOR,
            given_by=village.daughter,
            ground=Word.GUARDIAN,
        )
    assert young in asked_for(village, village.state(TUTORING))
    # Somebody's home alone where the visit is marked risky, or what is not for the young: never.
    assert young not in asked_for(village, village.state())
    assert why_not(village, village.state(), "小李").stops == [Stop.TOO_YOUNG]


def test_a_paper_must_be_valid_on_the_day(village: Village) -> None:
    for name, ends in (("到期", date(2026, 11, 24)), ("有效", date(2026, 11, 25))):
        helper = village.add_volunteer(name, skills="massage")
        with village.database.transaction() as session:
            session.execute(
                insert(qualification).values(
                    uid=name,
                    person_id=helper,
                    kind="massage_therapist",
                    state="confirmed",
                    expires_on=ends,
                    confirmed_by=village.coordinator,
                    created_at=village.now,
                    version=1,
                )
            )
    need_id = village.state(MASSAGE)
    assert asked_for(village, need_id) == [village.volunteers[-1]]
    assert why_not(village, need_id, "到期").stops == [Stop.NOT_QUALIFIED]


def test_a_wished_sex_weighs_and_decides_nothing_alone(village: Village) -> None:
    first, second = village.volunteers
    born(village, first, 1980, sex="male")
    born(village, second, 1980, sex="female")
    with village.database.transaction() as session:
        change_profile(
            session,
            now=village.now,
            actor=get_person(session, person_id=village.resident),
            person_id=village.resident,
            values={
                "helper_sex": "female",
                "dialect": "重庆话",
                "communication": ["sign_language"],
            },
            ground="self",
        )
    assert asked_for(village, village.state()) == [second, first]


def test_whoever_was_asked_longest_ago_has_the_first_turn(village: Village) -> None:
    first, second = village.volunteers
    village.set_volunteer(first, last_offer_at=village.now - 3 * DAY)
    village.set_volunteer(second, last_offer_at=village.now - 9 * DAY)
    assert asked_for(village, village.state()) == [second, first]


def test_neighbouring_communities_come_before_the_others(village: Village) -> None:
    with village.database.transaction() as session:
        add: dict[str, Any] = {"actor": OFFICE, "now": village.now}
        assert set_neighbour(session, **add, one=village.far, other=village.home, beside=True)
        assert not set_neighbour(session, **add, one=village.home, other=village.far, beside=True)
        near = list_near(session, community_id=village.home)
    assert near.neighbours == frozenset({village.far})
    for helper in village.volunteers:
        village.end_role(helper)
    beside = village.add_volunteer("隔壁", home=village.far)
    need_id = village.state()
    assert asked_for(village, need_id) == [beside]
    told = explain(village, need_id)
    assert Part.NEXT_COMMUNITY in told.asked[0].parts
    # Nobody near could be asked, so it went on at once, and says so.
    assert [(one.reach, one.why) for one in told.waves] == [
        ("near_with_skill", "first"),
        ("near", "nobody"),
        ("anywhere", "nobody"),
    ]
    with village.database.transaction() as session:
        assert set_neighbour(session, **add, one=village.home, other=village.far, beside=False)
        assert list_near(session, community_id=None).neighbours == frozenset()


def test_only_the_office_says_what_lies_beside_what(village: Village) -> None:
    with village.database.transaction() as session:
        volunteer = get_person(session, person_id=village.volunteers[0])
        for actor, other in ((volunteer, village.far), (OFFICE, village.home), (OFFICE, 404)):
            with pytest.raises(NotAllowed):
                set_neighbour(
                    session,
                    now=village.now,
                    actor=actor,
                    one=village.home,
                    other=other,
                    beside=True,
                )


def test_a_kind_switched_off_is_asked_no_more_until_switched_on(village: Village) -> None:
    first, second = village.volunteers
    with village.database.transaction() as session:
        me = find_person(session, person_id=first)
        assert me is not None
        switch: dict[str, Any] = {"now": village.now, "person": me, "category": Category.ERRAND}
        switch_kind_off(session, **switch)
        with pytest.raises(AlreadyDone):
            switch_kind_off(session, **switch)
        assert list_kinds_off(session, person=me) == [Category.ERRAND]
    need_id = village.state()
    assert asked_for(village, need_id) == [second]
    assert why_not(village, need_id, "志愿者1").stops == [Stop.KIND_OFF]
    with village.database.transaction() as session:
        switch_kind_on(session, **switch)
        with pytest.raises(AlreadyDone):
            switch_kind_on(session, **switch)
        resident = get_person(session, person_id=village.resident)
        with pytest.raises(NotAllowed):
            switch_kind_off(session, now=village.now, person=resident, category=Category.ERRAND)
    assert first in asked_for(village, village.state())


def test_not_this_person_is_kept_quietly(village: Village) -> None:
    first, second = village.volunteers
    need_id = village.state()
    mine = {"volunteer_id": first, "need_id": need_id}
    village.do(decline_for_good, **mine)
    village.do(decline_for_good, **mine)
    assert (1, first, "declined") in village.offers(need_id)
    assert asked_for(village, village.state()) == [second]
    assert [one for one in village.said_to(village.resident) if "declin" in one] == []
    with pytest.raises(NotAllowed):
        village.do(decline_for_good, volunteer_id=village.daughter, need_id=need_id)


def test_the_ground_of_a_no_is_kept(village: Village) -> None:
    need_id = village.state()
    helper = village.volunteers[0]
    village.do(decline_offer, volunteer_id=helper, need_id=need_id, ground=Declining.NOT_THIS_KIND)
    with village.database.transaction() as session:
        ground = session.value(select(journal.c.ground).where(journal.c.what == "offer_declined"))
    assert ground == "not_this_kind"


def test_when_all_said_no_the_next_wave_says_so(village: Village) -> None:
    village.add_volunteer("别的", skills="haircut")
    need_id = village.state()
    for helper in village.volunteers[:2]:
        village.do(decline_offer, volunteer_id=helper, need_id=need_id)
    assert [one.why for one in explain(village, need_id).waves] == ["first", "all_declined"]


def test_a_need_that_nobody_takes_says_why_it_came_to_the_desk(village: Village) -> None:
    need_id = village.state()
    village.wait(4 * DAY)
    assert village.need(need_id).state is NeedState.UNCLAIMED
    last = explain(village, need_id).waves[-1]
    assert (last.reach, last.why) == ("coordinator", "nobody")


def test_who_was_asked_often_is_left_alone_while_others_are_there(village: Village) -> None:
    first, second = village.volunteers
    need_id = village.state()
    with village.database.transaction() as session:
        rows = [
            {
                "need_id": need_id,
                "round": 10 + number,
                "wave": 1,
                "volunteer_id": first,
                "created_at": village.now - DAY,
            }
            for number in range(WEIGHTS.often_offers)
        ]
        session.execute(insert(offer), rows)
    assert asked_for(village, village.state()) == [second]
    village.end_role(second)
    # Rather often than nobody.
    assert asked_for(village, village.state()) == [first]


def test_so_many_statements_however_many_volunteers(village: Village) -> None:
    counts: Counter[int] = Counter()

    def count(*_: Any) -> None:
        counts[len(village.volunteers)] += 1

    for size in (2, 4):
        while len(village.volunteers) < size:
            village.add_volunteer(f"多{len(village.volunteers)}", skills="haircut")
        event.listen(village.database.engine, "before_cursor_execute", count)
        need_id = village.state()
        event.remove(village.database.engine, "before_cursor_execute", count)
        version = village.need(need_id).version
        village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=version)
    assert counts[2] == counts[4]


def test_an_offer_made_by_an_older_release_is_explained_too(village: Village) -> None:
    need_id = village.state()
    with village.database.transaction() as session:
        session.change(update(offer).values(reasons="same_community,has_skill"))
    parts = explain(village, need_id).asked[0].parts
    assert list(parts) == [Part.SAME_COMMUNITY, Part.HAS_SKILL]
