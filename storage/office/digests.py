"""The Monday digest: to each of the office's people once a week, or after an outage not at all."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.duty import list_duty
from storage.office.figures import figure_facts
from storage.office.waiting import desk_buttons, desk_facts, list_waiting
from storage.outbox import MessageClass, say
from storage.people import get_person
from storage.rules import weeks
from storage.tables import digest, heartbeat, person, role

TICK = "digests"


def send_digests(database: Database, *, now: datetime) -> bool:
    """Queue the digest for one who has not had this week's; returns whether there may be more."""
    local = database.house.local(now)
    monday = weeks.digest_due(local)
    if monday is None:
        return False
    with database.transaction() as session:
        one = _next(session, week=monday)
        if one is None:
            return False
        try:
            with session.savepoint():
                row = {"person_id": one.id, "week": monday, "queued_at": now}
                session.execute(insert(digest), row)
        except IntegrityError:
            return True  # another worker was first
        _say(session, now=now, person_id=one.id, week=f"{monday}")
    return True


def next_digest_at(session: Session) -> datetime | None:
    """Return when the next digest falls due, seen from when this tick last ran."""
    seen: datetime | None = session.value(
        select(heartbeat.c.ran_at).where(heartbeat.c.name == TICK)
    )
    return weeks.next_digest_at(session.house.local(seen)) if seen is not None else None


def _next(session: Session, *, week: object) -> Row[Any] | None:
    return session.find(
        select(person.c.id)
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(digest, and_(digest.c.person_id == person.c.id, digest.c.week == week))
        .where(role.c.kind == "coordinator", role.c.state == "approved")
        .where(person.c.telegram_id.is_not(None), digest.c.person_id.is_(None))
        .order_by(person.c.id)
        .limit(1)
    )


def _say(session: Session, *, now: datetime, person_id: int, week: str) -> None:
    actor = get_person(session, person_id=person_id)
    waiting = list_waiting(session, now=now, actor=actor)
    say(
        session,
        now=now,
        to=actor.id,
        key=f"digest:{week}:{actor.id}",
        template="digest",
        message_class=MessageClass.INFO,
        facts={
            "name": actor.name,
            "duty": [one.name for one in list_duty(session, now=now, about=None)],
            **desk_facts(waiting),
            **figure_facts(session, now=now, actor=actor, whole=True),
        },
        buttons=desk_buttons(waiting),
        card="office",
        shelf=weeks.digest_ends(session.house.local(now)) - session.house.local(now),
    )
