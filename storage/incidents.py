"""Incidents: what the program could not do by itself, kept until somebody of the office says done.

A message to staff is read once and scrolls away; the row stays on the office's list.
"""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.tables import incident, person

UNDELIVERED, SET_ASIDE = "undelivered", "set_aside"


def note_incident(
    session: Session, *, now: datetime, kind: str, chat_id: int, thing_id: int
) -> None:
    """Write down a message that did not arrive, or an update set aside.

    One open row for each chat and kind: whoever cannot be reached is phoned once.
    """
    who = session.value(select(person.c.id).where(person.c.telegram_id == chat_id))
    row = {
        "kind": kind,
        "chat_id": chat_id,
        "person_id": who,
        "thing_id": thing_id,
        "at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            session.execute(insert(incident), row)
    except IntegrityError:
        return
