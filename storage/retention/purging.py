"""Purging: each night every allowed class loses what is over its time, by batches."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, or_, select, tuple_, update

from storage.database import Database, Session
from storage.journal import note
from storage.retention.classes import KINDS, Kind
from storage.retention.deciding import show_new, take_up
from storage.rules.retention import PERIODS, is_time
from storage.sealed import SEALED
from storage.tables import retention

BATCH = 200
_YES = ("allowed", "standing")


def purge(database: Database, *, now: datetime) -> bool:
    """Carry out one batch of the night's purge; returns whether there may be more."""
    while True:
        with database.transaction() as session:
            local = session.house.local(now)
            gone = _step(session, now=now, today=local.date()) if is_time(local) else None
        if gone is None:
            return False
        if gone:
            return True


def purge_now(database: Database, *, now: datetime) -> dict[str, int]:
    """Carry out every allowed class at once, whatever the hour; returns the counts."""
    done: dict[str, int] = {}
    database.do(take_up)
    for key in KINDS:
        while True:
            with database.transaction() as session:
                gone = _batch(session, key, now=now) if _is_allowed(session, key) else 0
                if gone:
                    done[key] = done.get(key, 0) + gone
                    continue
                if key in done:
                    _note(session, now, key, done[key])
                break
    return done


def _step(session: Session, *, now: datetime, today: date) -> int | None:
    """Take the next class that did not run tonight; returns how much went, None when all ran."""
    take_up(session)
    show_new(session, now=now, today=today)
    row = session.find(
        select(retention)
        .where(retention.c.state.in_(_YES), retention.c.key.in_(KINDS))
        .where(or_(retention.c.ran_on.is_(None), retention.c.ran_on < today))
        .order_by(retention.c.key)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    gone = _batch(session, row.key, now=now) if _is_allowed(session, row.key) else 0
    mine = update(retention).where(retention.c.key == row.key)
    if gone == BATCH:
        session.change(mine.values(purged=retention.c.purged + gone))
        return gone
    session.change(mine.values(purged=0, ran_on=today))
    if row.purged + gone:
        _note(session, now, row.key, row.purged + gone)
    return gone


def _is_allowed(session: Session, key: str) -> bool:
    days = session.value(
        select(retention.c.days).where(retention.c.key == key, retention.c.state.in_(_YES))
    )
    return bool(days == PERIODS[key].days) if days is not None else False


def _batch(session: Session, key: str, *, now: datetime) -> int:
    kind, period = KINDS[key], PERIODS[key]
    over = kind.is_over(period.before(now))
    keys = list(kind.table.primary_key.columns)
    if not kind.columns:
        some = select(*keys).where(over).limit(BATCH)
        chosen = tuple_(*keys).in_(some) if len(keys) > 1 else keys[0].in_(some)
        return session.change(delete(kind.table).where(chosen))
    rows = session.all(select(kind.table).where(over).limit(BATCH))
    for row in rows:
        _wipe(session, kind, row)
    return len(rows)


def _wipe(session: Session, kind: Kind, row: Row[Any]) -> None:
    sealed = {one.column: one for one in SEALED if one.table == kind.table.name}
    empty: dict[str, object] = dict(kind.also)
    for column in kind.columns:
        if kind.table.c[column].nullable:
            empty[column] = None
        else:
            empty[column] = session.vault.seal("", place=sealed[column].place_of(row._mapping))
    here = [one == row._mapping[one.name] for one in kind.table.primary_key.columns]
    session.change(update(kind.table).where(*here).values(empty))


def _note(session: Session, now: datetime, key: str, count: int) -> None:
    note(session, now=now, what="purged", actor_id=None, thing=key, detail=str(count))
