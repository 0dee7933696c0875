"""Finding likely duplicates: every night through the whole register, a batch in each step."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select, union

from storage.database import Database, Session
from storage.entries import CROWD, note_likeness
from storage.references import move_references
from storage.tables import disability_certificate, duplicate, heartbeat, person

TICK = "duplicates"
# At night nobody waits for the writer.
LOOKED_AT = time(3, 30)
BATCH = 200
# A turn that had read somebody before they were merged has long ended after this.
STRAGGLE = timedelta(hours=1)


def look_for_duplicates(database: Database, *, now: datetime) -> bool:
    """Once a night compare whoever shares a name, phone or certificate with somebody.

    What was written for somebody while they were being merged follows them, at each ring.
    """
    with database.transaction() as session:
        move_stragglers(session, now=now)
        if not _is_due(session, now):
            return False
        crowded = _list_candidates(session)
    for first in range(0, len(crowded), BATCH):
        database.do(note_likeness, now=now, person_ids=crowded[first : first + BATCH])
    return False


def next_duplicates_at(session: Session) -> datetime | None:
    """Return the next night, seen from when this tick last ran."""
    seen: datetime | None = session.value(
        select(heartbeat.c.ran_at).where(heartbeat.c.name == TICK)
    )
    return _night_after(session, seen) if seen is not None else None


def _is_due(session: Session, now: datetime) -> bool:
    next_night = next_duplicates_at(session)
    return next_night is None or next_night <= now


def _night_after(session: Session, seen: datetime) -> datetime:
    local = session.house.local(seen)
    night = local.replace(hour=LOOKED_AT.hour, minute=LOOKED_AT.minute, second=0, microsecond=0)
    return night if local < night else night + timedelta(days=1)


def _list_candidates(session: Session) -> list[int]:
    """Whoever shares a name in a community, a phone or a certificate, or lives nobody knows where.

    Larger crowds than a few say nothing, so they are not even compared.
    """
    here, few = person.c.merged_into.is_(None), func.count().between(2, CROWD + 1)
    names = (
        select(person.c.name, person.c.community_id)
        .where(here, person.c.community_id.is_not(None))
        .group_by(person.c.name, person.c.community_id)
        .having(few)
        .subquery()
    )
    phones = (
        select(person.c.phone_key)
        .where(here, person.c.phone_key.is_not(None))
        .group_by(person.c.phone_key)
        .having(few)
    )
    number = disability_certificate.c.number_key
    cards = (
        select(number)
        .group_by(number)
        .having(func.count(disability_certificate.c.person_id.distinct()) > 1)
    )
    together = (names.c.name == person.c.name) & (names.c.community_id == person.c.community_id)
    found = union(
        select(person.c.id).join(names, together).where(here),
        select(person.c.id).where(here, person.c.phone_key.in_(phones)),
        select(disability_certificate.c.person_id).where(number.in_(cards)),
        select(person.c.id).where(here, person.c.community_id.is_(None)),
    )
    return sorted(session.execute(found).scalars())


def move_stragglers(session: Session, *, now: datetime) -> int:
    """Move what was written for somebody in the very moment in which they were merged.

    On PostgreSQL a turn may have read the person before and write after: what it wrote names the
    entry that only points. Returns how many entries were looked after.
    """
    merged = session.all(
        select(person.c.id, person.c.merged_into)
        .join(
            duplicate,
            (duplicate.c.low_id == person.c.id) | (duplicate.c.high_id == person.c.id),
        )
        .where(duplicate.c.state == "merged", duplicate.c.decided_at > now - STRAGGLE)
        .where(person.c.merged_into.is_not(None))
    )
    for row in merged:
        move_references(session, gone=row.id, kept=row.merged_into)
    return len(merged)
