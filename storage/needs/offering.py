"""Offers going out: wave after wave, then to the coordinators, until it is handled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update

from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard, list_like_places, read_need
from storage.needs.matching import choose_volunteers
from storage.needs.standing import stands
from storage.needs.telling import (
    News,
    rewrite_offers,
    tell_coordinators,
    tell_offer,
    tell_residents,
)
from storage.outbox import MessageClass
from storage.refusals import Fact
from storage.rules.areas import CATEGORIES, VolunteerMay
from storage.rules.lifecycle import NeedState
from storage.rules.patience import COORDINATORS_EVERY
from storage.rules.sending import hold_until, working_moment
from storage.rules.waves import Wave, next_wave
from storage.tables import need, offer, volunteer


def offer_on(session: Session, *, now: datetime, card: NeedCard) -> None:
    """Let the next wave of an open need go out; a wave that reaches nobody is not waited for.

    The version stays: the offers that are out are as good as before. At night offers are held,
    and a wave's time starts when they may go.
    """
    quiet = session.house.quiet
    start = hold_until(MessageClass.INFO, session.house.local(now), quiet) or now
    wave, chosen = _next_reaching(session, card, start=start, now=now)
    if wave is None:
        hand_over(session, now=now, card=card)
        return
    following = next_wave(card.urgency, wave.number, card.category)
    due = start + following.after if following is not None else start
    if not _advance(session, card, wave=wave.number, next_step_at=due):
        return
    for volunteer_id, reasons in chosen:
        offer_id = add_offer(
            session,
            now=now,
            card=card,
            volunteer_id=volunteer_id,
            wave=wave.number,
            reasons=reasons,
        )
        tell_offer(session, card, now=now, offer_id=offer_id, volunteer_id=volunteer_id)
    session.change(
        update(volunteer)
        .where(volunteer.c.person_id.in_([volunteer_id for volunteer_id, _ in chosen]))
        .values(last_offer_at=now)
    )
    note(
        session,
        now=now,
        what="need_offered",
        actor_id=None,
        subject_id=card.resident_id,
        thing="need",
        thing_id=card.id,
        ground=f"wave {wave.number}",
        detail=f"asked {len(chosen)}",
    )


def _next_reaching(
    session: Session, card: NeedCard, *, start: datetime, now: datetime
) -> tuple[Wave | None, list[tuple[int, str]]]:
    """Return the next wave that reaches somebody; None when only the coordinator is left."""
    wave = next_wave(card.urgency, card.wave, card.category)
    while wave is not None and not wave.is_last:
        chosen = choose_volunteers(session, card, wave=wave, moment=start, now=now)
        if chosen or _is_asked_about(session, card):
            return wave, chosen
        wave = next_wave(card.urgency, wave.number, card.category)
    return None, []


def _is_asked_about(session: Session, card: NeedCard) -> bool:
    """Whether somebody who was asked about another place could still take this one."""
    others = [one for one in list_like_places(session, card=card) if one.id != card.id]
    return any(list_open_offers(session, one) for one in others)


def _advance(session: Session, card: NeedCard, *, wave: int, next_step_at: datetime) -> bool:
    """Take the wave, if nobody else has and the need is still open."""
    statement = (
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version)
        .where(need.c.state == "open", need.c.wave == card.wave)
        .values(wave=wave, next_step_at=next_step_at)
    )
    return session.change(statement) == 1


def add_offer(
    session: Session,
    *,
    now: datetime,
    card: NeedCard,
    volunteer_id: int,
    wave: int,
    reasons: str = "",
    assigned: bool = False,
    state: str = "offered",
) -> int:
    """Write down that a volunteer is asked in this round; returns the offer's id."""
    statement = (
        insert(offer)
        .values(
            need_id=card.id,
            round=card.round,
            wave=wave,
            volunteer_id=volunteer_id,
            assigned=assigned,
            reasons=reasons,
            state=state,
            created_at=now,
        )
        .returning(offer.c.id)
    )
    return int(session.value(statement))


def hand_over(
    session: Session, *, now: datetime, card: NeedCard, reason: str | None = None
) -> None:
    """Nobody took it: from here on the coordinators have it, each day anew.

    The version stays: whoever was asked may still take it.
    """
    counts = count_answers(session, card=card)
    reason = reason or _why(card, asked=counts["asked"])
    standing = stands(session, card, now=now, state=NeedState.UNCLAIMED)
    changed = session.change(
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version, need.c.state == "open")
        .values(state="unclaimed", asked=0, next_step_at=tomorrow(session, now=now), **standing)
    )
    if changed != 1:
        return
    fresh = read_need(session, need_id=card.id)
    tell_coordinators(
        session,
        fresh,
        now=now,
        template="desk_unclaimed",
        facts={"reason": reason, **counts},
        # A call that ended in "needs help" has waited enough.
        pressing=card.origin == "check_in",
    )
    if card.origin != "check_in":
        # After a call that ended in "needs help" people hear from the check-in.
        # Whoever has just sent a need reads this in their answer.
        teller = card.stated_by if card.created_at == now else None
        news = News("need_with_coordinator", MessageClass.INFO, facts={"reason": reason})
        tell_residents(session, fresh, now=now, news=news, but=teller)
    note(
        session,
        now=now,
        what="need_unclaimed",
        actor_id=None,
        subject_id=card.resident_id,
        thing="need",
        thing_id=card.id,
        ground=reason,
    )


def _why(card: NeedCard, *, asked: Fact) -> str:
    if CATEGORIES[card.category].volunteer_may is VolunteerMay.NO:
        return "not_for_volunteers"
    return "nobody_took_it" if asked else "nobody_suitable"


def count_answers(session: Session, *, card: NeedCard) -> dict[str, Fact]:
    """Count who was asked in this round: said no, or nothing."""
    rows = session.all(
        select(offer.c.state, func.count().label("people"))
        .where(offer.c.need_id == card.id, offer.c.round == card.round)
        .group_by(offer.c.state)
    )
    people = {row.state: int(row.people) for row in rows}
    return {
        "asked": sum(people.values()),
        "declined": people.get("declined", 0),
        "silent": people.get("offered", 0),
    }


def tomorrow(session: Session, *, now: datetime) -> datetime:
    """When coordinators are reminded of what they have: a day later, in working hours."""
    return working_moment(session.house.local(now + COORDINATORS_EVERY))


def list_open_offers(session: Session, card: NeedCard, *, but: int | None = None) -> Sequence[int]:
    """Return the offers of this round that nobody has answered."""
    statement = select(offer.c.id).where(
        offer.c.need_id == card.id, offer.c.round == card.round, offer.c.state == "offered"
    )
    if but is not None:
        statement = statement.where(offer.c.volunteer_id != but)
    return [row.id for row in session.all(statement.order_by(offer.c.id))]


def close_offers(
    session: Session, card: NeedCard, *, now: datetime, template: str, but: int | None = None
) -> None:
    """Close what nobody answered and tell those people kindly, on the card they have."""
    ids = list_open_offers(session, card, but=but)
    if ids:
        session.change(update(offer).where(offer.c.id.in_(ids)).values(state="closed"))
        rewrite_offers(session, card, now=now, offer_ids=ids, template=template)
