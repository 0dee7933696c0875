"""Posting: the head of the chain goes to the office each morning, for people to write down."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.duty import tell_duty
from storage.outbox import MessageClass
from storage.rules.chain import SHOWN, next_post_at
from storage.tables import journal_post, journal_seal


def post_head(database: Database, *, now: datetime) -> bool:
    """Tell the office the newest head, once a day when there is a new one."""
    with database.transaction() as session:
        due = next_post_due_at(session)
        if due is not None and due <= now:
            _post(session, now=now)
    return False


def next_post_due_at(session: Session) -> datetime | None:
    """Return when the head is told next; None while the office knows the newest one."""
    last = session.find(select(journal_post).order_by(journal_post.c.day.desc()).limit(1))
    fresh = session.value(
        select(journal_seal.c.sealed_at)
        .where(journal_seal.c.id > (last.seal_id if last is not None else 0))
        .order_by(journal_seal.c.id)
        .limit(1)
    )
    if fresh is None:
        return None
    before = session.house.local(last.posted_at) if last is not None else None
    return next_post_at(session.house.local(fresh), before)


def _post(session: Session, *, now: datetime) -> None:
    head = session.all(select(journal_seal).order_by(journal_seal.c.id.desc()).limit(1))[0]
    day = session.house.local(now).date()
    try:
        with session.savepoint():
            session.execute(
                insert(journal_post), {"day": day, "seal_id": head.id, "posted_at": now}
            )
    except IntegrityError:
        return  # another worker told it at this moment
    tell_duty(
        session,
        now=now,
        key=f"journal_head:{day}",
        template="journal_head",
        message_class=MessageClass.INFO,
        about=None,
        facts={"number": head.id, "head": head.digest[:SHOWN], "at": now.isoformat()},
    )
