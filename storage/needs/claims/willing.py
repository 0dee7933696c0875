"""竞标: volunteers say that they would like to, a coordinator chooses one and thanks the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select, update

from storage.database import Session
from storage.needs.asked import Asked, as_asked, find_asked
from storage.needs.buttons import choose_lines, task_buttons
from storage.needs.cards import (
    LISTED_AT_MOST,
    NeedCard,
    get_need,
    list_cards,
    list_like_places,
    read_need,
)
from storage.needs.claims.claiming import FREE, check_free, check_limit, write_claim
from storage.needs.matching.candidates import list_helpers
from storage.needs.matching.choosing import (
    Candidate,
    Sought,
    stops_for_good,
    what_is_sought,
    with_names,
)
from storage.needs.matching.offering import add_offer, close_offers
from storage.needs.matching.reaching import count_answers
from storage.needs.refusals import NotWilling
from storage.needs.standing import check, check_version, journal, moved, shift
from storage.needs.telling import News, tell, tell_coordinators
from storage.outbox import MessageClass
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.access import Act
from storage.rules.lifecycle import NeedMove, NeedState, states_before
from storage.rules.matching import Helper, rank
from storage.rules.patience import ASSIGNED_FOR
from storage.rules.sending import working_moment
from storage.rules.weights import WEIGHTS
from storage.scope import seen_through
from storage.tables import need, offer


@dataclass(frozen=True, slots=True)
class Willing:
    """What became of a yes: until when others may still say theirs."""

    card: NeedCard
    chosen_by: datetime | None


def say_willing(
    session: Session, *, now: datetime, volunteer_id: int, need_id: int, version: int
) -> Willing:
    """A volunteer would like to go; the first one starts the time in which others may too.

    The need's row is changed first, so that whoever is choosing at this moment comes before or
    after, never between.
    """
    card = get_need(session, need_id=need_id)
    check(session, Act.CLAIM_NEED, actor_id=volunteer_id, card=card)
    check_free(card, volunteer_id=volunteer_id, version=version)
    asked = find_asked(session, need_id=need_id, volunteer_id=volunteer_id)
    if asked is None or not asked.is_chosen_among:
        raise NotAllowed
    if asked.state == "willing" and asked.round == card.round:
        raise AlreadyDone
    first = card.state is NeedState.OPEN and count_answers(session, card=card)["willing"] == 0
    until = _gathered_by(session, card, now=now) if first else None
    _hold(session, card, until=until)
    check_limit(session, volunteer_id=volunteer_id)
    _write_yes(session, card, now=now, asked=asked)
    journal(session, card, now=now, actor_id=volunteer_id, what="offer_willing")
    if card.state is NeedState.UNCLAIMED:
        _lay_on_desk(session, card, now=now, about=asked.offer_id)
    return Willing(card, until)


def _gathered_by(session: Session, card: NeedCard, *, now: datetime) -> datetime:
    """Until when others may say yes too: a coordinator chooses in working hours."""
    return working_moment(session.house.local(now + WEIGHTS.gather[card.urgency]))


def _hold(session: Session, card: NeedCard, *, until: datetime | None) -> None:
    same = (need.c.id == card.id, need.c.version == card.version)
    free = need.c.state.in_(states_before(NeedMove.CLAIM))
    values = {"next_step_at": until} if until is not None else {"asked": need.c.asked}
    if session.change(update(need).where(*same, free).values(values)) != 1:
        raise moved(read_need(session, need_id=card.id))


def _write_yes(session: Session, card: NeedCard, *, now: datetime, asked: Asked) -> None:
    if asked.round != card.round:
        add_offer(
            session,
            now=now,
            card=card,
            volunteer_id=asked.volunteer_id,
            wave=card.wave,
            reasons=asked.reasons,
            state="willing",
            mode=asked.mode,
        )
        return
    mine = update(offer).where(offer.c.id == asked.offer_id)
    # Whoever said no may think again.
    said = mine.where(offer.c.state.in_(("offered", "declined"))).values(state="willing")
    if session.change(said) != 1:
        raise moved(card)


def _lay_on_desk(session: Session, card: NeedCard, *, now: datetime, about: int) -> None:
    counts = count_answers(session, card=card)
    tell_coordinators(
        session,
        card,
        now=now,
        template="desk_unclaimed",
        facts={"reason": "choose", **counts},
        about=about,
        also=choose_lines(card, counts["willing"]),
    )


def count_willing(session: Session, *, card: NeedCard) -> int:
    """Count who would like to take this need on, in this round."""
    return count_answers(session, card=card)["willing"]


def list_choosable(session: Session, *, actor: Person) -> Sequence[NeedCard]:
    """Return the needs for which somebody would like to go, in this coordinator's sight."""
    some = exists().where(
        offer.c.need_id == need.c.id, offer.c.round == need.c.round, offer.c.state == "willing"
    )
    mine = seen_through(actor, need.c.resident_id)
    return list_cards(session, need.c.state.in_(FREE), some, mine, limit=LISTED_AT_MOST)


