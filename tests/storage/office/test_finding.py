"""Finding a person: by name, phone or place, page by page, and every search is journalled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from storage.communities import add_community
from storage.database import Database, Session
from storage.office import Page, find_people, forget_searches, next_page
from storage.office.finding import PAGE
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.tables import (
    disability_certificate,
    household,
    household_member,
    journal,
    person,
    search,
)
from tests.storage.office.reading import read_through, steps_of
from tests.storage.residents import register


@pytest.fixture
def wang(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def names(page: Page | None) -> list[str]:
    return [hit.name for hit in page.hits] if page else []


def add_same(session: Session, name: str, count: int, *, now: datetime) -> None:
    session.execute(
        insert(person),
        [
            {"uid": f"{name}{n}", "name": name, "created_at": now, "version": 1}
            for n in range(count)
        ],
    )


def test_a_name_is_found_by_its_beginning(database: Database, now: datetime, wang: Person) -> None:
    with database.transaction() as session:
        for name in ("陈素芬", "陈素", "陈建国", "阿依古丽·麦麦提", "李梅", "Anna Chen"):
            register(session, now=now, name=name, roles=("resident",))

        def found(words: str) -> list[str]:
            return sorted(names(find_people(session, now=now, actor=wang, words=words)))

        assert found("陈") == sorted(["陈素芬", "陈素", "陈建国"])
        assert found("陈 素") == sorted(["陈素芬", "陈素"])
        assert found("陈素芬") == ["陈素芬"]
        assert found("阿依古丽·麦") == ["阿依古丽·麦麦提"]
        assert found("Anna C") == ["Anna Chen"]
        assert found("素芬") == []
        assert found("%") == []


def test_a_place_narrows_it_and_alone_lists_who_lives_there(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        qing, dong = (
            add_community(session, now=now, actor=wang, name=name)
            for name in ("青山村", "东街社区")
        )
        for name, home in (("陈一", qing), ("李二", qing), ("陈三", dong)):
            register(session, now=now, name=name, roles=("resident",), community_id=home)

        def found(words: str) -> list[str]:
            return sorted(names(find_people(session, now=now, actor=wang, words=words)))

        assert found("青山村 陈") == ["陈一"]
        assert found("陈 青山") == ["陈一"]
        assert found("青山村") == sorted(["陈一", "李二"])
        page = find_people(session, now=now, actor=wang, words="青山村 陈")
        assert page is not None
        assert (page.hits[0].community, page.hits[0].roles) == ("青山村", ["resident"])


@pytest.mark.parametrize("words", ["10012345678", "１００ 1234 5678", "+86 100-1234-5678"])
def test_a_whole_phone_number_finds_its_owner(
    database: Database, now: datetime, wang: Person, words: str
) -> None:
    with database.transaction() as session:
        register(session, now=now, name="陈素芬", phone="+8610012345678")
        register(session, now=now, name="李梅", phone="+8610012345679")
        assert names(find_people(session, now=now, actor=wang, words=words)) == ["陈素芬"]


@pytest.mark.parametrize("words", ["", "  ", "\u200b", "5678", "120", "！？"])
def test_what_means_nobody_finds_nothing_and_breaks_nothing(
    database: Database, now: datetime, wang: Person, words: str
) -> None:
    with database.transaction() as session:
        register(session, now=now, name="陈素芬", phone="+8610012345678")
        assert names(find_people(session, now=now, actor=wang, words=words)) == []


def test_a_thousand_of_one_name_are_turned_through_each_once(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        add_same(session, "陈素芬", 1000, now=now)
        add_same(session, "陈素芳", 3, now=now)
        page = find_people(session, now=now, actor=wang, words="陈素")
        assert page is not None
        seen = [hit.person_id for hit in page.hits]
        assert len(seen) == PAGE
        while page.after is not None:
            page = next_page(session, actor=wang, after=page.after, version=page.version)
            seen += [hit.person_id for hit in page.hits]
        assert len(seen) == len(set(seen)) == 1003


def test_the_next_page_of_an_older_search_is_too_late(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        add_same(session, "陈素芬", 20, now=now)
        first = find_people(session, now=now, actor=wang, words="陈")
        assert first is not None
        assert first.after is not None
        find_people(session, now=now, actor=wang, words="李")
        with pytest.raises(TooLate):
            next_page(session, actor=wang, after=first.after, version=first.version)
        other = register(session, now=now, name="孙丽", roles=("coordinator",), chat=2)
        with pytest.raises(TooLate):
            next_page(session, actor=other, after=first.after, version=first.version)


def test_the_words_of_a_search_are_sealed_and_forgotten_after_a_day(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        add_same(session, "陈素芬", 20, now=now)
        page = find_people(session, now=now, actor=wang, words="陈素芬")
        assert page is not None
        assert page.after is not None
        kept = session.value(select(search.c.words))
        assert "陈素芬".encode() not in kept
        forget_searches(session, now=now + timedelta(hours=25))
        assert session.value(select(search.c.words)) is None
        with pytest.raises(TooLate):
            next_page(session, actor=wang, after=page.after, version=page.version)


def test_each_search_is_journalled_without_its_words(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        add_same(session, "陈素芬", 20, now=now)
        for words in ("陈素芬", "10012345678", "没有这人"):
            find_people(session, now=now, actor=wang, words=words)
        rows = session.all(
            select(journal.c.detail, journal.c.actor_id)
            .where(journal.c.what == "people_searched")
            .order_by(journal.c.id)
        )
    assert [row.detail for row in rows] == ["name 8+", "phone 0", "name 0"]
    assert {row.actor_id for row in rows} == {wang.id}


def test_only_staff_look_for_people(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=4)
        with pytest.raises(NotAllowed):
            find_people(session, now=now, actor=zhang, words="陈")
        with pytest.raises(NotAllowed):
            next_page(session, actor=zhang, after=1, version=1)


@pytest.mark.parametrize("words", ["陈", "陈素芬", "青山村", "青山村 陈", "青山村 3组"])
def test_each_page_is_read_off_an_index_in_its_order(
    database: Database, now: datetime, wang: Person, words: str
) -> None:
    with database.transaction() as session:
        add_community(session, now=now, actor=wang, name="青山村")
        add_same(session, "陈素芬", 1000, now=now)

        def turn_pages() -> None:
            page = find_people(session, now=now, actor=wang, words=words)
            if page is not None and page.after is not None:
                next_page(session, actor=wang, after=page.after, version=page.version)

        steps = steps_of(session, turn_pages)
    read = [step for step in steps if "person" in step]
    assert read
    assert read_through(read) == []


def test_a_number_of_the_certificate_or_of_its_holder_finds_them(
    database: Database, now: datetime, wang: Person
) -> None:
    number = "50029919500101001743"
    with database.transaction() as session:
        lan = register(session, now=now, name="陈素芬", roles=("resident",))
        register(session, now=now, name="李梅", roles=("resident",))
        row = {
            "uid": "1",
            "person_id": lan.id,
            "number": b"-",
            "number_key": session.vault.fingerprint(number, field="certificate"),
            "state": "valid",
            "latest": True,
            "created_at": now,
            "version": 1,
        }
        session.execute(insert(disability_certificate), row)
        for words in (number, number[:18], f"证 {number}"[2:]):
            assert names(find_people(session, now=now, actor=wang, words=words)) == ["陈素芬"]
        assert names(find_people(session, now=now, actor=wang, words=f"{number[:-1]}4")) == []


def test_a_group_narrows_it_however_it_is_written(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        qing = add_community(session, now=now, actor=wang, name="青山村")
        for name, group in (("陈一", "3组"), ("陈二", "4组"), ("李三", "三组")):
            one = register(session, now=now, name=name, roles=("resident",), community_id=qing)
            home = session.add(
                insert(household).values(
                    community_id=qing, group_code=group, created_at=now, version=1
                )
            )
            session.execute(
                insert(household_member),
                {"person_id": one.id, "household_id": home, "relation": "other", "since": now},
            )
        page = find_people(session, now=now, actor=wang, words="青山村 3组 陈")
        assert names(page) == ["陈一"]
        assert page is not None
        assert page.hits[0].community == "青山村3组"
        both = names(find_people(session, now=now, actor=wang, words="青山村 第三组"))
        assert sorted(both) == sorted(["陈一", "李三"])


def test_a_phone_is_read_off_its_hash(database: Database, now: datetime, wang: Person) -> None:
    with database.transaction() as session:
        steps = steps_of(
            session, lambda: find_people(session, now=now, actor=wang, words="10012345678")
        )
    assert any("ix_person_phone_key" in step for step in steps)
    assert not any("SCAN person" in step for step in steps)
