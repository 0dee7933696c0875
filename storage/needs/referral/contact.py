"""Whom an organisation may reach, and how: only while it has accepted, only whose yes stands."""

from datetime import datetime

from storage.database import Session
from storage.needs.cards import NeedCard
from storage.needs.referral.answering import get_referred
from storage.needs.referral.telling import tell_desk
from storage.needs.refusals import ReferralMoved
from storage.needs.standing import check, note_looks
from storage.needs.visits.carrying import find_whom
from storage.people import ContactData, open_contact
from storage.rules.access import Act
from storage.rules.referring import ReferralState


def show_referred_contact(
    session: Session, *, now: datetime, actor_id: int, referral_id: int
) -> tuple[NeedCard, ContactData | None, ContactData | None]:
    """Open how to reach the resident to the organisation that accepted, and journal the look.

    The third is whoever asked for the resident, or a child's guardian. With neither the desk is
    told, and brings both together.
    """
    card = get_referred(session, actor_id=actor_id, referral_id=referral_id)
    if card.referred.state is not ReferralState.ACCEPTED:
        raise ReferralMoved(state=card.referred.state.value, by=None)
    check(session, Act.SEE_CONTACT, actor_id=actor_id, card=card)
    whom, asker = find_whom(session, card, now=now)
    seen = [one for one in (whom, asker) if one is not None]
    note_looks(session, card, now=now, actor_id=actor_id, seen=seen, ground="referral")
    if not seen:
        tell_desk(session, card, now=now, why="no_contact")
    return card, _open(session, whom), _open(session, asker)


def _open(session: Session, person_id: int | None) -> ContactData | None:
    return open_contact(session, person_id=person_id) if person_id is not None else None
