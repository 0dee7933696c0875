"""A volunteer answers an offer: the first to say yes has the need; or not this time."""

import secrets
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.apart import Ground, keep_apart, may_they_meet
from storage.categories import rule_of
from storage.database import Session
from storage.needs.asked import find_asked
from storage.needs.cards import NeedCard, get_need, list_like_places, read_need
from storage.needs.matching.offering import add_offer, close_offers, offer_on
from storage.needs.matching.reaching import STANDING, count_answers, list_open_offers
from storage.needs.places import holds_place
from storage.needs.refusals import (
    AtLimit,
    NeedChanged,
    NeedMoved,
    NeedOver,
    NeedTaken,
    NotQualified,
)
from storage.needs.standing import check, journal, moved, shift
from storage.needs.telling import tell_coordinators
from storage.people import get_person
from storage.refusals import AlreadyDone, Fact, NotAllowed
from storage.rules.access import Act
from storage.rules.areas import VolunteerMay
from storage.rules.lifecycle import NeedMove, NeedState
from storage.rules.patience import Waiting, first_asked_at
from storage.rules.waves import next_wave
from storage.tables import claim, offer, qualification, volunteer

FREE = (NeedState.OPEN, NeedState.UNCLAIMED)


def claim_need(
    session: Session, *, now: datetime, volunteer_id: int, need_id: int, version: int
) -> NeedCard:
    """The first to press has it.

    1. Whoever was never asked may not; whoever has it already is told so.
    2. The need is taken by a conditional UPDATE: of fifty at once, one row count is 1.
    3. The volunteer's own row is locked and their open tasks counted: two phones of one person
       cannot pass the limit together. Always the need first, then the volunteer: no deadlock.
    4. The claim is written; the partial unique index is the second line.

    Where several are wanted, whoever finds this place taken gets another one that is free; the
    place they have is what comes back. Nobody has two.
    """
    card = get_need(session, need_id=need_id)
    check(session, Act.CLAIM_NEED, actor_id=volunteer_id, card=card)
    asked = find_asked(session, need_id=need_id, volunteer_id=volunteer_id)
    if asked is not None and asked.is_chosen_among:
        raise NotAllowed
    due = first_asked_at(Waiting.WHEN, now)
    place = _take_place(session, card, volunteer_id=volunteer_id, version=version, due=due, now=now)
    if not may_they_meet(session, helper_id=volunteer_id, person_id=card.resident_id):
        # Asked only now, with the need held: whoever says something went wrong waits, or was first.
        raise NeedMoved(state=card.state.value)
    check_limit(session, volunteer_id=volunteer_id)
    check_paper(session, card, volunteer_id=volunteer_id, now=now)
    if holds_place(session, card=place, volunteer_id=volunteer_id):
        raise AlreadyDone
    write_claim(session, now=now, need_id=place.id, volunteer_id=volunteer_id)
    _take_offer(session, card, now=now, volunteer_id=volunteer_id)
    fresh = read_need(session, need_id=place.id)
    _close_offers(session, fresh, now=now, volunteer_id=volunteer_id)
    journal(session, fresh, now=now, actor_id=volunteer_id, what="need_claimed")
    return fresh


def _take_place(
    session: Session,
    card: NeedCard,
    *,
    volunteer_id: int,
    version: int,
    due: datetime,
    now: datetime,
) -> NeedCard:
    """Take the need, or another place of it where the same is to be done."""
    try:
        check_free(card, volunteer_id=volunteer_id, version=version)
        shift(session, card, NeedMove.CLAIM, now=now, next_step_at=due)
    except (NeedTaken, NeedOver, NeedMoved):
        for other in list_like_places(session, card=card):
            if other.id != card.id and other.state in FREE:
                with suppress(NeedTaken):
                    shift(session, other, NeedMove.CLAIM, now=now, next_step_at=due)
                    return other
        raise
    return card


def _close_offers(session: Session, card: NeedCard, *, now: datetime, volunteer_id: int) -> None:
    """Tell the others that it is taken, once no place is left that they could take."""
    places = list_like_places(session, card=card)
    if not any(one.state in FREE for one in places):
        for one in places:
            close_offers(session, one, now=now, template="offer_taken", but=volunteer_id)


def check_free(card: NeedCard, *, volunteer_id: int, version: int) -> None:
    """Raise unless a need can still be taken, as the button showed it."""
    if card.claim is not None:
        raise AlreadyDone if card.claim.volunteer_id == volunteer_id else NeedTaken
    if card.state not in FREE:
        raise moved(card)
    if card.version != version:
        raise NeedChanged


