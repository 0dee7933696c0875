"""How the two of a pair reach each other: shown when both said yes, each look written down."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.apart import may_they_meet
from storage.consents import own_no_stands
from storage.database import Session
from storage.guardians import list_guardians
from storage.journal import note
from storage.pairs.rows import Pair, get_pair, side_of
from storage.people import ContactData, Person, open_contact
from storage.refusals import NotAllowed, TooLate
from storage.rules.pairs import Kind, Side
from storage.rules.purposes import Purpose
from storage.tables import organisation, tie


@dataclass(frozen=True, slots=True)
class Reached:
    """How to reach the other side; nothing but the name where its own no stands."""

    pair: Pair
    side: Side
    contact: ContactData


def open_partner(session: Session, *, now: datetime, actor: Person, pair_id: int) -> Reached:
    """Open phone and address of the other side of an agreed pair; journalled."""
    one = get_pair(session, pair_id=pair_id)
    found = side_of(session, one, actor)
    if found is None:
        raise NotAllowed
    if not one.is_agreed:
        raise TooLate
    if one.helper_id is not None and not may_they_meet(
        session, helper_id=one.helper_id, person_id=one.resident_id
    ):
        # Something is being looked into, or they were just kept apart; which, nobody reads here.
        raise TooLate
    side = found[0]
    other = whom_to_reach(session, one, side)
    if other is None:
        # An organisation that named nobody: its name is all there is.
        return Reached(one, side, ContactData(one.helper, None, None))
    note(
        session,
        now=now,
        what="contact_seen",
        actor_id=actor.id,
        subject_id=other,
        thing="pair",
        thing_id=one.id,
        ground=one.kind.value,
    )
    address = side is Side.HELPER and one.kind is not Kind.STUDY
    return Reached(one, side, _shared(session, other, address=address))


def whom_to_reach(session: Session, one: Pair, side: Side) -> int | None:
    """Whose number the other side is given: of a school the leader's, of a child the guardian's."""
    if side is Side.HELPER:
        guardians = list_guardians(session, person_id=one.resident_id)
        return guardians[0] if one.kind is Kind.STUDY and guardians else one.resident_id
    if one.helper_id is not None:
        return one.helper_id
    leads = select(tie.c.leader_id).where(tie.c.pair_id == one.id)
    named = select(organisation.c.contact_id).where(organisation.c.id == one.organisation_id)
    leader: int | None = session.value(leads) or session.value(named)
    return leader


def _shared(session: Session, person_id: int, *, address: bool) -> ContactData:
    contact = open_contact(session, person_id=person_id)
    if own_no_stands(session, person_id=person_id, purpose=Purpose.SHARE_CONTACT):
        return ContactData(contact.name, None, None)
    return contact if address else ContactData(contact.name, contact.phone, None)
