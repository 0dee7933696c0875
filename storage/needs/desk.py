"""The coordinator's desk: ask somebody in person, ask again, take back, or close with a word."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.consents import give_consent
from storage.database import Session
from storage.guardians import is_known_child
from storage.looks import check_look
from storage.needs.buttons import offer_buttons, task_buttons
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.matching.choosing import Candidate, is_willing, list_candidates
from storage.needs.matching.offering import add_offer, close_offers
from storage.needs.referral.closing import end_referral
from storage.needs.refusals import NeedMoved
from storage.needs.standing import (
    asked_again,
    check,
    check_version,
    end_claim,
    journal,
    moved,
    note_looks,
    shift,
    stands,
)
from storage.needs.telling import News, hide_contact, tell, tell_residents
from storage.needs.visits.carrying import ask_whether_done, free_need
from storage.needs.visits.confirming import close_done
from storage.people import ContactData, get_person, open_contact
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.access import Act
from storage.rules.lifecycle import NeedMove, NeedState, states_before
from storage.rules.patience import ASSIGNED_FOR, PATIENCE, Waiting, what_is_waited_for
from storage.rules.purposes import Channel, Ground, Purpose
from storage.tables import need, offer


def get_desk_need(session: Session, *, coordinator_id: int, need_id: int) -> NeedCard:
    """Return a need to a coordinator; nobody else has a desk."""
    card = get_need(session, need_id=need_id)
    check(session, Act.ASSIGN_NEED, actor_id=coordinator_id, card=card)
    return card


def open_phones(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int
) -> tuple[ContactData, ContactData | None]:
    """Open how to reach the resident, and the volunteer who has the need; the look is noted."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CLOSE_NEED_BY_STAFF, actor_id=coordinator_id, card=card)
    actor = get_person(session, person_id=coordinator_id)
    check_look(session, now=now, actor=actor, person_id=card.resident_id)
    seen = [card.resident_id]
    helper = None
    if card.claim is not None:
        seen.append(card.claim.volunteer_id)
        helper = open_contact(session, person_id=card.claim.volunteer_id)
    note_looks(session, card, now=now, actor_id=coordinator_id, seen=seen, ground="staff")
    return open_contact(session, person_id=card.resident_id), helper


def list_assignable(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int
) -> Sequence[Candidate]:
    """Return whom the coordinator may ask in person, the best first."""
    card = get_desk_need(session, coordinator_id=coordinator_id, need_id=need_id)
    return list_candidates(session, card, now=now)


def assign_need(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    volunteer_id: int,
) -> NeedCard:
    """Ask one volunteer in person: an offer that says so, which they may decline.

    The coordinators keep the need until the volunteer takes it; the version stays, since those
    who were asked before may still take it too.
    """
    card = get_desk_need(session, coordinator_id=coordinator_id, need_id=need_id)
    check_version(card, version)
    if not is_willing(session, card, volunteer_id=volunteer_id, now=now):
        raise NotAllowed
    standing = stands(session, card, now=now, state=NeedState.UNCLAIMED)
    changed = session.change(
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version)
        .where(need.c.state.in_(states_before(NeedMove.ASSIGN)))
        .values(state="unclaimed", next_step_at=now + ASSIGNED_FOR[card.urgency], **standing)
    )
    if changed != 1:
        raise moved(card)
    _keep_word(session, card, now=now, coordinator_id=coordinator_id)
    offer_id = _assigned_offer(session, card, now=now, volunteer_id=volunteer_id)
    news = News("offer_assigned", buttons=offer_buttons(card), about=offer_id)
    tell(session, card, now=now, to=volunteer_id, news=news, facts=card.public_facts)
    journal(session, card, now=now, actor_id=coordinator_id, what="need_assigned")
    return card


def _keep_word(session: Session, card: NeedCard, *, now: datetime, coordinator_id: int) -> None:
    """The button says that the resident agreed on the phone to be shown; a no of theirs stands."""
    if not is_known_child(session, now=now, person_id=card.resident_id):
        give_consent(
            session,
            now=now,
            person_id=card.resident_id,
            purpose=Purpose.SHARE_CONTACT,
            given_by=coordinator_id,
            ground=Ground.STAFF,
            channel=Channel.PHONE,
        )


