"""The journal: one row in the same transaction as each change."""

from datetime import datetime

from sqlalchemy import insert

from storage.database import Session
from storage.tables import journal

# Written once: it is run with every change.
_NOTE = insert(journal)


def note(
    session: Session,
    *,
    now: datetime,
    what: str,
    actor_id: int | None,
    subject_id: int | None = None,
    thing: str | None = None,
    thing_id: int | None = None,
    ground: str = "",
    detail: str = "",
) -> None:
    """Write down who did what for whom; ``detail`` holds keys and numbers, never personal words."""
    session.execute(
        _NOTE,
        {
            "at": now,
            "what": what,
            "actor_id": actor_id,
            "subject_id": subject_id,
            "thing": thing,
            "thing_id": thing_id,
            "ground": ground,
            "detail": detail,
        },
    )
