"""What waits for the office of people: who applies, who is tied to whom, who is there twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, literal_column, or_, select

from storage.people import Person
from storage.scope import seen_through
from storage.tables import caregiver, chat, duplicate, look, organisation, person, role, to_tell


def count_applicants(actor: Person, now: datetime) -> Select[int, Any]:
    """Volunteers who wait to be approved."""
    return select(func.count(), func.min(role.c.created_at)).where(
        role.c.kind == "volunteer", role.c.state == "waiting", seen_through(actor, role.c.person_id)
    )


def count_ties(actor: Person, now: datetime) -> Select[int, Any]:
    """Those whose resident cannot answer in the chat."""
    answers = exists().where(
        person.c.id == caregiver.c.resident_id,
        chat.c.id == person.c.telegram_id,
        chat.c.reachable,
        ~chat.c.closed,
    )
    return select(func.count(), func.min(caregiver.c.created_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        caregiver.c.state == literal_column("'asked'"),
        or_(caregiver.c.kind == "guardian", ~answers),
        seen_through(actor, caregiver.c.resident_id),
    )


def count_looks(actor: Person, now: datetime) -> Select[int, Any]:
    """Looks at a child's data that a colleague asked for; nobody decides on their own."""
    return select(func.count(), func.min(look.c.created_at)).where(
        # Word for word the condition of the index.
        look.c.state == literal_column("'asked'"),
        look.c.asked_by != actor.id,
        seen_through(actor, look.c.child_id),
    )


def count_duplicates(actor: Person, now: datetime) -> Select[int, Any]:
    """Pairs that are likely one person, of whom both are theirs to see."""
    return select(func.count(), func.min(duplicate.c.created_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        duplicate.c.state == literal_column("'open'"),
        or_(duplicate.c.later_until.is_(None), duplicate.c.later_until <= now),
        seen_through(actor, duplicate.c.low_id),
        seen_through(actor, duplicate.c.high_id),
    )


def count_to_tell(actor: Person, now: datetime) -> Select[int, Any]:
    """What somebody without a chat has to be told by word of mouth."""
    return select(func.count(), func.min(to_tell.c.created_at)).where(
        # Word for word the condition of the index.
        to_tell.c.state == literal_column("'open'"),
        seen_through(actor, to_tell.c.person_id),
    )


def count_gaps(actor: Person, now: datetime) -> Select[int, Any]:
    """Communities with a resident and nobody to turn to."""
    # One inside the other, from the community inwards: joined, SQLite began with every resident.
    is_resident = exists().where(
        role.c.person_id == person.c.id, role.c.kind == "resident", role.c.state == "approved"
    )
    lives = exists().where(person.c.community_id == organisation.c.community_id, is_resident)
    return select(func.count(), func.min(organisation.c.created_at)).where(
        organisation.c.contact_id.is_(None),
        organisation.c.path.startswith(actor.scope or "-", autoescape=True),
        lives,
    )
