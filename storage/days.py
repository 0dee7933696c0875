"""Days: the reminder of a commemorative day goes through its audience by batches, once each."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.rules.days import DAYS, Reminder, next_reminder_at, reminders_due
from storage.tables import day_reminder, heartbeat, person, role

# One transaction holds the writer for a few tens of milliseconds at this size.
BATCH = 200
# An outage delays a reminder by so many days at most; later the next one is near enough.
LATE_BY_DAYS = 3
TICK = "days"


def send_day_reminders(database: Database, *, now: datetime) -> bool:
    """Queue one batch of a reminder that is due; returns whether there may be more."""
    with database.transaction() as session:
        running = _find_running(session)
        if running is None:
            return _start_next(session, now=now)
        _send_batch(session, running, now=now)
    return True


def next_day_reminder_at(session: Session) -> datetime | None:
    """Return when the next reminder comes due, seen from when this tick last ran."""
    running = _find_running(session)
    if running is not None:
        moment: datetime = running.started_at
        return moment
    seen: datetime | None = session.value(
        select(heartbeat.c.ran_at).where(heartbeat.c.name == TICK)
    )
    return next_reminder_at(session.house.local(seen)) if seen is not None else None


def _find_running(session: Session) -> Row[Any] | None:
    return session.find(
        select(day_reminder)
        .where(day_reminder.c.state == "running")
        .order_by(day_reminder.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _start_next(session: Session, *, now: datetime) -> bool:
    """Start the first due reminder that was never started: the constraint says once."""
    due = (one for one in reminders_due(session.house.local(now)) if _is_timely(one))
    fresh = next((one for one in due if not _is_known(session, one)), None)
    if fresh is None:
        return False
    try:
        with session.savepoint():
            session.execute(
                insert(day_reminder).values(
                    day=fresh.day.key,
                    held_on=fresh.held_on,
                    lead=fresh.lead,
                    state="running",
                    last_person_id=0,
                    told=0,
                    started_at=now,
                )
            )
    except IntegrityError:
        return True  # another worker started it between the look and the insert
    note(session, now=now, what="day_reminder_started", actor_id=None, detail=fresh.day.key)
    return True


def _is_timely(reminder: Reminder) -> bool:
    return reminder.days_left > 0 and reminder.lead - reminder.days_left <= LATE_BY_DAYS


def _is_known(session: Session, reminder: Reminder) -> bool:
    known = select(day_reminder.c.id).where(
        day_reminder.c.day == reminder.day.key,
        day_reminder.c.held_on == reminder.held_on,
        day_reminder.c.lead == reminder.lead,
    )
    return session.find(known) is not None


def _send_batch(session: Session, running: Row[Any], *, now: datetime) -> None:
    day = next((day for day in DAYS if day.key == running.day), None)
    left = (running.held_on - session.house.local(now).date()).days
    if day is None or left < 1:
        # The data no longer has it, or an outage in mid-run outlasted the day itself.
        _move_on(session, running, state="skipped", cursor=running.last_person_id, told=0)
        return
    people = _next_people(session, audience=day.audience, after=running.last_person_id)
    for one in people:
        say(
            session,
            now=now,
            to=one,
            key=f"day:{running.day}:{running.held_on}:{running.lead}:{one}",
            template="day_reminder",
            message_class=MessageClass.INFO,
            facts={
                "day": running.day,
                "date": f"{running.held_on}T12:00:00",
                "left": left,
                "ordinal": day.ordinal(running.held_on),
            },
            buttons=[[Button("days.off", "days:off:0:0")]],
            card="days",
        )
    _move_on(
        session,
        running,
        state="running" if len(people) == BATCH else "sent",
        cursor=people[-1] if people else running.last_person_id,
        told=len(people),
    )


def _next_people(session: Session, *, audience: tuple[str, ...], after: int) -> list[int]:
    """The next people of the audience by id; each once, whatever their roles."""
    rows = session.all(
        select(person.c.id)
        .join(role, role.c.person_id == person.c.id)
        .where(role.c.kind.in_(audience), role.c.state == "approved")
        .where(person.c.day_reminders, person.c.telegram_id.is_not(None), person.c.id > after)
        .distinct()
        .order_by(person.c.id)
        .limit(BATCH)
    )
    return [row.id for row in rows]


def _move_on(session: Session, running: Row[Any], *, state: str, cursor: int, told: int) -> None:
    session.change(
        update(day_reminder)
        .where(day_reminder.c.id == running.id, day_reminder.c.state == "running")
        .where(day_reminder.c.last_person_id == running.last_person_id)
        .values(state=state, last_person_id=cursor, told=day_reminder.c.told + told)
    )
