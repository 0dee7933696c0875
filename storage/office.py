"""The office's desk: how much waits for a coordinator's hand."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from storage.database import Session
from storage.people import Person
from storage.refusals import NotAllowed
from storage.tables import alarm, caregiver, chat, check_in, need, person, role


@dataclass(frozen=True, slots=True)
class Desk:
    """Counts of what waits."""

    applicants: int
    ties: int
    unclaimed_needs: int
    open_alarms: int
    open_check_ins: int


def look_at_desk(session: Session, *, actor: Person) -> Desk:
    """Count what waits for the office."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    answers = exists().where(
        person.c.id == caregiver.c.resident_id,
        chat.c.id == person.c.telegram_id,
        chat.c.reachable,
    )
    counts = {
        "applicants": select(func.count()).where(
            role.c.kind == "volunteer", role.c.state == "waiting"
        ),
        "ties": select(func.count()).where(caregiver.c.state == "asked", ~answers),
        "unclaimed_needs": select(func.count()).where(need.c.state == "unclaimed"),
        "open_alarms": select(func.count()).where(alarm.c.state != "closed"),
        "open_check_ins": select(func.count()).where(check_in.c.state == "open"),
    }
    return Desk(**{name: int(session.value(counted)) for name, counted in counts.items()})
