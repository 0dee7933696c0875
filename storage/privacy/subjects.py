"""Whose data somebody may see: their own, and of whom they speak for while the tie lives."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import Session
from storage.guardians import ground_for, is_known_child
from storage.journal import note
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.purposes import Ground
from storage.tables import caregiver, person

_TIED = frozenset({Ground.SELF, Ground.GUARDIAN, Ground.CAREGIVER})


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whose data may be asked for."""

    id: int
    name: str


def list_subjects(session: Session, *, actor: Person) -> list[Subject]:
    """List the actor and everybody for whom they speak now."""
    rows = session.all(
        select(person.c.id, person.c.name)
        .join(caregiver, caregiver.c.resident_id == person.c.id)
        .where(caregiver.c.caregiver_id == actor.id, caregiver.c.state == "confirmed")
        .order_by(caregiver.c.id)
    )
    return [Subject(actor.id, actor.name), *(Subject(row.id, row.name) for row in rows)]


def open_subject(session: Session, *, now: datetime, actor: Person, person_id: int) -> Person:
    """Return whose data it is; a look by somebody else is journalled. Raises NotAllowed."""
    ground = ground_for(session, actor=actor, person_id=person_id)
    if ground not in _TIED:
        raise NotAllowed
    if ground is Ground.CAREGIVER and is_known_child(session, now=now, person_id=person_id):
        raise NotAllowed  # a child's guardian alone
    if ground is not Ground.SELF:
        note(
            session,
            now=now,
            what="data_seen",
            actor_id=actor.id,
            subject_id=person_id,
            ground=ground.value,
        )
    return get_person(session, person_id=person_id)


def ground_of_erasing(session: Session, *, actor: Person, subject: Person) -> str | None:
    """On what ground the actor may erase in the chat: self or guardian; None when they may not."""
    ground = ground_for(session, actor=actor, person_id=subject.id)
    return ground.value if ground in (Ground.SELF, Ground.GUARDIAN) else None
