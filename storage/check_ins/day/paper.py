"""Calls on paper: an ending carries the day on which the call was made, not when it was typed."""

from datetime import UTC, date, datetime, time

from sqlalchemy import update

from storage.check_ins.cases import find_case
from storage.check_ins.together import list_ended_with
from storage.database import Session
from storage.journal import note
from storage.tables import check_in


def date_ending(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int, on: date
) -> None:
    """Give an ending that was just typed in its day; never one before the call was due."""
    case = find_case(session, check_in_id=check_in_id)
    if case is None or case.closed_at != now or on >= session.house.local(now).date():
        return
    others = list_ended_with(session, case)
    noon = datetime.combine(on, time(12), tzinfo=session.house.zone).astimezone(UTC)
    # What ended with it was due before it, and keeps the same moment.
    dated = session.change(
        update(check_in)
        .where(check_in.c.id.in_([case.id, *others]), check_in.c.closed_at == case.closed_at)
        .where(check_in.c.state == "closed", check_in.c.ended_by == actor_id)
        .values(closed_at=max(noon, case.due_at))
    )
    if dated:
        note(
            session,
            now=now,
            what="check_in_dated",
            actor_id=actor_id,
            subject_id=case.resident_id,
            thing="check_in",
            thing_id=case.id,
            detail=on.isoformat(),
        )
