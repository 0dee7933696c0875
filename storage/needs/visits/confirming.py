"""Was it done? Those who speak for the resident say yes, or not yet."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from storage.confirmations import OwnMark, add_mark, marks_of
from storage.database import Session
from storage.needs.buttons import button, offer_buttons, resident_buttons, wrong_line
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.matching.offering import add_offer, hand_over, offer_on
from storage.needs.standing import (
    check,
    check_version,
    end_claim,
    journal,
    moved,
    relations_to,
    shift,
)
from storage.needs.telling import News, tell, tell_residents
from storage.needs.visits.remarks import keep_words
from storage.outbox import MessageClass
from storage.people import get_person
from storage.refusals import AlreadyDone, Fact
from storage.rules.access import Act, Relation
from storage.rules.lifecycle import NeedMove, NeedState
from storage.rules.marks import MarkKind, StaffReason, do_minutes_count
from storage.rules.visits import Outcome, OutcomeReason
from storage.tables import claim, need


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a visit, in the words of those it was for."""

    outcome: Outcome = Outcome.SOLVED
    reason: OutcomeReason | None = None
    words: str | None = None


SOLVED, NOT_YET = Judgement(), Judgement(Outcome.NOT)


def confirm_done(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    need_id: int,
    version: int,
    judged: Judgement = SOLVED,
) -> NeedCard:
    """Yes: the need is closed, and it is a mark. Returns the card as it was, with its claim.

    With a judgement of partly or not it is closed all the same: the home wants no more of it.
    """
    card = _asked(session, actor_id=actor_id, need_id=need_id, version=version)
    close_done(session, now=now, card=card, actor_id=actor_id, judged=judged)
    return card


def _asked(session: Session, *, actor_id: int, need_id: int, version: int) -> NeedCard:
    card = get_need(session, need_id=need_id)
    check(session, Act.CONFIRM_NEED, actor_id=actor_id, card=card)
    check_version(card, version)
    if card.state is not NeedState.DONE:
        raise moved(card)
    return card


def close_done(
    session: Session,
    *,
    now: datetime,
    card: NeedCard,
    actor_id: int,
    judged: Judgement = SOLVED,
) -> None:
    """Close a need that was done and thank everybody."""
    move = NeedMove.CONFIRM
    shift(session, card, move, now=now, next_step_at=None, ended_at=now, ended_by=actor_id)
    end_claim(session, card, state="confirmed", now=now)
    keep_judgement(session, now=now, card=card, actor_id=actor_id, judged=judged)
    closed = read_need(session, need_id=card.id)
    held = card.held
    marks = marks_of(session, claim_ids=[held.id]).get(held.id, [])
    counted = do_minutes_count(marks, helper_id=held.volunteer_id)
    facts: dict[str, Fact] = {"spent": held.minutes, "volunteer": held.volunteer}
    thanks = News(
        "task_thanks",
        MessageClass.INFO,
        facts=facts | {"counted": counted, "outcome": judged.outcome.value},
        buttons=[[button("visit.reflect", "visit", "reflect", held.id, 0)], wrong_line(closed)],
    )
    public: dict[str, Fact] = {**closed.public_facts, "resident": closed.task_facts["resident"]}
    tell(session, closed, now=now, to=held.volunteer_id, news=thanks, facts=public)
    again = resident_buttons(closed)
    news = News("need_closed", MessageClass.INFO, facts=facts, buttons=again)
    tell_residents(session, closed, now=now, news=news, but=actor_id)
    what = f"need_closed_{judged.outcome.value}" if judged.reason else "need_closed"
    ground = judged.reason.value if judged.reason else ""
    journal(session, closed, now=now, actor_id=actor_id, what=what, ground=ground)


