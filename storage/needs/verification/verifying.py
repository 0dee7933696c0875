"""A coordinator has made sure of a need: it is right, it is another one, or it is none."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.needs.buttons import desk_buttons, objection_buttons, resident_buttons
from storage.needs.cards import NeedCard, get_need, read_need
from storage.needs.matching.offering import tomorrow
from storage.needs.opening import ACTION_OF, Statement, columns_changed
from storage.needs.refusals import NeedMoved
from storage.needs.standing import check, check_version, journal, shift
from storage.needs.telling import News, tell, tell_residents
from storage.needs.verification.laying import Outcome, Way, write_verification
from storage.needs.verification.routing import go_on
from storage.outbox import MessageClass
from storage.people import get_person
from storage.refusals import AlreadyDone, Fact
from storage.rules.access import Act
from storage.rules.lifecycle import NeedMove, NeedState
from storage.scope import list_staff_of
from storage.tables import verification

NO = (Outcome.NOT_A_NEED, Outcome.DUPLICATE)


def get_to_verify(
    session: Session, *, coordinator_id: int, need_id: int, version: int | None = None
) -> NeedCard:
    """Return a need that waits to be verified; raises when it has moved on."""
    card = get_need(session, need_id=need_id)
    check(session, Act.VERIFY_NEED, actor_id=coordinator_id, card=card)
    if version is not None:
        check_version(card, version)
    if card.state is not NeedState.VERIFYING:
        raise NeedMoved(state=card.state.value)
    return card


def verify_right(
    session: Session, *, now: datetime, coordinator_id: int, need_id: int, version: int, way: Way
) -> NeedCard:
    """It is as was said: the need goes on at once."""
    card = get_to_verify(session, coordinator_id=coordinator_id, need_id=need_id, version=version)
    shift(session, card, NeedMove.VERIFIED, now=now, next_step_at=now)
    write_verification(
        session, now=now, card=card, way=way, outcome=Outcome.RIGHT, actor_id=coordinator_id
    )
    gone = go_on(session, now=now, card=read_need(session, need_id=card.id))
    if gone.state is NeedState.OPEN:
        # Of any other way it takes they hear by that way's own news.
        news = News("need_verified", MessageClass.INFO)
        tell_residents(session, gone, now=now, news=news, but=coordinator_id)
    return gone


def verify_changed(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    way: Way,
    said: Statement,
) -> NeedCard:
    """What is needed is something else, or more exactly this; the resident reads how it stands."""
    card = get_to_verify(session, coordinator_id=coordinator_id, need_id=need_id, version=version)
    values = columns_changed(session, card, said=said)
    # Who answers for it, and until when, follows from what it is now.
    right = replace(card, urgency=said.urgency, action=ACTION_OF[said.area])
    shift(session, right, NeedMove.VERIFIED, now=now, next_step_at=now, **values)
    write_verification(
        session, now=now, card=card, way=way, outcome=Outcome.CHANGED, actor_id=coordinator_id
    )
    gone = go_on(session, now=now, card=read_need(session, need_id=card.id))
    by = get_person(session, person_id=coordinator_id).name
    news = News("need_verified_changed", facts={"by": by}, buttons=resident_buttons(gone))
    tell_residents(session, gone, now=now, news=news, but=coordinator_id)
    return gone


def verify_refused(
    session: Session,
    *,
    now: datetime,
    coordinator_id: int,
    need_id: int,
    version: int,
    way: Way,
    outcome: Outcome,
    reason: str,
) -> NeedCard:
    """It is no need, or stands already: closed with the reason, against which one may object."""
    card = get_to_verify(session, coordinator_id=coordinator_id, need_id=need_id, version=version)
    shift(
        session,
        card,
        NeedMove.CLOSE_BY_STAFF,
        now=now,
        next_step_at=None,
        ended_at=now,
        ended_by=coordinator_id,
    )
    write_verification(
        session,
        now=now,
        card=card,
        way=way,
        outcome=Outcome.DUPLICATE if outcome is Outcome.DUPLICATE else Outcome.NOT_A_NEED,
        actor_id=coordinator_id,
        reason=reason,
    )
    closed = read_need(session, need_id=card.id)
    facts: dict[str, Fact] = {"reply": reason, "outcome": outcome.value}
    news = News("need_not_verified", facts=facts, buttons=objection_buttons(closed))
    tell_residents(session, closed, now=now, news=news)
    return closed


def object_to(
    session: Session, *, now: datetime, actor_id: int, need_id: int, version: int
) -> NeedCard:
    """Those who speak for the resident see it otherwise: the office has it, not who said no."""
    card = get_need(session, need_id=need_id)
    check(session, Act.REOPEN_NEED, actor_id=actor_id, card=card)
    no = session.find(
        select(verification)
        .where(verification.c.need_id == need_id)
        .order_by(verification.c.id.desc())
        .limit(1)
    )
    if no is None or no.outcome not in NO:
        raise NeedMoved(state=card.state.value)
    if no.objected_at is not None:
        raise AlreadyDone
    check_version(card, version)
    shift(
        session,
        card,
        NeedMove.OBJECT,
        now=now,
        next_step_at=tomorrow(session, now=now),
        ended_at=None,
        ended_by=None,
    )
    session.change(
        update(verification)
        .where(verification.c.id == no.id, verification.c.objected_at.is_(None))
        .values(objected_at=now)
    )
    fresh = read_need(session, need_id=need_id)
    _tell_office(session, fresh, now=now, by=get_person(session, person_id=no.made_by).name)
    news = News("need_objected", MessageClass.INFO)
    tell_residents(session, fresh, now=now, news=news, but=actor_id)
    journal(session, fresh, now=now, actor_id=actor_id, what="need_objected")
    return fresh


def _tell_office(session: Session, card: NeedCard, *, now: datetime, by: str) -> None:
    news = News("desk_objection", buttons=desk_buttons(card), facts={"by": by})
    for person_id, _ in list_staff_of(session, person_id=None):
        tell(session, card, now=now, to=person_id, news=news)
