"""Standing links between institutions: who works with whom, for what, since when."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations import check_reach, get_organisation
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.tables import organisation, organisation_link

KINDS = ("referral", "guidance", "training", "visits", "other")
LISTED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Link:
    """One standing link, seen from one of the two."""

    id: int
    kind: str
    other_id: int
    other: str
    since: date
    note: str | None


def add_link(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    from_id: int,
    to_id: int,
    kind: str,
    note_words: str | None = None,
) -> None:
    """Link two institutions; staff of the first may, or of what is above it."""
    first = get_organisation(session, organisation_id=from_id)
    check_reach(actor, first)
    other = get_organisation(session, organisation_id=to_id)
    if from_id == to_id or kind not in KINDS or not (first.active and other.active):
        raise TooLate
    uid = secrets.token_hex(16)
    sealed = None
    if note_words is not None:
        sealed = session.vault.seal(note_words, place=f"organisation_link.note:{uid}")
    row = {
        "uid": uid,
        "from_id": from_id,
        "to_id": to_id,
        "kind": kind,
        "since": session.house.local(now).date(),
        "note": sealed,
        "made_by": actor.id,
        "created_at": now,
    }
    try:
        with session.savepoint():
            session.execute(insert(organisation_link), row)
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, actor, from_id, f"link_added {kind}")


def end_link(session: Session, *, now: datetime, actor: Person, link_id: int) -> int:
    """End a link; staff of either side may. Returns the organisation it began at."""
    row = session.find(select(organisation_link).where(organisation_link.c.id == link_id))
    if row is None:
        raise NotAllowed
    reached = [
        get_organisation(session, organisation_id=one).path.startswith(actor.scope or "-")
        for one in (row.from_id, row.to_id)
    ]
    if not any(reached):
        raise NotAllowed
    ended = session.change(
        update(organisation_link)
        .where(organisation_link.c.id == link_id, organisation_link.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.id)
    )
    if ended == 0:
        raise AlreadyDone
    _note(session, now, actor, row.from_id, f"link_ended {row.kind}")
    return int(row.from_id if reached[0] else row.to_id)


def list_links(session: Session, *, actor: Person, organisation_id: int) -> Sequence[Link]:
    """List the standing links of an institution, of either direction, to its staff."""
    check_reach(actor, get_organisation(session, organisation_id=organisation_id))
    link, other = organisation_link, organisation.alias("other")
    rows = session.all(
        select(link, other.c.id.label("other_id"), other.c.name)
        .join(
            other,
            ((link.c.from_id == organisation_id) & (other.c.id == link.c.to_id))
            | ((link.c.to_id == organisation_id) & (other.c.id == link.c.from_id)),
        )
        .where(or_(link.c.from_id == organisation_id, link.c.to_id == organisation_id))
        .where(link.c.ended_at.is_(None))
        .order_by(link.c.id)
        .limit(LISTED_AT_MOST)
    )
    vault = session.vault
    return [
        Link(
            id=row.id,
            kind=row.kind,
            other_id=row.other_id,
            other=row.name,
            since=row.since,
            note=vault.unseal(row.note, place=f"organisation_link.note:{row.uid}")
            if row.note
            else None,
        )
        for row in rows
    ]


def _note(session: Session, now: datetime, actor: Person, organisation_id: int, what: str) -> None:
    kind, _, detail = what.partition(" ")
    note(
        session,
        now=now,
        what=kind,
        actor_id=actor.id,
        thing="organisation",
        thing_id=organisation_id,
        detail=detail,
    )
