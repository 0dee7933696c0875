"""News of an alarm for the others on duty, and its lines in the journal."""

from datetime import datetime

from storage.alarms.rows import Alarm, Facts
from storage.alarms.shown import was_shown
from storage.database import Session
from storage.duty import list_duty
from storage.journal import note
from storage.outbox import MessageClass, say


def tell_others(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    actor_id: int,
    template: str,
    facts: Facts,
) -> None:
    """Tell everyone else who was rung what somebody has just done.

    For want of others whoever is kept apart from the person was rung perhaps, or knows nothing.
    """
    duty = list_duty(
        session,
        now=now,
        about=row.person_id,
        without=actor_id,
        everyone=row.rings > 1,
        even_apart=True,
    )
    for one in duty:
        if one.apart and not was_shown(session, row, person_id=one.id):
            continue
        say(
            session,
            now=now,
            to=one.id,
            key=f"alarm:{row.id}:{template}:{row.version}:{one.id}",
            template=template,
            message_class=MessageClass.ALARM,
            facts=facts,
            card=row.card,
        )


def note_alarm(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    what: str,
    actor_id: int,
    detail: str = "",
) -> None:
    """Write down what somebody on duty did with the alarm."""
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=row.person_id,
        thing="alarm",
        thing_id=row.id,
        ground="duty",
        detail=detail,
    )
