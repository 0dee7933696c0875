"""Sealing: the journal's new rows get a link of the chain, by batch, apart from who writes them.

Chained inside each transaction, all workers would queue for the one last digest.
"""

from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.rules.chain import START, digest_of
from storage.tables import journal, journal_seal

# On PostgreSQL a number is given before the commit, so a row may appear behind a later one. None
# appears so late: a statement ends after ten seconds, an idle transaction after thirty.
SETTLED = timedelta(minutes=5)
# Not a link for each row: the oldest one waits so long for others.
DUE = timedelta(minutes=10)
BATCH = 1_000

# Every column, in the order in which it is digested for ever.
ROW: Select[Any] = select(
    journal.c.id,
    journal.c.at,
    journal.c.actor_id,
    journal.c.subject_id,
    journal.c.what,
    journal.c.thing,
    journal.c.thing_id,
    journal.c.ground,
    journal.c.detail,
)


def seal_journal(database: Database, *, now: datetime) -> bool:
    """Seal the next batch of settled rows; returns whether there may be more."""
    try:
        with database.transaction() as session:
            return _seal_batch(session, now=now)
    except IntegrityError:
        return False  # another worker sealed the same rows first


def _seal_batch(session: Session, *, now: datetime) -> bool:
    last_id, previous = _find_head(session)
    oldest = session.find(
        select(journal.c.at).where(journal.c.id > last_id).order_by(journal.c.id).limit(1)
    )
    if oldest is None or oldest.at > now - DUE:
        return False
    found = session.all(ROW.where(journal.c.id > last_id).order_by(journal.c.id).limit(BATCH))
    # Up to the first row beside which others may still be on their way.
    rows = list(takewhile(lambda row: row.at <= now - SETTLED, found))
    if not rows:
        return False
    session.execute(
        insert(journal_seal),
        {
            # The range begins right behind the last one: what is put in between belongs to it.
            "first_id": last_id + 1,
            "last_id": rows[-1].id,
            "rows": len(rows),
            "digest": digest_of(previous, rows),
            "previous": previous,
            "sealed_at": now,
        },
    )
    return len(rows) == BATCH


def _find_head(session: Session) -> tuple[int, str]:
    head = session.find(
        select(journal_seal.c.last_id, journal_seal.c.digest)
        .order_by(journal_seal.c.id.desc())
        .limit(1)
    )
    return (head.last_id, head.digest) if head is not None else (0, START)
