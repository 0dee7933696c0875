"""Profiles: sealed, changed a few columns at a time, journalled by key and never by value."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.people import Person, open_contact
from storage.refusals import NotAllowed
from storage.registers import (
    UnknownField,
    change_profile,
    find_born_on,
    list_profiles,
    open_profile,
    profile_version,
)
from storage.rules.fields import Register
from storage.tables import journal, resident, volunteer_profile
from tests.storage.residents import journalled, register


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


@pytest.fixture
def chen(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="阿卜杜拉·买买提", roles=("resident",), chat=2)


def test_columns_are_kept_and_forgotten_a_few_at_a_time(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        for values in (
            {"sex": "female", "born_on": "1958-11", "welfare": ["dibao"], "lives_alone": True},
            {"sex": None, "marital": "married"},
        ):
            change_profile(
                session,
                now=now,
                actor=staff,
                person_id=chen.id,
                values=values,  # type: ignore[arg-type]
                ground="home_visit",
            )
        known = open_profile(session, person_id=chen.id)
        assert known == {
            "born_on": "1958-11",
            "welfare": ["dibao"],
            "lives_alone": True,
            "marital": "married",
        }
        assert profile_version(session, person_id=chen.id) == 2
        assert find_born_on(session, person_id=chen.id) == date(1958, 11, 30)
        assert list_profiles(session, person_ids=[chen.id, staff.id]) == {chen.id: known}


def test_nothing_of_it_can_be_read_in_the_file_nor_in_the_journal(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        change_profile(
            session,
            now=now,
            actor=staff,
            person_id=chen.id,
            values={"guardian_name": "买买提·库尔班", "address": "五组三号", "name": "阿卜杜拉"},
            ground="staff",
        )
        row = session.all(select(resident))[0]
        assert "库尔班".encode() not in row.profile
        last = session.all(select(journal).order_by(journal.c.id.desc()))[0]
        assert last.what == "profile_changed"
        assert last.detail == "address,name,guardian_name"
        assert open_contact(session, person_id=chen.id).address == "五组三号"
        assert open_contact(session, person_id=chen.id).name == "阿卜杜拉"


def test_the_same_again_changes_and_journals_nothing(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        for _ in range(2):
            change_profile(
                session,
                now=now,
                actor=staff,
                person_id=chen.id,
                values={"sex": "male", "phone": "+8610012345678"},
                ground="staff",
            )
        assert journalled(session, "profile_changed") == 1
        assert profile_version(session, person_id=chen.id) == 1


def test_themselves_and_staff_may_and_a_neighbour_may_not(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        change = {"now": now, "person_id": chen.id, "values": {"sex": "male"}, "ground": "self"}
        neighbour = register(session, now=now, name="张强", roles=("volunteer",))
        with pytest.raises(NotAllowed):
            change_profile(session, actor=neighbour, **change)  # type: ignore[arg-type]
        assert change_profile(session, actor=chen, **change) == ["sex"]  # type: ignore[arg-type]


def test_a_column_that_is_not_there_or_is_counted_elsewhere_is_refused(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        for key in ("zodiac", "several_disabled", "certificate_number"):
            with pytest.raises(UnknownField):
                change_profile(
                    session,
                    now=now,
                    actor=staff,
                    person_id=chen.id,
                    values={key: "x"},
                    ground="staff",
                )


def test_a_volunteer_has_a_profile_of_their_own_with_languages_to_be_sought_by(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    with database.transaction() as session:
        change_profile(
            session,
            now=now,
            actor=chen,
            person_id=chen.id,
            values={"languages": ["chongqing", "sign_language"], "team": "东街队"},
            ground="self",
            register=Register.VOLUNTEER,
        )
        known = open_profile(session, person_id=chen.id, register=Register.VOLUNTEER)
        assert known == {"languages": ["chongqing", "sign_language"], "team": "东街队"}
        assert session.all(select(volunteer_profile))[0].languages == "chongqing,sign_language"
        assert open_profile(session, person_id=chen.id) == {}
