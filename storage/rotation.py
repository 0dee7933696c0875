"""Key rotation: what older keys sealed is sealed anew while the bot runs, and they are retired.

Each step is a short transaction, so an alarm never waits for it. A value is only replaced while it
is still the one that was read; killed anywhere, every value opens with the keys in the file.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, Row, Select, Table, func, literal, select, text, tuple_, update

from storage.database import Database, Session
from storage.journal import note
from storage.key_file import drop_keys, read_keys
from storage.sealed import SEALED, SealedColumn
from storage.vault import VaultError


class StillInUse(Exception):
    """A key cannot be retired yet."""


# Every pass reseals all it finds; more are only needed for rows that were busy at that moment.
PASSES = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one column is: values sealed anew, and values that no key opens."""

    column: str
    resealed: int
    damaged: int


def find_older(session: Session) -> dict[int, int]:
    """Count the sealed values by key id, for the keys that are not the newest."""
    newest = session.vault.newest
    return {key: count for key, count in _count_by_key(session).items() if key != newest}


def reseal(
    database: Database,
    *,
    told: Callable[[Progress], None],
    pause: Callable[[], None] = lambda: None,
) -> int:
    """Seal anew what older keys sealed; returns how many values. Run again, it goes on.

    ``pause`` is called between the transactions: SQLite's writers queue for one lock, and one that
    never lets go would keep the bot out.
    """
    total = 0
    for _ in range(PASSES):
        ends = [_reseal_column(database, one, told=told, pause=pause) for one in SEALED]
        total += sum(end.resealed for end in ends)
        left = sum(database.do(find_older).values())
        if left <= sum(end.damaged for end in ends):
            break
    return total


def retire(session: Session, *, now: datetime, key_file: Path) -> list[int]:
    """Drop the older keys that no value uses any more; returns those that were dropped.

    Raises StillInUse when a transaction may still be sealing with one of them.
    """
    held = read_keys(key_file)
    used = _count_by_key(session)
    unused = [key for key in held.sealing if key != held.newest and not used.get(key)]
    if not unused:
        return []
    if _older_transactions(session, key_file.stat().st_mtime):
        raise StillInUse("a transaction older than the newest key is still open; try again later")
    note(
        session,
        now=now,
        what="keys_retired",
        actor_id=None,
        detail=",".join(str(key) for key in sorted(unused)),
    )
    # Inside the transaction: on SQLite nobody writes meanwhile.
    drop_keys(key_file, ids=unused)
    return sorted(unused)


def _older_transactions(session: Session, added: float) -> int:
    """Count what began before the newest key was surely there; clocks may be a minute apart.

    On SQLite nothing can: the write lock keeps everybody else out.
    """
    if session.connection.dialect.name == "sqlite":
        return 0
    began = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start < to_timestamp(:added) + interval '1 minute'"
    )
    return int(session.execute(began, {"added": added}).scalar() or 0)


def _reseal_column(
    database: Database,
    one: SealedColumn,
    *,
    told: Callable[[Progress], None],
    pause: Callable[[], None],
) -> Progress:
    end = Progress(f"{one.table}.{one.column}", resealed=0, damaged=0)
    after: tuple[object, ...] | None = None
    while True:
        rows, changed, damaged = database.do(_reseal_batch, one=one, after=after)
        if not rows:
            return end
        end = replace(end, resealed=end.resealed + changed, damaged=end.damaged + damaged)
        told(end)
        after = tuple(rows[-1]._mapping[name] for name in _key_names(one.of))
        pause()


def _reseal_batch(
    session: Session, *, one: SealedColumn, after: tuple[object, ...] | None
) -> tuple[list[Row[Any]], int, int]:
    """Re-seal the next values; returns the rows seen, how many changed, how many do not open."""
    statement = select_older(session, one)
    if after is not None:
        key = [one.of.c[name] for name in _key_names(one.of)]
        statement = statement.where(tuple_(*key) > tuple_(*map(literal, after)))
    # Busy rows are left for the next pass: who never waits is never part of a deadlock.
    rows = list(
        session.all(statement.limit(one.batch).with_for_update(skip_locked=True, key_share=True))
    )
    changed = damaged = 0
    for row in rows:
        try:
            changed += reseal_row(session, one, row)
        except VaultError:
            damaged += 1
    return rows, changed, damaged


def reseal_row(session: Session, one: SealedColumn, row: Row[Any]) -> int:
    """Seal one value anew, if it is still the one that was read; returns how many changed."""
    place = one.place_of(row._mapping)
    plain = session.vault.unseal_bytes(row.sealed, place=place)
    here = [one.of.c[name] == row._mapping[name] for name in _key_names(one.of)]
    # Whoever changed the value meanwhile sealed it with the newest key: theirs stays.
    return session.change(
        update(one.of)
        .where(*here, one.sealed == row.sealed)
        .values({one.column: session.vault.seal_bytes(plain, place=place)})
    )


def select_older(session: Session, one: SealedColumn) -> Select[Any]:
    """Rows whose value the newest key did not seal, in the order of their key."""
    names = dict.fromkeys((*_key_names(one.of), *one.named))
    newest = literal(bytes((session.vault.newest,)), LargeBinary)
    return (
        select(*(one.of.c[name] for name in names), one.sealed.label("sealed"))
        .where(one.sealed.is_not(None), _key_id(one) != newest)
        .order_by(*(one.of.c[name] for name in _key_names(one.of)))
    )


def _key_id(one: SealedColumn) -> Any:
    return func.substr(one.sealed, 2, 1, type_=LargeBinary)


def _key_names(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _count_by_key(session: Session) -> dict[int, int]:
    counts: dict[int, int] = {}
    for one in SEALED:
        counted = select(_key_id(one).label("key_id"), func.count())
        present: Select[Any] = counted.where(one.sealed.is_not(None)).group_by(text("key_id"))
        for key, count in (tuple(row) for row in session.all(present)):
            if key:
                counts[key[0]] = counts.get(key[0], 0) + count
    return counts
