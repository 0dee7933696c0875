"""The staff deal with a complaint: one takes it, phones, and says how it ended; late ones climb."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from storage.complaints.rows import (
    Complaint,
    ComplaintOver,
    change_complaint,
    list_complaints,
    note_complaint,
    read_complaint,
    seal,
    seen_by,
)
from storage.complaints.saying import let_meet_again
from storage.complaints.telling import duty_facts, has_calls, tell_reporter, tell_staff
from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.people import ContactData, Person, open_contact
from storage.refusals import AlreadyDecided, Fact, NotAllowed
from storage.tables import complaint

SHOWN_AT_ONCE = 5
# Over its limit it is brought up each day anew, also to those above, until it has an end.
REMIND_EVERY = timedelta(days=1)


class ComplaintEnding(StrEnum):
    """How it ended; only after the first may the two be brought together again."""

    SETTLED = "settled"
    KEPT_APART = "kept_apart"
    HANDED_OVER = "handed_over"
    NOT_FOUND = "not_found"


def list_to_handle(session: Session, *, actor: Person) -> list[Complaint]:
    """List what waits, the soonest due first. Raises NotAllowed for who is no coordinator."""
    _check(actor)
    waits = complaint.c.due_at.is_not(None)
    return list_complaints(session, waits, seen_by(actor), limit=SHOWN_AT_ONCE)


def get_complaint(
    session: Session, *, now: datetime, actor: Person, complaint_id: int
) -> tuple[Complaint, dict[str, Fact]]:
    """Return one with the facts of its wording, if it is the actor's to see; the look is noted."""
    row = _of_staff(session, actor=actor, complaint_id=complaint_id)
    note_complaint(session, row, now=now, what="complaint_seen", actor_id=actor.id)
    more = duty_facts(session, row) | {"calls": has_calls(session, row)}
    return row, row.facts | more


def take_complaint(
    session: Session, *, now: datetime, actor: Person, complaint_id: int
) -> Complaint:
    """One of the staff has it from now on; who said it is told the name."""
    row = _live(session, actor=actor, complaint_id=complaint_id)
    if row.state == "taken":
        if row.owner_id == actor.id:
            return row
        raise AlreadyDecided(by=row.owner, state="taken")
    taken = change_complaint(session, row, {"state": "taken", "owner_id": actor.id})
    note_complaint(session, taken, now=now, what="complaint_taken", actor_id=actor.id)
    tell_reporter(session, taken, now=now, template="complaint_is_taken")
    return taken


def open_parties(
    session: Session, *, now: datetime, actor: Person, complaint_id: int
) -> list[ContactData]:
    """Open the phone of who said it and of the one it is about; each look is journalled."""
    row = _of_staff(session, actor=actor, complaint_id=complaint_id)
    people = dict.fromkeys(
        one for one in (row.reporter_id, row.for_id, row.reported_id) if one is not None
    )
    for subject_id in people:
        note(
            session,
            now=now,
            what="contact_shown",
            actor_id=actor.id,
            subject_id=subject_id,
            thing="complaint",
            thing_id=row.id,
            ground="complaint",
        )
    return [open_contact(session, person_id=one) for one in people]


def end_complaint(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    complaint_id: int,
    ending: ComplaintEnding,
    note: str,
    answer: str | None = None,
) -> Complaint:
    """Say how it ended: a note for the office, and a word to who said it."""
    row = _live(session, actor=actor, complaint_id=complaint_id)
    if row.owner_id not in (None, actor.id) and not actor.is_office:
        raise AlreadyDecided(by=row.owner, state="taken")
    ended = change_complaint(
        session,
        row,
        {
            "state": "ended",
            "owner_id": actor.id,
            "ending": ending.value,
            "due_at": None,
            "ended_at": now,
            "note": seal(session, uid=row.uid, words=note, column="note"),
        },
    )
    if ending is ComplaintEnding.SETTLED:
        let_meet_again(session, ended, now=now, by=actor.id)
    note_complaint(session, ended, now=now, what="complaint_ended", actor_id=actor.id)
    tell_reporter(session, ended, now=now, template="complaint_is_ended", answer=answer)
    return ended


def remind_of_complaints(database: Database, *, now: datetime) -> bool:
    """Bring up one that is over its limit, to everybody who may deal with it; is there more?"""
    return move_oldest(database, _remind, now=now, due=complaint.c.due_at)


def _remind(session: Session, due: Row[Any], *, now: datetime) -> None:
    row = read_complaint(session, complaint_id=due.id)
    values = {"due_at": now + REMIND_EVERY, "reminders": row.reminders + 1}
    late = change_complaint(session, row, values)
    note_complaint(session, late, now=now, what="complaint_late", actor_id=None)
    tell_staff(session, late, now=now, template="complaint_late")
    if row.reminders == 0:
        tell_reporter(session, late, now=now, template="complaint_goes_on")


def next_complaint_at(session: Session) -> datetime | None:
    """Return when the next one is over its limit."""
    return find_soonest(session, due=complaint.c.due_at)


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed


def _of_staff(session: Session, *, actor: Person, complaint_id: int) -> Complaint:
    _check(actor)
    mine = select(complaint.c.id).where(complaint.c.id == complaint_id, seen_by(actor))
    if session.find(mine) is None:
        raise NotAllowed
    return read_complaint(session, complaint_id=complaint_id)


def _live(session: Session, *, actor: Person, complaint_id: int) -> Complaint:
    row = _of_staff(session, actor=actor, complaint_id=complaint_id)
    if not row.is_live:
        raise ComplaintOver(state=row.state)
    return row
