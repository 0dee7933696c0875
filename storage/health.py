"""How the system does, in numbers alone: when each tick ran, what waits, what is open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Session
from storage.heartbeats import list_heartbeats
from storage.inbox import count_waiting
from storage.outages import MESSENGER, find_lasting
from storage.outbox.leasing import PENDING, count_unsent
from storage.rules.lateness import Lateness, limit
from storage.tables import alarm, check_in, check_in_plan, outbox

# More than this are no matter of single plans: then the calls' tick itself is late.
UNSTARTED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Health:
    """Counts and moments; nothing that belongs to a person."""

    ticks: dict[str, datetime]
    messenger_at: datetime | None
    messenger_away_since: datetime | None
    outbox: int
    outbox_oldest: datetime | None
    inbox: int
    alarms: int
    alarms_unheld: int
    cases: int
    unstarted: int


def read_health(session: Session, *, now: datetime) -> Health:
    """Read it; cheap enough to be asked every few seconds."""
    ticks = list_heartbeats(session)
    messenger = ticks.pop(MESSENGER, None)
    lasting = find_lasting(session)
    alarms = session.all(
        select(alarm.c.state, func.count().label("many"))
        .where(alarm.c.next_step_at.is_not(None))
        .group_by(alarm.c.state)
    )
    return Health(
        ticks=ticks,
        messenger_at=messenger,
        messenger_away_since=lasting.began if lasting else None,
        outbox=count_unsent(session, now=now),
        outbox_oldest=session.value(
            select(func.min(outbox.c.not_before)).where(
                outbox.c.state == PENDING, outbox.c.not_before <= now
            )
        ),
        inbox=count_waiting(session),
        alarms=sum(row.many for row in alarms),
        alarms_unheld=sum(row.many for row in alarms if row.state != "held"),
        cases=int(
            session.value(
                select(func.count())
                .select_from(check_in)
                .where(check_in.c.next_step_at.is_not(None))
            )
            or 0
        ),
        unstarted=len(list_unstarted(session, now=now)),
    )


def list_unstarted(session: Session, *, now: datetime) -> list[int]:
    """Return the plans whose call is due and was not begun, though calls are begun each minute."""
    rows = session.all(
        select(check_in_plan.c.id)
        .where(check_in_plan.c.next_due_at <= now - limit(Lateness.TICK))
        .order_by(check_in_plan.c.next_due_at)
        .limit(UNSTARTED_SHOWN)
    )
    return [row.id for row in rows]
