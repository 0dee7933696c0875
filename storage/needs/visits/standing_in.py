"""Somebody goes in a helper's place, or swaps a task with them: only a yes passes it on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.needs.buttons import button, task_buttons
from storage.needs.cards import NeedCard, find_need_of_claim, read_need
from storage.needs.claims.claiming import check_limit, write_claim
from storage.needs.held import ClaimCard
from storage.needs.matching.choosing import (
    MAY_BE_JUDGED,
    Candidate,
    find_match,
    is_willing,
    list_candidates,
)
from storage.needs.refusals import NeedMoved, StandInTaken
from storage.needs.standing import end_claim, journal, moved
from storage.needs.telling import News, hide_contact, tell
from storage.needs.visits.carrying import change_claim, get_reported, tell_waiting
from storage.needs.visits.preparing import prepare
from storage.outbox import Wanted
from storage.people import get_person
from storage.refusals import AlreadyDone, Fact, NotAllowed
from storage.rules.lifecycle import NeedState
from storage.rules.matching import Stop
from storage.rules.patience import Waiting, first_asked_at
from storage.tables import attachment, claim, need, offer, stand_in

NAMED_AT_MOST = 8
# Only tasks near in time are swapped.
SWAPPED_WITHIN = timedelta(days=3)
# Whoever swaps has as many tasks afterwards as before.
_MAY_SWAP = MAY_BE_JUDGED | {Stop.OVER_LIMIT}


@dataclass(frozen=True, slots=True)
class Swap:
    """A task that somebody else has, and that may be taken in exchange."""

    claim_id: int
    helper_id: int
    helper: str
    category: str
    arrives_at: datetime


def list_stand_ins(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int
) -> Sequence[Candidate]:
    """Return who may be asked to go instead: known to the need, the resident or the team."""
    card, _ = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    known = _known(session, card, volunteer_id=volunteer_id)
    found = [one for one in list_candidates(session, card, now=now) if one.person_id in known]
    return found[:NAMED_AT_MOST]


def _known(session: Session, card: NeedCard, *, volunteer_id: int) -> set[int]:
    """Who was asked for this need, has been with this resident, or is of the helper's team."""
    asked = select(offer.c.volunteer_id).where(offer.c.need_id == card.id)
    been = (
        select(claim.c.volunteer_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(need.c.resident_id == card.resident_id, claim.c.done_at.is_not(None))
    )
    mine = attachment.alias("mine")
    team = (
        select(attachment.c.person_id)
        .join(mine, mine.c.organisation_id == attachment.c.organisation_id)
        .where(mine.c.person_id == volunteer_id, mine.c.state == "active")
        .where(attachment.c.state == "active")
    )
    found = {int(one) for some in (asked, been, team) for one in session.execute(some).scalars()}
    return found - {volunteer_id}


def list_swaps(
    session: Session, *, now: datetime, volunteer_id: int, claim_id: int
) -> Sequence[Swap]:
    """Return tasks of others near in time that could be swapped with this one."""
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if held.arrives_at is None:
        return []
    known = _known(session, card, volunteer_id=volunteer_id)
    rows = session.all(
        select(
            claim.c.id, claim.c.volunteer_id, claim.c.arrives_at, need.c.category, claim.c.need_id
        )
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.volunteer_id.in_(known), _swappable(now), need.c.state == "claimed")
        .where(claim.c.arrives_at > now, claim.c.arrives_at < held.arrives_at + SWAPPED_WITHIN)
        .order_by(claim.c.arrives_at)
        .limit(NAMED_AT_MOST)
    )
    swaps = []
    for row in rows:
        theirs = read_need(session, need_id=row.need_id)
        if _fits_both(session, card, theirs, now=now):
            name = theirs.held.volunteer
            swaps.append(Swap(row.id, row.volunteer_id, name, row.category, row.arrives_at))
    return swaps


def _swappable(now: datetime) -> Any:
    return (claim.c.state == "active") & claim.c.on_way_at.is_(None)


def _fits_both(session: Session, mine: NeedCard, theirs: NeedCard, *, now: datetime) -> bool:
    """Whether each could be asked for the other's task: papers, age, and all that keeps apart."""
    pairs = ((mine, theirs.held.volunteer_id), (theirs, mine.held.volunteer_id))
    return all(
        card.resident_id != person_id
        and _MAY_SWAP.issuperset(find_match(session, card, volunteer_id=person_id, now=now).stops)
        for card, person_id in pairs
    )


