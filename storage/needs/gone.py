"""Somebody moved or died: nobody goes to the old door, and what they had taken on is passed on."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update

from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard, read_need
from storage.needs.details import keep_details
from storage.needs.referral.closing import end_referral
from storage.needs.telling import hide_contact
from storage.needs.visits.carrying import free_need
from storage.rules.details import Place
from storage.rules.lifecycle import UNFINISHED
from storage.tables import call_back, claim, home_access, home_visit, need, need_series


def put_away(session: Session, *, now: datetime, resident_id: int) -> None:
    """Take the needs of somebody who is gone out of every hand; the caller cancels them after.

    Contact data leaves the chats of helpers and organisations, silently; an organisation that has
    a need hears that it is over. Nobody is sent to phone or visit them.
    """
    rows = session.all(
        select(need.c.id)
        .where(need.c.resident_id == resident_id, need.c.state.in_(UNFINISHED))
        .order_by(need.c.id)
        .with_for_update()
    )
    for row in rows:
        _put_away(session, read_need(session, need_id=row.id), now=now)
    session.change(
        update(call_back)
        .where(call_back.c.resident_id == resident_id, call_back.c.state == "open")
        .values(state="dropped", done_at=now, version=call_back.c.version + 1)
    )
    session.change(
        update(home_visit).where(home_visit.c.person_id == resident_id).values(remind_at=None)
    )
    _forget_door(session, resident_id=resident_id)


def _put_away(session: Session, card: NeedCard, *, now: datetime) -> None:
    if card.claim is not None:
        hide_contact(session, card, now=now)
    end_referral(session, card, now=now, why="closed")


def free_tasks(session: Session, *, now: datetime, volunteer_id: int) -> None:
    """Offer what somebody had taken on to others at once; those who wait for them are told."""
    rows = session.all(
        select(need.c.id)
        .join(claim, claim.c.need_id == need.c.id)
        .where(claim.c.volunteer_id == volunteer_id, claim.c.state == "active")
        .where(need.c.state == "claimed")
        .order_by(need.c.id)
        .with_for_update(of=need)
    )
    for row in rows:
        card = read_need(session, need_id=row.id)
        free_need(session, now=now, card=card, actor_id=None, what="claim_of_gone")
    # Nobody waits for a word from them that they are out.
    session.change(
        update(claim).where(claim.c.volunteer_id == volunteer_id).values(safe_due_at=None)
    )


def forget_home(session: Session, *, resident_id: int) -> None:
    """Somebody lives elsewhere: what was said of the old door no longer holds, nor of the way."""
    _forget_door(session, resident_id=resident_id)
    rows = session.all(
        select(need.c.id)
        .where(need.c.resident_id == resident_id, need.c.state.in_(UNFINISHED))
        .order_by(need.c.id)
    )
    for row in rows:
        told = read_need(session, need_id=row.id).details
        if told.is_empty or told.place is Place.OTHER:
            continue
        kept = replace(told.without_place(), access=(), floor=None)
        keep_details(session, need_id=row.id, details=kept)


def end_services(session: Session, *, now: datetime, resident_id: int, actor_id: int) -> None:
    """No visits of services for somebody who is gone; nobody is told of them one by one."""
    live = (need_series.c.resident_id == resident_id, need_series.c.state != "ended")
    ended = update(need_series).where(*live).returning(need_series.c.id)
    over = {"state": "ended", "ended_at": now, "due_at": None}
    for row in session.all(ended.values(**over, version=need_series.c.version + 1)):
        note(
            session,
            now=now,
            what="series_ended",
            actor_id=actor_id,
            subject_id=resident_id,
            thing="need_series",
            thing_id=row.id,
        )


def _forget_door(session: Session, *, resident_id: int) -> None:
    session.change(delete(home_access).where(home_access.c.person_id == resident_id))
