"""Sending a notice: to whom and how many is settled at once, the messages follow by batches."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from storage.audiences import check_audience, list_audience
from storage.database import Session
from storage.journal import note
from storage.notices.reading import words_of
from storage.people import Person
from storage.refusals import Fact, NotAllowed, Refusal, TooLate
from storage.rules.audiences import Audience
from storage.rules.notices import first_batch_at, may_remind
from storage.tables import document, edition, notice, organisation, receipt

OFFERED = 12


class NobodyMeant(Refusal):
    """Nobody whom the actor may write to fits the audience."""

    key = "notice_nobody"


class RemindedEnough(Refusal):
    """They were reminded today, or as often as one reminds anybody."""

    key = "notice_reminded"


def send_notice(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    text: str,
    audience: Audience,
    expires_at: datetime,
    edition_id: int | None = None,
) -> int:
    """Begin to send words, perhaps with a document, to an audience; returns the notice's id."""
    check_audience(session, actor=actor, audience=audience)
    if edition_id is not None and not _exists(session, edition_id):
        raise NotAllowed
    members = list_audience(session, now=now, actor=actor, audience=audience)
    if not members:
        raise NobodyMeant
    notice_id = session.add(
        insert(notice).values(
            organisation_id=actor.organisation_id,
            edition_id=edition_id,
            text=text,
            audience=str(audience),
            state="sending",
            next_step_at=first_batch_at(session.house.local(now), session.house.quiet),
            reminders=0,
            expires_at=expires_at,
            sent_by=actor.id,
            created_at=now,
            version=1,
        )
    )
    session.execute(
        insert(receipt),
        [
            {
                "notice_id": notice_id,
                "person_id": one.id,
                "by_chat": one.by_chat,
                "told": 0,
                "version": 1,
            }
            for one in members
        ],
    )
    _note(session, now, actor, notice_id, "notice_sent", str(len(members)))
    return notice_id


def preview_facts(
    session: Session, *, actor: Person, text: str, edition_id: int | None
) -> dict[str, Fact]:
    """The facts of ``notice_told`` of a notice that is only being written."""
    return words_of(
        session, text=text, edition_id=edition_id, organisation_id=actor.organisation_id
    ) | {"read": False, "again": False}


@dataclass(frozen=True, slots=True)
class Attachable:
    """A document in force that a notice may bring."""

    edition_id: int
    title: str


def list_attachable(session: Session, *, now: datetime) -> list[Attachable]:
    """List the editions in force, the newest first."""
    today = session.house.local(now).date()
    newest = (
        select(func.max(edition.c.id))
        .join(document, document.c.id == edition.c.document_id)
        .where(edition.c.effective_on <= today, document.c.state == "kept")
        .group_by(edition.c.document_id)
    )
    rows = session.all(
        select(edition.c.id, edition.c.title)
        .where(edition.c.id.in_(newest))
        .order_by(edition.c.id.desc())
        .limit(OFFERED)
    )
    return [Attachable(row.id, row.title) for row in rows]


def stop_notice(
    session: Session, *, now: datetime, actor: Person, notice_id: int, version: int
) -> None:
    """Send no more of it; what is queued and not yet out is not wanted any more."""
    check_sender(session, actor=actor, notice_id=notice_id)
    stopped = session.change(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.version == version)
        .where(notice.c.state == "sending")
        .values(state="stopped", next_step_at=None, version=version + 1)
    )
    if stopped == 0:
        raise TooLate
    _note(session, now, actor, notice_id, "notice_stopped", "")


def remind_notice(
    session: Session, *, now: datetime, actor: Person, notice_id: int, version: int
) -> None:
    """Remind those who have not read it: at most twice, and not on the same day."""
    check_sender(session, actor=actor, notice_id=notice_id)
    row = session.find(select(notice).where(notice.c.id == notice_id))
    if row is None or row.version != version or row.state != "sent" or row.expires_at <= now:
        raise TooLate
    if not may_remind(row.reminders, row.reminded_at or row.created_at, now):
        raise RemindedEnough(reminders=row.reminders)
    reminded = session.change(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.version == version, notice.c.state == "sent")
        .values(
            state="sending",
            next_step_at=first_batch_at(session.house.local(now), session.house.quiet),
            reminders=row.reminders + 1,
            reminded_at=now,
            version=version + 1,
        )
    )
    if reminded == 0:
        raise TooLate
    _note(session, now, actor, notice_id, "notice_reminded", str(row.reminders + 1))


def check_sender(session: Session, *, actor: Person, notice_id: int) -> None:
    """Raise NotAllowed unless the notice comes from the actor's organisation or one below it."""
    row = session.find(
        select(notice.c.id, organisation.c.path)
        .outerjoin(organisation, organisation.c.id == notice.c.organisation_id)
        .where(notice.c.id == notice_id)
    )
    if row is None or actor.scope is None:
        raise NotAllowed
    if not actor.is_office and not (row.path or "").startswith(actor.scope):
        raise NotAllowed


def _exists(session: Session, edition_id: int) -> bool:
    return session.find(select(edition.c.id).where(edition.c.id == edition_id)) is not None


def _note(
    session: Session, now: datetime, actor: Person, notice_id: int, what: str, detail: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="notice",
        thing_id=notice_id,
        detail=detail,
    )
