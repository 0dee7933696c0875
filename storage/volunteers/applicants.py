"""Those who wait for a coordinator's word: listed, shown as a card, their phone opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from storage.consents import has_consent
from storage.database import Session
from storage.guardians import is_known_minor
from storage.journal import note
from storage.outbox import Button
from storage.people import ContactData, Person, open_contact
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.purposes import Purpose
from storage.scope import check_sees, seen_people
from storage.tables import community, person, role, volunteer
from storage.volunteers.profile import split_keys


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who waits for a coordinator's word."""

    role_id: int
    version: int
    person_id: int
    name: str
    community: str | None
    skills: list[str]
    times: list[str]
    asked_at: datetime
    # Under 18, and whether their guardian's yes stands.
    minor: bool
    agreed: bool


def list_applicants(session: Session, *, actor: Person, limit: int = 20) -> list[Applicant]:
    """List those who wait for this member of staff's decision, the longest first."""
    mine = applicants().where(role.c.state == "waiting", seen_people(actor))
    waiting = mine.order_by(role.c.id).limit(limit)
    return [as_applicant(session, row) for row in session.all(waiting)]


def open_applicant(session: Session, *, now: datetime, actor: Person, role_id: int) -> ContactData:
    """Open the phone of somebody who applied, for the office's call before the decision."""
    if actor.scope is None:
        raise NotAllowed
    row = session.find(applicants().where(role.c.id == role_id, role.c.state == "waiting"))
    if row is None:
        raise TooLate
    check_sees(session, actor=actor, person_id=row.person_id)
    note(
        session,
        now=now,
        what="contact_seen",
        actor_id=actor.id,
        subject_id=row.person_id,
        ground="volunteer_applied",
    )
    return open_contact(session, person_id=row.person_id)


def applicants() -> Select[Any]:
    return (
        select(
            role.c.id.label("role_id"),
            role.c.version,
            role.c.person_id,
            role.c.created_at,
            person.c.name,
            community.c.name.label("community"),
            volunteer.c.skills,
            volunteer.c.times,
        )
        .join(person, person.c.id == role.c.person_id)
        .join(volunteer, volunteer.c.person_id == role.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(role.c.kind == "volunteer")
    )


def as_applicant(session: Session, row: Row[Any]) -> Applicant:
    return Applicant(
        role_id=row.role_id,
        version=row.version,
        person_id=row.person_id,
        name=row.name,
        community=row.community,
        skills=split_keys(row.skills),
        times=split_keys(row.times),
        asked_at=row.created_at,
        minor=is_known_minor(session, now=row.created_at, person_id=row.person_id),
        agreed=has_consent(session, person_id=row.person_id, purpose=Purpose.VOLUNTEER_MINOR),
    )


def card_facts(one: Applicant) -> dict[str, Fact]:
    """What a coordinator is shown of an applicant: no phone, which is opened on asking."""
    return {
        "name": one.name,
        "community": one.community,
        "skills": one.skills,
        "times": one.times,
        "asked_at": one.asked_at.isoformat(),
        "minor": one.minor,
        "agreed": one.agreed,
    }


def card_buttons(one: Applicant) -> list[list[Button]]:
    """What a coordinator can do with an applicant."""
    data = f"{one.role_id}:{one.version}"
    see = Button("approval.person", f"person:see:{one.person_id}:0")
    lines = [
        [
            Button("approval.approve", f"approval:approve:{data}"),
            Button("approval.decline", f"approval:decline:{data}"),
        ],
        [Button("approval.phone", f"approval:phone:{data}"), see],
    ]
    if one.minor and not one.agreed:
        lines.append([Button("approval.guardian", f"consent:record:{one.person_id}:0")])
    return lines
