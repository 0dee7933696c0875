"""What others know of ties: whose are seen by whom, which are overdue, and their rhythm.

A child's tie with a school is known to that school and the office alone (2020-116, part 3 (三)).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, update

from storage.database import Session
from storage.people import Person
from storage.rules.pairs import ASK_EVERY, Kind
from storage.rules.ties import find_next_on
from storage.scope import seen_through
from storage.tables import organisation, pair, tie


def seen_ties(actor: Person) -> ColumnElement[bool]:
    """Condition over pairs: those that a member of staff sees."""
    if actor.scope is None:
        return false()
    through = seen_through(actor, pair.c.resident_id)
    if actor.is_office:
        return through
    below = select(organisation.c.id).where(
        organisation.c.path.startswith(actor.scope, autoescape=True)
    )
    organised = select(tie.c.pair_id).where(tie.c.organiser_id.in_(below))
    return or_(
        and_(pair.c.kind != Kind.STUDY.value, through),
        pair.c.organisation_id.in_(below),
        pair.c.id.in_(organised),
    )


def kept_ties(actor: Person) -> ColumnElement[bool]:
    """Condition over pairs: those that a member of staff looks after, as ``check_keeps`` has it.

    An organisation sees its own ties, and decides nothing of what is said against it, unless it
    was one of its staff who made the tie.
    """
    if actor.scope is None:
        return false()
    through = seen_through(actor, pair.c.resident_id)
    if actor.is_office:
        return through
    place = actor.organisation_id or 0
    return or_(
        and_(pair.c.kind != Kind.STUDY.value, through),
        pair.c.id.in_(select(tie.c.pair_id).where(tie.c.organiser_id == place)),
        and_(pair.c.keeper_id == actor.id, pair.c.organisation_id == place),
    )


def overdue_ties(actor: Person, today: date) -> Sequence[ColumnElement[bool]]:
    """Conditions over ties and their pairs: an institution should have come by now."""
    return (
        # Word for word the condition of the index, and then the day.
        tie.c.next_on.is_not(None),
        tie.c.next_on < today,
        pair.c.id == tie.c.pair_id,
        pair.c.state.in_(("active", "dormant")),
        seen_ties(actor),
    )


def count_overdue(actor: Person, now: datetime) -> Select[int, Any]:
    """How many ties are overdue, and since when the oldest is due."""
    return (
        select(func.count(), func.min(tie.c.next_on))
        .select_from(tie)
        .where(*overdue_ties(actor, now.date()))
    )


def keep_rhythm(
    session: Session, *, now: datetime, organisation_id: int, person_id: int, on: date
) -> None:
    """An institution was with somebody on a day: its tie with them is awake, and due again.

    A visit of long ago, written down late, moves nothing back.
    """
    rows = session.all(
        select(pair.c.id, pair.c.frequency, tie.c.next_on)
        .join(tie, tie.c.pair_id == pair.c.id)
        .where(pair.c.organisation_id == organisation_id, pair.c.resident_id == person_id)
        .where(pair.c.state.in_(("active", "dormant")))
    )
    for row in rows:
        following = find_next_on(on, row.frequency)
        if following is not None and (row.next_on is None or following > row.next_on):
            session.change(update(tie).where(tie.c.pair_id == row.id).values(next_on=following))
        session.change(
            update(pair)
            .where(pair.c.id == row.id, pair.c.state.in_(("active", "dormant")))
            .values(
                state="active",
                asked=0,
                sign_at=now,
                due_at=now + ASK_EVERY,
                version=pair.c.version + 1,
            )
        )
