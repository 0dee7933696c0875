"""Who, where, what was said: all that somebody needs who goes or sends help at once.

PIPL art. 13(4): in an emergency to life nobody's yes is waited for; each look is journalled.
"""

from datetime import datetime

from sqlalchemy import select

from storage.alarms.rows import SHOWN_LIMIT, Alarm, Facts, ways_to_reach
from storage.database import Session
from storage.journal import note
from storage.people import ContactData, open_contact
from storage.registers import find_household, open_profile
from storage.rules.phones import Phone, parse_phone, spoken
from storage.rules.text import cut
from storage.tables import caregiver, community, person
from storage.vault import UNREADABLE, VaultError

# Whom a caregiver cares for is told with the alarm; more would no longer be read.
CARED_FOR_AT_MOST = 3


def alarm_facts(session: Session, row: Alarm) -> Facts:
    """Return everything known of the person and of who wrote, for those who ring and are rung."""
    facts: Facts = {
        "name": None,
        "phone": None,
        "address": None,
        "place": [],
        "reach": [],
        "contact": None,
        "kind": row.kind.value,
        "words": cut(row.words, SHOWN_LIMIT),
        "since": row.created_at.isoformat(),
        "cared_for": _cared_for(session, row.person_id),
        "said_by": _said_by(session, row),
    }
    if row.person_id is None:
        return facts
    opened = open_contact(session, person_id=row.person_id, or_mark=True)
    facts |= {"name": opened.name, "phone": opened.phone, "address": opened.address}
    facts |= {
        "place": _place(session, row.person_id),
        "reach": ways_to_reach(session, row.person_id),
        "contact": _emergency_contact(session, row.person_id),
    }
    return facts


def note_look(session: Session, row: Alarm, *, now: datetime, to: int) -> None:
    """Write down whose contact data somebody was shown for this alarm."""
    if row.person_id is None:
        return
    writer = _writer(session, row)
    seen = [row.person_id, *_wards_of(session, row.person_id)]
    seen += [writer] if writer is not None and writer not in (*seen, to) else []
    for subject_id in seen:
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=to,
            subject_id=subject_id,
            thing="alarm",
            thing_id=row.id,
            ground="alarm",
        )


def _place(session: Session, person_id: int) -> list[str]:
    """Community, and group or building: a way to begin with where no address is known."""
    name = session.value(
        select(community.c.name)
        .join(person, person.c.community_id == community.c.id)
        .where(person.c.id == person_id)
    )
    home = find_household(session, person_id=person_id)
    return [part for part in (name, home.group_code if home else None) if part]


def _emergency_contact(session: Session, person_id: int) -> str | None:
    try:
        profile = open_profile(session, person_id=person_id)
    except VaultError:
        return UNREADABLE
    phone = profile.get("contact_phone")
    parts = [profile.get("contact_name"), _aloud(phone) if isinstance(phone, str) else None]
    return " · ".join(str(part) for part in parts if part) or None


def _said_by(session: Session, row: Alarm) -> str | None:
    """Somebody else wrote it: who, and how they are called back."""
    writer = _writer(session, row)
    if not writer:
        return None
    return _line(open_contact(session, person_id=writer, or_mark=True), address=False)


def _writer(session: Session, row: Alarm) -> int | None:
    """Whose chat it came from, if that is not the person in danger."""
    found: int | None = session.value(
        select(person.c.id).where(person.c.telegram_id == row.chat_id).limit(1)
    )
    return found if found != row.person_id else None


def _cared_for(session: Session, person_id: int | None) -> list[str]:
    """A caregiver may write about somebody else: whom they care for, and where that one lives."""
    return [
        _line(open_contact(session, person_id=ward, or_mark=True))
        for ward in _wards_of(session, person_id)
    ]


def _line(opened: ContactData, *, address: bool = True) -> str:
    parts = (opened.name, _aloud(opened.phone), opened.address if address else None)
    return " · ".join(part for part in parts if part)


def _aloud(phone: str | None) -> str | None:
    read = parse_phone(phone) if phone else None
    return spoken(read) if isinstance(read, Phone) else phone


def _wards_of(session: Session, person_id: int | None) -> list[int]:
    rows = session.all(
        select(caregiver.c.resident_id)
        .where(caregiver.c.caregiver_id == person_id, caregiver.c.state == "confirmed")
        .order_by(caregiver.c.id)
        .limit(CARED_FOR_AT_MOST)
    )
    return [row.resident_id for row in rows]
