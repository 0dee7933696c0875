"""Outages: measured by the heartbeats, written down, and what waits because of one.

Asleep: no call was started for minutes, so the program, or its machine, did not run. Messenger: the
program ran and nothing could be sent or read. Both end; what they swallowed is told by
storage/check_ins/missed.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.heartbeats import list_heartbeats
from storage.rules.lateness import Lateness, limit
from storage.tables import outage

# By whose heartbeat a sleep is measured: with this tick the reminders stand still.
CALLS = "calls"
# The heartbeat of the messenger: it was reached, by whatever call.
MESSENGER = "messenger"


class OutageKind(StrEnum):
    """What stood still."""

    ASLEEP = "asleep"
    MESSENGER = "messenger"


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which nothing went out; ``ended`` is empty while it lasts."""

    id: int
    kind: OutageKind
    began: datetime
    ended: datetime | None
    calls: int
    version: int


def note_outages(session: Session, *, now: datetime) -> None:
    """Write down what is over or has begun, by the heartbeats as they stand before this tick."""
    beats = list_heartbeats(session)
    _note_sleep(session, beats, now=now)
    _note_messenger(session, beats, now=now)


def _note_sleep(session: Session, beats: Mapping[str, datetime], *, now: datetime) -> None:
    last = beats.get(CALLS)
    if last is None or now - last <= limit(Lateness.TICK):
        return
    _insert(session, kind=OutageKind.ASLEEP, began=last, ended=now)


def _note_messenger(session: Session, beats: Mapping[str, datetime], *, now: datetime) -> None:
    reached = beats.get(MESSENGER)
    if reached is None:
        return
    lasting = find_lasting(session)
    if lasting is not None:
        if reached > lasting.began:
            _end(session, lasting, now=now)
        return
    ticked = beats.get(CALLS)
    if ticked is None or now - ticked > limit(Lateness.MESSENGER) + limit(Lateness.SETTLING):
        # Nothing ran, so nobody has tried yet; the next tick knows more.
        return
    woke = session.value(
        select(outage.c.ended)
        .where(outage.c.kind == OutageKind.ASLEEP.value)
        .order_by(outage.c.id.desc())
        .limit(1)
    )
    since = max(reached, woke) if woke is not None else reached
    if now - since > limit(Lateness.MESSENGER):
        _insert(session, kind=OutageKind.MESSENGER, began=since, ended=None)


def _insert(session: Session, *, kind: OutageKind, began: datetime, ended: datetime | None) -> None:
    row = {
        "kind": kind.value,
        "began": began,
        "ended": ended,
        "next_step_at": ended + limit(Lateness.SETTLING) if ended else None,
        "calls": 0,
        "dropped": 0,
        "version": 1,
    }
    try:
        with session.savepoint():
            session.execute(insert(outage), row)
    except IntegrityError:
        # Another process, or the clock set back: it is known.
        return


def _end(session: Session, one: Outage, *, now: datetime) -> None:
    session.change(
        update(outage)
        .where(outage.c.id == one.id, outage.c.ended.is_(None))
        .values(ended=now, next_step_at=now + limit(Lateness.SETTLING), version=one.version + 1)
    )


def find_lasting(session: Session) -> Outage | None:
    """Return the time without a messenger that is not over."""
    row = session.find(
        select(outage).where(outage.c.ended.is_(None), outage.c.kind == OutageKind.MESSENGER.value)
    )
    if row is None:
        return None
    return Outage(row.id, OutageKind(row.kind), row.began, None, row.calls, row.version)


def waits_until(session: Session, *, now: datetime) -> datetime | None:
    """Until when open cases wait: nobody can be written to, or what people sent is being read.

    None at all other times. An alarm waits for nothing.
    """
    if find_lasting(session) is not None:
        return now + limit(Lateness.LOOK_AGAIN)
    ended: datetime | None = session.value(
        select(outage.c.ended)
        .where(outage.c.ended.is_not(None))
        .order_by(outage.c.id.desc())
        .limit(1)
    )
    if ended is None or ended > now:
        return None
    settled = ended + limit(Lateness.SETTLING)
    if settled > now:
        return settled
    if ended + limit(Lateness.TICK) > now and _is_unreached(session, since=ended):
        # Awake again, but the messenger has not answered yet; soon it counts as away.
        return now + limit(Lateness.SETTLING)
    return None


def _is_unreached(session: Session, *, since: datetime) -> bool:
    reached = list_heartbeats(session).get(MESSENGER)
    return reached is not None and reached < since


def fell_into_outage(session: Session, *, due: datetime) -> bool:
    """Whether this moment lies in a time in which nothing went out."""
    found = session.find(
        select(outage.c.id)
        .where(outage.c.began <= due, or_(outage.c.ended.is_(None), outage.c.ended >= due))
        .limit(1)
    )
    return found is not None


def list_outages(session: Session, *, since: datetime) -> tuple[Outage, ...]:
    """Return the times without a word since a moment, newest first; one that lasts included."""
    rows = session.all(
        select(outage)
        .where(or_(outage.c.ended.is_(None), outage.c.ended >= since))
        .order_by(outage.c.id.desc())
    )
    return tuple(
        Outage(row.id, OutageKind(row.kind), row.began, row.ended, row.calls, row.version)
        for row in rows
    )
