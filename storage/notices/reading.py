"""Reading a notice: the receiver says so, or staff note it for whoever was told otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.choices import Button
from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import AlreadyDone, Fact, NotAllowed
from storage.scope import check_sees
from storage.tables import edition, notice, organisation, receipt

NOTED_BY = ("phone", "paper", "visit")


@dataclass(frozen=True, slots=True)
class Received:
    """A notice as its receiver sees it, and the document that came with it."""

    receipt_id: int
    facts: Mapping[str, Fact]
    read: bool
    document: str

    @property
    def buttons(self) -> list[list[Button]]:
        """What the receiver may press."""
        return told_buttons(self.receipt_id, read=self.read, has_text=bool(self.document))


def get_received(session: Session, *, actor: Person, receipt_id: int) -> Received:
    """Return a notice to its receiver; raises NotAllowed for anybody else."""
    row = session.find(
        select(receipt.c.read_at, notice)
        .join(notice, notice.c.id == receipt.c.notice_id)
        .where(receipt.c.id == receipt_id, receipt.c.person_id == actor.id)
    )
    if row is None:
        raise NotAllowed
    words = session.value(select(edition.c.text).where(edition.c.id == row.edition_id))
    read = row.read_at is not None
    return Received(
        receipt_id=receipt_id,
        facts=told_facts(session, row) | {"read": read, "again": False},
        read=read,
        document=words or "",
    )


def mark_read(session: Session, *, now: datetime, actor: Person, receipt_id: int) -> None:
    """The receiver has read it; once more changes nothing."""
    get_received(session, actor=actor, receipt_id=receipt_id)
    _read(session, now=now, actor=actor, receipt_id=receipt_id, channel="chat", noted_by=None)


def note_read(
    session: Session, *, now: datetime, actor: Person, receipt_id: int, channel: str
) -> int:
    """Staff told it or gave it on paper; returns the notice's id.

    Raises AlreadyDone when it was read or noted before.
    """
    row = session.find(select(receipt).where(receipt.c.id == receipt_id))
    if row is None or channel not in NOTED_BY:
        raise NotAllowed
    check_sees(session, actor=actor, person_id=row.person_id)
    if not _read(
        session,
        now=now,
        actor=actor,
        receipt_id=receipt_id,
        channel=channel,
        noted_by=actor.id,
    ):
        raise AlreadyDone
    return int(row.notice_id)


def told_facts(session: Session, row: Row[Any]) -> dict[str, Fact]:
    """What a notice says, the same for everybody who gets it: never whom else it went to."""
    return words_of(
        session, text=row.text, edition_id=row.edition_id, organisation_id=row.organisation_id
    )


def words_of(
    session: Session, *, text: str, edition_id: int | None, organisation_id: int | None
) -> dict[str, Fact]:
    """The facts of ``notice_told``, also of a notice that is only being written."""
    kept = session.find(
        select(edition.c.title, edition.c.reference, edition.c.text).where(
            edition.c.id == edition_id
        )
    )
    sender = session.value(select(organisation.c.name).where(organisation.c.id == organisation_id))
    return {
        "text": text,
        "sender": sender,
        "title": kept.title if kept else None,
        "reference": kept.reference if kept else None,
        "has_text": bool(kept and kept.text),
    }


def told_buttons(receipt_id: int, *, read: bool, has_text: bool) -> list[list[Button]]:
    """What a receiver may press: "I have read it" until they have, and the document's words."""
    lines = [] if read else [[Button("notice.read", f"notice:read:{receipt_id}:0")]]
    if has_text:
        lines.append([Button("notice.text", f"notice:text:{receipt_id}:0")])
    return lines


def _read(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    receipt_id: int,
    channel: str,
    noted_by: int | None,
) -> bool:
    was_unread = session.change(
        update(receipt)
        .where(receipt.c.id == receipt_id, receipt.c.read_at.is_(None))
        .values(read_at=now, channel=channel, noted_by=noted_by, version=receipt.c.version + 1)
    )
    if was_unread:
        person_id = session.value(select(receipt.c.person_id).where(receipt.c.id == receipt_id))
        note(
            session,
            now=now,
            what="notice_read",
            actor_id=actor.id,
            subject_id=person_id,
            thing="receipt",
            thing_id=receipt_id,
            ground=channel,
        )
    return was_unread == 1
