"""Heartbeats: when each tick last ran to its end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.tables import heartbeat


def beat(session: Session, *, names: Sequence[str], now: datetime) -> None:
    """Note that these ticks ran."""
    for name in names:
        here = update(heartbeat).where(heartbeat.c.name == name)
        if not session.change(here.values(ran_at=now)):
            session.execute(heartbeat.insert(), {"name": name, "ran_at": now})


def list_heartbeats(session: Session) -> dict[str, datetime]:
    """Return when each tick last ran."""
    return {row.name: row.ran_at for row in session.all(select(heartbeat))}
