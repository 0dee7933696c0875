"""Deciding on a tie, and ending it: the resident's own word, staff's where they cannot."""

from datetime import datetime

from sqlalchemy import exists, select, update

from storage.caregivers.guarding import GuardianByStaff
from storage.caregivers.ties import LIVE, Tie, find_tie
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import Person, set_phone
from storage.refusals import (
    AlreadyDecided,
    AlreadyDone,
    NotAllowed,
    OutsideScope,
    Refusal,
    TooLate,
)
from storage.scope import check_sees, sees
from storage.tables import caregiver, person, role


def decide_tie(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    tie_id: int,
    version: int,
    yes: bool,
    guardian: bool = False,
) -> Tie:
    """Confirm or decline; the one who asked hears it. ``guardian``: staff have seen the papers."""
    tie = find_tie(session, tie_id=tie_id)
    if tie is None:
        raise NotAllowed
    if not _may_decide(session, actor, tie):
        raise OutsideScope(subject_id=tie.resident_id)
    if guardian and not tie.by_staff:
        raise NotAllowed
    kind = "guardian" if guardian else "caregiver"
    state = "confirmed" if yes else "declined"
    decided = session.change(
        update(caregiver)
        .where(
            caregiver.c.id == tie_id,
            caregiver.c.state == "asked",
            caregiver.c.version == version,
        )
        .values(
            state=state,
            kind=kind,
            decided_by=actor.id,
            decided_at=now,
            version=caregiver.c.version + 1,
        )
    )
    if decided == 0:
        raise _why_not(session, actor=actor, tie_id=tie_id)
    if yes:
        _approve(session, now=now, actor=actor, person_id=tie.caregiver_id, kind="caregiver")
    if tie.by_staff:
        _settle_resident(session, now=now, actor=actor, tie=tie, yes=yes)
    note(
        session,
        now=now,
        what=f"caregiver_{state}",
        actor_id=actor.id,
        subject_id=tie.resident_id,
        thing="caregiver",
        thing_id=tie_id,
        ground="staff" if tie.by_staff else "self",
        detail=kind if yes else "",
    )
    if tie.by_staff:
        tell_duty(
            session,
            now=now,
            key=f"caregiver:{tie_id}:v{version + 1}:told",
            template="caregiver_decided",
            message_class=MessageClass.INFO,
            facts={"name": tie.caregiver_name, "by": actor.name, "state": state},
            card=f"caregiver:{tie_id}",
            about=tie.resident_id,
            without=actor.id,
        )
    # A no does not name anybody: it must not tell the asker who is registered.
    facts = {"name": tie.resident_name} if yes else {"asked_at": tie.asked_at.isoformat()}
    say(
        session,
        now=now,
        to=tie.caregiver_id,
        key=f"caregiver:{tie_id}:v{version + 1}:asker",
        template=f"caregiver_{state}",
        message_class=MessageClass.MUST,
        facts=facts,
    )
    return tie


def end_tie(session: Session, *, now: datetime, actor: Person, tie_id: int, version: int) -> Tie:
    """End a tie, or take back the asking; the other side hears it."""
    tie = find_tie(session, tie_id=tie_id)
    sides = (tie.resident_id, tie.caregiver_id) if tie else ()
    if tie is None:
        raise NotAllowed
    if actor.id not in sides:
        check_sees(session, actor=actor, person_id=tie.resident_id)
    if actor.id == tie.resident_id and tie.kind == "guardian" and tie.state == "confirmed":
        raise GuardianByStaff
    ended = session.change(
        update(caregiver)
        .where(
            caregiver.c.id == tie_id,
            caregiver.c.state.in_(LIVE),
            caregiver.c.version == version,
        )
        .values(state="ended", decided_by=actor.id, decided_at=now, version=version + 1)
    )
    if ended == 0:
        raise AlreadyDone if tie.state == "ended" else TooLate
    note(
        session,
        now=now,
        what="caregiver_ended",
        actor_id=actor.id,
        subject_id=tie.resident_id,
        thing="caregiver",
        thing_id=tie_id,
    )
    if tie.state == "confirmed":
        _tell_the_others(session, now=now, actor=actor, tie=tie)
    return tie


def _may_decide(session: Session, actor: Person, tie: Tie) -> bool:
    if tie.by_staff:
        # Nobody confirms what they asked for themselves, whatever their role.
        theirs = sees(session, actor=actor, person_id=tie.resident_id)
        return theirs and actor.id != tie.caregiver_id
    return actor.id == tie.resident_id


def _approve(session: Session, *, now: datetime, actor: Person, person_id: int, kind: str) -> None:
    session.change(
        update(role)
        .where(role.c.person_id == person_id, role.c.kind == kind, role.c.state == "waiting")
        .values(state="approved", decided_by=actor.id, decided_at=now, version=role.c.version + 1)
    )


def _settle_resident(
    session: Session, *, now: datetime, actor: Person, tie: Tie, yes: bool
) -> None:
    """Somebody known only by the asking is registered, or forgotten when nobody else asks."""
    if yes:
        _approve(session, now=now, actor=actor, person_id=tie.resident_id, kind="resident")
        return
    asked = exists().where(caregiver.c.resident_id == tie.resident_id, caregiver.c.state.in_(LIVE))
    declined = session.change(
        update(role)
        .where(
            role.c.person_id == tie.resident_id,
            role.c.kind == "resident",
            role.c.state == "waiting",
            ~asked,
        )
        .values(state="declined", decided_by=actor.id, decided_at=now, version=role.c.version + 1)
    )
    if declined:
        set_phone(session, person_id=tie.resident_id, phone=None)


def _tell_the_others(session: Session, *, now: datetime, actor: Person, tie: Tie) -> None:
    names = {tie.resident_id: tie.caregiver_name, tie.caregiver_id: tie.resident_name}
    for side, other_name in names.items():
        if side == actor.id:
            continue
        say(
            session,
            now=now,
            to=side,
            key=f"caregiver:{tie.id}:v{tie.version + 1}:ended:{side}",
            template="caregiver_ended",
            message_class=MessageClass.MUST,
            facts={"name": other_name},
        )


def _why_not(session: Session, *, actor: Person, tie_id: int) -> Refusal:
    row = session.all(
        select(caregiver.c.state, caregiver.c.decided_by, person.c.name)
        .outerjoin(person, person.c.id == caregiver.c.decided_by)
        .where(caregiver.c.id == tie_id)
    )[0]
    if row.decided_by == actor.id:
        return AlreadyDone()
    if row.state in ("confirmed", "declined"):
        return AlreadyDecided(by=row.name, state=row.state)
    return TooLate()
