"""How the two of a pair reach each other: shown when both said yes, each look written down."""

from dataclasses import dataclass
from datetime import datetime

from storage.consents import own_no_stands
from storage.database import Session
from storage.journal import note
from storage.pairs.rows import Pair, get_pair, side_of
from storage.people import ContactData, Person, open_contact
from storage.refusals import NotAllowed, TooLate
from storage.rules.pairs import Side
from storage.rules.purposes import Purpose


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
    side = found[0]
    other = one.helper_id if side is Side.RESIDENT else one.resident_id
    if other is None:
        raise NotAllowed
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
    return Reached(one, side, _shared(session, other, address=side is Side.HELPER))


def _shared(session: Session, person_id: int, *, address: bool) -> ContactData:
    contact = open_contact(session, person_id=person_id)
    if own_no_stands(session, person_id=person_id, purpose=Purpose.SHARE_CONTACT):
        return ContactData(contact.name, None, None)
    return contact if address else ContactData(contact.name, contact.phone, None)
