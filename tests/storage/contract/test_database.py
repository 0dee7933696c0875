"""Transactions: what commits together, what is undone, and who is woken."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.heartbeats import beat, list_heartbeats
from storage.outbox import MessageClass, say
from storage.people import add_person
from storage.tables import person
from tests.disk import USERS_PRAGMAS, WITHOUT_WAITING


def test_what_a_step_wrote_is_there_for_the_next(database: Database, now: datetime) -> None:
    database.do(beat, names=["alarms"], now=now)
    assert database.do(list_heartbeats) == {"alarms": now}


def test_a_step_that_raises_leaves_nothing(database: Database, now: datetime) -> None:
    def fail(session: Session) -> None:
        beat(session, names=["alarms"], now=now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.do(fail)
    assert database.do(list_heartbeats) == {}


def test_a_savepoint_undoes_only_its_own_part(database: Database, now: datetime) -> None:
    def two_with_one_chat(session: Session) -> None:
        with session.savepoint():
            beat(session, names=["inside"], now=now)
            add_person(session, now=now, name="甲", telegram_id=1)
            add_person(session, now=now, name="乙", telegram_id=1)

    with database.transaction() as session:
        beat(session, names=["before"], now=now)
        with pytest.raises(IntegrityError):
            two_with_one_chat(session)
        beat(session, names=["after"], now=now)
    assert set(database.do(list_heartbeats)) == {"before", "after"}


def test_delivery_is_woken_by_what_is_to_be_said_and_by_nothing_else(
    database: Database, now: datetime
) -> None:
    woken: list[str] = []
    database.wake_on_commit(lambda: woken.append("woken"))

    def talk(session: Session, key: str) -> None:
        say(
            session,
            now=now,
            chat_id=7,
            key=key,
            template="help",
            message_class=MessageClass.ANSWER,
        )

    def talk_and_fail(session: Session) -> None:
        talk(session, "help:2")
        raise ZeroDivisionError

    database.do(beat, names=["alarms"], now=now)
    assert woken == []
    database.do(talk, "help:1")
    assert woken == ["woken"]
    database.do(talk, "help:1")  # said before: nothing new
    assert woken == ["woken"]
    with pytest.raises(ZeroDivisionError):
        database.do(talk_and_fail)
    assert woken == ["woken"]


def test_of_many_who_take_the_same_thing_at_once_exactly_one_gets_it(
    database: Database, now: datetime
) -> None:
    number = database.do(add_person, now=now, name="要认领的")
    winners: list[int] = []
    start = Barrier(8)

    def take(session: Session, who: int) -> bool:
        return (
            session.change(
                update(person)
                .where(person.c.id == number, person.c.version == 1)
                .values(name=f"第{who}位", version=2)
            )
            == 1
        )

    def race(who: int) -> None:
        start.wait()
        if database.do(take, who):
            winners.append(who)

    threads = [Thread(target=race, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1
    with database.transaction() as session:
        row = session.find(select(person.c.name, person.c.version))
    assert row is not None
    assert tuple(row) == (f"第{winners[0]}位", 2)


def test_moments_come_back_as_they_were_and_naive_ones_are_refused(
    database: Database, now: datetime
) -> None:
    database.do(beat, names=["alarms"], now=now.astimezone(database.house.zone))
    (found,) = database.do(list_heartbeats).values()
    assert found == now
    assert found.utcoffset() == now.utcoffset()
    with pytest.raises(Exception, match="time zone"):
        database.do(beat, names=["alarms"], now=now.replace(tzinfo=None))


def test_an_error_of_the_database_does_not_carry_anybodys_name(
    database: Database, now: datetime
) -> None:
    database.do(add_person, now=now, name="陈素芬", telegram_id=5)
    with pytest.raises(IntegrityError) as caught:
        database.do(add_person, now=now, name="陈素芬", telegram_id=5)
    assert "陈素芬" not in str(caught.value)


def test_a_closed_database_opens_again_when_it_is_used(database: Database, now: datetime) -> None:
    database.do(beat, names=["alarms"], now=now)
    database.close()
    database.close()
    assert set(database.do(list_heartbeats)) == {"alarms"}


def test_reads_give_rows_one_row_or_nothing(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        assert session.find(select(person)) is None
        assert session.value(select(person.c.id)) is None
        session.execute(
            person.insert(),
            [
                {"uid": "a", "name": "甲", "day_reminders": True, "created_at": now, "version": 1},
                {"uid": "b", "name": "乙", "day_reminders": True, "created_at": now, "version": 1},
            ],
        )
        assert [row.name for row in session.all(select(person).order_by(person.c.uid))] == [
            "甲",
            "乙",
        ]
        assert session.value(select(func.count()).select_from(person)) == 2


def test_what_users_run_waits_for_the_disk_and_only_tests_do_not() -> None:
    assert "synchronous=FULL" in USERS_PRAGMAS
    assert set(USERS_PRAGMAS) - set(WITHOUT_WAITING) == {"synchronous=FULL"}
