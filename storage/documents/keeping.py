"""Keeping documents: the office adds them, supersedes them by a new edition, withdraws them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.documents import DocumentKind, RuleTopic
from storage.tables import document, edition


@dataclass(frozen=True, slots=True)
class Draft:
    """What an edition says and from when."""

    title: str
    reference: str
    text: str
    effective_on: date


class DraftProblem(ValueError):
    """A rule without its topic, or a topic on what is no rule: a caller's mistake."""


def add_document(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    kind: DocumentKind,
    topic: RuleTopic | None,
    draft: Draft,
) -> int:
    """Keep a new document with its first edition and return its id."""
    _check(actor)
    if (kind is DocumentKind.RULE) != (topic is not None):
        raise DraftProblem(kind)
    added = session.add(
        insert(document).values(
            organisation_id=actor.organisation_id,
            kind=kind.value,
            topic=topic.value if topic else None,
            owner_id=actor.id,
            is_basis=False,
            state="kept",
            created_at=now,
            version=1,
        )
    )
    _add(session, now=now, actor=actor, document_id=added, number=1, draft=draft)
    _note(session, now, actor, added, "document_added", kind.value)
    return added


def add_edition(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    document_id: int,
    version: int,
    draft: Draft,
) -> int:
    """Supersede what a document says from a day on; returns the edition's number."""
    _check(actor)
    _move(session, document_id=document_id, version=version, state="kept")
    last = session.value(
        select(func.max(edition.c.number)).where(edition.c.document_id == document_id)
    )
    number = int(last) + 1
    _add(session, now=now, actor=actor, document_id=document_id, number=number, draft=draft)
    _note(session, now, actor, document_id, "edition_added", str(number))
    return number


def withdraw_document(
    session: Session, *, now: datetime, actor: Person, document_id: int, version: int
) -> None:
    """Take a document out of the library; its history stays."""
    _check(actor)
    _move(session, document_id=document_id, version=version, state="kept", to="withdrawn")
    _note(session, now, actor, document_id, "document_withdrawn", "")


def restore_document(
    session: Session, *, now: datetime, actor: Person, document_id: int, version: int
) -> None:
    """Put a withdrawn document back."""
    _check(actor)
    _move(session, document_id=document_id, version=version, state="withdrawn", to="kept")
    _note(session, now, actor, document_id, "document_restored", "")


def _check(actor: Person) -> None:
    if not actor.is_office:
        raise NotAllowed


def _move(
    session: Session, *, document_id: int, version: int, state: str, to: str | None = None
) -> None:
    moved = session.change(
        update(document)
        .where(document.c.id == document_id, document.c.version == version)
        .where(document.c.state == state)
        .values(state=to or state, version=version + 1)
    )
    if moved == 0:
        raise TooLate


def _add(
    session: Session, *, now: datetime, actor: Person, document_id: int, number: int, draft: Draft
) -> None:
    session.execute(
        insert(edition).values(
            document_id=document_id,
            number=number,
            title=draft.title,
            reference=draft.reference,
            text=draft.text,
            effective_on=draft.effective_on,
            made_by=actor.id,
            created_at=now,
        )
    )


def _note(
    session: Session, now: datetime, actor: Person, document_id: int, what: str, detail: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="document",
        thing_id=document_id,
        detail=detail,
    )
