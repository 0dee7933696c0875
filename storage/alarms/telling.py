"""News of an alarm for the others on duty, and its lines in the journal."""

from datetime import datetime

from storage.alarms.rows import Alarm, Facts
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass


def tell_others(
    session: Session,
    row: Alarm,
    *,
    now: datetime,
    actor_id: int,
    template: str,
    facts: Facts,
) -> None:
    """Tell everyone else who was rung what somebody has just done."""
    tell_duty(
        session,
        now=now,
        key=f"alarm:{row.id}:{template}:{row.version}",
        template=template,
        message_class=MessageClass.ALARM,
        facts=facts,
        card=row.card,
        about=row.person_id,
        without=actor_id,
        everyone=row.rings > 1,
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
