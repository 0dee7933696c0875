"""Who may speak for whom: the person, a guardian, a caregiver, staff; and who is a child."""

from datetime import datetime

from sqlalchemy import select

from storage.database import Session
from storage.people import Person
from storage.registers import find_born_on
from storage.rules.ages import is_child, is_minor
from storage.rules.purposes import Ground
from storage.tables import caregiver


def is_known_child(session: Session, *, now: datetime, person_id: int) -> bool:
    """Whether the register says that somebody is under 14: then only a guardian speaks."""
    born_on = find_born_on(session, person_id=person_id)
    return born_on is not None and is_child(born_on, session.house.local(now).date())


def is_known_minor(session: Session, *, now: datetime, person_id: int) -> bool:
    """Whether the register says that somebody is under 18."""
    born_on = find_born_on(session, person_id=person_id)
    return born_on is not None and is_minor(born_on, session.house.local(now).date())


def list_guardians(session: Session, *, person_id: int) -> list[int]:
    """Return the ids of a person's confirmed guardians."""
    return _list(session, person_id, kinds=("guardian",))


def list_speakers(session: Session, *, person_id: int) -> list[int]:
    """Return the ids of a person's confirmed caregivers and guardians."""
    return _list(session, person_id, kinds=("caregiver", "guardian"))


def list_copied(session: Session, *, person_id: int) -> list[int]:
    """Return who gets a copy of the news to a person: each caregiver whom they let have it."""
    rows = session.all(
        select(caregiver.c.caregiver_id)
        .where(caregiver.c.resident_id == person_id, caregiver.c.state == "confirmed")
        .where(caregiver.c.copies)
        .order_by(caregiver.c.id)
    )
    return [row.caregiver_id for row in rows]


def ground_for(
    session: Session, *, actor: Person, person_id: int, hold: bool = False
) -> Ground | None:
    """On what ground this person may speak for that one now; None when on none.

    ``hold``: whoever ends the tie at this moment waits for the end of this transaction.
    """
    if actor.id == person_id:
        return Ground.SELF
    if actor.id in _list(session, person_id, kinds=("guardian",), hold=hold):
        return Ground.GUARDIAN
    if actor.id in _list(session, person_id, kinds=("caregiver",)):
        return Ground.CAREGIVER
    return Ground.STAFF if actor.is_approved("coordinator") else None


def _list(
    session: Session, person_id: int, *, kinds: tuple[str, ...], hold: bool = False
) -> list[int]:
    statement = (
        select(caregiver.c.caregiver_id)
        .where(caregiver.c.resident_id == person_id, caregiver.c.state == "confirmed")
        .where(caregiver.c.kind.in_(kinds))
        .order_by(caregiver.c.id)
    )
    rows = session.all(statement.with_for_update(read=True) if hold else statement)
    return [row.caregiver_id for row in rows]
