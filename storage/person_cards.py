"""The card of a person for staff: masked at first, opened part by part, each look journalled."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from storage.database import Session
from storage.journal import note
from storage.looks import check_look
from storage.people import Person, open_contact
from storage.refusals import NotAllowed
from storage.registers import (
    Certificate,
    Profile,
    check_staff,
    find_born_on,
    find_certificate,
    find_disability,
    find_facts,
    find_household,
    list_members,
    open_profile,
)
from storage.rules.ages import is_child, is_minor
from storage.rules.certificate import CertificateState
from storage.rules.fields import Register, list_section
from storage.rules.masks import mask_certificate, mask_phone
from storage.tables import community, consent, need, person, role, volunteer

OPEN_NEEDS = ("open", "verifying", "referred", "unclaimed", "claimed", "done")


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What is shown at once: enough to know who it is and what is missing, nothing to dial."""

    person_id: int
    name: str
    community: str | None
    group: str
    roles: list[str]
    waiting: list[str]
    phone: str | None
    certificate: str | None
    certificate_state: CertificateState | None
    expires_on: date | None
    several_disabled: bool
    members: int
    contacts: int
    needs: int
    consents: list[str]
    child: bool
    minor: bool
    has_chat: bool
    household_id: int | None


def see_person_card(
    session: Session, *, now: datetime, actor: Person, person_id: int
) -> PersonCard:
    """Return the masked card; the look is journalled, and a child's approved first."""
    check_staff(session, actor=actor, person_id=person_id)
    row = session.find(
        select(person.c.id, person.c.name, person.c.telegram_id, community.c.name.label("place"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.id == person_id)
    )
    if row is None:
        raise NotAllowed
    check_look(session, now=now, actor=actor, person_id=person_id)
    note(session, now=now, what="person_seen", actor_id=actor.id, subject_id=person_id)
    roles = _roles(session, person_id)
    contact = open_contact(session, person_id=person_id)
    certificate = find_certificate(session, person_id=person_id)
    home = find_household(session, person_id=person_id)
    members = list_members(session, household_id=home.id) if home else []
    profile = open_profile(session, person_id=person_id)
    born_on = find_born_on(session, person_id=person_id)
    today = session.house.local(now).date()
    return PersonCard(
        person_id=person_id,
        name=row.name,
        community=row.place,
        group=home.group_code if home else "",
        roles=[kind for kind, state in roles.items() if state == "approved"],
        waiting=[kind for kind, state in roles.items() if state == "waiting"],
        phone=mask_phone(contact.phone) if contact.phone else None,
        certificate=mask_certificate(certificate.number) if certificate else None,
        certificate_state=certificate.state if certificate else None,
        expires_on=certificate.expires_on if certificate else None,
        several_disabled=sum(one.is_resident for one in members) > 1,
        members=len(members),
        contacts=sum(f"{one}_phone" in profile for one in ("guardian", "contact", "contact2")),
        needs=_count_needs(session, person_id),
        consents=_consents(session, person_id, now),
        child=born_on is not None and is_child(born_on, today),
        minor=born_on is not None and is_minor(born_on, today),
        has_chat=row.telegram_id is not None,
        household_id=home.id if home else None,
    )


def open_section(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    register: Register,
    section: str,
) -> Profile:
    """Open one part of the form in full, by column; the look is journalled with its part."""
    check_staff(session, actor=actor, person_id=person_id)
    check_look(session, now=now, actor=actor, person_id=person_id)
    note(
        session,
        now=now,
        what="register_seen",
        actor_id=actor.id,
        subject_id=person_id,
        thing=register.value,
        detail=section,
    )
    known = open_profile(session, person_id=person_id, register=register)
    known |= _of_person(session, person_id)
    if register is Register.RESIDENT:
        known |= _of_certificate(session, person_id) | _of_facts(session, now, person_id)
    else:
        known |= _of_volunteer(session, person_id)
    found = {field.key: known.get(field.key) for field in list_section(register, section)}
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _roles(session: Session, person_id: int) -> dict[str, str]:
    rows = session.all(
        select(role.c.kind, role.c.state)
        .where(role.c.person_id == person_id, role.c.state.in_(("waiting", "approved")))
        .order_by(role.c.id)
    )
    return {row.kind: row.state for row in rows}


def _count_needs(session: Session, person_id: int) -> int:
    counting = select(func.count()).where(
        need.c.resident_id == person_id, need.c.state.in_(OPEN_NEEDS)
    )
    return int(session.value(counting))


def _consents(session: Session, person_id: int, now: datetime) -> list[str]:
    rows = session.all(
        select(consent.c.purpose)
        .where(
            consent.c.person_id == person_id,
            consent.c.withdrawn_at.is_(None),
            consent.c.expires_at.is_(None) | (consent.c.expires_at > now),
        )
        .distinct()
        .order_by(consent.c.purpose)
    )
    return [row.purpose for row in rows]


def _of_person(session: Session, person_id: int) -> Profile:
    contact = open_contact(session, person_id=person_id)
    place = session.value(
        select(community.c.name)
        .join(person, person.c.community_id == community.c.id)
        .where(person.c.id == person_id)
    )
    return {
        "name": contact.name,
        "phone": contact.phone,
        "address": contact.address,
        "community": place,
    }


def _of_certificate(session: Session, person_id: int) -> Profile:
    known = find_disability(session, person_id=person_id)
    one: Certificate | None = find_certificate(session, person_id=person_id)
    return {
        "category": known.category.value if known else None,
        "grade": str(known.grade) if known and known.grade else None,
        "certificate_number": one.number if one else None,
        "certificate_state": one.state.value if one else None,
        "certificate_issued_on": one.issued_on.isoformat() if one and one.issued_on else None,
        "certificate_expires_on": one.expires_on.isoformat() if one and one.expires_on else None,
    }


def _of_facts(session: Session, now: datetime, person_id: int) -> Profile:
    facts = find_facts(session, now=now, person_id=person_id)
    home = find_household(session, person_id=person_id)
    return {
        "group": home.group_code if home else None,
        "household": home.code if home else None,
        "several_disabled": facts.several_disabled if home else None,
        "elderly_disabled": facts.elderly_disabled or None,
        "severe": facts.severe if facts.disability else None,
        "key_care": facts.key_care or None,
    }


def _of_volunteer(session: Session, person_id: int) -> Profile:
    row = session.find(
        select(volunteer.c.skills, volunteer.c.times).where(volunteer.c.person_id == person_id)
    )
    if row is None:
        return {}
    return {
        "skills": row.skills.split(",") if row.skills else [],
        "times": row.times.split(",") if row.times else [],
    }
