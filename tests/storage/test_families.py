"""What follows from the register: severe, key care, old and disabled, several in one house."""

from dataclasses import replace
from datetime import datetime

import pytest

from storage.database import Database, Session
from storage.people import Person
from storage.registers import (
    change_profile,
    find_facts,
    list_facts,
    place_in_household,
    record_certificate,
)
from storage.rules.severity import DEFAULT_SEVERITY
from tests.storage.residents import register

OLD_BLIND, LIGHT, MIND = "50029919450307018211", "50029919900101001X44", "50029919720229306063"


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def _resident(session: Session, now: datetime, staff: Person, number: str, home: int | None) -> int:
    one = register(session, now=now, name="某某", roles=("resident",))
    record_certificate(
        session,
        now=now,
        actor=staff,
        person_id=one.id,
        number=number,
        ground="card",
        seen_on_card=True,
    )
    return (
        place_in_household(session, now=now, actor=staff, person_id=one.id, household_id=home)
        and one.id
    )


def test_two_residents_in_one_house_are_several_and_a_healthy_child_is_not_counted(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        old = _resident(session, now, staff, OLD_BLIND, None)
        facts = find_facts(session, now=now, person_id=old)
        assert (facts.age, facts.severe, facts.elderly_disabled) == (81, True, True)
        assert not facts.several_disabled
        child = register(session, now=now, name="孩子")
        place_in_household(
            session,
            now=now,
            actor=staff,
            person_id=child.id,
            household_id=facts.household_id,
            relation="child",
        )
        assert not find_facts(session, now=now, person_id=old).several_disabled
        light = _resident(session, now, staff, LIGHT, facts.household_id)
        both = list_facts(session, now=now, person_ids=[old, light, child.id])
        assert [both[one].several_disabled for one in (old, light)] == [True, True]
        assert [both[one].severe for one in (old, light)] == [True, False]
        assert (both[child.id].disability, both[child.id].elderly_disabled) == (None, False)


def test_key_care_follows_the_allowance_of_anybody_in_the_house(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        mind = _resident(session, now, staff, MIND, None)
        home = find_facts(session, now=now, person_id=mind).household_id
        light = _resident(session, now, staff, LIGHT, home)
        assert not find_facts(session, now=now, person_id=mind).key_care
        change_profile(
            session,
            now=now,
            actor=staff,
            person_id=light,
            values={"welfare": ["dibao"], "lives_alone": False},
            ground="staff",
        )
        facts = find_facts(session, now=now, person_id=mind)
        assert (facts.key_care, facts.severe) == (True, False)
        database.house = replace(
            database.house, severity=replace(DEFAULT_SEVERITY, severe=frozenset({1, 2, 3}))
        )
    with database.transaction() as session:
        assert find_facts(session, now=now, person_id=mind).severe