def ask_stand_in(
    session: Session,
    *,
    now: datetime,
    volunteer_id: int,
    claim_id: int,
    version: int,
    asked_id: int,
    swap_claim_id: int | None = None,
) -> NeedCard:
    """Ask somebody to go instead, or to swap; until their yes the helper still has the need."""
    card, held = get_reported(session, volunteer_id=volunteer_id, claim_id=claim_id)
    if held.version != version or card.state is not NeedState.CLAIMED:
        raise NeedMoved(state=card.state.value)
    theirs = None
    facts: dict[str, Any] = {"now": now, "volunteer_id": volunteer_id, "claim_id": claim_id}
    if swap_claim_id is None:
        allowed = {one.person_id for one in list_stand_ins(session, **facts)}
    else:
        swaps = {one.claim_id: one.helper_id for one in list_swaps(session, **facts)}
        allowed = {swaps[swap_claim_id]} if swap_claim_id in swaps else set()
        theirs = find_need_of_claim(session, claim_id=swap_claim_id)
    if asked_id not in allowed:
        raise NotAllowed
    values = {"claim_id": claim_id, "asked_id": asked_id, "swap_claim_id": swap_claim_id}
    row_id = _write_ask(session, values | {"state": "asked", "created_at": now, "version": 1})
    _tell_asked(session, card, held, now=now, row_id=row_id, asked_id=asked_id, theirs=theirs)
    journal(session, card, now=now, actor_id=volunteer_id, what="stand_in_asked")
    return card


def _write_ask(session: Session, values: dict[str, Any]) -> int:
    try:
        with session.savepoint():
            return int(session.value(insert(stand_in).values(values).returning(stand_in.c.id)))
    except IntegrityError as error:
        raise AlreadyDone from error


def _tell_asked(
    session: Session,
    card: NeedCard,
    held: ClaimCard,
    *,
    now: datetime,
    row_id: int,
    asked_id: int,
    theirs: NeedCard | None,
) -> None:
    arrives_at = held.arrives_at.isoformat() if held.arrives_at else None
    facts: dict[str, Fact] = {
        "helper": held.volunteer,
        "arrives_at": arrives_at,
        "swap_words": theirs.public_facts["words"] if theirs is not None else None,
    }
    yes = button("stand.yes", "stand", "yes", row_id, 1)
    no = button("stand.no", "stand", "no", row_id, 1)
    news = News(
        "stand_in_ask",
        buttons=[[yes, no]],
        facts=facts,
        about=row_id,
        wanted=Wanted("stand_in", row_id, 1),
        # It is about the next hours.
        pressing=True,
    )
    tell(session, card, now=now, to=asked_id, news=news, facts=card.public_facts)


def answer_stand_in(
    session: Session, *, now: datetime, person_id: int, stand_in_id: int, yes: bool
) -> NeedCard:
    """Yes passes the need on, at the hour that was promised; of two who say yes one has it.

    1. The row is answered by a conditional UPDATE, and one accepted row of a claim is unique.
    2. The needs are moved by their version, the lower id first: no deadlock between two swaps.
    3. The claims change hands; the helper before sees name and address no more.
    """
    row = session.find(select(stand_in).where(stand_in.c.id == stand_in_id))
    if row is None or row.asked_id != person_id:
        raise NotAllowed
    card = find_need_of_claim(session, claim_id=row.claim_id)
    if card is None:
        raise NotAllowed
    if row.state != "asked":
        raise AlreadyDone if row.state in ("accepted", "declined") else StandInTaken
    held = card.claim
    if card.state is not NeedState.CLAIMED or held is None or held.id != row.claim_id:
        raise StandInTaken
    if yes and _goes_after_all(row, held):
        raise StandInTaken
    _answer(session, row, now=now, state="accepted" if yes else "declined")
    if not yes:
        _tell_helper(session, card, held, now=now, row=row, template="stand_in_declined")
        journal(session, card, now=now, actor_id=person_id, what="stand_in_declined")
        return card
    _pass_on(session, row, card, held, now=now)
    return read_need(session, need_id=card.id)


def _goes_after_all(row: Row[Any], held: ClaimCard) -> bool:
    """Whether the helper who asked has set out since, or stands at the door already."""
    set_out = held.on_way_at is not None and held.on_way_at > row.created_at
    return set_out or held.arrived_at is not None