def keep_judgement(
    session: Session, *, now: datetime, card: NeedCard, actor_id: int, judged: Judgement
) -> None:
    """Write down what came of the visit; that somebody was there is a mark, whatever came of it."""
    held = card.held
    values = {"outcome": judged.outcome.value, "outcome_reason": judged.reason}
    session.change(update(claim).where(claim.c.id == held.id).values(values))
    if judged.words is not None:
        keep_words(
            session, now=now, claim_id=held.id, kind="outcome", by=actor_id, words=judged.words
        )
    if judged.reason is not OutcomeReason.NOBODY_CAME:
        kind = mark_kind(session, actor_id=actor_id, resident_id=card.resident_id)
        reason = StaffReason.CLOSED.value if kind is MarkKind.STAFF else ""
        # One's own household may close its need, which is no mark.
        with suppress(OwnMark):
            add_mark(session, now=now, claim_id=held.id, kind=kind, by=actor_id, reason=reason)


def mark_kind(session: Session, *, actor_id: int, resident_id: int) -> MarkKind:
    """As what somebody speaks here: the resident, their family, or staff."""
    if actor_id == resident_id:
        return MarkKind.RESIDENT
    near = relations_to(session, actor_id=actor_id, resident_id=resident_id)
    return MarkKind.FAMILY if Relation.CAREGIVER in near else MarkKind.STAFF


def deny_done(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    need_id: int,
    version: int,
    judged: Judgement = NOT_YET,
    to_coordinator: bool = False,
) -> NeedCard:
    """Not yet: the need is open again; the volunteer is asked first, kindly, and others too.

    ``to_coordinator``: nobody is asked; a coordinator is to look at it, with what came before.
    """
    card = _asked(session, actor_id=actor_id, need_id=need_id, version=version)
    move = NeedMove.NOT_YET
    shift(session, card, move, now=now, next_step_at=now, round=need.c.round + 1, wave=0)
    end_claim(session, card, state="released", now=now)
    keep_judgement(session, now=now, card=card, actor_id=actor_id, judged=judged)
    fresh = read_need(session, need_id=need_id)
    nobody_came = judged.reason is OutcomeReason.NOBODY_CAME
    asks = not (to_coordinator or nobody_came)
    _ask_again(session, fresh, now=now, volunteer_id=card.held.volunteer_id, asks=asks)
    news = News("need_reopened", MessageClass.INFO)
    tell_residents(session, fresh, now=now, news=news, but=actor_id)
    ground = judged.reason.value if judged.reason else ""
    journal(session, fresh, now=now, actor_id=actor_id, what="need_not_yet", ground=ground)
    if to_coordinator:
        hand_over(session, now=now, card=fresh, reason="not_solved")
    else:
        offer_on(session, now=now, card=fresh)
    return read_need(session, need_id=need_id)


def rate_visit(
    session: Session, *, now: datetime, actor_id: int, need_id: int, rating: int
) -> None:
    """How it was for those it was for, once; seen by coordinators, and in sums."""
    card = get_need(session, need_id=need_id)
    check(session, Act.CONFIRM_NEED, actor_id=actor_id, card=card)
    latest = select(func.max(claim.c.id)).where(
        claim.c.need_id == need_id, claim.c.state == "confirmed"
    )
    rated = session.change(
        update(claim)
        .where(claim.c.id == latest.scalar_subquery(), claim.c.rating.is_(None))
        .where(claim.c.volunteer_id != actor_id)
        .values(rating=rating)
    )
    if not rated:
        raise AlreadyDone
    journal(session, card, now=now, actor_id=actor_id, what="visit_rated")


def _ask_again(
    session: Session, card: NeedCard, *, now: datetime, volunteer_id: int, asks: bool
) -> None:
    """Whoever was there knows best what is left to do; they hear of it in any case."""
    still = asks and get_person(session, person_id=volunteer_id).is_approved("volunteer")
    if still:
        add_offer(session, now=now, card=card, volunteer_id=volunteer_id, wave=0)
    news = News(
        "task_not_yet", buttons=offer_buttons(card) if still else (), facts={"may_go": still}
    )
    public: dict[str, Fact] = {**card.public_facts, "resident": card.task_facts["resident"]}
    tell(session, card, now=now, to=volunteer_id, news=news, facts=public)
