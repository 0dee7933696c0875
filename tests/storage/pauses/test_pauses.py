"""A pause: nothing is sent that falls inside, its end plans anew, a slip is taken back whole."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.check_ins import stop_check_in
from storage.outbox import MessageClass, say
from storage.pauses import PauseCard, end_pause, find_card, look_around, move_resident, undo_pause
from storage.pauses.ending import PauseOver
from storage.pausing import is_paused
from storage.people import get_person
from storage.refusals import AlreadyDone, NotAllowed
from storage.registers import place_in_household
from storage.rules.ladder import Outcome
from storage.rules.pauses import Reason
from storage.tables import check_in, check_in_plan, community, outbox, role, to_tell
from tests.storage.calls.street import Street
from tests.storage.pauses.rest import change, pass_time, pause


def due_of(street: Street) -> datetime:
    with street.database.transaction() as session:
        due: datetime = session.value(select(check_in_plan.c.next_due_at))
        return due


def calls(street: Street) -> list[datetime]:
    """When each check-in fell due, by the wall clock."""
    with street.database.transaction() as session:
        rows = session.all(select(check_in.c.due_at).order_by(check_in.c.due_at))
    return [row.due_at.astimezone(street.database.house.zone) for row in rows]


def test_in_hospital_till_friday_no_call_is_made_and_the_next_is_on_saturday(
    street: Street,
) -> None:
    street.plan()
    pause(street)
    pass_time(street, days=2)
    assert calls(street) == []
    assert street.heard("zhang") == ["plan_you_call", "pause_no_calls"]
    pass_time(street, hours=30)
    assert [one.day for one in calls(street)] == [28]
    assert street.heard("zhang")[2:4] == ["pause_calls_again", "check_in_call"]
    assert street.count("check_in_dropped") == 3
    assert street.count("check_in_missed") == 0


def test_who_is_away_gets_alarms_and_answers_and_nothing_else(street: Street) -> None:
    pause(street)
    for message_class in MessageClass:
        street.do(
            say,
            now=street.now,
            to=street.people["lan"],
            key=f"test:{message_class.value}",
            template="help",
            message_class=message_class,
            facts={"roles": []},
        )
    with street.database.transaction() as session:
        rows = session.all(select(outbox.c.key).where(outbox.c.key.like("test:%")))
    assert {row.key for row in rows} == {"test:alarm", "test:answer"}


def test_what_waited_for_the_morning_is_withdrawn_when_the_pause_begins(street: Street) -> None:
    street.now = street.now.replace(hour=15)  # eleven at night in Shanghai
    street.plan()
    assert street.pending().count("plan_for_you") == 1
    pause(street)
    pass_time(street, days=1)
    assert street.heard("lan") == []


def test_back_early_the_caller_is_told_when_the_next_call_is(street: Street) -> None:
    street.plan()
    card = pause(street, last_day=None)
    pass_time(street, days=1)
    change(street, end_pause, card)
    pass_time(street, hours=6)
    assert [one.day for one in calls(street)] == [26]
    assert "pause_calls_again" in street.heard("zhang")
    with pytest.raises(PauseOver):
        change(street, end_pause, card)


def test_a_slip_of_the_finger_makes_the_call_that_fell_inside(street: Street) -> None:
    street.plan()
    card = pause(street, reason=Reason.DIED, last_day=None)
    pass_time(street, minutes=30)
    change(street, undo_pause, card)
    pass_time(street, hours=6)
    assert [one.day for one in calls(street)] == [25]
    with street.database.transaction() as session:
        assert get_person(session, person_id=street.people["lan"]).is_approved("resident")


def test_said_again_the_pause_has_another_last_day(street: Street) -> None:
    first = pause(street)
    second = pause(street, last_day=date(2026, 12, 3))
    assert (first.id, second.version) == (second.id, 2)
    assert second.last_day == date(2026, 12, 3)


def test_a_live_case_goes_on_until_staff_say_otherwise(street: Street) -> None:
    street.plan()
    pass_time(street, hours=5, minutes=1)
    street.answer("zhang", Outcome.NO_ANSWER)
    pause(street)
    with street.database.transaction() as session:
        around = look_around(session, people=[street.people["lan"]])
    assert len(around.check_ins) == 1
    pass_time(street, minutes=40)
    assert "check_in_call_again" in street.heard("zhang")
    with street.database.transaction() as session:
        stop_check_in(session, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    pass_time(street, days=1)
    assert street.last("zhang").template == "check_in_over"
    assert street.case().ending == "away"


def test_an_answer_that_was_on_its_way_when_the_case_stopped_is_still_written_down(
    street: Street,
) -> None:
    street.plan()
    pass_time(street, hours=5, minutes=1)
    pause(street)
    with street.database.transaction() as session:
        stop_check_in(session, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    assert street.answer("zhang", Outcome.SPOKE_FINE).effect.value == "late"
    assert street.count("check_in_late_outcome") == 1


def test_the_stand_in_is_asked_when_the_caller_is_away(street: Street) -> None:
    street.plan()
    pause(street, whom="zhang", by="wang")
    pass_time(street, hours=6)
    assert "check_in_call" not in street.heard("zhang")
    assert "check_in_stand_in" in street.heard("liu")


def test_who_died_is_written_to_no_more_and_only_staff_are_told(street: Street) -> None:
    street.plan()
    pass_time(street, hours=5, minutes=1)
    street.got.clear()
    pause(street, reason=Reason.DIED, last_day=None)
    pass_time(street, days=3)
    assert set(street.got) <= {"wang", "chen"}
    assert street.heard("wang") == ["pause_settled"]
    assert street.last("wang").facts["callers"] == ["zhang"]
    with street.database.transaction() as session:
        lan = get_person(session, person_id=street.people["lan"])
        assert (lan.roles, lan.telegram_id) == ({}, None)
        assert is_paused(session, person_id=lan.id, now=street.now + timedelta(days=900))
    with pytest.raises(PauseOver):
        change(street, undo_pause, _live(street, "lan"))


def _live(street: Street, name: str) -> PauseCard:
    with street.database.transaction() as session:
        found = find_card(session, person_id=street.people[name])
    assert found is not None
    return found


def test_who_moved_away_leaves_the_register_an_hour_later(street: Street) -> None:
    street.plan()
    pause(street, reason=Reason.MOVED, last_day=None)
    pass_time(street, hours=2)
    with street.database.transaction() as session:
        state = session.value(select(role.c.state).where(role.c.person_id == street.people["lan"]))
        plan = session.find(select(check_in_plan))
    assert (state, plan.state if plan else None) == ("ended", "ended")


def test_a_resident_pauses_themselves_but_ends_nobodys_life_in_the_register(
    street: Street,
) -> None:
    pause(street, by="lan")
    for reason in (Reason.DIED, Reason.MOVED):
        with pytest.raises(NotAllowed):
            pause(street, by="lan", reason=reason, last_day=None)
    for by in ("zhang", "other"):
        with pytest.raises(NotAllowed):
            pause(street, by=by)


def test_a_household_is_away_together(street: Street) -> None:
    child = street.join("child", "resident")
    with street.database.transaction() as session:
        wang = get_person(session, person_id=street.people["wang"])
        home = place_in_household(
            session, now=street.now, actor=wang, person_id=street.people["lan"]
        )
        place_in_household(session, now=street.now, actor=wang, person_id=child, household_id=home)
    street.plan()
    card = pause(street, whom="child", household_id=home)
    pass_time(street, days=1)
    assert calls(street) == []
    with street.database.transaction() as session:
        assert all(
            is_paused(session, person_id=one, now=street.now)
            for one in (child, street.people["lan"])
        )
    change(street, end_pause, card)
    pass_time(street, hours=6)
    assert len(calls(street)) == 1
    with pytest.raises(NotAllowed):
        pause(street, whom="other", household_id=home)


@pytest.fixture
def home(street: Street) -> int:
    """Lan lives with a child; the other way round than the pauses below are said."""
    child = street.join("child", "resident")
    with street.database.transaction() as session:
        wang = get_person(session, person_id=street.people["wang"])
        home = place_in_household(
            session, now=street.now, actor=wang, person_id=street.people["lan"]
        )
        place_in_household(session, now=street.now, actor=wang, person_id=child, household_id=home)
    return home


def test_one_of_a_household_dies_and_not_who_had_the_household_paused(
    street: Street, home: int
) -> None:
    whole = pause(street, whom="child", household_id=home)
    died = pause(street, whom="lan", reason=Reason.DIED, last_day=None)
    assert (died.person_id, died.household_id) == (street.people["lan"], None)
    pass_time(street, hours=2)
    with street.database.transaction() as session:
        live = select(role.c.state).where(role.c.person_id == street.people["child"])
        assert session.value(live) == "approved"
        still = find_card(session, person_id=street.people["child"])
        assert still is not None
        assert (still.id, still.reason) == (whole.id, whole.reason)


def test_whoever_lives_with_somebody_who_died_is_phoned_as_before(
    street: Street, home: int
) -> None:
    street.plan()  # for Lan, who is alive
    pause(street, whom="child", household_id=home)
    pass_time(street, days=1)
    assert calls(street) == []
    pause(street, whom="child", reason=Reason.DIED, last_day=None)
    pass_time(street, days=1)
    assert len(calls(street)) > 0
    with street.database.transaction() as session:
        assert not is_paused(session, person_id=street.people["lan"], now=street.now)


def test_who_moves_within_the_programme_keeps_their_calls_and_loses_the_old_address(
    street: Street,
) -> None:
    with street.database.transaction() as session:
        session.execute(community.insert().values(id=7, name="青山村", position=1, active=True))
        wang = get_person(session, person_id=street.people["wang"])
        lan = street.people["lan"]
        move_resident(session, now=street.now, actor=wang, person_id=lan, community_id=7)
        moved = get_person(session, person_id=lan)
        assert (moved.community_id, moved.has_address) == (7, False)
        with pytest.raises(AlreadyDone):
            move_resident(session, now=street.now, actor=wang, person_id=lan, community_id=7)


def test_who_has_no_chat_is_put_on_the_list_of_those_to_be_told(street: Street) -> None:
    mute = street.join("mute", "resident", in_chat=False)
    for key in ("a", "a", "b"):
        street.do(
            say,
            now=street.now,
            to=mute,
            key=f"test:{key}",
            template="plan_for_you_ended",
            message_class=MessageClass.MUST,
        )
    street.do(
        say,
        now=street.now,
        to=mute,
        key="test:c",
        template="day_reminder",
        message_class=MessageClass.INFO,
    )
    with street.database.transaction() as session:
        assert [row.key for row in session.all(select(to_tell.c.key))] == ["test:a", "test:b"]
