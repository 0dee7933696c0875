"""Heartbeats: when each tick last ran to its end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.tables import heartbeat

# Before the name of a tick of which a row fails: put off each minute, it would be seen nowhere.
FAILED = "failed:"


def beat(session: Session, *, names: Sequence[str], now: datetime) -> None:
    """Note that these ticks ran, each named once."""
    here = update(heartbeat).where(heartbeat.c.name.in_(names))
    if session.change(here.values(ran_at=now)) < len(names):
        known = list_heartbeats(session)
        new = [{"name": name, "ran_at": now} for name in names if name not in known]
        if new:
            session.execute(heartbeat.insert(), new)


def list_heartbeats(session: Session) -> dict[str, datetime]:
    """Return when each tick last ran."""
    return {row.name: row.ran_at for row in session.all(select(heartbeat))}
