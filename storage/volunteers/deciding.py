"""Deciding on a volunteer: of two coordinators one decides, the other hears who did."""

from datetime import datetime

from sqlalchemy import select, update

from storage.consents import has_consent
from storage.database import Session
from storage.duty import tell_duty
from storage.guardians import is_known_minor
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import Person
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed, Refusal, TooLate
from storage.rules.purposes import Purpose
from storage.scope import check_sees
from storage.tables import person, role
from storage.volunteers.applicants import Applicant, applicants, as_applicant


class GuardianMustAgree(Refusal):
    """A minor helps only with their guardian's yes (重庆市志愿服务条例 art. 9)."""

    key = "guardian_must_agree"

    def __init__(self, *, person_id: int) -> None:
        super().__init__()
        self.offer = ("approval.guardian", f"consent:record:{person_id}:0")


def decide_volunteer(
    session: Session, *, now: datetime, actor: Person, role_id: int, version: int, approve: bool
) -> Applicant:
    """Approve or decline: of two coordinators one decides, the other hears who did."""
    if actor.scope is None:
        raise NotAllowed
    whose = session.value(select(role.c.person_id).where(role.c.id == role_id))
    if whose is not None:
        check_sees(session, actor=actor, person_id=whose)
        if approve:
            _check_guardian(session, now=now, person_id=whose)
    state = "approved" if approve else "declined"
    decided = session.change(
        update(role)
        .where(
            role.c.id == role_id,
            role.c.kind == "volunteer",
            role.c.state == "waiting",
            role.c.version == version,
        )
        .values(state=state, decided_by=actor.id, decided_at=now, version=role.c.version + 1)
    )
    if decided == 0:
        raise _why_not(session, actor=actor, role_id=role_id)
    applicant = as_applicant(session, session.all(applicants().where(role.c.id == role_id))[0])
    note(
        session,
        now=now,
        what=f"volunteer_{state}",
        actor_id=actor.id,
        subject_id=applicant.person_id,
        thing="role",
        thing_id=role_id,
    )
    say(
        session,
        now=now,
        to=applicant.person_id,
        key=f"role:{role_id}:v{applicant.version}:applicant",
        template=f"volunteer_{state}",
        message_class=MessageClass.MUST,
        facts={"name": applicant.name},
    )
    # So that nobody phones in vain; it is the same card, so its buttons are closed.
    tell_duty(
        session,
        now=now,
        key=f"role:{role_id}:v{applicant.version}:told",
        template="volunteer_decided",
        message_class=MessageClass.INFO,
        facts={"name": applicant.name, "by": actor.name, "state": state},
        card=f"role:{role_id}",
        about=applicant.person_id,
        without=actor.id,
    )
    return applicant


def _check_guardian(session: Session, *, now: datetime, person_id: int) -> None:
    purpose = Purpose.VOLUNTEER_MINOR
    if is_known_minor(session, now=now, person_id=person_id) and not has_consent(
        session, person_id=person_id, purpose=purpose, now=now, hold=True
    ):
        raise GuardianMustAgree(person_id=person_id)


def _why_not(session: Session, *, actor: Person, role_id: int) -> Refusal:
    row = session.find(
        select(role.c.state, role.c.decided_by, person.c.name)
        .outerjoin(person, person.c.id == role.c.decided_by)
        .where(role.c.id == role_id, role.c.kind == "volunteer")
    )
    if row is None:
        return NotAllowed()
    if row.decided_by == actor.id:
        return AlreadyDone()
    if row.state in ("approved", "declined") and row.name is not None:
        return AlreadyDecided(by=row.name, state=row.state)
    return TooLate()
