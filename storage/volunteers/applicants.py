"""Those who wait for a coordinator's word: listed, shown as a card, their phone opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from storage.database import Session
from storage.journal import note
from storage.outbox import Button
from storage.people import ContactData, Person, open_contact
from storage.refusals import NotAllowed, TooLate
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


def list_applicants(session: Session, *, actor: Person, limit: int = 20) -> list[Applicant]:
    """List those who wait for this member of staff's decision, the longest first."""
    mine = applicants().where(role.c.state == "waiting", seen_people(actor))
    waiting = mine.order_by(role.c.id).limit(limit)
    return [as_applicant(row) for row in session.all(waiting)]


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


def as_applicant(row: Row[Any]) -> Applicant:
    return Applicant(
        role_id=row.role_id,
        version=row.version,
        person_id=row.person_id,
        name=row.name,
        community=row.community,
        skills=split_keys(row.skills),
        times=split_keys(row.times),
        asked_at=row.created_at,
    )


def card_facts(one: Applicant) -> dict[str, str | list[str] | None]:
    """What a coordinator is shown of an applicant: no phone, which is opened on asking."""
    return {
        "name": one.name,
        "community": one.community,
        "skills": one.skills,
        "times": one.times,
        "asked_at": one.asked_at.isoformat(),
    }


def card_buttons(one: Applicant) -> list[list[Button]]:
    """What a coordinator can do with an applicant."""
    data = f"{one.role_id}:{one.version}"
    return [
        [
            Button("approval.approve", f"approval:approve:{data}"),
            Button("approval.decline", f"approval:decline:{data}"),
        ],
        [Button("approval.phone", f"approval:phone:{data}")],
    ]
