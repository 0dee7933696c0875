"""Offers going out: wave after wave, then to the coordinators, until it is handled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, update

from storage.categories import rule_of
from storage.database import Session
from storage.journal import note
from storage.needs.aging import ages
from storage.needs.asked import Asked, as_asked
from storage.needs.buttons import choose_lines
from storage.needs.cards import NeedCard, read_need
from storage.needs.matching.asking_teams import ask_teams
from storage.needs.matching.reaching import (
    STANDING,
    Step,
    count_answers,
    keep_waves,
    list_open_offers,
    mode_of,
    next_steps,
)
from storage.needs.telling import (
    News,
    rewrite_offers,
    tell_coordinators,
    tell_offer,
    tell_residents,
)
from storage.outbox import MessageClass
from storage.rules.areas import Mode, VolunteerMay
from storage.rules.lifecycle import NeedState
from storage.rules.matching import write_parts
from storage.rules.patience import COORDINATORS_EVERY
from storage.rules.sending import hold_until, working_moment
from storage.rules.waves import Reach, next_wave
from storage.tables import need, offer, volunteer


def offer_on(session: Session, *, now: datetime, card: NeedCard) -> None:
    """Let the next wave of an open need go out; a wave that reaches nobody is not waited for.

    The version stays: the offers that are out are as good as before. At night offers are held,
    and a wave's time starts when they may go.
    """
    quiet = session.house.quiet
    start = hold_until(MessageClass.INFO, session.house.local(now), quiet) or now
    steps = next_steps(session, card, start=start, now=now)
    wave, chosen = steps[-1]
    if wave is None or chosen is None:
        hand_over(session, now=now, card=card, steps=steps)
        return
    following = next_wave(card.urgency, wave.number)
    due = start + following.after if following is not None else start
    if not _advance(session, card, wave=wave.number, next_step_at=due):
        return
    keep_waves(session, card, now=now, steps=steps)
    mode = mode_of(session, card)
    for match in chosen.matches:
        asked = add_offer(
            session,
            now=now,
            card=card,
            volunteer_id=match.helper.person_id,
            wave=wave.number,
            reasons=write_parts(match.parts),
            mode=mode,
        )
        tell_offer(session, card, now=now, asked=asked)
    session.change(
        update(volunteer)
        .where(volunteer.c.person_id.in_([one.helper.person_id for one in chosen.matches]))
        .values(last_offer_at=now)
    )
    if wave.reach is Reach.ANYWHERE:
        ask_teams(session, card, now=now)


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
    mode: Mode = Mode.FIRST_COME,
) -> Asked:
    """Write down that a volunteer is asked in this round."""
    statement = (
        insert(offer)
        .values(
            need_id=card.id,
            round=card.round,
            wave=wave,
            volunteer_id=volunteer_id,
            assigned=assigned,
            mode=mode.value,
            reasons=reasons,
            state=state,
            created_at=now,
        )
        .returning(offer)
    )
    return as_asked(session.execute(statement).one())


def hand_over(
    session: Session,
    *,
    now: datetime,
    card: NeedCard,
    reason: str | None = None,
    steps: Sequence[Step] = (),
) -> None:
    """Nobody took it: from here on the coordinators have it, each day anew.

    The version stays: whoever was asked may still take it.
    """
    counts = count_answers(session, card=card)
    reason = reason or _why(session, card, asked=counts["asked"])
    standing = ages(session, card, now=now, state=NeedState.UNCLAIMED)
    changed = session.change(
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version, need.c.state == "open")
        .values(state="unclaimed", asked=0, next_step_at=tomorrow(session, now=now), **standing)
    )
    if changed != 1:
        return
    keep_waves(session, card, now=now, steps=steps)
    if any(wave is not None and wave.reach is Reach.ANYWHERE for wave, _ in steps):
        # That wave reached nobody: whoever has people of their own may still know somebody.
        ask_teams(session, card, now=now)
    fresh = read_need(session, need_id=card.id)
    tell_coordinators(
        session,
        fresh,
        now=now,
        template="desk_unclaimed",
        facts={"reason": reason, **counts},
        also=choose_lines(fresh, counts["willing"]),
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


def _why(session: Session, card: NeedCard, *, asked: int) -> str:
    if rule_of(session, card.category).volunteer_may is VolunteerMay.NO:
        return "not_for_volunteers"
    return "nobody_took_it" if asked else "nobody_suitable"


def tomorrow(session: Session, *, now: datetime) -> datetime:
    """When coordinators are reminded of what they have: a day later, in working hours."""
    return working_moment(session.house.local(now + COORDINATORS_EVERY))


def close_offers(
    session: Session, card: NeedCard, *, now: datetime, template: str, but: int | None = None
) -> None:
    """Close what still stands and tell those people kindly, on the card they have."""
    ids = list_open_offers(session, card, but=but)
    if ids:
        session.change(update(offer).where(offer.c.id.in_(ids)).values(state="closed"))
        rewrite_offers(session, card, now=now, offer_ids=ids, template=template)


def ask_the_willing_anew(session: Session, card: NeedCard) -> None:
    """The need reads differently: who would have gone is asked again, by its present mode."""
    session.change(
        update(offer)
        .where(offer.c.need_id == card.id, offer.c.round == card.round)
        .where(offer.c.state.in_(STANDING))
        .values(state="offered", mode=mode_of(session, card).value)
    )
