"""What runs out soon, person by person: consents, and certificates due for renewal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, exists, func, literal_column, select

from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.purposes import Purpose
from storage.scope import seen_through
from storage.tables import chat, community, consent, disability_certificate, person, qualification

# Time enough for a visit: these people rarely read a message.
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """Something of somebody that runs out."""

    person_id: int
    name: str
    community: str | None
    ends_on: date


def count_consents(actor: Person, now: datetime) -> Select[int, Any]:
    """Consents that run out within a month, of people whom no chat reaches."""
    return select(func.count(), func.min(consent.c.expires_at)).where(*_consents(actor, now))


def count_certificates(actor: Person, now: datetime) -> Select[int, Any]:
    """Certificates whose renewal is due; their own tick says when."""
    ends = func.min(disability_certificate.c.expires_on)
    return select(func.count(), ends).where(*_certificates(actor))


def count_qualifications(actor: Person, now: datetime) -> Select[int, Any]:
    """Qualifications whose originals nobody has seen yet."""
    return select(func.count(), func.min(qualification.c.created_at)).where(
        qualification.c.state == literal_column("'waiting'"),
        seen_through(actor, qualification.c.person_id),
    )


def count_qualifications_ending(actor: Person, now: datetime) -> Select[int, Any]:
    """Qualifications that run out within a month; their own tick says when."""
    return select(func.count(), func.min(qualification.c.due_at)).where(
        qualification.c.state == literal_column("'ending'"),
        seen_through(actor, qualification.c.person_id),
    )


def list_ending(
    session: Session, *, now: datetime, actor: Person, kind: str, limit: int
) -> list[Ending]:
    """List whose consent or certificate runs out, the soonest first."""
    if actor.scope is None:
        raise NotAllowed
    if kind == "consents":
        return _list(session, consent, consent.c.expires_at, _consents(actor, now), limit)
    ends = disability_certificate.c.expires_on
    return _list(session, disability_certificate, ends, _certificates(actor), limit)


def _consents(actor: Person, now: datetime) -> Sequence[ColumnElement[bool]]:
    asked = person.alias("asked")
    return (
        # The first two are the condition of the index; a yes is asked about before it ends.
        consent.c.due_at.is_not(None),
        consent.c.withdrawn_at.is_(None),
        consent.c.due_at <= now + SOON,
        consent.c.expires_at <= now + SOON,
        # Each need asks for this one itself.
        consent.c.purpose != Purpose.SHARE_CONTACT.value,
        # Whoever has a chat was asked there, and is not asked twice.
        ~exists().where(
            asked.c.id == consent.c.person_id,
            chat.c.id == asked.c.telegram_id,
            chat.c.reachable,
            ~chat.c.closed,
        ),
        seen_through(actor, consent.c.person_id),
    )


def _certificates(actor: Person) -> Sequence[ColumnElement[bool]]:
    return (
        # Word for word the condition of the index: SQLite takes it for nothing else.
        disability_certificate.c.state == literal_column("'renewal_due'"),
        seen_through(actor, disability_certificate.c.person_id),
    )


def _list(
    session: Session,
    table: Table,
    ends: ColumnElement[Any],
    where: Sequence[ColumnElement[bool]],
    limit: int,
) -> list[Ending]:
    rows = session.all(
        select(person.c.id, person.c.name, community.c.name.label("community"), ends.label("ends"))
        .select_from(table)
        .join(person, person.c.id == table.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(*where)
        .order_by(ends)
        .limit(limit)
    )
    return [Ending(row.id, row.name, row.community, _day(session, row.ends)) for row in rows]


def _day(session: Session, ends: date | datetime) -> date:
    return session.house.local(ends).date() if isinstance(ends, datetime) else ends
