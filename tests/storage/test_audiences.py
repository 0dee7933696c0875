"""Whom an audience reaches: counted and listed the same way, within what the asker sees."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from storage.audiences import (
    CommunityCount,
    check_audience,
    count_audience,
    list_audience,
    list_seen_communities,
)
from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.dialogues import mark_reachable
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.registers import change_profile
from storage.registers.profiles import Value
from storage.rules.audiences import Audience, ChatUse
from storage.rules.skills import Skill
from storage.tables import household, household_member, organisation, role
from storage.volunteers import decide_volunteer, list_applicants
from tests.storage.residents import apply, register

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@dataclass
class Cast:
    """王珊 is staff; 陈 and 罗 live in the first community, 罗 without a chat; 周 blocked the bot;
    张强 helps and 李梅 is somebody nobody means."""

    home: int
    away: int
    wang: Person
    chen: Person
    luo: Person
    zhou: Person
    zhang: Person
    li: Person


@pytest.fixture
def cast(database: Database, now: datetime) -> Cast:
    def step(session: Session) -> Cast:
        seed(session, now=now)
        home, away = (one.id for one in list_communities(session)[:2])

        def join(name: str, kind: str, chat: int | None, place: int | None) -> Person:
            roles = (kind,) if kind else ()
            return register(session, now=now, name=name, roles=roles, chat=chat, community_id=place)

        people = Cast(
            home=home,
            away=away,
            wang=join("王珊", "coordinator", 1, None),
            chen=join("陈素芬", "resident", 2, home),
            luo=join("罗德明", "resident", None, home),
            zhou=join("周小兰", "resident", 4, away),
            zhang=join("张强", "", 5, None),
            li=join("李梅", "caregiver", 6, home),
        )
        mark_reachable(session, chat_id=4, reachable=False)
        apply(session, now=now, person=people.zhang)
        one = list_applicants(session, actor=people.wang, limit=1)[0]
        decide_volunteer(
            session,
            now=now,
            actor=people.wang,
            role_id=one.role_id,
            version=one.version,
            approve=True,
        )
        return people

    return database.do(step)


def meant(database: Database, actor: Person, audience: Audience) -> list[int]:
    members = database.do(list_audience, now=NOW, actor=actor, audience=audience)
    counted = database.do(count_audience, now=NOW, actor=actor, audience=audience)
    # What is counted before is what is reached after.
    assert counted.people == len(members)
    assert counted.by_chat == sum(one.by_chat for one in members)
    assert counted.people == sum(one.people for one in counted.communities)
    return [one.id for one in members]


def test_whom_and_how_many_is_known_before(database: Database, cast: Cast) -> None:
    counted = database.do(count_audience, now=NOW, actor=cast.wang, audience=Audience())
    assert (counted.people, counted.by_chat, counted.without_chat) == (3, 1, 2)
    assert [(one.people, one.by_chat) for one in counted.communities] == [(2, 1), (1, 0)]


def test_people_without_a_community_are_counted_last(database: Database, cast: Cast) -> None:
    counted = database.do(
        count_audience,
        now=NOW,
        actor=cast.wang,
        audience=Audience(roles=("volunteer", "caregiver")),
    )
    assert counted.communities[-1] == CommunityCount(name=None, people=1, by_chat=1)


def test_each_part_of_an_audience_narrows_it(database: Database, cast: Cast) -> None:
    def ask(audience: Audience) -> list[int]:
        return meant(database, cast.wang, audience)

    assert ask(Audience()) == [cast.chen.id, cast.luo.id, cast.zhou.id]
    assert ask(Audience(communities=(cast.home,))) == [cast.chen.id, cast.luo.id]
    assert ask(Audience(chat=ChatUse.WITH)) == [cast.chen.id]
    assert ask(Audience(chat=ChatUse.WITHOUT)) == [cast.luo.id, cast.zhou.id]
    assert ask(Audience(roles=("volunteer",))) == [cast.zhang.id]
    assert ask(Audience(roles=())) == []
    helpers = Audience(roles=("volunteer",), skills=(Skill.HAIRCUT, Skill.REPAIRS))
    assert ask(helpers) == [cast.zhang.id]
    assert ask(Audience(roles=("volunteer",), skills=(Skill.REPAIRS,))) == []


def test_whoever_sees_nobody_reaches_nobody(database: Database, cast: Cast) -> None:
    assert meant(database, cast.zhang, Audience()) == []


def test_an_audience_beyond_ones_own_communities_is_refused(
    database: Database, now: datetime, cast: Cast
) -> None:
    def step(session: Session) -> Person:
        joined = register(session, now=now, name="孙丽", roles=("coordinator",))
        works_at = select(organisation.c.id).where(organisation.c.community_id == cast.home)
        session.change(
            update(role)
            .where(role.c.person_id == joined.id)
            .values(organisation_id=works_at.scalar_subquery())
        )
        return get_person(session, person_id=joined.id)

    sun = database.do(step)
    database.do(check_audience, actor=sun, audience=Audience(communities=(cast.home,)))
    with pytest.raises(NotAllowed):
        database.do(check_audience, actor=sun, audience=Audience(communities=(cast.away,)))
    assert meant(database, sun, Audience()) == [cast.chen.id, cast.luo.id]
    seen = database.do(list_seen_communities, actor=sun)
    assert [one.id for one in seen] == [cast.home]


def know(database: Database, cast: Cast, who: Person, **values: Value) -> None:
    database.do(
        change_profile, now=NOW, actor=cast.wang, person_id=who.id, values=values, ground="staff"
    )


def test_the_office_chooses_by_what_stands_sealed(database: Database, cast: Cast) -> None:
    know(database, cast, cast.chen, category="physical", grade="1", born_on="1950-02-03")
    know(database, cast, cast.luo, category="visual", grade="4", lives_alone=True)

    def ask(audience: Audience) -> list[int]:
        return meant(database, cast.wang, audience)

    assert ask(Audience(categories=("physical", "hearing"))) == [cast.chen.id]
    assert ask(Audience(grades=("3", "4"))) == [cast.luo.id]
    assert ask(Audience(ages=("60_79",))) == [cast.chen.id]
    assert ask(Audience(households=("alone",))) == [cast.luo.id]
    assert ask(Audience(households=("elderly", "alone"))) == [cast.chen.id, cast.luo.id]
    assert ask(Audience(categories=("visual",), grades=("1",))) == []


def test_a_household_of_several_residents_is_found(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        home = session.add(
            insert(household).values(
                community_id=cast.home, group_code="", created_at=NOW, version=1
            )
        )
        for who in (cast.chen, cast.luo, cast.li):
            session.execute(
                insert(household_member).values(
                    person_id=who.id, household_id=home, relation="other", since=NOW
                )
            )
    several = Audience(households=("several",))
    assert meant(database, cast.wang, several) == [cast.chen.id, cast.luo.id]


def test_by_category_nobody_but_the_office_may_choose(
    database: Database, now: datetime, cast: Cast
) -> None:
    def step(session: Session) -> Person:
        joined = register(session, now=now, name="孙丽", roles=("coordinator",))
        works_at = select(organisation.c.id).where(organisation.c.community_id == cast.home)
        session.change(
            update(role)
            .where(role.c.person_id == joined.id)
            .values(organisation_id=works_at.scalar_subquery())
        )
        return get_person(session, person_id=joined.id)

    sun = database.do(step)
    know(database, cast, cast.chen, category="psychiatric")
    asked = Audience(categories=("psychiatric",))
    assert meant(database, cast.wang, asked) == [cast.chen.id]
    assert meant(database, sun, asked) == []
    with pytest.raises(NotAllowed):
        database.do(check_audience, actor=sun, audience=asked)
