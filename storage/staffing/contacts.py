"""Who works in an organisation, and whom its people may turn to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from storage.database import Session
from storage.journal import note
from storage.organisations import Organisation, check_reach, get_organisation
from storage.people import Person, get_person
from storage.refusals import NotAllowed, TooLate
from storage.scope import check_sees, seen_people
from storage.tables import community, organisation, person, role

STAFF = ("coordinator", "leading_group")
CANDIDATES_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works in an organisation."""

    role_id: int
    version: int
    person_id: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A community with registered residents and nobody to turn to."""

    organisation_id: int
    community: str
    residents: int


def list_staff(session: Session, *, organisation_id: int) -> list[Staff]:
    """List who works there now, the longest first; roles without a place belong to the office."""
    one = get_organisation(session, organisation_id=organisation_id)
    there = role.c.organisation_id == organisation_id
    if one.kind == "dpf_office":
        there = or_(there, role.c.organisation_id.is_(None))
    rows = session.all(
        select(role.c.id, role.c.version, role.c.person_id, role.c.kind, person.c.name)
        .join(person, person.c.id == role.c.person_id)
        .where(there, role.c.kind.in_(STAFF), role.c.state == "approved")
        .order_by(role.c.id)
    )
    return [Staff(row.id, row.version, row.person_id, row.name, row.kind) for row in rows]


def name_contact(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    version: int,
    person_id: int | None,
) -> Organisation:
    """Say whom people of this organisation may turn to; None for nobody."""
    check_reach(actor, get_organisation(session, organisation_id=organisation_id))
    if person_id is not None:
        _check_contact(session, actor=actor, person_id=person_id)
    named = session.change(
        update(organisation)
        .where(organisation.c.id == organisation_id, organisation.c.version == version)
        .values(contact_id=person_id, version=version + 1)
    )
    if named == 0:
        raise TooLate
    note(
        session,
        now=now,
        what="contact_named",
        actor_id=actor.id,
        subject_id=person_id,
        thing="organisation",
        thing_id=organisation_id,
    )
    return get_organisation(session, organisation_id=organisation_id)


def find_contacts(
    session: Session, *, actor: Person, organisation_id: int, words: str = ""
) -> list[Staff]:
    """Whom to name: who works there, or with ``words`` anybody the actor sees by that name."""
    if not words:
        return list_staff(session, organisation_id=organisation_id)
    rows = session.all(
        select(person.c.id, person.c.name)
        .where(person.c.name.startswith(words, autoescape=True), seen_people(actor))
        .order_by(person.c.name, person.c.id)
        .limit(CANDIDATES_AT_MOST)
    )
    return [Staff(0, 0, row.id, row.name, "") for row in rows]


def list_gaps(session: Session, *, actor: Person) -> list[Gap]:
    """List the communities where residents are registered and no contact person is named.

    “哪里有残疾人，哪里就有残疾人组织” (2020-116, part 3 (1)).
    """
    if actor.scope is None:
        raise NotAllowed
    residents = (
        select(func.count())
        .select_from(person)
        .join(role, role.c.person_id == person.c.id)
        .where(role.c.kind == "resident", role.c.state == "approved")
        .where(person.c.community_id == community.c.id)
        .scalar_subquery()
    )
    rows = session.all(
        select(organisation.c.id, community.c.name, residents.label("residents"))
        .join(community, community.c.id == organisation.c.community_id)
        .where(organisation.c.contact_id.is_(None))
        .where(organisation.c.path.startswith(actor.scope, autoescape=True))
        .where(_has_residents())
        .order_by(community.c.position, community.c.id)
    )
    return [Gap(row.id, row.name, row.residents) for row in rows]


def _has_residents() -> ColumnElement[bool]:
    # One inside the other, from the community inwards: joined, SQLite began with every resident.
    is_resident = exists().where(
        role.c.person_id == person.c.id, role.c.kind == "resident", role.c.state == "approved"
    )
    return exists().where(person.c.community_id == organisation.c.community_id, is_resident)


def _check_contact(session: Session, *, actor: Person, person_id: int) -> None:
    """Somebody the actor sees, or who works with them."""
    try:
        one = get_person(session, person_id=person_id)
    except LookupError as error:
        raise NotAllowed from error
    if one.scope is None:
        check_sees(session, actor=actor, person_id=person_id)
