"""Thanks: when a caller's round of the day is done, once, warmly, without any count."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.outbox import MessageClass, say
from storage.tables import call_day, check_in, check_in_plan, person

# The last answer can still be taken back until then, and the form is filled.
THANKED_AFTER = timedelta(minutes=15)
# One call has been thanked for on its own card.
WORTH_THANKS = 2


def plan_thanks(session: Session, *, now: datetime, caller_id: int) -> None:
    """After an answer: plan the thanks when nothing of today is left, or put them off."""
    begins, ends = _day(session, now)
    worth = _done(session, caller_id, begins, ends) >= WORTH_THANKS
    due = now + THANKED_AFTER if worth and not _left(session, caller_id, ends) else None
    day = session.house.local(now).date()
    changed = session.change(
        update(call_day)
        .where(call_day.c.caller_id == caller_id, call_day.c.day == day)
        .where(call_day.c.thanked_at.is_(None))
        .values(thanks_at=due)
    )
    if changed == 0 and due is not None:
        row = {"caller_id": caller_id, "day": day, "thanks_at": due, "thanked_at": None}
        try:
            with session.savepoint():
                session.execute(insert(call_day), row)
        except IntegrityError:
            # Thanked already today.
            return


def thank_callers(database: Database, *, now: datetime) -> bool:
    """Thank one caller whose round is done; returns whether there may be more."""
    return move_oldest(database, _end_day, now=now, due=call_day.c.thanks_at)


def _end_day(session: Session, row: Row[Any], *, now: datetime) -> None:
    begins, ends = _day(session, row.thanks_at)
    is_done = not _left(session, row.caller_id, ends)
    session.change(
        update(call_day)
        .where(call_day.c.id == row.id, call_day.c.thanked_at.is_(None))
        .values(thanks_at=None, thanked_at=now if is_done else None)
    )
    # "Today" would be wrong in the morning, when the quiet hours let it through.
    if is_done and not session.house.quiet.covers(session.house.local(now)):
        _thank(session, row.id, row.caller_id, begins, ends, now=now)


def next_thanks_at(session: Session) -> datetime | None:
    """Return when the next caller is thanked."""
    return find_soonest(session, due=call_day.c.thanks_at)


def _thank(
    session: Session,
    day_id: int,
    caller_id: int,
    begins: datetime,
    ends: datetime,
    *,
    now: datetime,
) -> None:
    rows = session.all(
        select(person.c.name)
        .join(check_in, check_in.c.resident_id == person.c.id)
        .where(check_in.c.caller_id == caller_id, check_in.c.ended_by == caller_id)
        .where(check_in.c.due_at >= begins, check_in.c.due_at < ends)
        .group_by(person.c.id, person.c.name)
        .order_by(func.min(check_in.c.closed_at))
        .limit(3)
    )
    say(
        session,
        now=now,
        to=caller_id,
        key=f"call_day:{day_id}:thanks",
        template="call_day_thanks",
        message_class=MessageClass.INFO,
        facts={"names": [row.name for row in rows]},
    )


def _day(session: Session, now: datetime) -> tuple[datetime, datetime]:
    local = session.house.local(now)
    begins = datetime.combine(local.date(), time(0), tzinfo=local.tzinfo)
    return begins, begins + timedelta(days=1)


def _done(session: Session, caller_id: int, begins: datetime, ends: datetime) -> int:
    return int(
        session.value(
            select(func.count())
            .select_from(check_in)
            .where(check_in.c.caller_id == caller_id, check_in.c.ended_by == caller_id)
            .where(check_in.c.due_at >= begins, check_in.c.due_at < ends)
        )
        or 0
    )


def _left(session: Session, caller_id: int, ends: datetime) -> bool:
    """Whether something of today is still to be done: an open call, or one that comes later."""
    is_open = select(check_in.c.id).where(
        check_in.c.caller_id == caller_id, check_in.c.next_step_at.is_not(None)
    )
    comes = select(check_in_plan.c.id).where(
        check_in_plan.c.caller_id == caller_id,
        check_in_plan.c.state == "active",
        check_in_plan.c.next_due_at < ends,
    )
    return session.find(is_open.limit(1)) is not None or session.find(comes.limit(1)) is not None
