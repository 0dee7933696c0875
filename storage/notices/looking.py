"""Looking at notices: how many received and read them, by community, and who has not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from storage.database import Session
from storage.journal import note
from storage.looks import may_look
from storage.notices.reading import told_facts
from storage.people import ContactData, Person, open_contact
from storage.refusals import Fact, NotAllowed
from storage.scope import seen_people
from storage.tables import community, edition, notice, outbox, person, receipt

PAGE = 8
SHOWN_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in the list of staff: of their own people only."""

    id: int
    text: str
    state: str
    created_at: datetime
    people: int
    read: int


@dataclass(frozen=True, slots=True)
class CommunityReading:
    """How many of a community were meant and have read it."""

    name: str | None
    people: int
    read: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice with its figures, of the people the actor may see."""

    id: int
    state: str
    version: int
    facts: dict[str, Fact]
    by: str
    created_at: datetime
    expires_at: datetime
    reminders: int
    people: int
    by_chat: int
    received: int
    read: int
    communities: tuple[CommunityReading, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """Somebody who has not read a notice."""

    receipt_id: int
    person_id: int
    name: str
    community: str | None
    by_chat: bool


def list_notices(
    session: Session, *, actor: Person, document_id: int | None = None
) -> list[NoticeLine]:
    """List the newest notices that went to anybody the actor sees, or those with a document."""
    _check(actor)
    with_it = notice.c.edition_id.in_(
        select(edition.c.id).where(edition.c.document_id == document_id)
    )
    rows = session.all(
        select(
            notice,
            func.count().label("people"),
            _sum(receipt.c.read_at.is_not(None)).label("read"),
        )
        .join(receipt, receipt.c.notice_id == notice.c.id)
        .join(person, person.c.id == receipt.c.person_id)
        .where(seen_people(actor), true() if document_id is None else with_it)
        .group_by(notice.c.id)
        .order_by(notice.c.id.desc())
        .limit(SHOWN_AT_ONCE)
    )
    return [
        NoticeLine(row.id, row.text, row.state, row.created_at, row.people, row.read)
        for row in rows
    ]


def get_notice(session: Session, *, actor: Person, notice_id: int) -> Notice:
    """Return a notice and how far it got; raises NotAllowed when none of it is theirs to see."""
    _check(actor)
    row = session.find(select(notice).where(notice.c.id == notice_id))
    read = receipt.c.read_at.is_not(None)
    counted = session.all(
        select(
            community.c.name,
            func.count().label("people"),
            _sum(receipt.c.by_chat).label("by_chat"),
            _sum(or_(_delivered(), and_(read, receipt.c.channel == "chat"))).label("received"),
            _sum(read).label("read"),
        )
        .select_from(receipt)
        .join(person, person.c.id == receipt.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(receipt.c.notice_id == notice_id, seen_people(actor))
        .group_by(community.c.id, community.c.name, community.c.position)
        .order_by(community.c.position.is_(None), community.c.position)
    )
    if row is None or not counted:
        raise NotAllowed
    by = session.value(select(person.c.name).where(person.c.id == row.sent_by))
    return Notice(
        id=row.id,
        state=row.state,
        version=row.version,
        facts=told_facts(session, row),
        by=by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        reminders=row.reminders,
        people=sum(one.people for one in counted),
        by_chat=sum(one.by_chat for one in counted),
        received=sum(one.received for one in counted),
        read=sum(one.read for one in counted),
        communities=tuple(CommunityReading(one.name, one.people, one.read) for one in counted),
    )


def list_unread(
    session: Session,
    *,
    actor: Person,
    notice_id: int,
    by_chat: bool | None = None,
    after: int = 0,
    limit: int = PAGE,
) -> list[Unread]:
    """List who has not read it, by community; ``by_chat`` only those, or only the others."""
    _check(actor)
    rows = session.all(
        select(
            receipt.c.id,
            receipt.c.by_chat,
            receipt.c.person_id,
            person.c.name,
            community.c.name.label("community"),
        )
        .join(person, person.c.id == receipt.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(receipt.c.notice_id == notice_id, receipt.c.read_at.is_(None))
        .where(seen_people(actor), receipt.c.id > after)
        .where(true() if by_chat is None else receipt.c.by_chat.is_(by_chat))
        .order_by(receipt.c.id)
        .limit(limit)
    )
    return [Unread(row.id, row.person_id, row.name, row.community, row.by_chat) for row in rows]


def open_phones(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    notice_id: int,
    by_chat: bool | None = None,
    after: int = 0,
) -> list[ContactData]:
    """Open the phones of one page of those who have not read it; each look is journalled."""
    found = list_unread(session, actor=actor, notice_id=notice_id, by_chat=by_chat, after=after)
    opened = []
    for one in found:
        if not may_look(session, now=now, actor=actor, person_id=one.person_id):
            opened.append(ContactData(one.name, None, None))
            continue
        note(
            session,
            now=now,
            what="contact_seen",
            actor_id=actor.id,
            subject_id=one.person_id,
            thing="notice",
            thing_id=notice_id,
        )
        opened.append(open_contact(session, person_id=one.person_id))
    return opened


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed


def _sum(condition: ColumnElement[Any]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _delivered() -> ColumnElement[bool]:
    """Whether one of the messages about it was sent: each has a key of its own in the outbox."""
    begin = (
        literal("notice:")
        + cast(receipt.c.notice_id, String)
        + literal(":")
        + cast(receipt.c.person_id, String)
    )
    keys = [begin + literal(f":{told}") for told in (1, 2, 3)]
    return exists().where(outbox.c.key.in_(keys), outbox.c.state == "sent")
