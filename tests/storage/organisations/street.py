"""A subdistrict with an office, two villages and a school, and who works in each."""

from dataclasses import dataclass
from datetime import datetime

from storage.communities import list_communities, seed
from storage.database import Session
from storage.organisations import Organisation, add_organisation, find_by_name
from storage.people import Person, get_person
from storage.roles import grant
from tests.storage.residents import register


@dataclass(frozen=True)
class Street:
    """王珊 in the office, 周群 and 吴芳 in villages, 罗老师 in a school, 陈素芬 in the first."""

    office: Person
    of_first: Person
    of_second: Person
    teacher: Person
    resident: Person
    first: Organisation
    second: Organisation
    school: Organisation


def place(session: Session, name: str) -> Organisation:
    """The organisation of this name."""
    found = find_by_name(session, name=name)
    assert found is not None
    return found


def staff(session: Session, now: datetime, name: str, chat: int, where: Organisation) -> Person:
    """Somebody who works there."""
    one = register(session, now=now, name=name, chat=chat)
    grant(
        session,
        now=now,
        person_id=one.id,
        kind="coordinator",
        actor_id=None,
        organisation_id=where.id,
    )
    return get_person(session, person_id=one.id)


def a_street(session: Session, now: datetime) -> Street:
    """Plant the tree and let people work in it."""
    seed(session, now=now)
    homes = list_communities(session)
    office = staff(session, now, "王珊", 1, place(session, "桂阳街道残联"))
    add_organisation(
        session,
        now=now,
        actor=office,
        parent_id=place(session, "桂阳街道残联").id,
        kind="school",
        name="青山小学",
    )
    first, second = place(session, homes[0].name), place(session, homes[1].name)
    school = place(session, "青山小学")
    return Street(
        office=office,
        of_first=staff(session, now, "周群", 2, first),
        of_second=staff(session, now, "吴芳", 3, second),
        teacher=staff(session, now, "罗老师", 4, school),
        resident=register(
            session,
            now=now,
            name="陈素芬",
            roles=("resident",),
            chat=50,
            phone="+8610012345678",
            community_id=homes[0].id,
        ),
        first=first,
        second=second,
        school=school,
    )
