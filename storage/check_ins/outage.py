"""After an outage: those on duty hear once, in one message, between when nothing went out."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.check_ins.missed import AT_ONCE, missed_calls, morning_after, say_missed, tell_each
from storage.database import Database, Session
from storage.due_rows import find_soonest
from storage.duty import list_duty
from storage.journal import note
from storage.outages import waits_until
from storage.refusals import Fact, TooLate
from storage.rules.lateness import Dropped, dropped_as
from storage.tables import outage, outbox


def tell_outages(database: Database, *, now: datetime) -> bool:
    """Tell those on duty what an outage that is over swallowed: once, all of it together."""
    with database.transaction() as session:
        rows = session.all(
            select(outage)
            .where(outage.c.next_step_at <= now)
            .order_by(outage.c.began)
            .with_for_update()
        )
        if not rows:
            return False
        # The program woke and the messenger is still away: one message when both are over.
        later = waits_until(session, now=now) or morning_after(session, now)
        if later is not None:
            _put_off(session, rows, until=later)
            return False
        _tell_outage(session, rows, now=now)
    return True


def next_outage_at(session: Session) -> datetime | None:
    """Return when an outage is to be told next."""
    return find_soonest(session, due=outage.c.next_step_at)


def _put_off(session: Session, rows: Sequence[Row[Any]], *, until: datetime) -> None:
    ids = [row.id for row in rows]
    session.change(update(outage).where(outage.c.id.in_(ids)).values(next_step_at=until))


def _tell_outage(session: Session, rows: Sequence[Row[Any]], *, now: datetime) -> None:
    began, ended = min(row.began for row in rows), max(row.ended for row in rows)
    missed = session.all(missed_calls().limit(AT_ONCE))
    dropped = _count_dropped(session, since=began, now=now)
    facts: dict[str, Fact] = {
        "began": began.isoformat(),
        "ended": ended.isoformat(),
        "asleep": any(row.kind == "asleep" for row in rows),
        "messenger": any(row.kind == "messenger" for row in rows),
        "kinds": list(dropped),
        "counts": [str(count) for count in dropped.values()],
    }
    _mark_told(session, rows, now=now, calls=len(missed), dropped=sum(dropped.values()))
    tell_each(session, missed, now=now, facts=facts, outage_id=rows[-1].id)
    if dropped and not missed:
        for one in list_duty(session, now=now, about=None):
            say_missed(session, now=now, to=one.id, rows=(), facts=facts, outage_id=rows[-1].id)


def _mark_told(
    session: Session, rows: Sequence[Row[Any]], *, now: datetime, calls: int, dropped: int
) -> None:
    for row in rows:
        marked = session.change(
            update(outage)
            .where(outage.c.id == row.id, outage.c.version == row.version)
            .where(outage.c.told_at.is_(None))
            .values(
                next_step_at=None,
                told_at=now,
                calls=calls,
                dropped=dropped,
                version=row.version + 1,
            )
        )
        if marked != 1:
            raise TooLate
        note(
            session,
            now=now,
            what="outage_told",
            actor_id=None,
            thing="outage",
            thing_id=row.id,
            ground=row.kind,
            detail=f"{row.began.isoformat()} to {row.ended.isoformat()}: {calls} calls",
        )


def _count_dropped(session: Session, *, since: datetime, now: datetime) -> Counter[Dropped]:
    """Count the messages that went out of date unsent, by what they were."""
    gone = select(outbox.c.template).where(
        outbox.c.facts.is_not(None), outbox.c.sent_at >= since, outbox.c.state == "expired"
    )
    going = select(outbox.c.template).where(outbox.c.state == "pending", outbox.c.expires_at < now)
    return Counter(dropped_as(row.template) for row in (*session.all(gone), *session.all(going)))
