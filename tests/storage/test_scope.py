"""An organisation sees its own people and those below it, nothing beside it."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select, update

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.duty import list_duty
from storage.organisations import find_by_name
from storage.people import Person, get_person
from storage.refusals import OutsideScope
from storage.roles import grant
from storage.rules.access import Relation
from storage.scope import check_sees, list_staff_of, seen_people, sees, staff_relations
from storage.tables import person, role
from tests.storage.residents import register


@dataclass(frozen=True)
class Street:
    """Two villages, a coordinator in each and in the office, a resident in each and in none."""

    office: Person
    of_first: Person
    of_second: Person
    first: int
    second: int
    nowhere: int


def staff(session: Session, now: datetime, name: str, chat: int, organisation: str) -> Person:
    one = register(session, now=now, name=name, chat=chat)
    where = find_by_name(session, name=organisation)
    assert where is not None
    grant(
        session,
        now=now,
        person_id=one.id,
        kind="coordinator",
        actor_id=None,
        organisation_id=where.id,
    )
    return get_person(session, person_id=one.id)


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    with database.transaction() as session:
        seed(session, now=now)
        homes = list_communities(session)
        ids = [
            register(
                session,
                now=now,
                name="陈素芬",
                roles=("resident",),
                chat=50 + at,
                community_id=home,
            ).id
            for at, home in enumerate((homes[0].id, homes[1].id, None))
        ]
        return Street(
            staff(session, now, "王珊", 1, "桂阳街道残联"),
            staff(session, now, "周群", 2, homes[0].name),
            staff(session, now, "吴芳", 3, homes[1].name),
            *ids,
        )


def test_a_village_sees_its_own_and_nothing_beside_it(database: Database, street: Street) -> None:
    with database.transaction() as session:
        seen = {
            one: {
                who
                for who in (street.first, street.second, street.nowhere)
                if sees(session, actor=getattr(street, one), person_id=who)
            }
            for one in ("office", "of_first", "of_second")
        }
    assert seen == {
        "office": {street.first, street.second, street.nowhere},
        "of_first": {street.first},
        "of_second": {street.second},
    }


@pytest.mark.parametrize("one", ["office", "of_first", "of_second"])
def test_a_list_holds_just_whom_one_sees(database: Database, street: Street, one: str) -> None:
    actor: Person = getattr(street, one)
    with database.transaction() as session:
        listed = {row.id for row in session.all(select(person.c.id).where(seen_people(actor)))}
        everybody = [row.id for row in session.all(select(person.c.id))]
        assert listed == {who for who in everybody if sees(session, actor=actor, person_id=who)}


def test_somebody_without_a_staff_role_sees_nobody(database: Database, street: Street) -> None:
    with database.transaction() as session:
        resident = get_person(session, person_id=street.first)
        assert not sees(session, actor=resident, person_id=street.second)
        assert session.all(select(person.c.id).where(seen_people(resident))) == []
        with pytest.raises(OutsideScope) as refusal:
            check_sees(session, actor=street.of_first, person_id=street.second)
        assert refusal.value.subject_id == street.second


def test_whoever_is_rung_may_act_also_beyond_their_own(database: Database, street: Street) -> None:
    with database.transaction() as session:
        outside = staff_relations(session, actor=street.of_first, person_id=street.second)
        assert outside == frozenset()
        session.change(
            update(role)
            .where(role.c.person_id.in_((street.of_second.id, street.office.id)))
            .values(state="ended")
        )
        left = staff_relations(session, actor=street.of_first, person_id=street.second)
        assert left == {Relation.ON_DUTY}


def test_the_village_and_the_office_are_on_duty_and_never_nobody(
    database: Database, street: Street, now: datetime
) -> None:
    def duty(session: Session, about: int | None) -> set[str]:
        return {one.name for one in list_duty(session, now=now, about=about)}

    with database.transaction() as session:
        assert duty(session, street.first) == {"王珊", "周群"}
        assert duty(session, street.nowhere) == {"王珊"}
        assert duty(session, None) == {"王珊"}
        for who in (street.office, street.of_first):
            session.change(update(role).where(role.c.person_id == who.id).values(state="ended"))
        # Nobody of theirs is left: whoever is there is rung.
        assert duty(session, street.first) == {"吴芳"}
        assert list_staff_of(session, person_id=None) == [(street.of_second.id, "吴芳")]
