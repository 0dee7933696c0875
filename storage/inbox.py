"""The inbox: updates are written down before they are acknowledged, and handled exactly once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnClause, bindparam, delete, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Session
from storage.tables import inbox
from storage.vault import VaultError

TRIES = 3
BODY_KEPT = timedelta(hours=24)
ROW_KEPT = timedelta(days=3)
# Somebody has to look at what was set aside, but its words must not stay for ever.
FAILED_BODY_KEPT = timedelta(days=3)
FAILED_ROW_KEPT = timedelta(days=30)

# Spelled out, not bound: SQLite uses the index of new rows only for a condition it can read.
NEW: ColumnClause[str] = literal_column("'new'")
_NEW = (
    select(inbox.c.update_id, inbox.c.body, inbox.c.attempts)
    # The plus keeps SQLite from the primary key, by which it would read every handled update too.
    .where(literal_column("+bot_id") == bindparam("bot"), inbox.c.state == NEW)
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One stored update; ``body`` is None when it can no longer be opened."""

    bot_id: int
    update_id: int
    body: dict[str, Any] | None
    attempts: int


def _place(bot_id: int, update_id: int) -> str:
    return f"inbox.body:{bot_id}:{update_id}"


def store_updates(
    session: Session, *, bot_id: int, updates: Sequence[dict[str, Any]], now: datetime
) -> int:
    """Write raw updates down; those already here are left as they are. Returns how many are new."""
    if not updates:
        return 0
    insert = sqlite.insert if session.connection.dialect.name == "sqlite" else postgresql.insert
    rows = []
    for raw in updates:
        number = int(raw["update_id"])
        # Plain ASCII: half an emoji in somebody's text is no reason to write nothing down.
        body = session.vault.seal(json.dumps(raw), place=_place(bot_id, number))
        rows.append(
            {"bot_id": bot_id, "update_id": number, "body": body, "state": "new", "attempts": 0}
            | {"received_at": now}
        )
    return session.execute(insert(inbox).on_conflict_do_nothing(), rows).rowcount


def list_new(session: Session, *, bot_id: int, limit: int) -> list[Letter]:
    """Return the oldest waiting updates in their order."""
    rows = session.execute(_NEW, {"bot": bot_id, "most": limit}).all()
    return [_letter(session, bot_id, row.update_id, row.body, row.attempts) for row in rows]


def _letter(session: Session, bot_id: int, number: int, sealed: bytes, attempts: int) -> Letter:
    try:
        opened = json.loads(session.vault.unseal(sealed, place=_place(bot_id, number)))
        body = opened if isinstance(opened, dict) else None
    except (VaultError, ValueError):
        body = None
    return Letter(bot_id=bot_id, update_id=number, body=body, attempts=attempts)


def mark_done(session: Session, *, bot_id: int, update_ids: Sequence[int], now: datetime) -> None:
    """Mark handled updates in one statement."""
    session.change(
        update(inbox)
        .where(inbox.c.bot_id == bot_id, inbox.c.update_id.in_(update_ids))
        .values(state="done", done_at=now)
    )


def mark_failed(
    session: Session, *, bot_id: int, update_id: int, error: str, now: datetime
) -> bool:
    """Count a crash; after the third the update is set aside. Returns whether it was."""
    here = (inbox.c.bot_id == bot_id) & (inbox.c.update_id == update_id)
    session.change(
        update(inbox).where(here).values(attempts=inbox.c.attempts + 1, error=error[:200])
    )
    return bool(
        session.change(
            update(inbox)
            .where(here, inbox.c.state == "new", inbox.c.attempts >= TRIES)
            .values(state="failed", done_at=now)
        )
    )


def count_waiting(session: Session) -> int:
    """Count the updates not yet handled."""
    return int(
        session.value(select(func.count()).select_from(inbox).where(inbox.c.state == NEW)) or 0
    )


def wipe_old(session: Session, *, now: datetime) -> None:
    """Wipe handled updates: the body after a day, the row after three; longer when set aside."""
    for state, body_kept, row_kept in (
        ("done", BODY_KEPT, ROW_KEPT),
        ("failed", FAILED_BODY_KEPT, FAILED_ROW_KEPT),
    ):
        handled = (inbox.c.state == state, inbox.c.done_at.is_not(None))
        session.change(
            update(inbox)
            .where(*handled, inbox.c.body.is_not(None), inbox.c.done_at < now - body_kept)
            .values(body=None)
        )
        session.change(delete(inbox).where(*handled, inbox.c.done_at < now - row_kept))
