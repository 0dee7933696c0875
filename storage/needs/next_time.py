"""Whoever was helped may ask for somebody else next time: quietly, and it can be taken back."""

from datetime import datetime

from sqlalchemy import select

from storage.apart import Ground, keep_apart, let_meet
from storage.database import Session
from storage.needs.cards import get_need
from storage.needs.parting import part
from storage.needs.standing import check
from storage.refusals import AlreadyDone, TooLate
from storage.rules.access import Act
from storage.tables import claim


def ask_for_another(session: Session, *, now: datetime, actor_id: int, need_id: int) -> None:
    """Keep the last helper of this need apart from the resident; the helper hears no reason."""
    resident_id, helper_id = _both(session, actor_id=actor_id, need_id=need_id)
    two = {"one": resident_id, "other": helper_id, "by": actor_id}
    if not keep_apart(session, now=now, ground=Ground.RESIDENT, **two):
        raise AlreadyDone
    part(session, now=now, **two)


def welcome_again(session: Session, *, now: datetime, actor_id: int, need_id: int) -> None:
    """Take that back: this helper may be asked again."""
    resident_id, helper_id = _both(session, actor_id=actor_id, need_id=need_id)
    two = {"one": resident_id, "other": helper_id, "by": actor_id}
    if not let_meet(session, now=now, ground=Ground.RESIDENT, **two):
        raise AlreadyDone


def _both(session: Session, *, actor_id: int, need_id: int) -> tuple[int, int]:
    card = get_need(session, need_id=need_id)
    check(session, Act.CONFIRM_NEED, actor_id=actor_id, card=card)
    helper_id = session.value(
        select(claim.c.volunteer_id)
        .where(claim.c.need_id == need_id, claim.c.state == "confirmed")
        .order_by(claim.c.id.desc())
        .limit(1)
    )
    if helper_id is None or helper_id == actor_id:
        raise TooLate
    return card.resident_id, int(helper_id)
