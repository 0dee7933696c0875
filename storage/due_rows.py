"""The row that has been due longest, moved in a transaction of its own; it holds up no other."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, select, update

from storage.database import Database, Session

AGAIN_AFTER = timedelta(minutes=1)


def move_oldest(
    database: Database, step: Callable[..., None], *, now: datetime, due: Column[Any]
) -> bool:
    """Call ``step(session, id, now=now)`` for one due row; returns whether there may be more.

    ``due`` is the table's due column, empty for a row that does not move (law 8). A row that fails
    is tried again a minute later, so that those behind it do not wait; its error goes on.
    """
    moved: int | None = None
    ids = due.table.c.id
    try:
        with database.transaction() as session:
            row = session.find(
                select(ids)
                .where(due <= now)
                .order_by(due)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return False
            moved = row.id
            step(session, row.id, now=now)
    except Exception:
        if moved is not None:
            database.do(_put_off, row_id=moved, due=due, now=now)
        raise
    return True


def _put_off(session: Session, *, row_id: int, due: Column[Any], now: datetime) -> None:
    session.change(
        update(due.table)
        .where(due.table.c.id == row_id, due <= now)
        .values({due.name: now + AGAIN_AFTER})
    )
