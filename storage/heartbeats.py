"""Heartbeats: when each tick last ran to its end."""

from datetime import datetime

from sqlalchemy import select, update

from storage.database import Session
from storage.tables import heartbeat


def beat(session: Session, *, name: str, now: datetime) -> None:
    """Note that a tick ran."""
    changed = session.change(update(heartbeat).where(heartbeat.c.name == name).values(ran_at=now))
    if not changed:
        session.execute(heartbeat.insert(), {"name": name, "ran_at": now})


def list_heartbeats(session: Session) -> dict[str, datetime]:
    """Return when each tick last ran."""
    return {row.name: row.ran_at for row in session.all(select(heartbeat))}
