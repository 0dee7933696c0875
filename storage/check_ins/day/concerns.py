"""Concerns: what a coordinator looks at after a call; one of a kind for each person at a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.check_ins.cases import Case
from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.scope import check_sees, seen_through
from storage.tables import call_concern, person

PAGE = 5


class Concern(StrEnum):
    """Why somebody should look."""

    NEXT_TIME = "next_time"
    LOW_MOOD = "low_mood"
    AMISS = "amiss"
    # Said once for each call; it is followed up as something that went wrong, not here.
    HARM = "harm"


@dataclass(frozen=True, slots=True)
class ConcernCard:
    """One thing to look at."""

    id: int
    version: int
    resident_id: int
    resident: str
    check_in_id: int
    kind: Concern
    since: datetime


def raise_concern(
    session: Session, case: Case, *, now: datetime, kind: Concern, done_by: int | None = None
) -> None:
    """Put it before the coordinators, unless the same is there already."""
    row = {
        "resident_id": case.resident_id,
        "check_in_id": case.id,
        "kind": kind.value,
        "state": "open" if done_by is None else "done",
        "since": now,
        "done_by": done_by,
        "done_at": None if done_by is None else now,
        "version": 1,
    }
    try:
        with session.savepoint():
            session.execute(insert(call_concern), row)
    except IntegrityError:
        # It waits already; the newest call is the one to read.
        session.change(
            update(call_concern)
            .where(call_concern.c.resident_id == case.resident_id)
            .where(call_concern.c.kind == kind.value, call_concern.c.state == "open")
            .values(check_in_id=case.id)
        )


def has_told(session: Session, *, check_in_id: int, kind: Concern) -> bool:
    """Whether this was said of this call before."""
    found = select(call_concern.c.id).where(
        call_concern.c.check_in_id == check_in_id, call_concern.c.kind == kind.value
    )
    return session.find(found.limit(1)) is not None


def list_concerns(session: Session, *, actor: Person) -> list[ConcernCard]:
    """Return what waits to be looked at in the actor's scope, the oldest first."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        select(call_concern, person.c.name)
        .join(person, person.c.id == call_concern.c.resident_id)
        .where(call_concern.c.state == "open", seen_through(actor, call_concern.c.resident_id))
        .order_by(call_concern.c.since, call_concern.c.id)
        .limit(PAGE)
    )
    return [
        ConcernCard(
            id=row.id,
            version=row.version,
            resident_id=row.resident_id,
            resident=row.name,
            check_in_id=row.check_in_id,
            kind=Concern(row.kind),
            since=row.since,
        )
        for row in rows
    ]


def end_concern(
    session: Session, *, now: datetime, actor: Person, concern_id: int, version: int
) -> str:
    """A coordinator has looked, or has arranged it; returns the person's name."""
    row = session.find(
        select(call_concern, person.c.name)
        .join(person, person.c.id == call_concern.c.resident_id)
        .where(call_concern.c.id == concern_id)
    )
    if row is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=row.resident_id)
    ended = session.change(
        update(call_concern)
        .where(call_concern.c.id == concern_id, call_concern.c.version == version)
        .where(call_concern.c.state == "open")
        .values(state="done", done_by=actor.id, done_at=now, version=version + 1)
    )
    if ended != 1:
        raise TooLate
    note(
        session,
        now=now,
        what="call_concern_ended",
        actor_id=actor.id,
        subject_id=row.resident_id,
        thing="call_concern",
        thing_id=concern_id,
        ground=row.kind,
    )
    return str(row.name)
