"""When the next visit of a service is made, and the one way in which a service moves on."""

from datetime import date, datetime, timedelta

from sqlalchemy import update

from storage.database import Session
from storage.journal import note
from storage.needs.series.cards import Series
from storage.needs.series.refusals import SeriesOver
from storage.tables import need_series

# Time enough to find somebody, near enough that nobody forgets that they said yes.
AHEAD = timedelta(days=14)
DAY = timedelta(days=1)


def due_at(session: Session, one: Series, day: date, *, now: datetime) -> datetime:
    """When the visit of a day is to be made: at its hour, some days before."""
    return max(one.moment(session, day) - AHEAD, now)


def shift_series(session: Session, one: Series, **values: object) -> None:
    """Change a service, if it still stands as the card says; raises SeriesOver when not."""
    changed = session.change(
        update(need_series)
        .where(need_series.c.id == one.id, need_series.c.version == one.version)
        .where(need_series.c.state == one.state)
        .values(version=need_series.c.version + 1, **values)
    )
    if changed != 1:
        raise SeriesOver


def note_series(
    session: Session,
    one: Series,
    *,
    now: datetime,
    what: str,
    actor_id: int | None,
    detail: str = "",
) -> None:
    """Write down what became of a service."""
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=one.resident_id,
        thing="need_series",
        thing_id=one.id,
        detail=detail,
    )