def check_paper(session: Session, card: NeedCard, *, volunteer_id: int, now: datetime) -> None:
    """What the work asks for may have run out since it was offered (志愿服务条例 art. 15, 16)."""
    rule = rule_of(session, card.category)
    if rule.qualification is None or rule.volunteer_may is VolunteerMay.YES:
        return
    today = session.house.local(now).date()
    held = select(qualification.c.id).where(
        qualification.c.person_id == volunteer_id,
        qualification.c.kind == rule.qualification,
        qualification.c.state.in_(("confirmed", "ending")),
        or_(qualification.c.expires_on.is_(None), qualification.c.expires_on >= today),
    )
    if session.find(held) is None:
        raise NotQualified(paper=rule.qualification)


def check_limit(session: Session, *, volunteer_id: int) -> None:
    """Raise AtLimit when somebody has as many open tasks as they wanted; their row stays locked."""
    limit = session.value(
        select(volunteer.c.open_limit)
        .where(volunteer.c.person_id == volunteer_id)
        .with_for_update()
    )
    tasks = session.value(
        select(func.count())
        .select_from(claim)
        .where(claim.c.volunteer_id == volunteer_id, claim.c.state == "active")
    )
    if limit is None or tasks >= limit:
        raise AtLimit(tasks=tasks)


def write_claim(session: Session, *, now: datetime, need_id: int, volunteer_id: int) -> None:
    """Write the claim; the index lets only one of a need live, whatever happened before."""
    values = {
        "uid": secrets.token_hex(16),
        "need_id": need_id,
        "volunteer_id": volunteer_id,
        "state": "active",
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            session.execute(insert(claim).values(**values))
    except IntegrityError as error:
        raise NeedTaken from error


def _take_offer(session: Session, card: NeedCard, *, now: datetime, volunteer_id: int) -> None:
    """Mark the offer taken; an offer of an earlier round is carried into this one."""
    statement = (
        update(offer)
        .where(offer.c.need_id == card.id, offer.c.round == card.round)
        .where(offer.c.volunteer_id == volunteer_id)
        .values(state="taken")
    )
    if session.change(statement) == 0:
        add_offer(
            session, now=now, card=card, volunteer_id=volunteer_id, wave=card.wave, state="taken"
        )


class Declining(StrEnum):
    """What somebody said no to; kept as the ground, counted against nobody."""

    NOT_NOW = "not_now"
    NOT_THIS_KIND = "not_this_kind"
    RESTING = "resting"
    NOT_THIS_PERSON = "not_this_person"


def decline_offer(
    session: Session,
    *,
    now: datetime,
    volunteer_id: int,
    need_id: int,
    ground: Declining = Declining.NOT_NOW,
) -> NeedCard:
    """Not this time. When all who were asked have said no, the next are asked at once."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CLAIM_NEED, actor_id=volunteer_id, card=card)
    mine = select(offer).where(
        offer.c.need_id == need_id,
        offer.c.round == card.round,
        offer.c.volunteer_id == volunteer_id,
    )
    row = session.find(mine.where(offer.c.state.in_(STANDING)))
    if row is None:
        if session.find(mine.where(offer.c.state == "declined")) is not None:
            raise AlreadyDone
        raise NeedTaken if card.claim is not None else moved(card)
    declined = session.change(
        update(offer)
        .where(offer.c.id == row.id, offer.c.state.in_(STANDING))
        .values(state="declined")
    )
    if declined != 1:
        raise NeedTaken
    journal(
        session,
        card,
        now=now,
        actor_id=volunteer_id,
        what="offer_declined",
        ground=ground.value,
    )
    if row.assigned:
        facts: dict[str, Fact] = {"declined_by": get_person(session, person_id=volunteer_id).name}
        tell_coordinators(
            session, card, now=now, template="desk_assign_declined", facts=facts, about=row.id
        )
    elif card.state is NeedState.OPEN and not list_open_offers(session, card):
        offer_on(session, now=now, card=card)
    elif card.state is NeedState.UNCLAIMED and row.state == "willing":
        _go_on_without(session, card, now=now)
    return card


def _go_on_without(session: Session, card: NeedCard, *, now: datetime) -> None:
    """The last of the willing cannot any more, before anybody chose: the next are asked."""
    may = rule_of(session, card.category).volunteer_may
    wave = next_wave(card.urgency, card.wave, may)
    if count_answers(session, card=card)["willing"] or wave is None or wave.is_last:
        return
    shift(session, card, NeedMove.REOPEN, now=now, next_step_at=now)
    offer_on(session, now=now, card=read_need(session, need_id=card.id))


def decline_for_good(
    session: Session, *, now: datetime, volunteer_id: int, need_id: int
) -> NeedCard:
    """Not this person: they are brought together no more, and nobody is told why."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CLAIM_NEED, actor_id=volunteer_id, card=card)
    ground = Declining.NOT_THIS_PERSON
    with suppress(AlreadyDone):
        decline_offer(session, now=now, volunteer_id=volunteer_id, need_id=need_id, ground=ground)
    keep_apart(
        session,
        now=now,
        one=volunteer_id,
        other=card.resident_id,
        ground=Ground.HELPER,
        by=volunteer_id,
    )
    return card
