"""Marks that a visit took place, and the hours that follow from them: recomputed, never kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import Refusal
from storage.rules.marks import AWAITED_FOR, DAY_CEILING, HOME, MARKS_NEEDED, Mark, MarkKind
from storage.scope import seen_through
from storage.tables import caregiver, claim, confirmation, household_member, need

_STAFF = MarkKind.STAFF.value
LISTED_AT_MOST = 200


class OwnMark(Refusal):
    """Nobody confirms their own visit, nor does their household."""

    key = "own_mark"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as the helper, or the office, sees it: how long, and how far it is confirmed."""

    claim_id: int
    need_id: int
    category: str
    done_at: datetime
    minutes: int
    marks: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """What somebody gave: minutes with two marks, minutes that wait, and days that are too long."""

    counted: int
    awaiting: int
    visits: tuple[Visit, ...]
    long_days: tuple[date, ...]


def add_mark(
    session: Session, *, now: datetime, claim_id: int, kind: MarkKind, by: int, reason: str = ""
) -> bool:
    """Write a mark down; returns whether it is new. Raises OwnMark.

    The caller has checked who may speak for the resident. A helper may only hand in the words
    they heard at the door.
    """
    row = session.find(
        select(claim.c.volunteer_id, claim.c.need_id, need.c.resident_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.id == claim_id)
    )
    if row is None:
        raise LookupError(f"no claim {claim_id}")
    if not _is_independent(session, kind=kind, by=by, helper_id=row.volunteer_id):
        raise OwnMark
    values = {"claim_id": claim_id, "kind": kind.value, "marked_by": by, "reason": reason}
    try:
        with session.savepoint():
            session.execute(insert(confirmation).values(**values, marked_at=now))
    except IntegrityError:
        return False
    note(
        session,
        now=now,
        what="visit_marked",
        actor_id=by,
        subject_id=row.volunteer_id,
        thing="claim",
        thing_id=claim_id,
        ground=kind.value,
        detail=reason,
    )
    return True


def _is_independent(session: Session, *, kind: MarkKind, by: int, helper_id: int) -> bool:
    if kind is MarkKind.DOOR_WORDS:
        return True
    return by != helper_id and not are_one_home(session, by, helper_id)


def are_one_home(session: Session, one: int, other: int) -> bool:
    """Whether two people live in one household, or one speaks for the other."""
    mine, theirs = household_member.alias("mine"), household_member.alias("theirs")
    together = exists().where(
        mine.c.household_id == theirs.c.household_id,
        mine.c.person_id == one,
        theirs.c.person_id == other,
    )
    pair = (one, other)
    tied = exists().where(
        caregiver.c.state == "confirmed",
        caregiver.c.resident_id.in_(pair),
        caregiver.c.caregiver_id.in_(pair),
    )
    return bool(session.value(select(or_(together, tied))))


def marks_of(session: Session, *, claim_ids: Sequence[int]) -> dict[int, list[Mark]]:
    """Return the marks of these claims, each that has any."""
    rows = session.all(
        select(confirmation)
        .where(confirmation.c.claim_id.in_(claim_ids))
        .order_by(confirmation.c.id)
    )
    found: dict[int, list[Mark]] = {}
    for row in rows:
        found.setdefault(row.claim_id, []).append(Mark(MarkKind(row.kind), row.marked_by))
    return found


def independent_marks() -> ColumnElement[int]:
    """A column over ``tables.claim``: how many independent marks a visit has, as the rule says."""
    mine = confirmation.c.claim_id == claim.c.id
    others = confirmation.c.marked_by != claim.c.volunteer_id
    home = exists().where(mine, others, confirmation.c.kind.in_([one.value for one in HOME]))
    door = exists().where(mine, confirmation.c.kind == MarkKind.DOOR_WORDS.value)
    staff = (
        select(func.count(distinct(confirmation.c.marked_by)))
        .where(mine, others, confirmation.c.kind == _STAFF)
        .correlate(claim)
        .scalar_subquery()
    )
    column: ColumnElement[int] = case((home, 1), else_=0) + case((door, 1), else_=0) + staff
    return column


def reported() -> ColumnElement[bool]:
    """A condition over ``tables.claim``: the helper was there, and said for how long."""
    return and_(claim.c.done_at.is_not(None), claim.c.minutes.is_not(None))


def minutes_count() -> ColumnElement[bool]:
    """A condition over ``tables.claim``: the minutes of this visit count."""
    return and_(reported(), independent_marks() >= MARKS_NEEDED)


def hours_of(
    session: Session, *, person_id: int, since: datetime | None = None, listed: int = LISTED_AT_MOST
) -> Hours:
    """Return what somebody gave, from ``since`` on: the sums, and the newest visits."""
    mine = and_(claim.c.volunteer_id == person_id, reported())
    if since is not None:
        mine = and_(mine, claim.c.done_at >= since)
    rows = session.all(_visits().where(mine).order_by(claim.c.done_at.desc(), claim.c.id.desc()))
    visits = [_visit(row) for row in rows]
    return Hours(
        counted=sum(one.minutes for one in visits if one.counted),
        awaiting=sum(one.minutes for one in visits if not one.counted),
        visits=tuple(visits[:listed]),
        long_days=_long_days(session, visits),
    )


def _visits() -> Select[Any]:
    return select(
        claim.c.id,
        claim.c.need_id,
        claim.c.done_at,
        claim.c.minutes,
        need.c.category,
        independent_marks().label("marks"),
    ).join(need, need.c.id == claim.c.need_id)


def _visit(row: Any) -> Visit:
    return Visit(
        claim_id=row.id,
        need_id=row.need_id,
        category=row.category,
        done_at=row.done_at,
        minutes=row.minutes,
        marks=row.marks,
        counted=row.marks >= MARKS_NEEDED,
    )


def _long_days(session: Session, visits: Sequence[Visit]) -> tuple[date, ...]:
    """The days on which more was reported than a day should hold."""
    given: dict[date, int] = {}
    for one in visits:
        day = session.house.local(one.done_at).date()
        given[day] = given.get(day, 0) + one.minutes
    ceiling = DAY_CEILING.total_seconds() / 60
    return tuple(sorted(day for day, minutes in given.items() if minutes > ceiling))


def awaiting(actor: Person, now: datetime) -> ColumnElement[bool]:
    """A condition over claim and need: a visit that is over, in sight, and lacks its second mark.

    Looked for no longer than ``AWAITED_FOR``: the list must not grow with the register.
    """
    return and_(
        claim.c.done_at >= now - AWAITED_FOR,
        claim.c.minutes.is_not(None),
        # While the home is still being asked nobody else need be.
        claim.c.state.in_(("confirmed", "released")),
        independent_marks() < MARKS_NEEDED,
        # Nobody confirms themselves, so their own do not wait for them.
        claim.c.volunteer_id != actor.id,
        seen_through(actor, need.c.resident_id),
    )


def count_awaiting(actor: Person, now: datetime) -> Select[int, Any]:
    """Count the visits that lack their second mark, and since when the oldest does."""
    return (
        select(func.count(), func.min(claim.c.done_at))
        .select_from(claim)
        .join(need, need.c.id == claim.c.need_id)
        .where(awaiting(actor, now))
    )
