"""What waits with an organisation, and what waits with the desk behind it."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.database import Session
from storage.needs.cards import LISTED_AT_MOST, NeedCard, list_cards
from storage.people import Person
from storage.rules.referring import ReferralState
from storage.scope import seen_through
from storage.services import referral_works_there
from storage.tables import need, referral


def list_for_organisation(session: Session, *, actor: Person) -> Sequence[NeedCard]:
    """Return what was laid before the actor's own organisation and is not done, oldest first."""
    live = (ReferralState.OFFERED, ReferralState.ASKED_BACK, ReferralState.ACCEPTED)
    mine = select(referral.c.need_id).where(
        referral.c.ended_at.is_(None), referral.c.state.in_(live), referral_works_there(actor)
    )
    return list_cards(session, need.c.id.in_(mine), limit=LISTED_AT_MOST)


def list_for_desk(session: Session, *, actor: Person) -> Sequence[NeedCard]:
    """Return what the actor has to do something about, for an organisation or a resident."""
    waits = select(referral.c.need_id).where(referral.c.ended_at.is_(None), referral.c.with_desk)
    return list_cards(
        session,
        need.c.id.in_(waits),
        seen_through(actor, need.c.resident_id),
        limit=LISTED_AT_MOST,
    )
