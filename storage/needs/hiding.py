"""A yes to showing contact data is taken back: it leaves the helpers' chats at once."""

from datetime import datetime

from sqlalchemy import or_, select

from storage.database import Session
from storage.needs.buttons import button, task_buttons
from storage.needs.cards import list_cards
from storage.needs.referral.telling import hide_referred
from storage.needs.telling import hide_contact
from storage.people import Person
from storage.services import referral_works_there
from storage.tables import claim, need, referral


def hide_contacts_of(session: Session, *, now: datetime, person_id: int) -> int:
    """Rewrite what helpers were shown of somebody, whose needs they are carrying out now.

    Also of one who asked for somebody else, and in the chats of organisations. What may still be
    seen is one press away; returns how many tasks it was.
    """
    theirs = or_(need.c.resident_id == person_id, need.c.stated_by == person_id)
    active = select(claim.c.need_id).where(claim.c.state == "active")
    claimed = list_cards(session, theirs, need.c.state == "claimed", need.c.id.in_(active))
    for card in claimed:
        held = card.held
        again = button("claim.where", "claim", "where", held.id, held.version)
        hide_contact(
            session,
            card,
            now=now,
            words="claim_contact_withdrawn",
            buttons=[[again], *task_buttons(card)],
        )
    return len(claimed) + _hide_from_organisations(session, now=now, person_id=person_id)


def hide_from_staff(session: Session, *, now: datetime, actor: Person) -> None:
    """Somebody stops working at an organisation: what it was let know is none of theirs now."""
    accepted = select(referral.c.need_id).where(
        referral.c.state == "accepted", referral.c.ended_at.is_(None), referral_works_there(actor)
    )
    for card in list_cards(session, need.c.id.in_(accepted)):
        hide_referred(session, card, now=now, only=actor.id)


def _hide_from_organisations(session: Session, *, now: datetime, person_id: int) -> int:
    accepted = select(referral.c.need_id).where(
        referral.c.state == "accepted", referral.c.ended_at.is_(None)
    )
    cards = list_cards(
        session,
        or_(need.c.resident_id == person_id, need.c.stated_by == person_id),
        need.c.id.in_(accepted),
    )
    for card in cards:
        hide_referred(session, card, now=now)
    return len(cards)
