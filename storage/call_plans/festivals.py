"""Festival days are proposed to the office some days before, once each; one press declares them."""

from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.duty import tell_duty
from storage.outbox import Button, MessageClass
from storage.rules.days import DAYS
from storage.rules.sending import WORK_ENDS, WORK_STARTS
from storage.rules.tiers import FESTIVALS_BY_DATE, LUNAR, PROPOSED_BEFORE
from storage.tables import day_reminder, heartbeat

TICK = "festivals"
_DAY = timedelta(days=1)


def next_festival(today: date) -> tuple[str, date] | None:
    """The nearest festival from today on, and its date."""
    by_date = [(day.key, day.next_held(today)) for day in DAYS if day.key in FESTIVALS_BY_DATE]
    lunar = [(key, one) for key, dates in LUNAR.items() for one in dates if one >= today]
    return min([*by_date, *lunar], key=lambda pair: pair[1], default=None)


def find_festival(key: str, today: date) -> date | None:
    """When a festival is held next."""
    if key in LUNAR:
        return next((one for one in LUNAR[key] if one >= today), None)
    found = (day for day in DAYS if day.key == key and key in FESTIVALS_BY_DATE)
    return next((day.next_held(today) for day in found), None)


def propose_festivals(database: Database, *, now: datetime) -> bool:
    """Propose a round for a festival that is near; returns whether there may be more."""
    with database.transaction() as session:
        local = session.house.local(now)
        near = next_festival(local.date())
        working = WORK_STARTS <= local.time().replace(tzinfo=None) < WORK_ENDS
        if near is None or not working or (near[1] - local.date()).days > PROPOSED_BEFORE:
            return False
        key, held_on = near
        if not _is_first(session, key=key, held_on=held_on, now=now):
            return False
        tell_duty(
            session,
            now=now,
            key=f"festival:{key}:{held_on}",
            template="extra_festival",
            message_class=MessageClass.MUST,
            facts={"day": key, "date": f"{held_on}T12:00:00"},
            about=None,
            buttons=[[Button("extra.festival", f"extra:festival:0:0:{key}")]],
        )
    return True


def next_proposal_at(session: Session) -> datetime | None:
    """Return when the next festival is proposed, seen from when this tick last ran."""
    seen: datetime | None = session.value(
        select(heartbeat.c.ran_at).where(heartbeat.c.name == TICK)
    )
    if seen is None:
        return None
    local = session.house.local(seen)
    day = local.date()
    for _ in range(3):
        near = next_festival(day)
        if near is None:
            return None
        proposed = near[1] - _DAY * PROPOSED_BEFORE
        moment = datetime.combine(proposed, WORK_STARTS, tzinfo=local.tzinfo)
        if moment > local:
            return moment
        day = near[1] + _DAY
    return None


def _is_first(session: Session, *, key: str, held_on: date, now: datetime) -> bool:
    """Whether nobody was told yet: the row beside the reminders of days says so."""
    row = {
        "day": key,
        "held_on": held_on,
        # Reminders go out 30, 14, 7 and 1 days before: this number is the proposal's own.
        "lead": PROPOSED_BEFORE,
        "state": "sent",
        "last_person_id": 0,
        "told": 0,
        "started_at": now,
    }
    known = select(day_reminder.c.id).where(
        day_reminder.c.day == key,
        day_reminder.c.held_on == held_on,
        day_reminder.c.lead == PROPOSED_BEFORE,
    )
    if session.find(known) is not None:
        return False
    try:
        with session.savepoint():
            session.execute(insert(day_reminder).values(**row))
    except IntegrityError:
        return False
    return True
