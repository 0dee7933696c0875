"""Which way a need goes: verified first, to an organisation that owns it, or to volunteers."""

from datetime import datetime

from storage.categories import rule_of
from storage.database import Session
from storage.needs.cards import NeedCard, read_need
from storage.needs.matching.offering import offer_on
from storage.needs.referral.offering import list_providers, refer
from storage.needs.verification.laying import is_to_verify, lay_for_verifying
from storage.rules.areas import Urgency, VolunteerMay


def set_going(session: Session, *, now: datetime, card: NeedCard) -> NeedCard:
    """An open need takes its way: first to who makes sure of it, where its kind asks for that."""
    if is_to_verify(session, now=now, card=card):
        return lay_for_verifying(session, now=now, card=card)
    return go_on(session, now=now, card=card)


def go_on(session: Session, *, now: datetime, card: NeedCard) -> NeedCard:
    """An open need that stands: referred where no volunteer may, or as was asked for."""
    rule = rule_of(session, card.category)
    wished = card.service_id is not None
    if card.urgency is not Urgency.U0 and (wished or rule.volunteer_may is VolunteerMay.NO):
        providers = list_providers(session, card, now=now)
        first = providers[0] if providers else None
        right = first is not None and first.service_id == card.service_id
        if first is not None and (right or rule.volunteer_may is VolunteerMay.NO):
            return refer(
                session,
                now=now,
                card=card,
                organisation_id=first.organisation_id,
                service_id=first.service_id,
            )
    offer_on(session, now=now, card=card)
    return read_need(session, need_id=card.id)
