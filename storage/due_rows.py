"""The row that has been due longest, moved in a transaction of its own; it holds up no other."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row, select, update

from storage.database import UNREACHABLE, Database, Session

AGAIN_AFTER = timedelta(minutes=1)


def move_oldest(
    database: Database, step: Callable[..., None], *, now: datetime, due: Column[Any]
) -> bool:
    """Call ``step(session, row, now=now)`` for one due row; returns whether there may be more.

    ``due`` is the table's due column, empty for a row that does not move (law 8). A row that fails
    is tried again a minute later, so that those behind it do not wait; its error goes on.
    """
    row: Row[Any] | None = None
    try:
        with database.transaction() as session:
            row = session.find(
                select(due.table)
                .where(due <= now)
                .order_by(due, _key(due))
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return False
            step(session, row, now=now)
    except UNREACHABLE:
        # No fault of the row: a database that is away or busy, asked again at the next tick.
        raise
    except Exception:
        if row is not None:
            database.do(_put_off, row=row, due=due, now=now)
        raise
    return True


def find_soonest(session: Session, *, due: Column[Any]) -> datetime | None:
    """Return when the next row of the table falls due, or None."""
    moment: datetime | None = session.value(
        select(due).where(due.is_not(None)).order_by(due).limit(1)
    )
    return moment


def _put_off(session: Session, *, row: Row[Any], due: Column[Any], now: datetime) -> None:
    key = _key(due)
    session.change(
        update(due.table)
        .where(key == getattr(row, key.name), due <= now)
        .values({due.name: now + AGAIN_AFTER})
    )


def _key(due: Column[Any]) -> Column[Any]:
    (key,) = due.table.primary_key
    return key
