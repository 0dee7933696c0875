"""Rung by rung: who is asked with which words, and that an empty rung makes nobody wait."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from storage.apart import Ground, keep_apart
from storage.communities import seed
from storage.house import House
from storage.refusals import NotAllowed
from storage.rules.ladder import RUNGS, Outcome, Rung
from storage.rules.sending import QuietHours
from storage.rules.tiers import Tier
from storage.tables import community, organisation, person, role
from tests.storage.calls.street import Street

NUMBER = "+8610013800138"


def rung(street: Street) -> Rung:
    return RUNGS[int(street.case().rung)]


def fail_to_call(street: Street) -> None:
    """The caller tries three times in vain."""
    street.forward(hours=5)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)


@pytest.fixture
def around(street: Street) -> Street:
    """A daughter in the chat who agreed, a neighbour next door; no stand-in."""
    street.join("daughter", "caregiver")
    street.join("next_door", "volunteer")
    street.join("across", "volunteer")
    street.plan(stand_in_id=None, contact_name="李梅", contact_phone=NUMBER)
    street.pair("next_door")
    return street


def test_the_contact_who_agreed_gets_a_message_of_their_own_and_may_take_it(
    around: Street,
) -> None:
    around.contact_agrees("daughter")
    fail_to_call(around)
    asked = around.last("daughter")
    assert (asked.template, asked.facts["phone"]) == ("check_in_family", None)
    assert around.heard("next_door") == []
    held = around.take("daughter")
    assert held.facts["address"] == "桂花小区 3 栋 501"
    around.answer("daughter", Outcome.SEEN)
    around.deliver()
    assert around.last("zhang").template == "check_in_over"


def test_a_contact_without_a_recorded_yes_is_passed_over_at_once(around: Street) -> None:
    fail_to_call(around)
    assert around.heard("daughter") == []
    assert around.heard("zhang")[-1] != "check_in_contact"
    assert around.last("next_door").template == "check_in_neighbour"
    assert around.count("check_in_passed_over") == 2  # no stand-in, no consent


def test_a_contact_who_blocked_the_bot_costs_a_minute_and_is_phoned_instead(
    around: Street,
) -> None:
    around.contact_agrees("daughter")
    around.forward(hours=1)
    around.unreachable.add("daughter")
    fail_to_call(around)
    around.forward(minutes=1)
    asked = around.last("zhang")
    assert (asked.template, asked.facts["contact_phone"]) == ("check_in_contact", NUMBER)
    assert around.heard("next_door") == []
    around.answer("zhang", Outcome.NO_ANSWER)
    around.forward(minutes=1)
    assert around.heard("next_door")[-1] == "check_in_neighbour"


def test_a_contact_who_takes_their_yes_back_is_not_asked_and_may_do_nothing(
    around: Street,
) -> None:
    around.contact_agrees("daughter")
    fail_to_call(around)
    around.contact_withdraws()
    with pytest.raises(NotAllowed):
        around.answer("daughter", Outcome.SEEN)
    around.forward(hours=5)
    duty = around.last("wang").facts
    assert (around.last("wang").template, duty["contact_phone"]) == ("check_in_duty", None)


def test_two_neighbours_knock_together_and_one_who_hears_nothing_moves_it_on(
    around: Street,
) -> None:
    around.pair("across")
    fail_to_call(around)
    for name in ("next_door", "across"):
        asked = around.last(name)
        assert (asked.template, asked.facts["phone"]) == ("check_in_neighbour", None)
    around.answer("across", Outcome.NO_ANSWER)
    around.forward(minutes=1)
    assert around.last("wang").template == "check_in_duty"


@pytest.mark.parametrize("why", ["unpaired", "away", "apart", "removed from the chat"])
def test_a_neighbour_who_is_not_there_makes_nobody_wait(around: Street, why: str) -> None:
    around.forward(hours=5)
    if why == "unpaired":
        around.unpair("next_door")
    elif why == "away":
        around.go_away("next_door")
    elif why == "apart":
        lan, other = around.people["lan"], around.people["next_door"]
        now = around.now
        around.do(keep_apart, now=now, one=lan, other=other, ground=Ground.RESIDENT, by=None)
    else:
        around.leave_chat("next_door")
    for wait in (30, 120, 0):
        around.answer("zhang", Outcome.NO_ANSWER)
        around.forward(minutes=wait)
    assert "check_in_neighbour" not in around.heard("next_door")
    assert around.last("wang").template == "check_in_duty"
    assert around.last("wang").facts["rung"] == "office"


def test_whoever_tried_in_vain_hears_at_once_who_is_asked_next(around: Street) -> None:
    around.forward(hours=5)
    for wait in (30, 120):
        around.answer("zhang", Outcome.NO_ANSWER)
        around.forward(minutes=wait)
    said = around.answer("zhang", Outcome.NO_ANSWER)
    # Nobody stands in, and the contact has not agreed: those rungs are passed over already.
    assert (said.rung, said.next_at) == (Rung.NEIGHBOUR, around.now)


def test_whoever_works_in_the_community_is_asked_to_visit(street: Street) -> None:
    _live_in_a_community(street)
    street.plan(stand_in_id=None)
    fail_to_call(street)
    asked = street.last("chen")
    assert (asked.template, asked.facts["phone"]) == ("check_in_station", "+8613900139000")
    assert "check_in_station" not in street.heard("wang")
    street.forward(minutes=62)
    assert rung(street) is Rung.OFFICE


def _live_in_a_community(street: Street) -> None:
    """Lan lives where chen works."""
    with street.database.transaction() as session:
        seed(session, now=street.now)
        home = session.value(select(community.c.id).order_by(community.c.id).limit(1))
        works = session.value(select(organisation.c.id).where(organisation.c.community_id == home))
        session.change(
            update(person).where(person.c.id == street.people["lan"]).values(community_id=home)
        )
        session.change(
            update(role)
            .where(role.c.person_id == street.people["chen"])
            .values(organisation_id=works)
        )


def test_tier_a_reaches_the_top_within_two_hours_whoever_is_silent(around: Street) -> None:
    around.contact_agrees("daughter")
    around.set_tier(Tier.A)
    around.forward(hours=5)
    around.forward(hours=2)
    assert rung(around) is Rung.NO_SUPPORT
    for name, template in (("daughter", "check_in_family"), ("next_door", "check_in_neighbour")):
        assert around.heard(name).count(template) == 1
    rings = around.heard("wang").count("check_in_duty")
    around.forward(hours=1)
    assert around.heard("wang").count("check_in_duty") == rings + 4


def test_tier_b_in_vain_climbs_every_rung_on_the_same_day(around: Street) -> None:
    around.contact_agrees("daughter")
    around.set_tier(Tier.B)
    fail_to_call(around)
    around.forward(hours=4)
    assert around.last("wang").facts["rung"] == "no_support"
    with around.database.transaction() as session:
        local = session.house.local(around.now)
    assert local.day == 25


def test_a_wait_that_would_reach_into_the_night_ends_with_the_evening(street: Street) -> None:
    street.plan(clock=time(19, 45))
    street.forward(hours=9, minutes=45)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(minutes=30)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(minutes=45)  # nine in the evening, not a quarter past ten
    assert street.heard("zhang")[-1] == "check_in_call_otherwise"


def test_quiet_hours_that_cover_the_whole_day_hold_no_rung_back(
    street: Street,
) -> None:
    street.plan()
    street.set_tier(Tier.A)
    all_day = QuietHours(time(0), time(0))
    house = street.database.house
    street.database.house = House(zone=house.zone, quiet=all_day, language="zh")
    street.forward(hours=7)
    assert "check_in_call" in street.heard("zhang")
    assert street.heard("liu")[-1] == "check_in_stand_in"
    assert street.last("wang").facts["rung"] == "no_support"


def test_a_plan_edited_while_its_case_is_open_leaves_the_ladder_but_asks_nobody_removed(
    around: Street,
) -> None:
    around.contact_agrees("daughter")
    around.forward(hours=5)
    around.answer("zhang", Outcome.NO_ANSWER)
    around.set_tier(Tier.A)
    around.contact_withdraws()
    around.unpair("next_door")
    around.forward(minutes=29)
    assert around.heard("zhang")[-1] == "check_in_call"  # tier C waits for thirty minutes
    around.forward(hours=5)
    assert around.heard("daughter") == []
    assert around.heard("next_door") == []
    assert around.last("wang").template == "check_in_duty"


def test_with_a_clock_set_back_nothing_is_asked_twice_and_the_case_goes_on(
    around: Street,
) -> None:
    around.forward(hours=5)
    around.now -= timedelta(minutes=90)
    around.forward(minutes=30)
    assert around.heard("zhang").count("check_in_call") == 1
    around.forward(hours=5)
    assert around.heard("next_door").count("check_in_neighbour") == 1
    assert around.last("wang").template == "check_in_duty"
