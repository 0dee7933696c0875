"""Was it done? Those who speak for the resident say yes, or not yet."""

from datetime import datetime

from storage.database import Session
from storage.needs.buttons import offer_buttons
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.offering import add_offer, offer_on
from storage.needs.standing import check, check_version, end_claim, journal, shift
from storage.needs.telling import News, tell, tell_residents
from storage.outbox import MessageClass
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.access import Act
from storage.rules.lifecycle import NeedMove
from storage.tables import need


def confirm_done(
    session: Session, *, now: datetime, actor_id: int, need_id: int, version: int
) -> NeedCard:
    """Yes: the need is closed and the minutes count. Returns the card as it was, with its claim."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CONFIRM_NEED, actor_id=actor_id, card=card)
    check_version(card, version)
    close_done(session, now=now, card=card, actor_id=actor_id)
    return card


def close_done(session: Session, *, now: datetime, card: NeedCard, actor_id: int) -> None:
    """Close a need that was done and thank everybody."""
    move = NeedMove.CONFIRM
    shift(session, card, move, now=now, next_step_at=None, ended_at=now, ended_by=actor_id)
    end_claim(session, card, state="confirmed", now=now)
    closed = read_need(session, need_id=card.id)
    facts: dict[str, Fact] = {"spent": card.held.minutes, "volunteer": card.held.volunteer}
    thanks = News("task_thanks", MessageClass.INFO, facts=facts)
    public: dict[str, Fact] = {**closed.public_facts, "resident": closed.task_facts["resident"]}
    tell(session, closed, now=now, to=card.held.volunteer_id, news=thanks, facts=public)
    news = News("need_closed", MessageClass.INFO, facts=facts)
    tell_residents(session, closed, now=now, news=news, but=actor_id)
    journal(session, closed, now=now, actor_id=actor_id, what="need_closed")


def deny_done(
    session: Session, *, now: datetime, actor_id: int, need_id: int, version: int
) -> NeedCard:
    """Not yet: the need is open again; the volunteer is asked first, kindly, and others too."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CONFIRM_NEED, actor_id=actor_id, card=card)
    check_version(card, version)
    move = NeedMove.NOT_YET
    shift(session, card, move, now=now, next_step_at=now, round=need.c.round + 1, wave=0)
    end_claim(session, card, state="released", now=now)
    fresh = read_need(session, need_id=need_id)
    _ask_again(session, fresh, now=now, volunteer_id=card.held.volunteer_id)
    news = News("need_reopened", MessageClass.INFO)
    tell_residents(session, fresh, now=now, news=news, but=actor_id)
    journal(session, fresh, now=now, actor_id=actor_id, what="need_not_yet")
    offer_on(session, now=now, card=fresh)
    return fresh


def _ask_again(session: Session, card: NeedCard, *, now: datetime, volunteer_id: int) -> None:
    """Whoever was there knows best what is left to do."""
    still = get_person(session, person_id=volunteer_id).is_approved("volunteer")
    if still:
        add_offer(session, now=now, card=card, volunteer_id=volunteer_id, wave=0)
    news = News(
        "task_not_yet", buttons=offer_buttons(card) if still else (), facts={"may_go": still}
    )
    public: dict[str, Fact] = {**card.public_facts, "resident": card.task_facts["resident"]}
    tell(session, card, now=now, to=volunteer_id, news=news, facts=public)
