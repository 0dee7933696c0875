"""The practice room's cast: registered once, with a call that is due soon."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from storage.consents import has_consent
from storage.database import Database, Session
from storage.duty import list_duty
from storage.partners import list_partners
from storage.people import add_person, find_person, open_contact
from storage.practice_cast import seed_cast, seed_room
from storage.tables import check_in_plan, duty_hole, person

CAST = [
    {"id": 9001, "name": "王珊", "role": "coordinator"},
    {"id": 9002, "name": "陈素芬", "role": "resident"},
    {"id": 9003, "name": "李梅", "role": "caregiver"},
    {"id": 9004, "name": "张强", "role": "volunteer"},
    {"id": 9005, "name": "刘洋", "role": "volunteer"},
    {"id": 9006, "name": "赵敏", "role": "newcomer"},
]
ROOM = [*CAST, {"id": 9007, "name": "周桂芳", "role": "neighbour"}]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_cast_is_registered_once(database: Database, now: datetime) -> None:
    assert database.do(seed_cast, now=now, people=CAST) is True
    assert database.do(seed_cast, now=now, people=CAST) is False
    with database.transaction() as session:
        assert session.value(select(func.count()).select_from(person)) == 5
    resident = database.do(find_person, telegram_id=9002)
    assert resident is not None
    assert resident.is_approved("resident")
    assert database.do(find_person, telegram_id=9006) is None, "the newcomer has not joined"


def test_the_room_has_somebody_on_the_rungs_behind_the_call(
    database: Database, now: datetime
) -> None:
    assert database.do(seed_room, now=now, people=ROOM) is True
    assert database.do(seed_room, now=now, people=ROOM) is False
    with database.transaction() as session:
        plan = session.find(select(check_in_plan))
        assert plan is not None
        assert plan.contact_answer == "agreed"
        assert plan.contact_id == named(session, "李梅")
        (partner,) = list_partners(session, now=now, resident_id=plan.resident_id)
        assert (partner.name, partner.by_chat) == ("周桂芳", True)
        on_duty = list_duty(session, now=now, about=plan.resident_id)
        assert [one.name for one in on_duty] == ["王珊"]
        assert session.find(select(duty_hole)) is None


def named(session: Session, name: str) -> int:
    found: int = session.value(select(person.c.id).where(person.c.name == name))
    return found


def test_a_register_with_people_is_left_alone(database: Database, now: datetime) -> None:
    database.do(add_person, now=now, name="真人")
    assert database.do(seed_cast, now=now, people=CAST) is False


def test_their_numbers_belong_to_nobody(database: Database, now: datetime) -> None:
    database.do(seed_cast, now=now, people=CAST)
    with database.transaction() as session:
        for row in session.all(select(person.c.id)):
            phone = open_contact(session, person_id=row.id).phone
            assert phone is not None
            assert phone.startswith("+86100")


@pytest.mark.parametrize(
    ("hour", "minute", "due"),
    [
        (3, 0, "09:00"),
        (7, 59, "09:00"),
        (8, 30, "09:00"),
        (9, 30, "10:00"),
        (16, 59, "17:00"),
        (17, 0, "09:00"),
        (23, 30, "09:00"),
    ],
)
def test_the_first_call_is_due_soon_and_in_working_hours(
    database: Database, hour: int, minute: int, due: str
) -> None:
    now = datetime(2026, 11, 25, hour, minute, tzinfo=SHANGHAI)
    database.do(seed_cast, now=now, people=CAST)
    with database.transaction() as session:
        plan = session.find(select(check_in_plan))
    assert plan is not None
    assert plan.local_time == due
    assert now < plan.next_due_at <= now + timedelta(hours=16)
    assert f"{plan.next_due_at.astimezone(SHANGHAI):%H:%M}" == due


def test_it_is_known_that_they_agreed_to_be_registered(database: Database, now: datetime) -> None:
    database.do(seed_cast, now=now, people=CAST)
    resident = database.do(find_person, telegram_id=9002)
    assert resident is not None
    with database.transaction() as session:
        assert has_consent(session, person_id=resident.id, purpose="keep_data")
