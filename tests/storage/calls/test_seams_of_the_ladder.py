"""What the ladder takes from beside it: agreed hours, raised tiers, phones, later calls."""

from datetime import time

from sqlalchemy import insert, select, update

from storage.check_ins import reopen_check_in
from storage.communities import seed
from storage.database import Session
from storage.people import set_phone
from storage.rules.ladder import LADDERS, RUNGS, Outcome, Rung, thaw
from storage.rules.tiers import Tier
from storage.tables import (
    check_in,
    check_in_plan,
    community,
    journal,
    organisation,
    person,
    role,
)
from tests.storage.calls.street import Street

GRANNY = "+8610000000071"


def rung(street: Street) -> Rung:
    return RUNGS[int(street.case().rung)]


def climb_to_duty(street: Street) -> None:
    street.forward(hours=5)
    for wait in (30, 120, 1):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)


def granny_next_door(street: Street) -> None:
    """A paired neighbour who has a telephone and no chat."""
    granny = street.join("granny", "volunteer", in_chat=False)
    street.do(set_phone, person_id=granny, phone=GRANNY)
    street.pair("granny")


def looks_at(street: Street, name: str) -> list[int]:
    """Who saw somebody's number."""
    with street.database.transaction() as session:
        shown = select(journal.c.actor_id).where(
            journal.c.what == "contact_shown", journal.c.subject_id == street.people[name]
        )
        return [row.actor_id for row in session.all(shown)]


def test_a_neighbour_without_the_chat_is_named_to_who_can_phone_and_each_look_is_noted(
    street: Street,
) -> None:
    granny_next_door(street)
    street.plan()
    climb_to_duty(street)
    asked = street.last("liu")
    assert asked.template == "check_in_stand_in"
    assert asked.facts["neighbours"] == ["granny"]
    assert asked.facts["neighbour_phones"] == [GRANNY]
    assert looks_at(street, "granny") == [street.people["liu"]]
    street.forward(hours=2)
    duty = street.last("wang")
    assert (duty.template, duty.facts["neighbour_phones"]) == ("check_in_duty", [GRANNY])
    assert street.people["wang"] in looks_at(street, "granny")
    assert street.take("wang").facts["neighbours"] == ["granny"]


def test_a_number_goes_to_nobody_when_the_pair_is_over_or_the_neighbour_uses_the_chat(
    street: Street,
) -> None:
    granny_next_door(street)
    street.unpair("granny")
    street.join("next_door", "volunteer", phone="+8610000000072")
    street.pair("next_door")
    street.plan()
    climb_to_duty(street)
    assert street.last("liu").facts["neighbours"] == []
    street.forward(hours=1)
    assert street.heard("next_door")[-1] == "check_in_neighbour"
    assert "neighbour_phones" not in street.last("next_door").facts
    assert looks_at(street, "granny") == looks_at(street, "next_door") == []


def test_a_caller_has_the_agreed_hours_before_silence_counts(street: Street) -> None:
    street.plan(until=time(17))
    street.forward(hours=5)
    assert street.last("zhang").facts["until"] == "17:00"
    street.forward(minutes=119)
    assert street.heard("zhang")[-1] == "check_in_call"
    street.forward(minutes=3)
    assert street.heard("zhang")[-1] == "check_in_call_again"


def test_a_short_window_never_shortens_the_wait_of_the_tier(street: Street) -> None:
    street.plan(until=time(15, 10))
    street.forward(hours=5)
    assert thaw(street.case().ladder) == LADDERS[Tier.C]


def test_tier_a_is_at_the_top_two_hours_after_the_window(street: Street) -> None:
    street.plan(until=time(16, 30))
    street.set_tier(Tier.A)
    street.forward(hours=5)
    street.forward(minutes=89)
    assert rung(street) is Rung.CALL
    street.forward(hours=2)
    assert rung(street) is Rung.NO_SUPPORT


def test_a_tier_raised_for_a_time_freezes_its_own_ladder_until_its_last_day(
    street: Street,
) -> None:
    street.plan()
    with street.database.transaction() as session:
        today = session.house.local(street.now).date()
        session.change(update(check_in_plan).values(raised_to="a", raised_until=today))
    street.forward(hours=5)
    assert (street.case().tier, thaw(street.case().ladder)) == ("a", LADDERS[Tier.A])
    street.answer("zhang", Outcome.SPOKE_FINE)
    street.forward(days=1)
    assert (street.case(2).tier, thaw(street.case(2).ladder)) == ("c", LADDERS[Tier.C])


def test_whoever_works_at_a_station_of_the_community_is_asked_to_visit_too(
    street: Street,
) -> None:
    street.do(_station_of_lan, street=street)
    street.plan(stand_in_id=None)
    climb_to_duty(street)
    assert street.last("chen").template == "check_in_station"
    assert "check_in_station" not in street.heard("wang")


def _station_of_lan(session: Session, *, street: Street) -> None:
    seed(session, now=street.now)
    home = session.value(select(community.c.id).order_by(community.c.id).limit(1))
    above = session.find(select(organisation).where(organisation.c.community_id == home))
    assert above is not None
    station = session.value(
        insert(organisation)
        .values(
            parent_id=above.id,
            kind="station",
            name="联络站",
            path=f"{above.path}x/",
            active=True,
            created_at=street.now,
            version=1,
        )
        .returning(organisation.c.id)
    )
    lan, chen = street.people["lan"], street.people["chen"]
    session.change(update(person).where(person.c.id == lan).values(community_id=home))
    session.change(update(role).where(role.c.person_id == chen).values(organisation_id=station))


def two_open(street: Street) -> None:
    """Yesterday's call waits for a named person; today's was just asked for."""
    street.plan()
    street.forward(hours=5)
    street.forward(days=1)
    assert [street.case(one).state for one in (1, 2)] == ["open", "open"]


def test_who_is_reached_today_is_looked_for_no_more_because_of_yesterday(street: Street) -> None:
    two_open(street)
    street.answer("zhang", Outcome.SPOKE_FINE, 2)
    assert [street.case(one).state for one in (1, 2)] == ["closed", "closed"]
    street.deliver()
    assert street.heard("wang")[-1] == "check_in_over"
    assert street.heard("lan").count("check_in_settled") <= 1
    street.forward(hours=3)
    assert street.heard("wang")[-1] == "check_in_over"


def test_an_answer_to_yesterdays_call_says_nothing_of_today(street: Street) -> None:
    two_open(street)
    street.answer("wang", Outcome.SPOKE_FINE, 1)
    assert [street.case(one).state for one in (1, 2)] == ["closed", "open"]


def test_no_answer_today_leaves_yesterday_open(street: Street) -> None:
    two_open(street)
    street.answer("zhang", Outcome.NO_ANSWER, 2)
    assert street.case(1).state == "open"


def test_a_slip_opens_again_what_had_ended_with_it(street: Street) -> None:
    two_open(street)
    street.answer("wang", Outcome.SPOKE_FINE, 2)
    street.do(reopen_check_in, now=street.now, actor_id=street.people["wang"], check_in_id=2)
    assert [street.case(one).state for one in (1, 2)] == ["open", "open"]


def test_a_visit_after_something_grave_is_not_ended_by_a_telephone(street: Street) -> None:
    two_open(street)
    with street.database.transaction() as session:
        session.change(update(check_in).where(check_in.c.id == 1).values(kind="change"))
    street.answer("zhang", Outcome.SPOKE_FINE, 2)
    assert street.case(1).state == "open"
