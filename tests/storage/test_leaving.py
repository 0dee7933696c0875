"""Leaving: what is free ends at once, what somebody counts on is handed over first."""

from datetime import datetime

import pytest
from sqlalchemy import insert, select

from storage.consents import give_consent, has_consent
from storage.database import Database, Session
from storage.leaving import leave, list_held_roles
from storage.outbox import MessageClass, say
from storage.people import Person, find_by_phone, get_person
from storage.tables import alarm, caregiver, check_in_plan, claim, need, outbox, person
from tests.storage.residents import heard, register

PHONE = "+8610000000003"
WANG, LI, CHEN = 1, 2, 3


@pytest.fixture
def chen(database: Database, now: datetime) -> Person:
    """Somebody who is everything at once."""
    with database.transaction() as session:
        register(session, now=now, name="王珊", roles=("coordinator",), chat=WANG)
        made = register(
            session,
            now=now,
            name="陈素芬",
            roles=("resident", "caregiver", "volunteer", "coordinator"),
            chat=CHEN,
            phone=PHONE,
        )
        give_consent(
            session,
            now=now,
            person_id=made.id,
            purpose="keep_data",
            version="1",
            given_by=made.id,
        )
        return made


def _need(session: Session, now: datetime, resident_id: int, state: str = "open") -> int:
    statement = insert(need).values(
        uid="u",
        resident_id=resident_id,
        stated_by=resident_id,
        area="livelihood",
        category="errand",
        action="home_help",
        urgency="U2",
        words=b"",
        state=state,
        next_step_at=now,
        due_at=now,
        created_at=now,
        origin="chat",
        round=1,
        wave=0,
        asked=0,
        version=1,
    )
    return int(session.value(statement.returning(need.c.id)))


def _plan(session: Session, now: datetime, *, resident_id: int, caller_id: int) -> None:
    session.execute(
        insert(check_in_plan),
        {
            "uid": "u",
            "resident_id": resident_id,
            "caller_id": caller_id,
            "weekdays": 127,
            "local_time": "09:00",
            "next_due_at": now,
            "state": "active",
            "created_by": caller_id,
            "created_at": now,
            "version": 1,
        },
    )


def test_with_nothing_open_everything_ends_and_contact_data_is_forgotten(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        left = leave(session, now=now, person=chen)
        after = get_person(session, person_id=chen.id)
        assert left.kept == []
        assert sorted(left.ended) == ["caregiver", "coordinator", "resident", "volunteer"]
        assert after.roles == {}
        assert not after.has_phone
        assert not after.day_reminders
        assert find_by_phone(session, phone=PHONE) == []
        assert not has_consent(session, person_id=chen.id, purpose="keep_data")
        assert heard(session, WANG) == []


def test_an_open_need_keeps_the_resident_until_the_office_has_handed_it_over(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        _need(session, now, chen.id)
        left = leave(session, now=now, person=chen)
        assert left.kept == ["resident"]
        assert get_person(session, person_id=chen.id).has_phone
        assert has_consent(session, person_id=chen.id, purpose="keep_data")
        assert heard(session, WANG) == ["leaving_with_work"]


def test_a_running_call_plan_keeps_the_one_who_is_phoned(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        other = register(session, now=now, name="张强", roles=("volunteer",))
        _plan(session, now, resident_id=chen.id, caller_id=other.id)
        assert list_held_roles(session, person=chen) == ["resident"]
        assert list_held_roles(session, person=other) == ["volunteer"]


def test_a_task_under_way_keeps_the_volunteer(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        other = register(session, now=now, name="罗德明", roles=("resident",))
        need_id = _need(session, now, other.id, state="claimed")
        session.execute(
            insert(claim),
            {
                "uid": "u",
                "need_id": need_id,
                "volunteer_id": chen.id,
                "state": "active",
                "created_at": now,
                "version": 1,
            },
        )
        assert list_held_roles(session, person=chen) == ["volunteer"]


def test_a_held_alarm_keeps_the_coordinator_and_so_does_being_the_last(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        assert list_held_roles(session, person=chen) == []
        session.execute(
            insert(alarm),
            {
                "uid": "u",
                "chat_id": 9,
                "danger": "fall",
                "words": b"",
                "state": "held",
                "holder_id": chen.id,
                "next_step_at": now,
                "rings": 1,
                "created_at": now,
                "version": 1,
            },
        )
        assert list_held_roles(session, person=chen) == ["coordinator"]
    with database.transaction() as session:
        wang_id = session.value(select(person.c.id).where(person.c.name == "王珊"))
        wang = get_person(session, person_id=wang_id)
        assert list_held_roles(session, person=wang) == []
        leave(session, now=now, person=wang)
        assert "coordinator" in list_held_roles(session, person=chen)


def test_ties_end_with_the_side_that_leaves_and_the_other_side_hears_it(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        daughter = register(session, now=now, name="李梅", roles=("caregiver",), chat=4)
        stranger = register(session, now=now, name="陌生人", chat=5)
        ties = [(daughter.id, "confirmed"), (stranger.id, "asked")]
        session.execute(
            insert(caregiver),
            [
                {
                    "resident_id": chen.id,
                    "caregiver_id": caregiver_id,
                    "state": state,
                    "created_at": now,
                    "version": 1,
                }
                for caregiver_id, state in ties
            ],
        )
        leave(session, now=now, person=chen)
        states = {row.state for row in session.all(select(caregiver.c.state))}
        assert states == {"ended"}
        assert heard(session, 4) == ["caregiver_ended"]
        assert heard(session, 5) == []


def test_a_volunteer_who_leaves_has_no_ties_to_end(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=6)
        assert leave(session, now=now, person=zhang).ended == ["volunteer"]


def test_what_waits_for_somebody_who_left_is_not_sent_any_more(
    database: Database, now: datetime, chen: Person
) -> None:
    with database.transaction() as session:
        for kind in (MessageClass.INFO, MessageClass.MUST, MessageClass.ANSWER):
            say(
                session,
                now=now,
                to=chen.id,
                key=kind.value,
                template="desk_unclaimed",
                message_class=kind,
            )
        leave(session, now=now, person=chen)
        waiting = select(outbox.c.key).where(outbox.c.state == "pending", outbox.c.chat_id == CHEN)
        assert [row.key for row in session.all(waiting)] == ["answer"]
