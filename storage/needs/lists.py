"""Lists of needs, as their people and the desk see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select

from storage.database import Session
from storage.needs.cards import ANY, LISTED_AT_MOST, NeedCard, card_in, list_cards, wards
from storage.needs.held import ClaimCard
from storage.people import Person
from storage.scope import seen_through
from storage.tables import caregiver, claim, need


def list_own_needs(session: Session, *, person_id: int) -> Sequence[NeedCard]:
    """Return the unfinished needs that somebody has, stated, or may speak for; newest first."""
    cared_for = wards().with_only_columns(caregiver.c.resident_id)
    theirs = cared_for.where(caregiver.c.caregiver_id == person_id)
    rows = session.all(
        ANY.where(or_(need.c.resident_id == person_id, need.c.resident_id.in_(theirs)))
        .where(need.c.ended_at.is_(None))
        .order_by(need.c.id.desc())
        .limit(LISTED_AT_MOST)
    )
    return _one_of_each([card_in(session, row) for row in rows])


def _one_of_each(cards: Sequence[NeedCard]) -> Sequence[NeedCard]:
    """One card for a need of several places: the first place that is not over."""
    first: dict[int, NeedCard] = {}
    for card in cards:
        known = first.get(card.root_id)
        if known is None or card.id < known.id:
            first[card.root_id] = card
    return list(first.values())


def list_tasks(session: Session, *, volunteer_id: int) -> Sequence[NeedCard]:
    """Return the needs that a volunteer has now, the soonest first."""
    mine = (claim_of(volunteer_id), need.c.ended_at.is_(None))
    cards = list_cards(session, *mine, limit=LISTED_AT_MOST)
    return sorted(cards, key=lambda card: _soonness(card.claim))


def claim_of(volunteer_id: int) -> Any:
    """Condition: the need's live claim is this volunteer's."""
    return need.c.id.in_(
        select(claim.c.need_id).where(
            claim.c.volunteer_id == volunteer_id, claim.c.state.in_(("active", "done"))
        )
    )


def _soonness(held: ClaimCard | None) -> tuple[bool, float]:
    moment = held.arrives_at if held else None
    return (moment is None, moment.timestamp() if moment else 0.0)


def list_desk(session: Session, *, actor: Person) -> Sequence[NeedCard]:
    """Return the needs that this coordinator must decide on, the longest waiting first."""
    waits = need.c.state == "unclaimed"
    mine = seen_through(actor, need.c.resident_id)
    return list_cards(session, waits, mine, limit=LISTED_AT_MOST)


def count_unclaimed(session: Session, *, actor: Person) -> int:
    """Count the needs that wait for this coordinator."""
    counting = select(func.count()).select_from(need).where(need.c.state == "unclaimed")
    counting = counting.where(seen_through(actor, need.c.resident_id))
    return int(session.value(counting) or 0)
