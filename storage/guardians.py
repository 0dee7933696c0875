"""Who may speak for whom: the person, a guardian, a caregiver, staff; and who is a child."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from storage.database import Session
from storage.people import Person
from storage.rules.ages import is_child, is_minor, read_day
from storage.rules.purposes import Ground
from storage.tables import caregiver, person, resident, volunteer_profile

# Written once: they are run with every need, and putting one together cost ten times running it.
_PROFILES = (
    select(
        resident.c.uid,
        resident.c.profile,
        volunteer_profile.c.uid.label("helper_uid"),
        volunteer_profile.c.profile.label("helper_profile"),
    )
    .select_from(person)
    .outerjoin(resident, resident.c.person_id == person.c.id)
    .outerjoin(volunteer_profile, volunteer_profile.c.person_id == person.c.id)
    .where(person.c.id == bindparam("one"))
)


def _ties(*kinds: str) -> Select[Any]:
    return (
        select(caregiver.c.caregiver_id)
        .where(caregiver.c.resident_id == bindparam("one"), caregiver.c.state == "confirmed")
        .where(caregiver.c.kind.in_(kinds))
        .order_by(caregiver.c.id)
    )


_GUARDIANS = _ties("guardian")
_GUARDIANS_HELD = _GUARDIANS.with_for_update(read=True)
_CAREGIVERS = _ties("caregiver")
_SPEAKERS = _ties("guardian", "caregiver")
_COPIED = _SPEAKERS.where(caregiver.c.copies)


def is_known_child(session: Session, *, now: datetime, person_id: int) -> bool:
    """Whether the register says that somebody is under 14: then only a guardian speaks."""
    born_on = _born_on(session, person_id)
    return born_on is not None and is_child(born_on, session.house.local(now).date())


def is_known_minor(session: Session, *, now: datetime, person_id: int) -> bool:
    """Whether the register says that somebody is under 18."""
    born_on = _born_on(session, person_id)
    return born_on is not None and is_minor(born_on, session.house.local(now).date())


def _born_on(session: Session, person_id: int) -> date | None:
    """The day of birth that either register knows."""
    row = session.execute(_PROFILES, {"one": person_id}).first()
    if row is None:
        return None
    sealed = (
        (row.profile, f"resident.profile:{row.uid}"),
        (row.helper_profile, f"volunteer_profile.profile:{row.helper_uid}"),
    )
    for value, place in sealed:
        if value is not None:
            born_on = read_day(json.loads(session.vault.unseal(value, place=place)).get("born_on"))
            if born_on is not None:
                return born_on
    return None


def list_guardians(session: Session, *, person_id: int) -> list[int]:
    """Return the ids of a person's confirmed guardians."""
    return _run(session, _GUARDIANS, person_id)


def list_speakers(session: Session, *, person_id: int) -> list[int]:
    """Return the ids of a person's confirmed caregivers and guardians."""
    return _run(session, _SPEAKERS, person_id)


def list_copied(session: Session, *, person_id: int) -> list[int]:
    """Return who gets a copy of the news to a person: each caregiver whom they let have it."""
    return _run(session, _COPIED, person_id)


def ground_for(
    session: Session, *, actor: Person, person_id: int, hold: bool = False
) -> Ground | None:
    """On what ground this person may speak for that one now; None when on none.

    ``hold``: whoever ends the tie at this moment waits for the end of this transaction.
    """
    if actor.id == person_id:
        return Ground.SELF
    if actor.id in _run(session, _GUARDIANS_HELD if hold else _GUARDIANS, person_id):
        return Ground.GUARDIAN
    if actor.id in _run(session, _CAREGIVERS, person_id):
        return Ground.CAREGIVER
    return Ground.STAFF if actor.is_approved("coordinator") else None


def _run(session: Session, statement: Select[Any], person_id: int) -> list[int]:
    return list(session.execute(statement, {"one": person_id}).scalars())
