"""Hours that lack their second mark: staff see which, and say for each how they know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.confirmations import LISTED_AT_MOST, add_mark, awaiting, independent_marks, marks_of
from storage.database import Session
from storage.people import Person, get_person
from storage.refusals import NotAllowed, TooLate
from storage.rules.marks import MarkKind, StaffReason
from storage.scope import check_sees
from storage.tables import claim, need, person


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A visit that lacks its second mark, as the office sees it."""

    claim_id: int
    helper: str
    resident: str
    category: str
    done_at: datetime
    minutes: int
    marked: tuple[str, ...]


def list_awaiting(
    session: Session, *, now: datetime, actor: Person, limit: int = LISTED_AT_MOST
) -> Sequence[Awaiting]:
    """Return the visits that lack a mark and that this member of staff may mark, oldest first."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    helper, resident = person.alias("helper"), person.alias("resident")
    rows = session.all(
        select(
            claim.c.id,
            claim.c.done_at,
            claim.c.minutes,
            need.c.category,
            helper.c.name.label("helper"),
            resident.c.name.label("resident"),
            independent_marks().label("marks"),
        )
        .select_from(claim)
        .join(need, need.c.id == claim.c.need_id)
        .join(helper, helper.c.id == claim.c.volunteer_id)
        .join(resident, resident.c.id == need.c.resident_id)
        .where(awaiting(actor, now))
        .order_by(claim.c.done_at)
        .limit(limit)
    )
    marks = marks_of(session, claim_ids=[row.id for row in rows])
    return [
        Awaiting(
            claim_id=row.id,
            helper=row.helper,
            resident=row.resident,
            category=row.category,
            done_at=row.done_at,
            minutes=row.minutes,
            marked=tuple(dict.fromkeys(one.kind.value for one in marks.get(row.id, ()))),
        )
        for row in rows
    ]


def mark_by_staff(
    session: Session, *, now: datetime, actor_id: int, claim_id: int, reason: StaffReason
) -> None:
    """A member of staff found out that the visit took place, and says how. Raises OwnMark."""
    actor = get_person(session, person_id=actor_id)
    row = session.find(
        select(need.c.resident_id, claim.c.done_at)
        .join(claim, claim.c.need_id == need.c.id)
        .where(claim.c.id == claim_id)
    )
    if row is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=row.resident_id)
    if row.done_at is None:
        raise TooLate
    is_new = add_mark(
        session,
        now=now,
        claim_id=claim_id,
        kind=MarkKind.STAFF,
        by=actor_id,
        reason=reason.value,
    )
    if not is_new:
        raise TooLate
