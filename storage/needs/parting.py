"""Two people are kept apart from now on: no task and no offer leads one to the other any more."""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from storage.database import Session
from storage.needs.cards import NeedCard, read_need
from storage.needs.matching.reaching import STANDING
from storage.needs.telling import News, hide_contact, rewrite_offers, tell
from storage.needs.visits.carrying import free_need
from storage.rules.lifecycle import NeedState
from storage.tables import claim, need, offer


def part(session: Session, *, now: datetime, one: int, other: int, by: int) -> int:
    """Release what is open between two people, and offer it on; returns how many tasks it was.

    The helper hears only that the plan has changed, with thanks: not why, and not through whom.
    """
    # Held: whoever claims one of these at this moment is waited for, and then released too.
    open_ones = select(need.c.id).where(need.c.resident_id.in_((one, other)))
    session.all(open_ones.where(need.c.ended_at.is_(None)).order_by(need.c.id).with_for_update())
    rows = session.all(
        select(need.c.id, claim.c.volunteer_id)
        .join(claim, claim.c.need_id == need.c.id)
        .where(claim.c.state.in_(("active", "done")))
        .where(
            or_(
                and_(need.c.resident_id == one, claim.c.volunteer_id == other),
                and_(need.c.resident_id == other, claim.c.volunteer_id == one),
            )
        )
        .order_by(need.c.id)
    )
    for row in rows:
        _release(session, read_need(session, need_id=row.id), now=now, by=by)
    for resident_id, helper_id in ((one, other), (other, one)):
        _withdraw_offers(session, now=now, resident_id=resident_id, helper_id=helper_id)
    return len(rows)


def _release(session: Session, card: NeedCard, *, now: datetime, by: int) -> None:
    """What is done and only waits for a yes stays as it is; the contact data goes either way."""
    if card.state is not NeedState.CLAIMED:
        hide_contact(session, card, now=now)
        return
    helper_id = card.held.volunteer_id
    free_need(session, now=now, card=card, actor_id=by, what="claim_parted")
    if helper_id != by:
        fresh = read_need(session, need_id=card.id)
        news = News("task_plan_changed")
        tell(session, fresh, now=now, to=helper_id, news=news, facts=fresh.public_facts)


def _withdraw_offers(session: Session, *, now: datetime, resident_id: int, helper_id: int) -> None:
    rows = session.all(
        select(offer.c.id, offer.c.need_id)
        .join(need, need.c.id == offer.c.need_id)
        .where(offer.c.volunteer_id == helper_id, offer.c.state.in_(STANDING))
        .where(need.c.resident_id == resident_id)
        .order_by(offer.c.id)
    )
    for row in rows:
        session.change(update(offer).where(offer.c.id == row.id).values(state="closed"))
        card = read_need(session, need_id=row.need_id)
        rewrite_offers(session, card, now=now, offer_ids=[row.id], template="offer_withdrawn")
