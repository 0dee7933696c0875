"""Wiping: what was kept of a list for fixing and undoing goes when its time is over."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from storage.database import Session
from storage.tables import import_batch, import_row

# So long a list can be taken back, and its unread rows be asked for again.
KEPT_FOR = timedelta(days=30)
# Nobody decides about a list that has been lying there for so long.
WAITS_FOR = timedelta(days=7)
BATCH = 500


def wipe_imports(session: Session, *, now: datetime) -> bool:
    """Wipe some rows of old lists; returns whether there may be more."""
    session.change(
        update(import_batch)
        .where(
            import_batch.c.state.in_(("reading", "choosing", "staged")),
            import_batch.c.created_at < now - WAITS_FOR,
        )
        .values(state="dropped", ended_at=now, digest=None, version=import_batch.c.version + 1)
    )
    over = select(import_batch.c.id).where(
        or_(import_batch.c.ended_at < now - KEPT_FOR, import_batch.c.state == "dropped")
    )
    old = (
        select(import_row.c.id)
        .where(import_row.c.batch_id.in_(over), import_row.c.content.is_not(None))
        .limit(BATCH)
    )
    wiped = session.change(
        update(import_row).where(import_row.c.id.in_(old)).values(content=None, undo=None)
    )
    dropped = select(import_batch.c.id).where(import_batch.c.state == "dropped")
    session.change(delete(import_row).where(import_row.c.batch_id.in_(dropped)))
    return wiped == BATCH
