"""Kept apart: two people whom nothing brings together, while one ground for it stands.

Nobody is told by this that they are kept apart, and from whom: matching passes over them quietly.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    insert,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.tables import apart, complaint, pair


class Ground(StrEnum):
    """Why: one said that something went wrong, or one wants the other no more."""

    REPORT = "report"
    RESIDENT = "resident"
    HELPER = "helper"


# Word for word the condition of the indexes: SQLite uses them for nothing else.
_STANDS = text("lifted_at IS NULL")
_GRAVE = select(complaint.c.reported_id).where(
    complaint.c.reported_id.is_not(None), complaint.c.serious, text("due_at IS NOT NULL")
)
_FROM = union_all(
    select(apart.c.other_id.label("who")).where(apart.c.one_id == bindparam("me"), _STANDS),
    select(apart.c.one_id.label("who")).where(apart.c.other_id == bindparam("me"), _STANDS),
)


def keep_apart(
    session: Session, *, now: datetime, one: int, other: int, ground: Ground, by: int | None
) -> bool:
    """Keep two people apart from now on; False when they already were, on this ground."""
    low, high = sorted((one, other))
    row = {"one_id": low, "other_id": high, "ground": ground.value, "by_id": by, "created_at": now}
    if _find(session, low, high, ground):
        return False
    try:
        with session.savepoint():
            session.execute(insert(apart), row)
    except IntegrityError:
        return False
    # Whoever is paired is so no more: the step of the pairs sees it at once.
    session.change(
        update(pair)
        .where(
            or_(
                and_(pair.c.resident_id == one, pair.c.helper_id == other),
                and_(pair.c.resident_id == other, pair.c.helper_id == one),
            ),
            text("due_at IS NOT NULL"),
        )
        .values(due_at=now)
    )
    _note(session, now, "kept_apart", by=by, one=low, other=high, ground=ground)
    return True


def let_meet(
    session: Session, *, now: datetime, one: int, other: int, ground: Ground, by: int | None
) -> bool:
    """Lift one ground; another one that stands beside it still keeps them apart."""
    lifted = session.change(
        update(apart)
        .where(_pair(one, other), apart.c.ground == ground.value, _STANDS)
        .values(lifted_at=now)
    )
    if lifted:
        _note(session, now, "let_meet", by=by, one=one, other=other, ground=ground)
    return bool(lifted)


def are_apart(session: Session, one: int, other: int) -> bool:
    """Whether anything keeps these two apart."""
    return session.find(select(apart.c.id).where(_pair(one, other), _STANDS).limit(1)) is not None


def apart_from(session: Session, person_id: int) -> frozenset[int]:
    """Everybody from whom this person is kept apart."""
    return frozenset(session.execute(_FROM, {"me": person_id}).scalars())


def held_back(session: Session) -> frozenset[int]:
    """Of whom something grave was said that is not looked into yet: they are sent nowhere."""
    return frozenset(session.execute(_GRAVE).scalars())


def may_they_meet(session: Session, *, helper_id: int, person_id: int) -> bool:
    """Whether a helper may be brought to somebody."""
    return not are_apart(session, helper_id, person_id) and helper_id not in held_back(session)


def _find(session: Session, one: int, other: int, ground: Ground) -> bool:
    standing = select(apart.c.id).where(_pair(one, other), apart.c.ground == ground.value, _STANDS)
    return session.find(standing) is not None


def _pair(one: int, other: int) -> ColumnElement[bool]:
    return or_(
        and_(apart.c.one_id == one, apart.c.other_id == other),
        and_(apart.c.one_id == other, apart.c.other_id == one),
    )


def _note(
    session: Session,
    now: datetime,
    what: str,
    *,
    by: int | None,
    one: int,
    other: int,
    ground: Ground,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=by,
        subject_id=one,
        thing="person",
        thing_id=other,
        ground=ground.value,
    )
