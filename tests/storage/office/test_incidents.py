"""Incidents: what did not arrive stays on the list until somebody of the office says done."""

from datetime import datetime, timedelta

import pytest

from storage.database import Database, Session
from storage.incidents import SET_ASIDE, UNDELIVERED, note_incident
from storage.office import finish_incident, list_incidents, list_waiting, open_incident
from storage.outbox import MessageClass, say
from storage.outbox.leasing import lease
from storage.outbox.outcomes import End, SendResult, record, wipe_sent
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed
from tests.storage.residents import journalled, register

LAN = 30


@pytest.fixture
def wang(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def lose(session: Session, *, now: datetime, messages: int = 1, end: End = End.GONE) -> None:
    """Say something that must arrive to a chat that is gone."""
    for number in range(messages):
        say(
            session,
            now=now,
            chat_id=LAN,
            key=f"lost:{now.timestamp()}:{number}",
            template="volunteer_approved",
            message_class=MessageClass.MUST,
            facts={"name": "陈素芬"},
        )
    parcels = lease(session, owner="t", limit=50, now=now, real=0.0)
    results = [SendResult(one.id, end if one.chat_id == LAN else End.SENT) for one in parcels]
    record(session, owner="t", results=results, now=now, real=0.0)


def test_what_did_not_arrive_is_one_line_for_each_person(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        lan = register(session, now=now, name="陈素芬", roles=("resident",), chat=LAN)
        lose(session, now=now, messages=3)
        lose(session, now=now + timedelta(hours=1))
        later = now + timedelta(hours=2)
        waiting = list_waiting(session, now=later, actor=wang)
        assert [(one.key, one.count, one.minutes) for one in waiting] == [("undelivered", 1, 120)]
        (one,) = list_incidents(session, actor=wang, kind=UNDELIVERED, limit=5)
        assert one.name == lan.name
        assert one.lost == ("volunteer_approved", {"name": "陈素芬"})


def test_the_words_of_it_are_gone_after_a_day_and_the_line_stays(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        register(session, now=now, name="陈素芬", roles=("resident",), chat=LAN)
        lose(session, now=now)
        wipe_sent(session, now=now + timedelta(hours=25))
        (one,) = list_incidents(session, actor=wang, kind=UNDELIVERED, limit=5)
        assert one.lost is None


def test_of_two_who_say_done_one_did_it(database: Database, now: datetime, wang: Person) -> None:
    with database.transaction() as session:
        other = register(session, now=now, name="孙丽", roles=("coordinator",), chat=2)
        register(
            session, now=now, name="陈素芬", roles=("resident",), chat=LAN, phone="+8610012345678"
        )
        lose(session, now=now)
        (one,) = list_incidents(session, actor=wang, kind=UNDELIVERED, limit=5)
        contact = open_incident(session, now=now, actor=wang, incident_id=one.id)
        assert contact.phone == "+8610012345678"
        assert journalled(session, "contact_seen") == 1
        finish_incident(session, now=now, actor=wang, incident_id=one.id)
        with pytest.raises(AlreadyDone):
            finish_incident(session, now=now, actor=other, incident_id=one.id)
        with pytest.raises(NotAllowed):
            open_incident(session, now=now, actor=wang, incident_id=one.id)
        assert list_waiting(session, now=now, actor=wang) == []
        assert journalled(session, "incident_done") == 1
        lose(session, now=now + timedelta(days=1))
        assert len(list_incidents(session, actor=wang, kind=UNDELIVERED, limit=5)) == 1


def test_an_update_set_aside_is_the_offices_also_of_a_stranger(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        note_incident(session, now=now, kind=SET_ASIDE, chat_id=555, thing_id=42)
        (one,) = list_incidents(session, actor=wang, kind=SET_ASIDE, limit=5)
        assert (one.name, one.number, one.lost) == (None, 42, None)
        with pytest.raises(NotAllowed):
            open_incident(session, now=now, actor=wang, incident_id=one.id)


def test_nobody_else_sees_or_ends_an_incident(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=4)
        note_incident(session, now=now, kind=SET_ASIDE, chat_id=555, thing_id=42)
        for act in (
            lambda: list_incidents(session, actor=zhang, kind=SET_ASIDE, limit=5),
            lambda: open_incident(session, now=now, actor=zhang, incident_id=1),
            lambda: finish_incident(session, now=now, actor=zhang, incident_id=1),
        ):
            with pytest.raises(NotAllowed):
                act()
