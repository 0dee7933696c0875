"""It was not solved after all: open again within a named time, later a new need linked to it."""

import secrets
from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Session
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.opening import Statement, write_need
from storage.needs.standing import check, check_version, hold, journal, shift
from storage.needs.telling import News, tell_residents
from storage.needs.verification.routing import set_going
from storage.outbox import MessageClass
from storage.refusals import AlreadyDone, TooLate
from storage.rules.access import Act
from storage.rules.lifecycle import UNFINISHED, NeedMove, NeedState
from storage.rules.visits import REOPEN_WITHIN, OutcomeReason
from storage.tables import need, reopening


def may_reopen(card: NeedCard, *, ended_at: datetime | None, now: datetime) -> bool:
    """Whether a need that is over may be opened again as it was."""
    over = card.state in (NeedState.CLOSED, NeedState.CANCELLED)
    return over and ended_at is not None and now - ended_at <= REOPEN_WITHIN


def reopen_need(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    need_id: int,
    version: int,
    reason: OutcomeReason,
    words: str | None = None,
) -> NeedCard:
    """Open a need again, or, after the named time, state a new one that is linked to it.

    The visits that took place stay as they are: what was given counts on.
    """
    card = get_need(session, need_id=need_id)
    check(session, Act.REOPEN_NEED, actor_id=actor_id, card=card)
    check_version(card, version)
    if card.state not in (NeedState.CLOSED, NeedState.CANCELLED):
        raise TooLate
    ended_at = session.value(select(need.c.ended_at).where(need.c.id == need_id))
    in_time = may_reopen(card, ended_at=ended_at, now=now)
    fresh = (
        _open_again(session, card, now=now)
        if in_time
        else _state_anew(session, card, now=now, actor_id=actor_id)
    )
    uid = secrets.token_hex(16)
    sealed = session.vault.seal(words, place=f"reopening.words:{uid}") if words else None
    session.execute(
        insert(reopening).values(
            uid=uid,
            need_id=need_id,
            new_need_id=None if in_time else fresh.id,
            reason=reason.value,
            words=sealed,
            reopened_by=actor_id,
            reopened_at=now,
        )
    )
    journal(session, fresh, now=now, actor_id=actor_id, what="need_reopened", ground=reason.value)
    news = News("need_reopened", MessageClass.INFO)
    tell_residents(session, fresh, now=now, news=news, but=actor_id)
    # Not straight to volunteers: what nobody has verified, or an organisation owns, goes its way.
    return set_going(session, now=now, card=fresh)


def _open_again(session: Session, card: NeedCard, *, now: datetime) -> NeedCard:
    again = {"ended_at": None, "ended_by": None, "round": need.c.round + 1, "wave": 0}
    shift(session, card, NeedMove.REOPEN, now=now, next_step_at=now, **again)
    return read_need(session, need_id=card.id)


def _state_anew(session: Session, card: NeedCard, *, now: datetime, actor_id: int) -> NeedCard:
    # The old need stays as it was, so its version lets a second press through.
    hold(session, card)
    before = (
        select(need.c.id)
        .join(reopening, reopening.c.new_need_id == need.c.id)
        .where(reopening.c.need_id == card.id, need.c.state.in_(UNFINISHED))
    )
    if session.find(before) is not None:
        raise AlreadyDone
    # An institution stays one: nobody is sent to the home of whoever answers for it.
    served = {"served_organisation_id": card.served_id, "headcount": card.headcount}
    new_id = write_need(
        session,
        now=now,
        resident_id=card.resident_id,
        actor_id=actor_id,
        said=Statement(card.category, card.urgency, card.words, card.details),
        origin=card.origin,
        community_id=card.community_id if card.served_id is not None else None,
        **served,
    )
    return read_need(session, need_id=new_id)