def _answer(session: Session, row: Row[Any], *, now: datetime, state: str) -> None:
    statement = (
        update(stand_in)
        .where(stand_in.c.id == row.id, stand_in.c.state == "asked")
        .values(state=state, answered_at=now, version=stand_in.c.version + 1)
    )
    try:
        with session.savepoint():
            changed = session.change(statement)
    except IntegrityError as error:
        raise StandInTaken from error
    if changed != 1:
        raise StandInTaken


def _pass_on(
    session: Session, row: Row[Any], card: NeedCard, held: ClaimCard, *, now: datetime
) -> None:
    if row.swap_claim_id is None:
        if not is_willing(session, card, volunteer_id=row.asked_id, now=now):
            raise StandInTaken
        check_limit(session, volunteer_id=row.asked_id)
        changes = [(card, held, row.asked_id)]
    else:
        theirs = find_need_of_claim(session, claim_id=row.swap_claim_id)
        other = theirs.claim if theirs is not None else None
        if theirs is None or other is None or other.id != row.swap_claim_id:
            raise StandInTaken
        if other.on_way_at is not None or not _fits_both(session, card, theirs, now=now):
            raise StandInTaken
        changes = [(card, held, row.asked_id), (theirs, other, held.volunteer_id)]
    for one, claimed, _ in sorted(changes, key=lambda change: change[0].id):
        _release(session, one, claimed, now=now)
    for one, claimed, to in changes:
        _take_over(session, one, claimed, now=now, to=to, presser=row.asked_id)
    _tell_helper(session, card, held, now=now, row=row, template="stand_in_goes")
    _close_others(session, row, now=now, claims=[claimed.id for _, claimed, _ in changes])


def _release(session: Session, card: NeedCard, held: ClaimCard, *, now: datetime) -> None:
    """Take the need out of one helper's hand; it stays claimed, with a new version."""
    due = first_asked_at(Waiting.ARRIVAL, now, held.arrives_at)
    changed = session.change(
        update(need)
        .where(need.c.id == card.id, need.c.version == card.version, need.c.state == "claimed")
        .values(version=need.c.version + 1, asked=0, next_step_at=due)
    )
    if changed != 1:
        raise moved(card)
    end_claim(session, card, state="released", now=now)
    hide_contact(session, card, now=now)


def _take_over(
    session: Session, card: NeedCard, before: ClaimCard, *, now: datetime, to: int, presser: int
) -> None:
    """The need is another helper's, at the hour that was promised; they read what to mind."""
    write_claim(session, now=now, need_id=card.id, volunteer_id=to)
    fresh = read_need(session, need_id=card.id)
    held = fresh.held
    values: dict[str, Any] = {}
    if before.arrives_at is not None:
        # The question whether they go showed what it takes: their yes is the self-check.
        values = prepare(session, now=now, card=fresh, held=replace(held, checked_at=now))
        values |= {"arrives_at": before.arrives_at, "risky": before.risky or values["risky"]}
    change_claim(session, fresh, held, version=held.version, **values)
    told = "need_other_helper"
    after = tell_waiting(session, fresh, now=now, template=told, what="stood_in")
    if to != presser:
        news = News("task_taken_over", buttons=task_buttons(after), pressing=True, about=held.id)
        tell(session, after, now=now, to=to, news=news, facts=after.task_facts)


def _tell_helper(
    session: Session,
    card: NeedCard,
    held: ClaimCard,
    *,
    now: datetime,
    row: Row[Any],
    template: str,
) -> None:
    name = get_person(session, person_id=row.asked_id).name
    fresh = read_need(session, need_id=card.id)
    mine = template == "stand_in_declined"
    news = News(
        template,
        buttons=task_buttons(fresh) if mine else (),
        facts={"asked_person": name, "swapped": row.swap_claim_id is not None},
        pressing=True,
        about=row.id,
    )
    tell(session, fresh, now=now, to=held.volunteer_id, news=news, facts=fresh.public_facts)


def _close_others(session: Session, row: Row[Any], *, now: datetime, claims: Sequence[int]) -> None:
    """Who else was asked about these claims need not answer any more."""
    mine = or_(stand_in.c.claim_id.in_(claims), stand_in.c.swap_claim_id.in_(claims))
    session.change(
        update(stand_in)
        .where(mine, stand_in.c.state == "asked", stand_in.c.id != row.id)
        .values(state="closed", answered_at=now, version=stand_in.c.version + 1)
    )
