"""The list that must become empty: what waits, how many and how long, most urgent first."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from storage.caregivers import ask_to_care
from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.demo import make_demo_data
from storage.dialogues import mark_reachable
from storage.office import list_ending, list_waiting
from storage.office.kinds import KINDS
from storage.people import Person
from storage.refusals import NotAllowed
from storage.tables import alarm, check_in, consent, disability_certificate, organisation, role
from storage.volunteers import decide_volunteer
from tests.storage.office.reading import read_through, steps_of
from tests.storage.office.records import add_call, add_need
from tests.storage.residents import apply, register


@pytest.fixture
def wang(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def lines(session: Session, actor: Person, now: datetime) -> dict[str, tuple[int, int]]:
    return {
        one.key: (one.count, one.minutes) for one in list_waiting(session, now=now, actor=actor)
    }


def test_an_empty_desk_has_no_lines(database: Database, now: datetime, wang: Person) -> None:
    assert database.do(list_waiting, now=now, actor=wang) == []


def test_each_kind_says_how_many_and_since_when(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        resident = register(session, now=now, name="陈素芬", roles=("resident",))
        for days in (2, 1):
            zhang = register(session, now=now, name="张强", chat=10 + days)
            apply(session, now=now - timedelta(days=days), person=zhang)
        asker = register(session, now=now, name="李梅")
        earlier = now - timedelta(hours=3)
        ask_to_care(session, now=earlier, asker=asker, name="罗德明", community_id=None, phone=None)
        add_need(session, resident=resident.id, at=now - timedelta(hours=5))
        add_need(session, resident=resident.id, at=now - timedelta(days=9), state="open")
        found = list_waiting(session, now=now, actor=wang)
    assert [(one.key, one.count, one.minutes) for one in found] == [
        ("needs", 1, 300),
        ("applicants", 2, 2 * 24 * 60),
        ("ties", 1, 180),
    ]
    assert all(one.opens.count(":") == 3 for one in found)


def test_a_call_waits_once_it_did_not_go_through(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        resident = register(session, now=now, name="陈素芬", roles=("resident",))
        add_call(session, resident=resident.id, caller=wang.id, at=now)
        assert lines(session, wang, now) == {}
        session.change(update(check_in).values(rung=1))
        assert lines(session, wang, now) == {"check_ins": (1, 0)}


def test_an_alarm_counts_from_its_first_ring_to_its_end(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        ringing = session.add(
            insert(alarm).values(
                uid="1",
                chat_id=5,
                danger="unknown",
                words=b"-",
                next_step_at=now,
                rings=0,
                created_at=now,
                version=1,
            )
        )
        assert lines(session, wang, now) == {}, "only asked so far"
        session.change(update(alarm).where(alarm.c.id == ringing).values(rings=1))
        assert list(lines(session, wang, now)) == ["alarms"]
        session.change(update(alarm).values(state="closed", next_step_at=None, ending="seen"))
        assert lines(session, wang, now) == {}


def test_what_is_decided_leaves_the_list(database: Database, now: datetime, wang: Person) -> None:
    with database.transaction() as session:
        zhang = register(session, now=now, name="张强", chat=4)
        apply(session, now=now, person=zhang)
        role_id = session.value(role.select().where(role.c.state == "waiting"))
        decide_volunteer(session, now=now, actor=wang, role_id=role_id, version=1, approve=True)
        assert lines(session, wang, now) == {}


def test_only_staff_see_the_list(database: Database, now: datetime) -> None:
    zhang = database.do(register, now=now, name="张强", roles=("volunteer",), chat=4)
    with pytest.raises(NotAllowed):
        database.do(list_waiting, now=now, actor=zhang)


def test_no_line_reads_the_register_through(
    database: Database, now: datetime, wang: Person
) -> None:
    make_demo_data(database, now=now, residents=300, volunteers=100, seed=1)
    with database.transaction() as session:
        steps = steps_of(session, lambda: list_waiting(session, now=now, actor=wang))
    assert len(steps) >= len(KINDS)
    assert read_through(steps) == []


def test_what_runs_out_says_how_soon(database: Database, now: datetime, wang: Person) -> None:
    with database.transaction() as session:
        lan = register(session, now=now, name="陈素芬", roles=("resident",), chat=3)
        # No chat reaches her: whoever has one is asked there.
        mark_reachable(session, chat_id=3, reachable=False)
        soon = {"due_at": now + timedelta(days=3), "expires_at": now + timedelta(days=10)}
        session.change(update(consent).where(consent.c.person_id == lan.id).values(**soon))
        row = {"uid": "1", "person_id": lan.id, "number": b"-", "number_key": b"-"}
        row |= {"state": "renewal_due", "latest": True, "created_at": now, "version": 1}
        session.execute(insert(disability_certificate), row | {"expires_on": date(2026, 11, 27)})
        found = lines(session, wang, now)
        assert found == {
            "consents": (1, -10 * 24 * 60),
            "certificates": (1, -(2 * 24 + 14) * 60),
        }
        for kind, day in (("consents", date(2026, 12, 5)), ("certificates", date(2026, 11, 27))):
            (one,) = list_ending(session, now=now, actor=wang, kind=kind, limit=8)
            assert (one.name, one.ends_on) == ("陈素芬", day)
        session.change(update(consent).values(expires_at=now + timedelta(days=60)))
        assert "consents" not in lines(session, wang, now)


def test_a_community_without_anybody_to_turn_to_is_a_line(
    database: Database, now: datetime, wang: Person
) -> None:
    database.do(seed, now=now - timedelta(days=2))
    with database.transaction() as session:
        assert lines(session, wang, now) == {}, "nobody lives there yet"
        home = list_communities(session)[0].id
        register(session, now=now, name="陈素芬", roles=("resident",), community_id=home)
        assert lines(session, wang, now) == {"gaps": (1, 2 * 24 * 60)}
        session.change(
            update(organisation)
            .where(organisation.c.community_id == home)
            .values(contact_id=wang.id)
        )
        assert lines(session, wang, now) == {}
