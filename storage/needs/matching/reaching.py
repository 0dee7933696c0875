"""Which wave comes next and why: how far it reaches, whom it passes over, kept for the desk."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select

from storage.categories import rule_of
from storage.database import Session
from storage.journal import note
from storage.needs.cards import NeedCard, list_like_places
from storage.needs.matching.choosing import Chosen, choose_volunteers, what_is_sought
from storage.rules.areas import Mode
from storage.rules.waves import Reach, Wave, Why, next_wave, why_next
from storage.rules.weights import WEIGHTS
from storage.tables import offer
from storage.tables import wave as waves

# Nobody has decided on it yet, or they said that they would like to.
STANDING = ("offered", "willing")

Step = tuple[Wave | None, Chosen | None]


def next_steps(session: Session, card: NeedCard, *, start: datetime, now: datetime) -> list[Step]:
    """The waves from the next on to the first that reaches somebody; the last has no wave when
    only the coordinator is left.
    """
    steps: list[Step] = []
    sought = what_is_sought(session, card, now=now)
    may = sought.wanted.may
    wave = next_wave(card.urgency, card.wave, may)
    while wave is not None and not wave.is_last:
        chosen = choose_volunteers(session, card, wave=wave, sought=sought, moment=start, now=now)
        steps.append((wave, chosen))
        if chosen.matches or _is_asked_about(session, card):
            return steps
        wave = next_wave(card.urgency, wave.number, may)
    return [*steps, (None, None)]


def keep_waves(session: Session, card: NeedCard, *, now: datetime, steps: Sequence[Step]) -> None:
    """Write down each wave with why it went out, in the journal and for the desk."""
    counts = count_answers(session, card=card)
    why = why_next(card.wave, reached=counts["asked"], silent=counts["silent"])
    for wave, chosen in steps:
        asked = len(chosen.matches) if chosen is not None else 0
        reach = wave.reach if wave is not None else Reach.COORDINATOR
        number = wave.number if wave is not None else card.wave
        over = chosen.passed_over if chosen is not None else Counter()
        session.execute(
            insert(waves),
            {
                "need_id": card.id,
                "round": card.round,
                "number": number,
                "reach": reach.value,
                "why": why.value,
                "asked": asked,
                "passed_over": ",".join(f"{key.value}:{many}" for key, many in over.items()),
                "at": now,
            },
        )
        if wave is not None:
            note(
                session,
                now=now,
                what="need_offered",
                actor_id=None,
                subject_id=card.resident_id,
                thing="need",
                thing_id=card.id,
                ground=f"wave {number}",
                detail=f"{reach.value} {why.value} asked {asked}",
            )
        why = Why.NOBODY


def count_answers(session: Session, *, card: NeedCard) -> dict[str, int]:
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
        "willing": people.get("willing", 0),
    }


def mode_of(session: Session, card: NeedCard) -> Mode:
    """How it is settled who goes; what is urgent, or small, is always first come."""
    if card.small or card.urgency not in WEIGHTS.gather:
        return Mode.FIRST_COME
    return rule_of(session, card.category).mode


def _is_asked_about(session: Session, card: NeedCard) -> bool:
    """Whether somebody who was asked about another place could still take this one."""
    others = [one for one in list_like_places(session, card=card) if one.id != card.id]
    return any(list_open_offers(session, one) for one in others)


def list_open_offers(session: Session, card: NeedCard, *, but: int | None = None) -> Sequence[int]:
    """Return the offers of this round that still stand: unanswered, or willing."""
    statement = select(offer.c.id).where(
        offer.c.need_id == card.id,
        offer.c.round == card.round,
        offer.c.state.in_(STANDING),
    )
    if but is not None:
        statement = statement.where(offer.c.volunteer_id != but)
    return [row.id for row in session.all(statement.order_by(offer.c.id))]
