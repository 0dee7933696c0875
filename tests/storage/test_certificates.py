"""Certificates: a number fills the register, older ones are kept, two hands make one change."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from sqlalchemy import insert

from storage.database import Database
from storage.people import Person
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed, TooLate
from storage.registers import (
    CheckDigitWrong,
    NumberUnfit,
    change_certificate_state,
    change_profile,
    find_certificate,
    find_disability,
    list_same_number,
    next_end_at,
    open_profile,
    record_certificate,
    remind_of_ends,
)
from storage.rules.certificate import CertificateState, DisabilityCategory
from storage.tables import caregiver
from tests.storage.residents import heard, journalled, register

NUMBER, NEWER, WRONG = "50029919450307018211", "50029919450307018243", "50029919450307018011"


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


@pytest.fixture
def chen(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="陈素芬", roles=("resident",), chat=2)


def test_a_number_fills_category_grade_birth_and_sex(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        change_profile(
            session,
            now=now,
            actor=staff,
            person_id=chen.id,
            values={"category": "hearing", "grade": "4"},
            ground="staff",
        )
        told = find_disability(session, person_id=chen.id)
        assert told is not None
        assert (told.category, told.grade, told.certified) == (DisabilityCategory.HEARING, 4, False)
        record_certificate(
            session, now=now, actor=staff, person_id=chen.id, number=NUMBER, ground="staff"
        )
        known = open_profile(session, person_id=chen.id)
        assert known == {"born_on": "1945-03-07", "sex": "female", "id_number": NUMBER[:18]}
        now_known = find_disability(session, person_id=chen.id)
        assert now_known is not None
        assert (now_known.category, now_known.grade, now_known.certified) == (
            DisabilityCategory.VISUAL,
            1,
            True,
        )


def test_a_new_number_is_the_newest_and_the_old_one_still_finds_the_person(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        for number in (NUMBER, NEWER):
            record_certificate(
                session, now=now, actor=staff, person_id=chen.id, number=number, ground="staff"
            )
        newest = find_certificate(session, person_id=chen.id)
        assert newest is not None
        assert (newest.number, newest.grade) == (NEWER, 3)
        assert list_same_number(session, number=NUMBER) == [chen.id]


def test_the_ten_years_follow_from_the_day_of_issue_and_the_same_again_renews(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        record = partial(
            record_certificate,
            session,
            now=now,
            actor=staff,
            person_id=chen.id,
            number=NUMBER,
            ground="card",
        )
        first = record(issued_on=date(2017, 5, 1))
        assert first.expires_on == date(2027, 5, 1)
        again = record()
        assert (again.id, again.expires_on) == (first.id, date(2027, 5, 1))


def test_a_wrong_check_digit_is_taken_only_when_the_card_was_seen(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        record = partial(
            record_certificate, session, now=now, actor=staff, person_id=chen.id, ground="card"
        )
        with pytest.raises(CheckDigitWrong):
            record(number=WRONG)
        kept = record(number=WRONG, seen_on_card=True)
        assert kept.check_confirmed
        with pytest.raises(NumberUnfit):
            record(number="5.0E+19", seen_on_card=True)


def test_two_people_with_one_number_lose_nothing_and_are_found(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        other = register(session, now=now, name="陈素芬", roles=("resident",))
        for one in (chen, other):
            record_certificate(
                session, now=now, actor=staff, person_id=one.id, number=NUMBER, ground="staff"
            )
        assert list_same_number(session, number=NUMBER) == [chen.id, other.id]


def test_states_move_once_and_only_where_they_may(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        one = record_certificate(
            session, now=now, actor=staff, person_id=chen.id, number=NUMBER, ground="staff"
        )
        move = partial(
            change_certificate_state, session, now=now, actor=staff, certificate_id=one.id
        )
        frozen = move(version=one.version, state=CertificateState.FROZEN)
        assert frozen.state is CertificateState.FROZEN
        with pytest.raises(AlreadyDecided):
            move(version=one.version, state=CertificateState.CANCELLED)
        with pytest.raises(AlreadyDone):
            move(version=frozen.version, state=CertificateState.FROZEN)
        ended = move(version=frozen.version, state=CertificateState.CANCELLED)
        with pytest.raises(TooLate):
            move(version=ended.version, state=CertificateState.VALID)
        assert journalled(session, "certificate_moved") == 2


def test_only_staff_record_and_move(database: Database, now: datetime, chen: Person) -> None:
    with database.transaction() as session:
        with pytest.raises(NotAllowed):
            record_certificate(
                session, now=now, actor=chen, person_id=chen.id, number=NUMBER, ground="self"
            )
        with pytest.raises(NotAllowed):
            change_certificate_state(
                session,
                now=now,
                actor=chen,
                certificate_id=1,
                version=1,
                state=CertificateState.FROZEN,
            )


def test_a_number_that_ends_no_day_yet_is_read_by_the_programmes_calendar(
    database: Database, staff: Person, chen: Person
) -> None:
    # Half past midnight in Shanghai on the 26th is still the 25th in UTC.
    night = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
    born_today = "500299202611260016"
    with database.transaction() as session:
        kept = record_certificate(
            session,
            now=night,
            actor=staff,
            person_id=chen.id,
            number=f"{born_today}41",
            ground="card",
            seen_on_card=True,
        )
        assert kept.number.startswith(born_today)


def test_two_months_before_the_end_the_person_is_told_and_then_it_has_ended(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        daughter = register(session, now=now, name="陈兰", roles=("caregiver",), chat=3)
        tie = {"resident_id": chen.id, "caregiver_id": daughter.id, "state": "confirmed"}
        session.execute(insert(caregiver), tie | {"created_at": now, "version": 1})
        record_certificate(
            session,
            now=now,
            actor=staff,
            person_id=chen.id,
            number=NUMBER,
            ground="card",
            issued_on=date(2017, 5, 1),
        )
        due = next_end_at(session)
    assert due is not None
    assert database.house.local(due).isoformat() == "2027-03-02T09:00:00+08:00"
    assert remind_of_ends(database, now=due) is True
    with database.transaction() as session:
        known = find_certificate(session, person_id=chen.id)
        assert known is not None
        assert known.state is CertificateState.RENEWAL_DUE
        assert heard(session, 2)[-1] == heard(session, 3)[-1] == "certificate_ends"
        over = next_end_at(session)
    assert over is not None
    assert database.house.local(over).isoformat() == "2027-05-02T00:00:00+08:00"
    assert remind_of_ends(database, now=over) is True
    with database.transaction() as session:
        known = find_certificate(session, person_id=chen.id)
        assert known is not None
        assert (known.state, next_end_at(session)) == (CertificateState.EXPIRED, None)


def test_an_end_long_ago_is_noted_in_silence(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        record_certificate(
            session,
            now=now,
            actor=staff,
            person_id=chen.id,
            number=NUMBER,
            ground="import",
            expires_on=date(2020, 1, 1),
        )
    while remind_of_ends(database, now=now):
        pass
    with database.transaction() as session:
        known = find_certificate(session, person_id=chen.id)
        assert known is not None
        assert known.state is CertificateState.EXPIRED
        assert heard(session, 2) == []
