"""The notes of calls as the resident's own: to read, and to delete one by one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.check_ins.day.notes import opened_note, said_in
from storage.database import Session
from storage.journal import note
from storage.refusals import NotAllowed, TooLate
from storage.tables import call_note, need, person

LISTED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class OwnNote:
    """One note about oneself: who wrote it, when, what was not well, and the words."""

    id: int
    by: str
    at: datetime
    marks: str
    words: str


def list_own_notes(session: Session, *, person_id: int) -> list[OwnNote]:
    """Return what callers wrote down about a person, newest first, for that person alone."""
    rows = session.all(
        select(call_note, person.c.name)
        .join(person, person.c.id == call_note.c.author_id)
        .where(call_note.c.resident_id == person_id, call_note.c.facts.is_not(None))
        .order_by(call_note.c.id.desc())
        .limit(LISTED_AT_MOST)
    )
    said = [said_in(opened_note(session, row.uid, row.facts)) for row in rows]
    return [
        OwnNote(row.id, row.name, row.written_at, marks, words)
        for row, (marks, words) in zip(rows, said, strict=True)
    ]


def remove_note(session: Session, *, now: datetime, actor_id: int, note_id: int) -> None:
    """Forget what was said on a call; that it was made stays on record."""
    row = session.find(select(call_note.c.resident_id).where(call_note.c.id == note_id))
    if row is None or row.resident_id != actor_id:
        raise NotAllowed
    removed = session.change(
        update(call_note)
        .where(call_note.c.id == note_id, call_note.c.facts.is_not(None))
        .values(facts=None, version=call_note.c.version + 1)
    )
    if removed != 1:
        raise TooLate
    note(
        session,
        now=now,
        what="call_note_removed",
        actor_id=actor_id,
        subject_id=actor_id,
        thing="call_note",
        thing_id=note_id,
    )


def find_check_in_of(session: Session, *, need_id: int) -> int | None:
    """Return the check-in that a need came from."""
    found: int | None = session.value(select(need.c.check_in_id).where(need.c.id == need_id))
    return found
