"""A person, or who speaks for them, says yes or no to one purpose; a no works at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.consenting.effects import take_effect, undo_effect
from storage.consents import (
    Consent,
    give_consent,
    last_no_at,
    list_consents,
    refuse,
    withdraw,
)
from storage.database import Session
from storage.guardians import ground_for, is_known_child, is_known_minor
from storage.journal import note
from storage.people import Person, find_person
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.purposes import PURPOSES, Ground, Purpose, may_ask_again, may_speak
from storage.scope import check_sees
from storage.tables import caregiver, person

# A no works also where no yes was ever asked for.
AT_ONCE = (Purpose.ABROAD, Purpose.RECORD_DISABILITY, Purpose.SHARE_CONTACT)


class ChildNeedsGuardian(Refusal):
    """Under 14 only a guardian says yes or no (个人信息保护法 31)."""

    key = "child_needs_guardian"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody's consents as one who may see them sees them."""

    person_id: int
    name: str
    own: bool
    staff: bool
    may_answer: bool
    consents: list[Consent]


@dataclass(frozen=True, slots=True)
class Ward:
    """Somebody for whom a guardian speaks."""

    id: int
    name: str


def get_known(session: Session, *, now: datetime, actor: Person, person_id: int) -> Known:
    """Return somebody's consents to themselves, a guardian, or staff in whose scope they are."""
    whose = find_person(session, person_id=person_id)
    if whose is None:
        raise NotAllowed
    ground = ground_for(session, actor=actor, person_id=person_id)
    if ground not in (Ground.SELF, Ground.GUARDIAN):
        check_sees(session, actor=actor, person_id=person_id)
        note(session, now=now, what="consents_looked_at", actor_id=actor.id, subject_id=person_id)
    minor = is_known_minor(session, now=now, person_id=person_id)
    child = is_known_child(session, now=now, person_id=person_id)
    return Known(
        person_id=person_id,
        name=whose.name,
        own=ground is Ground.SELF,
        staff=ground not in (Ground.SELF, Ground.GUARDIAN),
        may_answer=ground is Ground.GUARDIAN or (ground is Ground.SELF and not child),
        consents=[
            one
            for one in list_consents(session, person_id=person_id)
            if minor or one.given or one.purpose != Purpose.VOLUNTEER_MINOR
        ],
    )


def list_wards(session: Session, *, guardian_id: int) -> list[Ward]:
    """List those for whom this person is the confirmed guardian."""
    rows = session.all(
        select(person.c.id, person.c.name)
        .join(caregiver, caregiver.c.resident_id == person.c.id)
        .where(caregiver.c.caregiver_id == guardian_id, caregiver.c.state == "confirmed")
        .where(caregiver.c.kind == "guardian")
        .order_by(caregiver.c.id)
    )
    return [Ward(row.id, row.name) for row in rows]


def answer(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    purpose: Purpose,
    version: str,
    yes: bool,
) -> bool:
    """Say yes or no to the words of a version; returns whether anything changed.

    1. Themselves or a guardian; a guardian who is ended at this moment is none.
    2. Yes is only said to the words as they are now; no needs no words.
    3. A no takes the yes back, with its effect; where there was none it is remembered.
    """
    ground = ground_for(session, actor=actor, person_id=person_id, hold=True)
    if ground not in (Ground.SELF, Ground.GUARDIAN) or purpose is Purpose.KEEP_DATA:
        # Keeping data is taken back by leaving, which looks after what is open.
        raise NotAllowed
    if purpose is Purpose.VOLUNTEER_MINOR and not is_known_minor(
        session, now=now, person_id=person_id
    ):
        raise TooLate  # who has come of age decides alone
    child = is_known_child(session, now=now, person_id=person_id)
    if not may_speak(purpose, ground, child=child):
        raise ChildNeedsGuardian
    if yes:
        return _say_yes(session, now, actor, person_id, purpose, version, ground)
    known: Any = {"person_id": person_id, "purpose": purpose.value, "actor_id": actor.id}
    if withdraw(session, now=now, **known):
        take_effect(session, now=now, actor=actor, person_id=person_id, purpose=purpose)
        return True
    last = last_no_at(session, person_id=person_id, purpose=purpose)
    if may_ask_again(last, now):
        refuse(session, now=now, **known)
    if purpose in AT_ONCE:
        take_effect(session, now=now, actor=actor, person_id=person_id, purpose=purpose)
    return False


def _say_yes(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    purpose: Purpose,
    version: str,
    ground: Ground,
) -> bool:
    if version != PURPOSES[purpose].version:
        raise TooLate
    new = give_consent(
        session,
        now=now,
        person_id=person_id,
        purpose=purpose,
        given_by=actor.id,
        ground=ground,
    )
    undo_effect(session, person_id=person_id, purpose=purpose)
    return new
