"""People: found by their chat, with the roles they hold now; contact data sealed."""

from datetime import datetime

import pytest
from sqlalchemy import insert, select

from storage.database import Database, Session
from storage.people import (
    ContactData,
    add_person,
    find_by_phone,
    find_person,
    get_person,
    list_role_holders,
    move_person,
    open_contact,
    rename_person,
    set_address,
    set_phone,
    switch_day_reminders,
)
from storage.tables import community, journal, person, role

PHONE = "+8613800138000"


@pytest.fixture
def resident(database: Database, now: datetime) -> int:
    return database.do(add_person, now=now, name="陈素芬", telegram_id=9002)


def _role(session: Session, now: datetime, who: int, kind: str, state: str) -> None:
    values = {"person_id": who, "kind": kind, "state": state, "created_at": now, "version": 1}
    session.execute(insert(role), values)


def test_somebody_is_found_by_chat_or_number_and_a_stranger_is_not(
    database: Database, resident: int
) -> None:
    by_chat = database.do(find_person, telegram_id=9002)
    assert by_chat is not None
    assert by_chat == database.do(find_person, person_id=resident)
    assert by_chat == database.do(get_person, person_id=resident)
    assert (by_chat.name, by_chat.telegram_id, by_chat.roles) == ("陈素芬", 9002, {})
    assert database.do(find_person, telegram_id=1) is None
    with pytest.raises(LookupError):
        database.do(get_person, person_id=999)


def test_nobody_is_found_when_nobody_is_named(database: Database, now: datetime) -> None:
    database.do(add_person, now=now, name="没有聊天的人")
    assert database.do(find_person, telegram_id=None) is None


def test_only_roles_held_now_count(database: Database, now: datetime, resident: int) -> None:
    with database.transaction() as session:
        _role(session, now, resident, "resident", "approved")
        _role(session, now, resident, "volunteer", "waiting")
        _role(session, now, resident, "coordinator", "ended")
        _role(session, now, resident, "caregiver", "declined")
        found = get_person(session, person_id=resident)
        assert found.roles == {"resident": "approved", "volunteer": "waiting"}
        assert found.is_approved("resident")
        assert not found.is_approved("volunteer")
        assert not found.is_approved("coordinator")
        assert list_role_holders(session, kind="resident") == [resident]
        assert list_role_holders(session, kind="volunteer") == []
        assert list_role_holders(session, kind="volunteer", state="waiting") == [resident]


def test_phone_and_address_are_sealed_and_open_for_who_may_see_them(
    database: Database, resident: int
) -> None:
    assert database.do(open_contact, person_id=resident) == ContactData("陈素芬", None, None)
    with database.transaction() as session:
        set_phone(session, person_id=resident, phone=PHONE)
        set_address(session, person_id=resident, address="桂花小区 3 栋")
        row = session.find(select(person))
        assert row is not None
        assert PHONE.encode() not in row.phone
        assert "桂花".encode() not in row.address
        found = get_person(session, person_id=resident)
        assert (found.has_phone, found.has_address) == (True, True)
        opened = open_contact(session, person_id=resident)
        assert opened == ContactData("陈素芬", PHONE, "桂花小区 3 栋")
    with pytest.raises(LookupError):
        database.do(open_contact, person_id=999)


def test_a_phone_leads_to_its_people_until_it_is_forgotten(
    database: Database, now: datetime, resident: int
) -> None:
    daughter = database.do(add_person, now=now, name="李梅")
    for who in (resident, daughter):
        database.do(set_phone, person_id=who, phone=PHONE)
    assert sorted(database.do(find_by_phone, phone=PHONE)) == [resident, daughter]
    database.do(set_phone, person_id=resident, phone=None)
    assert database.do(find_by_phone, phone=PHONE) == [daughter]
    assert database.do(get_person, person_id=resident).has_phone is False


def test_a_name_a_home_and_a_wish_can_be_corrected(
    database: Database, now: datetime, resident: int
) -> None:
    with database.transaction() as session:
        home = session.add(insert(community).values(name="桂花村", position=1, active=True))
        rename_person(session, person_id=resident, name="陈淑芬")
        move_person(session, person_id=resident, community_id=home)
        for _ in range(2):
            switch_day_reminders(session, now=now, person_id=resident, on=False)
        (noted,) = session.all(select(journal.c.what, journal.c.detail))
        assert tuple(noted) == ("days_switched", "off")
        found = get_person(session, person_id=resident)
    assert (found.name, found.community_id, found.day_reminders) == ("陈淑芬", home, False)
    assert found.version == 3
    database.do(move_person, person_id=resident, community_id=None)
    assert database.do(get_person, person_id=resident).community_id is None
