"""A need whose time is over climbs to the next owner; at the office it comes back until settled.

Nothing is closed here: only people settle a need. What is not due is not read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage.database import Database, Session
from storage.due_rows import find_soonest
from storage.journal import note
from storage.needs.overdue.late import tell_owners
from storage.owners import due, find_owner
from storage.pausing import find_pause
from storage.rules.areas import Urgency
from storage.rules.limits import Level, levels_above, limit_at
from storage.tables import climb, need

# So many climb in one transaction: nobody's press waits for a whole backlog.
AT_ONCE = 100
# How often a need is looked at whose person is away until further notice.
LOOK_AGAIN = timedelta(days=1)


def climb_needs(database: Database, *, now: datetime) -> bool:
    """Let needs whose time is over climb; then tell each new owner once, of all of them.

    Returns whether there may be more.
    """
    with database.transaction() as session:
        rows = _due(session, now=now)
        for row in rows:
            _climb(session, row, now=now)
        return bool(rows) or tell_owners(session, now=now)


def next_climb_at(session: Session) -> datetime | None:
    """Return when the next need climbs, or None."""
    return find_soonest(session, due=need.c.due_at)


def _due(session: Session, *, now: datetime) -> Sequence[Row[Any]]:
    return session.all(
        select(
            need.c.id,
            need.c.version,
            need.c.state,
            need.c.level,
            need.c.urgency,
            need.c.due_at,
            need.c.resident_id,
            need.c.community_id,
            need.c.action,
        )
        .where(need.c.due_at <= now)
        .order_by(need.c.due_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _climb(session: Session, row: Row[Any], *, now: datetime) -> None:
    """One level up, from now on: however long the programme slept, nothing skips a level.

    Of somebody who is away nothing is late; the time goes on when they are back.
    """
    away = find_pause(session, person_id=row.resident_id)
    if away is not None and away.holds(now):
        _change(session, row, due_at=away.until or now + LOOK_AGAIN)
        return
    urgency, missed_by = Urgency(row.urgency), Level(row.level)
    above = levels_above(missed_by) or (Level.OFFICE,)
    owner = find_owner(
        session, level=above[0], community_id=row.community_id, action_key=row.action
    )
    changed = _change(
        session,
        row,
        level=owner.level.value,
        owner_id=owner.organisation_id,
        due_at=due(session, limit_at(owner.level, urgency), urgency=urgency, start=now),
        overdue_at=func.coalesce(need.c.overdue_at, row.due_at),
    )
    if changed != 1:
        return
    values = {"need_id": row.id, "state": row.state, "missed_by": row.level}
    values |= {"level": owner.level.value, "due_at": row.due_at, "at": now}
    session.execute(insert(climb), values)
    note(
        session,
        now=now,
        what="need_climbed",
        actor_id=None,
        subject_id=row.resident_id,
        thing="need",
        thing_id=row.id,
        ground=f"{row.state} too long",
        detail=f"{row.level} {owner.level.value}",
    )


def _change(session: Session, row: Row[Any], **values: Any) -> int:
    """Change the need, if it still stands as it was read; its buttons stay good."""
    return session.change(
        update(need)
        .where(need.c.id == row.id, need.c.version == row.version)
        .where(need.c.state == row.state, need.c.due_at == row.due_at)
        .values(**values)
    )
