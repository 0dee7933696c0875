"""People as they are compared: who could be meant by a row of a list, or be here twice.

Shared by imports, duplicates and everybody who registers people.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, insert, or_, select
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.registers import list_profiles
from storage.rules.same_person import Entry, find_likeness
from storage.tables import disability_certificate, duplicate, household_member, person, role

BATCH = 500
# More people than this who are like somebody say nothing about any two of them.
CROWD = 5


def load_entries(session: Session, *, person_ids: Collection[int]) -> dict[int, Entry]:
    """Return what is compared of these people."""
    wanted = list(person_ids)
    found: dict[int, Entry] = {}
    for first in range(0, len(wanted), BATCH):
        found |= _load(session, wanted[first : first + BATCH])
    return found


def _load(session: Session, wanted: list[int]) -> dict[int, Entry]:
    people = session.all(
        select(
            person.c.id,
            person.c.name,
            person.c.community_id,
            person.c.phone_key,
            household_member.c.household_id,
        )
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .where(person.c.id.in_(wanted))
    )
    keys: dict[int, set[bytes]] = {}
    for row in session.all(
        select(disability_certificate.c.person_id, disability_certificate.c.number_key).where(
            disability_certificate.c.person_id.in_(wanted)
        )
    ):
        keys.setdefault(row.person_id, set()).add(row.number_key)
    profiles = list_profiles(session, person_ids=wanted)
    return {
        row.id: Entry(
            name=row.name,
            community_id=row.community_id,
            phone_key=row.phone_key,
            certificate_keys=frozenset(keys.get(row.id, ())),
            born_on=_text(profiles.get(row.id, {}).get("born_on")),
            sex=_text(profiles.get(row.id, {}).get("sex")),
            household_id=row.household_id,
        )
        for row in people
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def find_like(session: Session, *, entries: Sequence[Entry]) -> list[list[int]]:
    """For each entry the ids of those who share its name, phone or certificate.

    Whoever was merged into another, or left with nothing standing, is nobody's like.
    """
    names = {entry.name for entry in entries}
    phones = {entry.phone_key for entry in entries if entry.phone_key}
    cards = {key for entry in entries for key in entry.certificate_keys}
    by_name: dict[str, list[tuple[int, int | None]]] = {}
    by_phone: dict[bytes, list[int]] = {}
    for row in session.all(
        select(person.c.id, person.c.name, person.c.phone_key, person.c.community_id)
        .where(or_(person.c.name.in_(names), person.c.phone_key.in_(phones)))
        .where(person.c.merged_into.is_(None), ~_has_left())
        .order_by(person.c.id)
    ):
        by_name.setdefault(row.name, []).append((row.id, row.community_id))
        if row.phone_key is not None:
            by_phone.setdefault(row.phone_key, []).append(row.id)
    by_card: dict[bytes, list[int]] = {}
    for row in session.all(
        select(disability_certificate.c.person_id, disability_certificate.c.number_key)
        .join(person, person.c.id == disability_certificate.c.person_id)
        .where(disability_certificate.c.number_key.in_(cards), person.c.merged_into.is_(None))
        .order_by(disability_certificate.c.person_id)
    ):
        by_card.setdefault(row.number_key, []).append(row.person_id)
    return [
        sorted(
            {
                *_near(entry, by_name.get(entry.name, ())),
                *(by_phone.get(entry.phone_key, ()) if entry.phone_key else ()),
                *(one for key in entry.certificate_keys for one in by_card.get(key, ())),
            }
        )
        for entry in entries
    ]


def _near(entry: Entry, namesakes: Sequence[tuple[int, int | None]]) -> list[int]:
    """A name counts in one community; where that is not known, everywhere."""
    home = entry.community_id
    return [one for one, other in namesakes if home is None or other is None or other == home]


def _has_left() -> ColumnElement[bool]:
    held = exists().where(role.c.person_id == person.c.id)
    return held & ~held.where(role.c.state.in_(("waiting", "approved")))


def note_likeness(session: Session, *, now: datetime, person_ids: Collection[int]) -> int:
    """Write down who is likely the same as one of these people; each pair once, ever.

    Returns how many pairs are new. They are shown to staff who see both; nothing is merged.
    """
    mine = load_entries(session, person_ids=person_ids)
    likes = find_like(session, entries=list(mine.values()))
    known = load_entries(session, person_ids={one for like in likes for one in like})
    added = 0
    for (person_id, entry), like in zip(mine.items(), likes, strict=True):
        pairs = [
            (other, why)
            for other in like
            if other != person_id and (why := find_likeness(entry, known[other])) is not None
        ]
        if len(pairs) <= CROWD:
            for other, why in pairs:
                added += _add_pair(session, now=now, one=person_id, other=other, why=why)
    return added


def _add_pair(session: Session, *, now: datetime, one: int, other: int, why: str) -> int:
    low, high = sorted((one, other))
    known = select(duplicate.c.id).where(duplicate.c.low_id == low, duplicate.c.high_id == high)
    if session.find(known) is not None:
        return 0
    row = {"low_id": low, "high_id": high, "why": why, "state": "open"}
    try:
        with session.savepoint():
            session.execute(insert(duplicate), row | {"created_at": now, "version": 1})
    except IntegrityError:
        return 0  # another worker found the same pair
    return 1
