"""A check-in that ends in "needs help" becomes an ordinary need with the check-in behind it."""

from datetime import datetime

from sqlalchemy import Select, select, update

from storage.check_ins.cases import Case, find_case, find_helper
from storage.check_ins.facts import name_of
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.needs.opening import open_need_from_check_in
from storage.outbox import MessageClass
from storage.refusals import NotAllowed
from storage.rules.areas import Urgency
from storage.rules.text import cut
from storage.tables import need

WORDS_LIMIT = 4000
SHOWN_LIMIT = 1500
URGENT = (Urgency.U0.value, Urgency.U1.value)


def open_need_of(
    session: Session,
    case: Case,
    *,
    now: datetime,
    stated_by: int,
    words: str,
    urgent: bool = True,
) -> int:
    """Open the need at once: whoever reported may never come back to describe it.

    One that this check-in has opened already, and that is still open, is the same; but help that
    is needed now does not wait behind an errand of the same call.
    """
    still = session.value(
        _needs_of(case, urgent=urgent).where(need.c.next_step_at.is_not(None)).limit(1)
    )
    if still is not None:
        return int(still)
    return open_need_from_check_in(
        session,
        now=now,
        resident_id=case.resident_id,
        actor_id=stated_by,
        words=words,
        check_in_id=case.id,
        urgent=urgent,
    )


def find_need_of(session: Session, case: Case, *, urgent: bool = False) -> int | None:
    """Return the newest need that this check-in became; ``urgent``: no mere errand."""
    need_id: int | None = session.value(_needs_of(case, urgent=urgent).limit(1))
    return need_id


def _needs_of(case: Case, *, urgent: bool) -> Select[int]:
    found = select(need.c.id).where(
        need.c.resident_id == case.resident_id, need.c.check_in_id == case.id
    )
    if urgent:
        found = found.where(need.c.urgency.in_(URGENT))
    return found.order_by(need.c.id.desc())


def describe_help(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int, words: str
) -> None:
    """Add what the caller heard, in their words, to the need; those on duty read it at once."""
    case = find_case(session, check_in_id=check_in_id)
    need_id = find_need_of(session, case) if case is not None else None
    if case is None or need_id is None or not _may_describe(session, need_id, actor_id):
        raise NotAllowed
    (row,) = session.all(select(need.c.uid, need.c.words).where(need.c.id == need_id))
    place = f"need.words:{row.uid}"
    longer = f"{session.vault.unseal(row.words, place=place)}\n{words}"
    # The version stays: the need's own cards are out, and their buttons must stay good.
    session.change(
        update(need)
        .where(need.c.id == need_id)
        .values(words=session.vault.seal(cut(longer, WORDS_LIMIT), place=place))
    )
    note(
        session,
        now=now,
        what="need_words_added",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="need",
        thing_id=need_id,
        ground="check_in",
    )
    tell_duty(
        session,
        now=now,
        key=f"check_in:{check_in_id}:words:{len(longer)}",
        template="check_in_help_words",
        message_class=MessageClass.ALARM,
        facts={
            "name": name_of(session, case.resident_id),
            "by": name_of(session, actor_id),
            "words": cut(words, SHOWN_LIMIT),
            "need_id": need_id,
        },
        about=case.resident_id,
        without=actor_id,
    )


def _may_describe(session: Session, need_id: int, actor_id: int) -> bool:
    """Only whoever reported that help is needed, while they may still do so."""
    stated_by = session.value(select(need.c.stated_by).where(need.c.id == need_id))
    is_resident = session.value(select(need.c.resident_id).where(need.c.id == need_id)) == actor_id
    return bool(stated_by == actor_id) and (
        is_resident or find_helper(session, person_id=actor_id) is not None
    )
