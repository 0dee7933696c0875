"""Who may see and change what the registers hold: staff within their scope, and the people."""

from datetime import date, datetime

from sqlalchemy import select

from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed, Refusal
from storage.rules.ages import is_child
from storage.scope import check_sees
from storage.tables import caregiver, look


class ChildsRecord(Refusal):
    """What is held of a child under 14 opens after a second person has approved the look."""

    key = "childs_record"


def check_staff(session: Session, *, actor: Person, person_id: int) -> None:
    """Staff who see this person; raises NotAllowed, or OutsideScope."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=person_id)


def check_may_change(session: Session, *, actor: Person, person_id: int) -> None:
    """Themselves, a confirmed caregiver, or staff who see them; raises NotAllowed."""
    if actor.id == person_id:
        return
    tie = select(caregiver.c.id).where(
        caregiver.c.resident_id == person_id,
        caregiver.c.caregiver_id == actor.id,
        caregiver.c.state == "confirmed",
    )
    if session.find(tie) is None:
        check_staff(session, actor=actor, person_id=person_id)


def check_child(
    session: Session, *, now: datetime, actor: Person, person_id: int, born_on: date | None
) -> None:
    """未成年人网络保护条例 art. 36: another approves a look at a child, for a while."""
    if born_on is None or not is_child(born_on, session.house.local(now).date()):
        return
    approved = select(look.c.id).where(
        look.c.child_id == person_id,
        look.c.asked_by == actor.id,
        look.c.state == "approved",
        look.c.good_until > now,
    )
    if session.find(approved) is None:
        raise ChildsRecord
