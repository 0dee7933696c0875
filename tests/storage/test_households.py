"""Households: people live in one at a time, somebody is the head, and moves are journalled."""

from datetime import datetime, timedelta

import pytest

from storage.communities import add_community
from storage.database import Database
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed
from storage.registers import (
    find_household,
    leave_household,
    list_members,
    place_in_household,
    set_head,
)
from tests.storage.residents import journalled, register


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def test_a_family_lives_together_and_the_first_is_its_head(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        mother = register(session, now=now, name="陈素芬", roles=("resident",))
        child = register(session, now=now, name="陈小明")
        home = place_in_household(
            session, now=now, actor=staff, person_id=mother.id, relation="head", group_code="3组"
        )
        place_in_household(
            session, now=now, actor=staff, person_id=child.id, household_id=home, relation="child"
        )
        first, second = list_members(session, household_id=home)
        assert (first.name, first.relation, first.is_head, first.is_resident) == (
            "陈素芬",
            "head",
            True,
            True,
        )
        assert (second.name, second.relation, second.is_head, second.is_resident) == (
            "陈小明",
            "child",
            False,
            False,
        )
        found = find_household(session, person_id=child.id)
        assert found is not None
        assert (found.id, found.group_code) == (home, "3组")


def test_who_moves_leaves_the_old_household_and_its_head_is_followed(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        people = [register(session, now=now, name=name) for name in ("甲", "乙", "丙")]
        home = place_in_household(session, now=now, actor=staff, person_id=people[0].id)
        for days, one in enumerate(people[1:]):
            place_in_household(
                session,
                now=now + timedelta(days=days),
                actor=staff,
                person_id=one.id,
                household_id=home,
            )
        elsewhere = place_in_household(session, now=now, actor=staff, person_id=people[0].id)
        assert elsewhere != home
        assert [one.name for one in list_members(session, household_id=home)] == ["乙", "丙"]
        left = find_household(session, household_id=home)
        assert left is not None
        assert left.head_id == people[1].id
        assert journalled(session, "household_joined") == 4


def test_the_head_lives_there_and_is_named_once(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        one = register(session, now=now, name="甲")
        stranger = register(session, now=now, name="乙")
        home = place_in_household(session, now=now, actor=staff, person_id=one.id)
        name = {"now": now, "actor": staff, "household_id": home}
        with pytest.raises(AlreadyDone):
            set_head(session, **name, person_id=one.id)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            set_head(session, **name, person_id=stranger.id)  # type: ignore[arg-type]


def test_leaving_twice_is_told(database: Database, now: datetime, staff: Person) -> None:
    with database.transaction() as session:
        one = register(session, now=now, name="甲")
        home = place_in_household(session, now=now, actor=staff, person_id=one.id)
        leave_household(session, now=now, actor=staff, person_id=one.id)
        with pytest.raises(AlreadyDone):
            leave_household(session, now=now, actor=staff, person_id=one.id)
        assert list_members(session, household_id=home) == []


def test_only_staff_place_people_and_only_in_what_there_is(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        one = register(session, now=now, name="甲", roles=("resident",))
        with pytest.raises(NotAllowed):
            place_in_household(session, now=now, actor=one, person_id=one.id)
        with pytest.raises(NotAllowed):
            place_in_household(session, now=now, actor=staff, person_id=one.id, household_id=99)
        with pytest.raises(NotAllowed):
            leave_household(session, now=now, actor=one, person_id=one.id)


def test_the_offices_number_of_a_community_is_one_household(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        home = add_community(session, now=now, actor=staff, name="青山村")
        other = add_community(session, now=now, actor=staff, name="双河村")
        people = [
            register(session, now=now, name=name, community_id=where)
            for name, where in (("甲", home), ("乙", home), ("丙", other))
        ]
        placed = [
            place_in_household(session, now=now, actor=staff, person_id=one.id, code="07-12")
            for one in people
        ]
        assert placed[0] == placed[1] != placed[2]
        found = find_household(session, household_id=placed[0])
        assert found is not None
        assert (found.code, found.head_id) == ("07-12", people[0].id)
