"""Saying that something went wrong: the two are kept apart at once, and the staff hear of it."""

import secrets
from datetime import datetime

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.exc import IntegrityError

from storage.apart import Ground, keep_apart, let_meet
from storage.complaints.parties import Party
from storage.complaints.rows import (
    LIVE,
    Complaint,
    ComplaintOver,
    ComplaintTaken,
    change_complaint,
    list_complaints,
    note_complaint,
    read_complaint,
    seal,
)
from storage.complaints.telling import tell_staff
from storage.database import Session
from storage.needs.parting import part
from storage.people import Person, find_person
from storage.refusals import NotAllowed
from storage.rules.wrongs import WRONGS, Wrong, graver
from storage.tables import complaint

OWN_AT_MOST = 5


def state_complaint(
    session: Session, *, now: datetime, actor: Person, party: Party, what: str, words: str
) -> Complaint:
    """Write down what went wrong, part the two, and tell the staff; the same pair is added to.

    ``party`` comes from the database (parties.py), by who asks: nobody speaks for a stranger.
    """
    wrong = WRONGS[party.side].get(what)
    if wrong is None or party.reported_id == actor.id:
        raise NotAllowed
    before = _find_live(session, actor, party)
    if before is not None:
        return _add(session, before, now=now, wrong=wrong, words=words)
    said = _insert(session, now=now, actor=actor, party=party, wrong=wrong, words=words)
    if party.reported_id is not None:
        _keep_apart(session, said, now=now)
    note_complaint(session, said, now=now, what="complaint_stated", actor_id=actor.id)
    tell_staff(session, said, now=now, template="complaint_new")
    return said


def withdraw_complaint(
    session: Session, *, now: datetime, actor: Person, complaint_id: int
) -> Complaint:
    """Take it back while nobody of the staff has it; the two may meet again. Staff hear of it."""
    row = read_complaint(session, complaint_id=complaint_id)
    if row.reporter_id != actor.id:
        raise NotAllowed
    if not row.is_live:
        raise ComplaintOver(state=row.state)
    if row.state == "taken":
        raise ComplaintTaken(owner=row.owner)
    values = {"state": "withdrawn", "due_at": None, "ended_at": now}
    gone = change_complaint(session, row, values)
    let_meet_again(session, gone, now=now, by=actor.id)
    note_complaint(session, gone, now=now, what="complaint_withdrawn", actor_id=actor.id)
    tell_staff(session, gone, now=now, template="complaint_withdrawn")
    return gone


def list_own_complaints(session: Session, *, actor: Person) -> list[Complaint]:
    """List what somebody said that is still being looked into."""
    return list_complaints(
        session,
        complaint.c.reporter_id == actor.id,
        complaint.c.state.in_(LIVE),
        limit=OWN_AT_MOST,
    )


def _find_live(session: Session, actor: Person, party: Party) -> Complaint | None:
    if party.reported_id is None:
        return None
    found = session.value(
        select(complaint.c.id).where(
            complaint.c.reporter_id == actor.id,
            complaint.c.reported_id == party.reported_id,
            complaint.c.state.in_(LIVE),
        )
    )
    return read_complaint(session, complaint_id=found) if found is not None else None


def _add(session: Session, row: Complaint, *, now: datetime, wrong: Wrong, words: str) -> Complaint:
    """More about the same one: never a second case, and the graver of the two counts."""
    worst = graver(wrong, row.wrong)
    due_at = min(now + wrong.within, row.due_at) if row.due_at else now + wrong.within
    whole = f"{row.words}\n{words}" if words else row.words
    added = change_complaint(
        session,
        row,
        {
            "what": worst.key,
            "serious": worst.serious,
            "due_at": due_at,
            "words": seal(session, uid=row.uid, words=whole),
        },
    )
    _keep_apart(session, added, now=now)
    note_complaint(session, added, now=now, what="complaint_added_to", actor_id=row.reporter_id)
    tell_staff(session, added, now=now, template="complaint_more")
    return added


def _insert(
    session: Session, *, now: datetime, actor: Person, party: Party, wrong: Wrong, words: str
) -> Complaint:
    uid = secrets.token_hex(16)
    row = {
        "uid": uid,
        "reporter_id": actor.id,
        "for_id": party.for_id,
        "reported_id": party.reported_id,
        "need_id": party.need_id,
        "side": party.side.value,
        "what": wrong.key,
        "serious": wrong.serious,
        "to_office": _is_staff(session, party.reported_id),
        "words": seal(session, uid=uid, words=words),
        "state": "open",
        "due_at": now + wrong.within,
        "reminders": 0,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            complaint_id = session.add(insert(complaint).values(**row))
    except IntegrityError:
        # Sent twice at this moment: the second is more about the same.
        before = _find_live(session, actor, party)
        if before is None:
            raise
        return _add(session, before, now=now, wrong=wrong, words=words)
    return read_complaint(session, complaint_id=complaint_id)


def _is_staff(session: Session, person_id: int | None) -> bool:
    found = find_person(session, person_id=person_id) if person_id is not None else None
    return found is not None and found.is_approved("coordinator")


def _keep_apart(session: Session, row: Complaint, *, now: datetime) -> None:
    """On whose side it stands, and who speaks for them, are both kept from the other."""
    if row.reported_id is None:
        return
    for one in sorted({row.for_id, row.reporter_id} - {row.reported_id}):
        keep_apart(
            session,
            now=now,
            one=one,
            other=row.reported_id,
            ground=Ground.REPORT,
            by=row.reporter_id,
        )
        part(session, now=now, one=one, other=row.reported_id, by=row.reporter_id)


def let_meet_again(session: Session, row: Complaint, *, now: datetime, by: int) -> None:
    """Lift what this complaint had kept apart, and no other one still does."""
    other = row.reported_id
    if other is None:
        return
    for one in sorted({row.for_id, row.reporter_id} - {other}):
        if not _is_said_elsewhere(session, row, one=one, other=other):
            let_meet(session, now=now, one=one, other=other, ground=Ground.REPORT, by=by)


def _is_said_elsewhere(session: Session, row: Complaint, *, one: int, other: int) -> bool:
    """Whether between these two something else was said, by either, that is not settled."""
    of = complaint.c
    between = or_(
        and_(of.reported_id == other, or_(of.for_id == one, of.reporter_id == one)),
        and_(of.reported_id == one, or_(of.for_id == other, of.reporter_id == other)),
    )
    # As staff ended it: only what is settled lets two people meet again.
    stands = or_(of.state.in_(LIVE), of.ending.in_(("kept_apart", "handed_over", "not_found")))
    return session.find(select(of.id).where(of.id != row.id, between, stands).limit(1)) is not None
