"""Qualifications: named by the volunteer, confirmed by staff, running out on their day."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest

from storage.database import Database
from storage.people import Person
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed
from storage.registers import (
    QualificationEnded,
    add_qualification,
    decide_qualification,
    end_qualification,
    find_qualification,
    list_qualifications,
    list_to_look_at,
    next_end_at,
    remind_of_ends,
)
from tests.storage.residents import heard, journalled, register

ENDS = date(2027, 3, 1)


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


@pytest.fixture
def zhang(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="张强", roles=("volunteer",), chat=2)


def test_a_volunteers_own_paper_waits_until_staff_have_seen_it(
    database: Database, now: datetime, staff: Person, zhang: Person
) -> None:
    with database.transaction() as session:
        added = add_qualification(
            session, now=now, actor=zhang, person_id=zhang.id, kind="nurse", expires_on=ENDS
        )
        assert [one.state for one in list_to_look_at(session, actor=staff)] == ["waiting"]
        decided = decide_qualification(
            session, now=now, actor=staff, qualification_id=added, version=1, confirm=True
        )
        assert decided.state == "confirmed"
        assert list_to_look_at(session, actor=staff) == []
        assert journalled(session, "qualification_confirmed") == 1


def test_of_two_staff_one_decides_and_the_other_hears_who_did(
    database: Database, now: datetime, staff: Person, zhang: Person
) -> None:
    with database.transaction() as session:
        other = register(session, now=now, name="李娟", roles=("coordinator",), chat=3)
        added = add_qualification(
            session, now=now, actor=zhang, person_id=zhang.id, kind="nurse", number="1234"
        )
        decide = partial(decide_qualification, session, now=now, qualification_id=added, version=1)
        decide(actor=staff, confirm=False)
        with pytest.raises(AlreadyDecided) as told:
            decide(actor=other, confirm=True)
        assert told.value.facts == {"by": "王珊", "state": "declined"}
        with pytest.raises(AlreadyDone):
            decide(actor=staff, confirm=True)


def test_what_staff_write_down_is_confirmed_and_nobody_confirms_their_own(
    database: Database, now: datetime, staff: Person, zhang: Person
) -> None:
    with database.transaction() as session:
        add = partial(add_qualification, session, now=now)
        one = add(actor=staff, person_id=zhang.id, kind="driver")
        known = find_qualification(session, qualification_id=one)
        assert known is not None
        assert known.state == "confirmed"
        with pytest.raises(AlreadyDone):
            add(actor=zhang, person_id=zhang.id, kind="driver")
        with pytest.raises(NotAllowed):
            add(actor=zhang, person_id=staff.id, kind="driver")
        with pytest.raises(NotAllowed):
            add(actor=zhang, person_id=zhang.id, kind="wizard")
        with pytest.raises(QualificationEnded):
            add(actor=zhang, person_id=zhang.id, kind="nurse", expires_on=date(2026, 11, 24))


def test_it_is_reminded_of_once_and_ends_on_its_day(
    database: Database, now: datetime, staff: Person, zhang: Person
) -> None:
    with database.transaction() as session:
        one = add_qualification(
            session, now=now, actor=staff, person_id=zhang.id, kind="nurse", expires_on=ENDS
        )
        due = next_end_at(session)
    assert due is not None
    assert session.house.local(due).isoformat() == "2027-01-30T09:00:00+08:00"
    assert remind_of_ends(database, now=due - timedelta(minutes=1)) is False
    assert remind_of_ends(database, now=due) is True
    assert remind_of_ends(database, now=due) is False
    with database.transaction() as session:
        assert heard(session, 2) == ["qualification_ends"]
        ending = list_to_look_at(session, actor=staff, state="ending")
        assert [paper.id for paper in ending] == [one]
        assert list_to_look_at(session, actor=staff) == []
        over = next_end_at(session)
    assert over is not None
    assert session.house.local(over).isoformat() == "2027-03-02T00:00:00+08:00"
    assert remind_of_ends(database, now=over) is True
    with database.transaction() as session:
        assert list_qualifications(session, person_id=zhang.id) == []
        assert next_end_at(session) is None
        assert heard(session, 2) == ["qualification_ends", "qualification_over"]


def test_the_holder_or_staff_take_it_off_and_nobody_else(
    database: Database, now: datetime, staff: Person, zhang: Person
) -> None:
    with database.transaction() as session:
        one = add_qualification(session, now=now, actor=staff, person_id=zhang.id, kind="nurse")
        end = partial(end_qualification, session, now=now, qualification_id=one, version=1)
        stranger = register(session, now=now, name="赵六", roles=("volunteer",))
        with pytest.raises(NotAllowed):
            end(actor=stranger)
        end(actor=zhang)
        with pytest.raises(AlreadyDone):
            end(actor=staff)
