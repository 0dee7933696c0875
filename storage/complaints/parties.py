"""Of whom somebody may say that something went wrong, and on whose side they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select

from storage.consents import has_consent
from storage.database import Session
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.purposes import Purpose
from storage.rules.wrongs import Side
from storage.scope import list_staff_of
from storage.tables import caregiver, check_in, claim, need, person

# What lies further back is told to somebody of the staff, who may look further.
LOOKS_BACK = timedelta(days=180)
LISTED_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Party:
    """One task that brought two people together, seen from the one who speaks."""

    need_id: int | None
    category: str
    at: datetime
    side: Side
    for_id: int
    reported_id: int | None
    # None where the speaker does not know the name.
    name: str | None


def list_parties(session: Session, *, now: datetime, actor: Person) -> list[Party]:
    """List with whom somebody had to do lately, as a resident, for a resident, or as a helper."""
    rows = session.all(
        _tasks()
        .where(claim.c.created_at > now - LOOKS_BACK)
        .where(or_(claim.c.volunteer_id == actor.id, _spoken_for(actor.id)))
        .order_by(claim.c.id.desc())
        .limit(LISTED_AT_MOST * 3)
    )
    found: dict[tuple[int, int | None], Party] = {}
    for row in rows:
        party = _party(session, row, now=now, actor_id=actor.id)
        found.setdefault((party.for_id, party.reported_id), party)
    return list(found.values())[:LISTED_AT_MOST]


def find_party(session: Session, *, now: datetime, actor: Person, need_id: int) -> Party:
    """Return the newest task of a need, if the actor is on one of its sides; else NotAllowed."""
    row = session.find(
        _tasks()
        .where(need.c.id == need_id)
        .where(or_(claim.c.volunteer_id == actor.id, _spoken_for(actor.id)))
        .order_by(claim.c.id.desc())
        .limit(1)
    )
    if row is None:
        raise NotAllowed
    return _party(session, row, now=now, actor_id=actor.id)


def list_staff(session: Session, *, actor: Person) -> list[tuple[int, str]]:
    """List those of the staff to whom the actor's matters belong."""
    staff = list_staff_of(session, person_id=actor.id)
    return [(one, name) for one, name in staff if one != actor.id][:LISTED_AT_MOST]


def staff_party(session: Session, *, now: datetime, actor: Person, person_id: int) -> Party:
    """Somebody of the staff, of whom the actor speaks; NotAllowed when it is none of theirs."""
    if person_id not in {one for one, _ in list_staff(session, actor=actor)}:
        raise NotAllowed
    side = Side.HELPER if actor.is_approved("volunteer") else Side.RESIDENT
    name = get_person(session, person_id=person_id).name
    return Party(None, "", now, side, actor.id, person_id, name)


def nobody_named(*, now: datetime, actor: Person) -> Party:
    """Somebody else, or nobody by name: the words say whom."""
    side = Side.HELPER if actor.is_approved("volunteer") else Side.RESIDENT
    return Party(None, "", now, side, actor.id, None, None)


def called_party(session: Session, *, now: datetime, actor: Person, check_in_id: int) -> Party:
    """What a caller heard or saw on a greeting call; on the side of whom they called."""
    row = session.find(
        select(check_in.c.resident_id)
        .where(check_in.c.id == check_in_id)
        .where(or_(check_in.c.caller_id == actor.id, check_in.c.ended_by == actor.id))
    )
    if row is None:
        raise NotAllowed
    return Party(None, "", now, Side.HELPER, row.resident_id, None, None)


def _tasks() -> Select[Any]:
    helper, whom = person.alias("helper"), person.alias("whom")
    return (
        select(
            need.c.id.label("need_id"),
            need.c.category,
            need.c.resident_id,
            whom.c.name.label("resident"),
            claim.c.volunteer_id,
            claim.c.created_at,
            helper.c.name.label("helper"),
        )
        .join(claim, claim.c.need_id == need.c.id)
        .join(helper, helper.c.id == claim.c.volunteer_id)
        .join(whom, whom.c.id == need.c.resident_id)
    )


def _spoken_for(actor_id: int) -> Any:
    wards = select(caregiver.c.resident_id).where(
        caregiver.c.caregiver_id == actor_id, caregiver.c.state == "confirmed"
    )
    return or_(need.c.resident_id == actor_id, need.c.resident_id.in_(wards))


def _party(session: Session, row: Row[Any], *, now: datetime, actor_id: int) -> Party:
    if row.volunteer_id == actor_id:
        shown = has_consent(
            session, person_id=row.resident_id, purpose=Purpose.SHARE_CONTACT, now=now
        )
        name = row.resident if shown else None
        side, for_id, reported_id = Side.HELPER, actor_id, row.resident_id
    else:
        name = row.helper
        side, for_id, reported_id = Side.RESIDENT, row.resident_id, row.volunteer_id
    return Party(row.need_id, row.category, row.created_at, side, for_id, reported_id, name)
