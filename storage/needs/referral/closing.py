"""A referral ends: it is solved, it is not, the desk takes it back, or the need itself is over."""

from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.needs.cards import NeedCard, find_need, read_need
from storage.needs.referral.offering import return_to_desk
from storage.needs.referral.telling import tell_over
from storage.needs.refusals import NeedMoved, ReferralMoved, ReferralOver
from storage.needs.standing import check, hold, journal, shift
from storage.needs.telling import News, tell_residents
from storage.outbox import MessageClass
from storage.refusals import Fact, NotAllowed
from storage.rules.access import Act
from storage.rules.lifecycle import NeedMove, NeedState
from storage.rules.referring import MOVES, ReferralMove, ReferralState
from storage.tables import referral


def confirm_solved(
    session: Session, *, now: datetime, actor_id: int, referral_id: int, version: int
) -> NeedCard:
    """Yes, it is solved: the need is closed. Returns the card as it was."""
    card = _done(session, actor_id=actor_id, referral_id=referral_id, version=version)
    shift(
        session,
        card,
        NeedMove.SOLVED,
        now=now,
        next_step_at=None,
        ended_at=now,
        ended_by=actor_id,
    )
    _settle(session, card, now=now, solved=True)
    tell_over(session, card, now=now, why="solved")
    closed = read_need(session, need_id=card.id)
    facts: dict[str, Fact] = {"before": card.referred.organisation}
    news = News("need_solved", MessageClass.INFO, facts=facts)
    tell_residents(session, closed, now=now, news=news, but=actor_id)
    journal(session, closed, now=now, actor_id=actor_id, what="need_solved")
    return card


def deny_solved(
    session: Session, *, now: datetime, actor_id: int, referral_id: int, version: int
) -> NeedCard:
    """Not solved: the desk has the need again, and decides how it goes on."""
    card = _done(session, actor_id=actor_id, referral_id=referral_id, version=version)
    hold(session, card)
    _settle(session, card, now=now, solved=False)
    tell_over(session, card, now=now, why="unsolved")
    journal(session, card, now=now, actor_id=actor_id, what="need_not_solved")
    between = read_need(session, need_id=card.id)
    after: dict[str, Fact] = {"before": card.referred.organisation}
    return return_to_desk(session, now=now, card=between, why="unsolved", after=after)


def _done(session: Session, *, actor_id: int, referral_id: int, version: int) -> NeedCard:
    need_id = session.value(select(referral.c.need_id).where(referral.c.id == referral_id))
    card = find_need(session, need_id=need_id) if need_id is not None else None
    if card is None:
        raise NotAllowed
    check(session, Act.CONFIRM_NEED, actor_id=actor_id, card=card)
    had = card.referral
    if had is None or had.id != referral_id:
        raise ReferralOver(state=card.state.value)
    if had.version != version or had.state is not ReferralState.DONE:
        raise ReferralMoved(state=had.state.value, by=None)
    return card


def _settle(session: Session, card: NeedCard, *, now: datetime, solved: bool) -> None:
    had = card.referred
    changed = session.change(
        update(referral)
        .where(referral.c.id == had.id, referral.c.version == had.version)
        .where(referral.c.ended_at.is_(None), referral.c.state == ReferralState.DONE.value)
        .values(solved=solved, ended_at=now, with_desk=False, version=had.version + 1)
    )
    if changed != 1:
        raise ReferralMoved(state=had.state.value, by=None)


def take_back_referral(
    session: Session, *, now: datetime, coordinator_id: int, referral_id: int, version: int
) -> NeedCard:
    """The desk takes the need back from an organisation that is not heard of."""
    need_id = session.value(select(referral.c.need_id).where(referral.c.id == referral_id))
    card = find_need(session, need_id=need_id) if need_id is not None else None
    if card is None:
        raise NotAllowed
    check(session, Act.REFER_NEED, actor_id=coordinator_id, card=card)
    if card.referral is None or card.referral.id != referral_id:
        raise ReferralOver(state=card.state.value)
    if card.referral.version != version:
        raise ReferralMoved(state=card.referral.state.value, by=None)
    return give_back(session, now=now, card=card, why="taken_back")


def give_back(session: Session, *, now: datetime, card: NeedCard, why: str) -> NeedCard:
    """End the live referral from outside and lay the need on the desk."""
    if card.state is not NeedState.REFERRED:
        raise NeedMoved(state=card.state.value)
    hold(session, card)
    end_referral(session, card, now=now, why=why)
    between = read_need(session, need_id=card.id)
    after: dict[str, Fact] = {"before": card.referred.organisation}
    return return_to_desk(session, now=now, card=between, why=why, after=after)


def end_referral(session: Session, card: NeedCard, *, now: datetime, why: str) -> None:
    """End the need's live referral, if it has one: the need was withdrawn, closed, or goes back.

    The caller has moved the need, or does so in the same transaction.
    """
    had = card.referral
    if had is None:
        return
    session.change(
        update(referral)
        .where(referral.c.id == had.id, referral.c.ended_at.is_(None))
        .where(referral.c.state.in_(MOVES[ReferralMove.WITHDRAW].before))
        .values(
            state=ReferralState.WITHDRAWN.value,
            reason=why,
            asked=None,
            with_desk=False,
            ended_at=now,
            version=referral.c.version + 1,
        )
    )
    tell_over(session, card, now=now, why=why)
