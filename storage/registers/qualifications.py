"""Qualifications: a volunteer names a paper, staff look at it, and it runs out on its day."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed, Refusal
from storage.registers.dues import morning_before
from storage.registers.permission import check_staff
from storage.rules.fields import OPTIONS
from storage.scope import seen_people
from storage.tables import person, qualification

REMIND_BEFORE = timedelta(days=30)
LIVE = ("waiting", "confirmed", "ending")
# What may be claimed as a qualified person's.
HELD = ("confirmed", "ending")


class QualificationEnded(Refusal):
    """The paper was valid until a day that is over."""

    key = "qualification_ended"


@dataclass(frozen=True, slots=True)
class Qualification:
    """One paper of one volunteer."""

    id: int
    person_id: int
    name: str
    kind: str
    state: str
    expires_on: date | None
    version: int


def add_qualification(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    kind: str,
    number: str | None = None,
    expires_on: date | None = None,
) -> int:
    """Write a paper down: a volunteer's own waits for staff, what staff write is confirmed."""
    staff = actor.id != person_id
    if staff:
        check_staff(session, actor=actor, person_id=person_id)
    elif "volunteer" not in actor.roles:
        raise NotAllowed
    if kind not in {option.key for option in OPTIONS["qualification"]}:
        raise NotAllowed
    if expires_on is not None and expires_on < session.house.local(now).date():
        raise QualificationEnded
    uid = secrets.token_hex(16)
    place = f"qualification.number:{uid}"
    row = {
        "uid": uid,
        "person_id": person_id,
        "kind": kind,
        "number": session.vault.seal(number, place=place) if number else None,
        "state": "confirmed" if staff else "waiting",
        "expires_on": expires_on,
        "due_at": remind_at(session, expires_on) if staff else None,
        "confirmed_by": actor.id if staff else None,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            added = session.add(insert(qualification).values(row))
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, actor, person_id, added, "qualification_added", kind)
    return added


def decide_qualification(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    qualification_id: int,
    version: int,
    confirm: bool,
) -> Qualification:
    """Staff saw the paper, or not: of two one decides, the other hears it."""
    known = find_qualification(session, qualification_id=qualification_id)
    if known is None or known.person_id == actor.id:
        raise NotAllowed
    check_staff(session, actor=actor, person_id=known.person_id)
    if confirm and known.expires_on and known.expires_on < session.house.local(now).date():
        raise QualificationEnded
    decided = session.change(
        update(qualification)
        .where(
            qualification.c.id == qualification_id,
            qualification.c.state == "waiting",
            qualification.c.version == version,
        )
        .values(
            state="confirmed" if confirm else "declined",
            confirmed_by=actor.id,
            due_at=remind_at(session, known.expires_on) if confirm else None,
            version=version + 1,
        )
    )
    if decided == 0:
        raise _why_not(session, actor, qualification_id)
    what = "qualification_confirmed" if confirm else "qualification_declined"
    _note(session, now, actor, known.person_id, qualification_id, what, known.kind)
    found = find_qualification(session, qualification_id=qualification_id)
    assert found is not None
    return found


def end_qualification(
    session: Session, *, now: datetime, actor: Person, qualification_id: int, version: int
) -> None:
    """Take a paper off the register: its holder, or staff."""
    known = find_qualification(session, qualification_id=qualification_id)
    if known is None:
        raise NotAllowed
    if actor.id != known.person_id:
        check_staff(session, actor=actor, person_id=known.person_id)
    ended = session.change(
        update(qualification)
        .where(
            qualification.c.id == qualification_id,
            qualification.c.state.in_(LIVE),
            qualification.c.version == version,
        )
        .values(state="ended", due_at=None, version=version + 1)
    )
    if ended == 0:
        raise AlreadyDone
    _note(session, now, actor, known.person_id, qualification_id, "qualification_ended", known.kind)


def list_qualifications(session: Session, *, person_id: int) -> list[Qualification]:
    """List the live papers of a volunteer."""
    rows = session.all(
        _qualifications()
        .where(qualification.c.person_id == person_id, qualification.c.state.in_(LIVE))
        .order_by(qualification.c.id)
    )
    return [_as_qualification(row) for row in rows]


def list_to_look_at(
    session: Session, *, actor: Person, state: str = "waiting", limit: int = 20
) -> list[Qualification]:
    """List the papers that wait for staff who see their holders, or that run out ("ending")."""
    rows = session.all(
        _qualifications()
        .where(qualification.c.state == state, seen_people(actor))
        .order_by(qualification.c.id)
        .limit(limit)
    )
    return [_as_qualification(row) for row in rows]


def find_qualification(session: Session, *, qualification_id: int) -> Qualification | None:
    """Return one paper."""
    row = session.find(_qualifications().where(qualification.c.id == qualification_id))
    return _as_qualification(row) if row is not None else None


def remind_at(session: Session, expires_on: date | None) -> datetime | None:
    """Nine in the morning, a month before."""
    if expires_on is None:
        return None
    return morning_before(session, expires_on, REMIND_BEFORE)


def _qualifications() -> Select[Any]:
    return select(qualification, person.c.name).join(
        person, person.c.id == qualification.c.person_id
    )


def _as_qualification(row: Row[Any]) -> Qualification:
    return Qualification(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        kind=row.kind,
        state=row.state,
        expires_on=row.expires_on,
        version=row.version,
    )


def _why_not(session: Session, actor: Person, qualification_id: int) -> Refusal:
    row = session.find(
        select(qualification.c.state, qualification.c.confirmed_by, person.c.name)
        .outerjoin(person, person.c.id == qualification.c.confirmed_by)
        .where(qualification.c.id == qualification_id)
    )
    if row is None:
        return NotAllowed()
    if row.confirmed_by is None or row.confirmed_by == actor.id:
        return AlreadyDone()
    state = "confirmed" if row.state in HELD else "declined"
    return AlreadyDecided(by=row.name, state=state)


def _note(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    qualification_id: int,
    what: str,
    kind: str,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        subject_id=person_id,
        thing="qualification",
        thing_id=qualification_id,
        detail=kind,
    )
