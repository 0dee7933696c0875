"""The tick of notices: one batch at a time, none in the quiet hours, none after its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.notices.reading import told_buttons, told_facts
from storage.outbox import MessageClass, Wanted, say
from storage.rules.notices import BATCH, first_batch_at, next_batch_at
from storage.tables import notice, receipt


def send_notices(database: Database, *, now: datetime) -> bool:
    """Queue one batch of a notice that is due; returns whether there may be more."""
    return move_oldest(database, _step, now=now, due=notice.c.next_step_at)


def next_notice_at(session: Session) -> datetime | None:
    """Return when the next batch is due."""
    return find_soonest(session, due=notice.c.next_step_at)


def _step(session: Session, due: Row[Any], *, now: datetime) -> None:
    local, quiet = session.house.local(now), session.house.quiet
    if due.expires_at <= now:
        _move(session, due, None)
        return
    if quiet.covers(local):
        _move(session, due, first_batch_at(local, quiet))
        return
    rows = session.all(
        select(receipt)
        .where(receipt.c.notice_id == due.id, receipt.c.by_chat, receipt.c.read_at.is_(None))
        .where(receipt.c.told <= due.reminders)
        .order_by(receipt.c.id)
        .limit(BATCH)
    )
    _tell(session, due, rows, now=now)
    _move(session, due, next_batch_at(local, quiet) if len(rows) == BATCH else None)


def _tell(session: Session, due: Row[Any], rows: Sequence[Row[Any]], *, now: datetime) -> None:
    facts = told_facts(session, due)
    for row in rows:
        queued = say(
            session,
            now=now,
            to=row.person_id,
            key=f"notice:{due.id}:{row.person_id}:{row.told + 1}",
            template="notice_told",
            message_class=MessageClass.INFO,
            facts=facts | {"read": False, "again": row.told > 0},
            buttons=told_buttons(row.id, read=False, has_text=bool(facts["has_text"])),
            card=f"notice:{row.id}",
            wanted=Wanted("notice", due.id, due.version),
            shelf=due.expires_at - now,
        )
        # Whoever left the chat meanwhile has to be phoned or given paper.
        told = {"told": row.told + 1} if queued else {"by_chat": False}
        session.change(
            update(receipt)
            .where(receipt.c.id == row.id, receipt.c.told == row.told)
            .values(**told, version=receipt.c.version + 1)
        )


def _move(session: Session, due: Row[Any], at: datetime | None) -> None:
    session.change(
        update(notice)
        .where(notice.c.id == due.id, notice.c.version == due.version)
        .where(notice.c.state == "sending")
        .values(next_step_at=at, state="sending" if at else "sent")
    )
