"""What waits for the office of needs: nobody goes, who is to go, what an organisation answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, literal_column, select

from storage.owners import late_for
from storage.people import Person
from storage.scope import seen_through
from storage.services import referral_works_there
from storage.tables import call_back, claim, need, need_media, offer, referral


def count_needs(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs for which nobody was found."""
    return select(func.count(), func.min(need.c.created_at)).where(
        need.c.state == "unclaimed", seen_through(actor, need.c.resident_id)
    )


def count_willing(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs for which volunteers said that they would like to go: somebody is to choose."""
    some = exists().where(
        offer.c.need_id == need.c.id, offer.c.round == need.c.round, offer.c.state == "willing"
    )
    return select(func.count(), func.min(need.c.created_at)).where(
        need.c.state.in_(("open", "unclaimed")), some, seen_through(actor, need.c.resident_id)
    )


def count_late_needs(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs that were not settled in time, whoever answers for them now."""
    return select(func.count(), func.min(need.c.overdue_at)).where(late_for(actor))


def count_verifying(actor: Person, now: datetime) -> Select[int, Any]:
    """Needs that somebody has to make sure of first."""
    return select(func.count(), func.min(need.c.created_at)).where(
        need.c.state == "verifying", seen_through(actor, need.c.resident_id)
    )


def count_referrals(actor: Person, now: datetime) -> Select[int, Any]:
    """What was laid before the actor's own organisation and is not answered."""
    return select(func.count(), func.min(referral.c.created_at)).where(
        # Word for word the condition of the index.
        referral.c.ended_at.is_(None),
        referral.c.state == "offered",
        referral_works_there(actor),
    )


def count_referrals_desk(actor: Person, now: datetime) -> Select[int, Any]:
    """Referrals where the desk has to phone an organisation, or a resident."""
    return (
        select(func.count(), func.min(referral.c.created_at))
        .join_from(referral, need, need.c.id == referral.c.need_id)
        .where(
            referral.c.ended_at.is_(None),
            referral.c.with_desk,
            seen_through(actor, need.c.resident_id),
        )
    )


def count_call_backs(actor: Person, now: datetime) -> Select[int, Any]:
    """Closed needs of which it is to be asked how it was."""
    return select(func.count(), func.min(call_back.c.created_at)).where(
        # Word for word the condition of the index.
        call_back.c.state == literal_column("'open'"),
        # Whoever helped never asks how it was.
        ~exists().where(claim.c.need_id == call_back.c.need_id, claim.c.volunteer_id == actor.id),
        seen_through(actor, call_back.c.resident_id),
    )


def count_voices(actor: Person, now: datetime) -> Select[int, Any]:
    """Voices that nobody has listened to, or that could not be fetched."""
    return select(func.count(), func.min(need_media.c.created_at)).where(
        # Word for word the condition of the index.
        need_media.c.state == literal_column("'waiting'"),
        need_media.c.kind == "voice",
        seen_through(actor, need_media.c.resident_id),
    )
