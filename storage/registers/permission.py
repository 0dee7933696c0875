"""Who may see and change what the registers hold: staff within their scope, and the people."""

from sqlalchemy import bindparam, select

from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed
from storage.scope import check_sees
from storage.tables import caregiver

# Written once: an import asks it twice for each row.
_TIE = select(caregiver.c.id).where(
    caregiver.c.resident_id == bindparam("whose"),
    caregiver.c.caregiver_id == bindparam("who"),
    caregiver.c.state == "confirmed",
)


def check_staff(session: Session, *, actor: Person, person_id: int) -> None:
    """Staff who see this person; raises NotAllowed, or OutsideScope."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=person_id)


def check_may_change(session: Session, *, actor: Person, person_id: int) -> None:
    """Themselves, a confirmed caregiver, or staff who see them; raises NotAllowed."""
    if actor.id == person_id:
        return
    if session.execute(_TIE, {"whose": person_id, "who": actor.id}).first() is None:
        check_staff(session, actor=actor, person_id=person_id)
