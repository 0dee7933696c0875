"""Guardians and caregivers: who gets copies, who is made guardian by whom, who ends it."""

from datetime import datetime

import pytest
from sqlalchemy import select

from storage.caregivers import (
    GuardianByStaff,
    ask_to_care,
    copy_to,
    decide_tie,
    end_tie,
    list_staff_ties,
    make_guardian,
    wish_end,
)
from storage.database import Database
from storage.guardians import ground_for, list_copied, list_guardians
from storage.people import set_phone
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.purposes import Ground
from storage.tables import caregiver
from tests.storage.consenting.home import Home
from tests.storage.residents import OFFICE, heard

PHONE = "+8610000000009"


@pytest.fixture
def home(database: Database, now: datetime) -> Home:
    made = Home(database, now)
    made.settle()
    return made


def _tie(home: Home, caregiver_id: int) -> int:
    with home.database.transaction() as session:
        return int(
            session.value(select(caregiver.c.id).where(caregiver.c.caregiver_id == caregiver_id))
        )


def test_each_confirmed_caregiver_gets_copies_until_the_resident_says_not(home: Home) -> None:
    tie = _tie(home, home.daughter)
    assert home.database.do(list_copied, person_id=home.adult) == [home.daughter]
    home.do(copy_to, by=home.adult, tie_id=tie, version=1, on=False)
    assert home.database.do(list_copied, person_id=home.adult) == []
    with pytest.raises(TooLate):
        home.do(copy_to, by=home.adult, tie_id=tie, version=1, on=True)
    with pytest.raises(AlreadyDone):
        home.do(copy_to, by=home.adult, tie_id=tie, version=2, on=False)
    home.do(copy_to, by=home.adult, tie_id=tie, version=2, on=True)
    home.end_tie(home.daughter)
    assert home.database.do(list_copied, person_id=home.adult) == []


def test_only_the_resident_says_who_gets_copies_and_a_guardian_always_does(home: Home) -> None:
    for by in (home.daughter, home.staff, home.mother):
        with pytest.raises(NotAllowed):
            home.do(copy_to, by=by, tie_id=_tie(home, home.daughter), version=1, on=False)
    with pytest.raises(GuardianByStaff):
        home.do(copy_to, by=home.child, tie_id=_tie(home, home.mother), version=1, on=False)


def test_a_caregiver_is_ended_by_the_resident_and_a_guardian_only_through_staff(
    home: Home,
) -> None:
    home.do(end_tie, by=home.adult, tie_id=_tie(home, home.daughter), version=1)
    tie = _tie(home, home.mother)
    with pytest.raises(GuardianByStaff):
        home.do(end_tie, by=home.child, tie_id=tie, version=1)
    home.do(wish_end, by=home.child, tie_id=tie)
    with home.database.transaction() as session:
        assert "guardian_end_wished" in heard(session, 1)
    assert home.database.do(list_guardians, person_id=home.child) == [home.mother]
    home.do(make_guardian, by=home.staff, tie_id=tie, version=1, on=False)
    assert home.database.do(list_guardians, person_id=home.child) == []
    home.do(end_tie, by=home.child, tie_id=tie, version=2)


def test_staff_who_saw_the_papers_make_a_guardian_who_then_speaks(home: Home) -> None:
    tie = _tie(home, home.daughter)
    for by in (home.daughter, home.adult, home.mother):
        with pytest.raises(NotAllowed):
            home.do(make_guardian, by=by, tie_id=tie, version=1, on=True)
    home.do(make_guardian, by=home.staff, tie_id=tie, version=1, on=True)
    with pytest.raises(AlreadyDone):
        home.do(make_guardian, by=home.colleague, tie_id=tie, version=2, on=True)
    with home.database.transaction() as session:
        assert heard(session, 3) == ["guardian_changed"]
        assert heard(session, 4) == ["guardian_changed"]
    who = home.person(home.daughter)
    ground = home.database.do(ground_for, actor=who, person_id=home.adult)
    assert ground is Ground.GUARDIAN


def test_a_guardian_cannot_make_themselves_one_though_they_are_staff(home: Home) -> None:
    with home.database.transaction() as session:
        tie = home.tie(session, home.adult, home.staff, kind="caregiver")
    with pytest.raises(NotAllowed):
        home.do(make_guardian, by=home.staff, tie_id=tie, version=1, on=True)


def test_who_may_speak_for_a_child_is_for_staff_to_decide(home: Home) -> None:
    with home.database.transaction() as session:
        set_phone(session, person_id=home.child, phone=PHONE)
    home.database.do(
        ask_to_care,
        now=home.now,
        asker=home.person(home.adult),
        name="周小满",
        community_id=None,
        phone=PHONE,
    )
    waiting = home.database.do(list_staff_ties, actor=OFFICE)
    assert [(one.resident_id, one.caregiver_id) for one in waiting] == [(home.child, home.adult)]
    tie_id = waiting[0].id
    with pytest.raises(NotAllowed):
        home.do(decide_tie, by=home.child, tie_id=tie_id, version=1, yes=True)
    home.do(decide_tie, by=home.staff, tie_id=tie_id, version=1, yes=True, guardian=True)
    assert home.adult in home.database.do(list_guardians, person_id=home.child)
