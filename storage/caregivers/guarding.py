"""Guardians: staff who saw the papers make one; copies of news are the resident's own wish."""

from datetime import datetime

from sqlalchemy import update

from storage.caregivers.ties import Tie, find_tie
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, Refusal, TooLate
from storage.scope import check_sees
from storage.tables import caregiver


class GuardianByStaff(Refusal):
    """A guardian is one by law, or by a court: only staff, who see the papers, can end it."""

    key = "guardian_by_staff"


def make_guardian(
    session: Session, *, now: datetime, actor: Person, tie_id: int, version: int, on: bool
) -> Tie:
    """Staff have seen the papers: this caregiver is the guardian, or is not any more."""
    tie = find_tie(session, tie_id=tie_id)
    if tie is None or actor.id in (tie.caregiver_id, tie.resident_id):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=tie.resident_id)
    changed = session.change(
        update(caregiver)
        .where(caregiver.c.id == tie_id, caregiver.c.version == version)
        .where(caregiver.c.state == "confirmed")
        .where(caregiver.c.kind == ("caregiver" if on else "guardian"))
        .values(kind="guardian" if on else "caregiver", version=version + 1)
    )
    if changed == 0:
        raise AlreadyDone if (tie.kind == "guardian") is on else TooLate
    note(
        session,
        now=now,
        what="guardian_made" if on else "guardian_unmade",
        actor_id=actor.id,
        subject_id=tie.resident_id,
        thing="caregiver",
        thing_id=tie_id,
        ground="staff",
    )
    for side, other in (
        (tie.caregiver_id, tie.resident_name),
        (tie.resident_id, tie.caregiver_name),
    ):
        say(
            session,
            now=now,
            to=side,
            key=f"caregiver:{tie_id}:v{version + 1}:guardian:{side}",
            template="guardian_changed",
            message_class=MessageClass.MUST,
            facts={"name": other, "own": side == tie.resident_id, "on": on},
        )
    return tie


def wish_end(session: Session, *, now: datetime, actor: Person, tie_id: int) -> Tie:
    """The resident wishes another guardian, or none: staff are told, and look into it."""
    tie = find_tie(session, tie_id=tie_id)
    if tie is None or actor.id != tie.resident_id or tie.kind != "guardian":
        raise NotAllowed
    note(
        session,
        now=now,
        what="guardian_end_wished",
        actor_id=actor.id,
        subject_id=actor.id,
        thing="caregiver",
        thing_id=tie_id,
    )
    tell_duty(
        session,
        now=now,
        key=f"caregiver:{tie_id}:v{tie.version}:wished",
        template="guardian_end_wished",
        message_class=MessageClass.MUST,
        facts={"name": tie.resident_name, "guardian": tie.caregiver_name},
        about=tie.resident_id,
        buttons=[
            [
                Button(
                    "caregiver.unmake",
                    f"caregiver:unmake:{tie_id}:{tie.version}",
                    {"name": tie.caregiver_name},
                )
            ]
        ],
        card=f"caregiver:{tie_id}",
        without=tie.caregiver_id,
    )
    return tie


def copy_to(
    session: Session, *, now: datetime, actor: Person, tie_id: int, version: int, on: bool
) -> Tie:
    """The resident says whether this caregiver gets a copy of their news; a guardian does."""
    tie = find_tie(session, tie_id=tie_id)
    if tie is None or actor.id != tie.resident_id:
        raise NotAllowed
    if tie.kind == "guardian":
        raise GuardianByStaff
    switched = session.change(
        update(caregiver)
        .where(caregiver.c.id == tie_id, caregiver.c.version == version)
        .where(caregiver.c.state == "confirmed", caregiver.c.copies.is_(not on))
        .values(copies=on, version=version + 1)
    )
    if switched == 0:
        raise AlreadyDone if tie.copies is on else TooLate
    note(
        session,
        now=now,
        what="copies_switched",
        actor_id=actor.id,
        subject_id=actor.id,
        thing="caregiver",
        thing_id=tie_id,
        detail="on" if on else "off",
    )
    return tie
