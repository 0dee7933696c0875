"""Sight: a village's coordinator counts, finds and is told of their own village only."""

from datetime import datetime

import pytest
from sqlalchemy import insert, select

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.demo import make_demo_data
from storage.office import figure_facts, find_people, list_waiting, next_page
from storage.people import Person, get_person
from storage.person_cards import see_person_card
from storage.refusals import NotAllowed
from storage.roles import grant
from storage.tables import journal, organisation, person
from tests.storage.office.reading import read_through, steps_of
from tests.storage.office.records import add_call, add_need
from tests.storage.residents import apply, register


@pytest.fixture
def villages(database: Database, now: datetime) -> list[int]:
    database.do(seed, now=now)
    return [one.id for one in database.do(list_communities)][:2]


def coordinator_of(session: Session, community_id: int, *, now: datetime) -> Person:
    where = session.value(
        select(organisation.c.id).where(organisation.c.community_id == community_id)
    )
    one = register(session, now=now, name="村里的人", chat=70 + community_id)
    grant(
        session,
        now=now,
        person_id=one.id,
        kind="coordinator",
        actor_id=None,
        organisation_id=where,
    )
    return get_person(session, person_id=one.id)


def test_each_village_has_a_list_of_its_own_and_the_office_the_whole(
    database: Database, now: datetime, villages: list[int]
) -> None:
    with database.transaction() as session:
        office = register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        here, there = (coordinator_of(session, one, now=now) for one in villages)
        for home in (villages[0], villages[0], villages[1], None):
            lan = register(session, now=now, name="陈素芬", community_id=home).id
            add_need(session, resident=lan, at=now)
            add_call(session, resident=lan, caller=office.id, at=now, rung=1)
            zhang = register(session, now=now, name="张强", community_id=home)
            apply(session, now=now, person=zhang)
        counted = [
            {one.key: one.count for one in list_waiting(session, now=now, actor=actor)}
            for actor in (office, here, there)
        ]
        figures = [figure_facts(session, now=now, actor=one)["stated"] for one in (office, here)]
    kinds = ("check_ins", "needs", "applicants")
    assert counted == [dict.fromkeys(kinds, n) for n in (4, 2, 1)]
    assert figures == [4, 2]


def test_somebody_of_another_village_is_not_found_and_the_asking_is_journalled(
    database: Database, now: datetime, villages: list[int]
) -> None:
    phone = "+8610012345678"
    with database.transaction() as session:
        here, there = (coordinator_of(session, one, now=now) for one in villages)
        lan = register(session, now=now, name="陈素芬", community_id=villages[0], phone=phone)
        for words in ("陈素芬", "10012345678"):
            mine = find_people(session, now=now, actor=here, words=words)
            theirs = find_people(session, now=now, actor=there, words=words)
            assert mine is not None
            assert [hit.person_id for hit in mine.hits] == [lan.id]
            assert theirs is not None
            assert theirs.hits == []
        with pytest.raises(NotAllowed):
            see_person_card(session, now=now, actor=there, person_id=lan.id)
        details = session.all(
            select(journal.c.detail)
            .where(journal.c.what == "people_searched", journal.c.actor_id == there.id)
            .order_by(journal.c.id)
        )
    assert [row.detail for row in details] == ["name 0 outside", "phone 0 outside"]


def test_pages_hold_the_own_village_only_and_cost_no_more_for_it(
    database: Database, now: datetime, villages: list[int]
) -> None:
    with database.transaction() as session:
        here = coordinator_of(session, villages[0], now=now)
        session.execute(
            insert(person),
            [
                {
                    "uid": f"{n}",
                    "name": "陈素芬",
                    "community_id": villages[0] if n % 100 == 0 else villages[1],
                    "created_at": now,
                    "version": 1,
                }
                for n in range(2000)
            ],
        )
        page = find_people(session, now=now, actor=here, words="陈")
        assert page is not None
        assert page.after is not None
        more = next_page(session, actor=here, after=page.after, version=page.version)
        assert len({hit.person_id for hit in [*page.hits, *more.hits]}) == 16
        steps = steps_of(session, lambda: find_people(session, now=now, actor=here, words="陈"))
    read = [step for step in steps if " person " in step]
    assert any("ix_person_home" in step for step in read)
    assert read_through(read) == []


def test_nothing_is_read_through_for_a_village_either(
    database: Database, now: datetime, villages: list[int]
) -> None:
    make_demo_data(database, now=now, residents=300, volunteers=100, seed=1)
    with database.transaction() as session:
        here = coordinator_of(session, villages[0], now=now)

        def look() -> None:
            list_waiting(session, now=now, actor=here)
            figure_facts(session, now=now, actor=here)

        steps = steps_of(session, look)
    assert read_through(steps) == []