def list_willing(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int
) -> Sequence[Candidate]:
    """Return who would like to, the best match first, with what speaks for each.

    Whoever rests by now, or is kept apart, is left out: their word since then counts more.
    """
    card = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=card)
    sought, found = _fit(session, card, now=now)
    return with_names(session, found, card, sought=sought, now=now)


def _fit(session: Session, card: NeedCard, *, now: datetime) -> tuple[Sought, list[Helper]]:
    rows = session.all(
        select(offer.c.volunteer_id).where(
            offer.c.need_id == card.id, offer.c.round == card.round, offer.c.state == "willing"
        )
    )
    sought = what_is_sought(session, card, now=now)
    helpers = list_helpers(
        session,
        card,
        wanted=sought.wanted,
        paper=sought.paper,
        now=now,
        among=[row.volunteer_id for row in rows],
    )
    fit = [one for one in helpers if not stops_for_good(one, sought.wanted)]
    return sought, rank(fit, sought.wanted, session.house.local(now))


def choose_willing(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    volunteer_id: int,
) -> NeedCard:
    """A coordinator chooses one of the willing: an ordinary claim, and the others are thanked.

    1. The need is taken by a conditional UPDATE, as when volunteers press themselves: of two
       coordinators, or of a choice and a withdrawal of the need, one is first.
    2. The offer must still say "willing": whoever took their yes back meanwhile is not sent.
    """
    card = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=card)
    if card.claim is not None and card.claim.volunteer_id == volunteer_id:
        raise AlreadyDone
    check_version(card, version)
    shift(session, card, NeedMove.CLAIM, now=now, next_step_at=now + ASSIGNED_FOR[card.urgency])
    _, fit = _fit(session, card, now=now)
    taken = update(offer).where(
        offer.c.need_id == card.id,
        offer.c.round == card.round,
        offer.c.volunteer_id == volunteer_id,
        offer.c.state == "willing",
    )
    willing = {one.person_id for one in fit}
    if volunteer_id not in willing or session.change(taken.values(state="taken")) != 1:
        raise NotWilling
    check_limit(session, volunteer_id=volunteer_id)
    write_claim(session, now=now, need_id=need_id, volunteer_id=volunteer_id)
    fresh = read_need(session, need_id=need_id)
    _thank_the_others(session, fresh, now=now)
    news = News("offer_chosen", buttons=task_buttons(fresh))
    tell(session, fresh, now=now, to=volunteer_id, news=news, facts=fresh.public_facts)
    journal(session, fresh, now=now, actor_id=coordinator_id, what="need_chosen")
    return fresh


def _thank_the_others(session: Session, card: NeedCard, *, now: datetime) -> None:
    """Those who would have gone hear it in a message of their own; the silent on their card.

    Where another place of the need is still free, their yes counts for that one instead.
    """
    rows = session.all(
        select(offer)
        .where(offer.c.need_id == card.id, offer.c.round == card.round)
        .where(offer.c.state == "willing")
        .order_by(offer.c.id)
    )
    ids = [row.id for row in rows]
    session.change(update(offer).where(offer.c.id.in_(ids)).values(state="closed"))
    free = [one for one in list_like_places(session, card=card) if one.state in FREE]
    for row in rows:
        if free:
            _carry_over(session, free[0], now=now, asked=as_asked(row))
        else:
            news = News("offer_not_chosen", MessageClass.INFO, about=row.id)
            tell(session, card, now=now, to=row.volunteer_id, news=news, facts=card.public_facts)
    if not free:
        close_offers(session, card, now=now, template="offer_taken")


def _carry_over(session: Session, place: NeedCard, *, now: datetime, asked: Asked) -> None:
    there = find_asked(session, need_id=place.id, volunteer_id=asked.volunteer_id)
    if there is None:
        _write_yes(session, place, now=now, asked=replace(asked, round=0))