def _assigned_offer(session: Session, card: NeedCard, *, now: datetime, volunteer_id: int) -> int:
    row = session.find(
        select(offer.c.id, offer.c.assigned, offer.c.state).where(
            offer.c.need_id == card.id,
            offer.c.round == card.round,
            offer.c.volunteer_id == volunteer_id,
        )
    )
    if row is None:
        asked = add_offer(
            session,
            now=now,
            card=card,
            volunteer_id=volunteer_id,
            wave=card.wave,
            assigned=True,
        )
        return asked.offer_id
    if row.assigned:
        raise AlreadyDone
    session.change(update(offer).where(offer.c.id == row.id).values(assigned=True, state="offered"))
    return int(row.id)


def ask_again(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int, version: int
) -> NeedCard:
    """Ask once more whom the need waits for: the volunteer, or the resident whether it was done."""
    card = get_desk_need(session, coordinator_id=coordinator_id, need_id=need_id)
    check_version(card, version)
    if card.claim is None:
        raise NeedMoved(state=card.state.value)
    fresh = ask_who_has_it(session, card, now=now)
    journal(session, fresh, now=now, actor_id=coordinator_id, what="need_asked_again")
    return fresh


def awaited_of(card: NeedCard) -> Waiting:
    """What is waited for of whoever has the need, or had it."""
    if card.state is NeedState.DONE:
        return Waiting.CONFIRMATION
    return what_is_waited_for(card.held.arrives_at, card.held.on_way_at)


def ask_who_has_it(session: Session, card: NeedCard, *, now: datetime) -> NeedCard:
    """Ask the volunteer how it stands, or the resident whether it was done.

    The volunteer named the hour, so it may come in quiet hours.
    """
    fresh = asked_again(session, card, until=now + PATIENCE[awaited_of(card)].again)
    if card.state is NeedState.DONE:
        ask_whether_done(session, fresh, now=now)
    else:
        news = News("task_how_is_it", buttons=task_buttons(fresh), pressing=True)
        to = fresh.held.volunteer_id
        tell(session, fresh, now=now, to=to, news=news, facts=fresh.task_facts)
    return fresh


def take_back(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int, version: int
) -> NeedCard:
    """Take a need back from a volunteer who is not heard of; they are told kindly."""
    card = get_desk_need(session, coordinator_id=coordinator_id, need_id=need_id)
    check_version(card, version)
    if card.state is not NeedState.CLAIMED or card.claim is None:
        raise NeedMoved(state=card.state.value)
    held = card.claim
    free_need(session, now=now, card=card, actor_id=coordinator_id, what="claim_taken_back")
    fresh = read_need(session, need_id=need_id)
    news = News("task_taken_back")
    tell(session, fresh, now=now, to=held.volunteer_id, news=news, facts=fresh.public_facts)
    return fresh


def close_need_by_staff(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    words: str,
) -> NeedCard:
    """Close a need with a word to the resident; what was done counts as done."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CLOSE_NEED_BY_STAFF, actor_id=coordinator_id, card=card)
    check_version(card, version)
    if card.state is NeedState.DONE:
        close_done(session, now=now, card=card, actor_id=coordinator_id)
    else:
        _close(session, card, now=now, coordinator_id=coordinator_id)
    closed = read_need(session, need_id=need_id)
    news = News("need_closed_by_staff", facts={"reply": words})
    tell_residents(session, closed, now=now, news=news)
    return closed


def _close(session: Session, card: NeedCard, *, now: datetime, coordinator_id: int) -> None:
    move = NeedMove.CLOSE_BY_STAFF
    shift(session, card, move, now=now, next_step_at=None, ended_at=now, ended_by=coordinator_id)
    end_claim(session, card, state="released", now=now)
    end_referral(session, card, now=now, why="closed")
    closed = read_need(session, need_id=card.id)
    close_offers(session, closed, now=now, template="offer_withdrawn")
    if card.claim is not None:
        news = News("task_closed_by_staff")
        to = card.claim.volunteer_id
        tell(session, closed, now=now, to=to, news=news, facts=closed.public_facts)
        hide_contact(session, card, now=now)
    journal(session, closed, now=now, actor_id=coordinator_id, what="need_closed_by_staff")
