"""Checking: whether the journal still says what was sealed, and where it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from storage.chain.sealing import ROW
from storage.database import Database, Session
from storage.rules.chain import START, digest_of
from storage.tables import journal, journal_seal

# What doctor reads without being asked for all: a second or two of work.
NEWEST_ROWS = 50_000
# Rows read in one transaction: on SQLite it keeps the bot waiting for so long.
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """The first link that does not hold.

    ``kind``: changed, removed, added, cut_off (rows missing at the end) or unlinked (a seal itself
    was changed or taken out). ``missing`` are up to five numbers of rows that are not there.
    """

    kind: str
    seal_id: int
    first_id: int
    last_id: int
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked: rows read one by one, rows sealed in all, the head, and the first fault."""

    rows: int
    sealed: int
    head: str
    number: int
    fault: Fault | None


def check_chain(database: Database, *, everything: bool = False) -> Verdict:
    """Check the seals, the number of rows, and the rows themselves: the newest, or all.

    Each transaction is a short one. The links and the count of rows are always checked in full;
    of the rows, without ``everything``, the newest fifty thousand.
    """
    seals = database.do(_list_seals)
    if not seals:
        return Verdict(0, 0, START, 0, None)
    sealed = sum(seal.rows for seal in seals)
    fault = _find_broken_link(seals)
    checked = 0
    read = list(seals) if everything else _newest(seals)
    if fault is None and database.do(_count_rows, last_id=seals[-1].last_id) != sealed:
        # Somewhere: the rows have to be read from the start to name the place.
        read = list(seals)
    for some in _pages(read):
        if fault is not None:
            break
        fault = database.do(_check_page, seals=some, last_id=seals[-1].last_id)
        checked += sum(seal.rows for seal in some)
    return Verdict(checked, sealed, seals[-1].digest, seals[-1].id, fault)


def find_seal(session: Session, *, head: str) -> Row[Any] | None:
    """Return the seal whose digest begins with what was written down, or None."""
    found = select(journal_seal).where(journal_seal.c.digest.startswith(head.lower()))
    return session.find(found.limit(1))


def _list_seals(session: Session) -> Sequence[Row[Any]]:
    return session.all(select(journal_seal).order_by(journal_seal.c.id))


def _count_rows(session: Session, *, last_id: int) -> int:
    counted = select(func.count()).select_from(journal).where(journal.c.id <= last_id)
    return int(session.value(counted) or 0)


def _find_broken_link(seals: Sequence[Row[Any]]) -> Fault | None:
    previous, last_id = START, 0
    for seal in seals:
        if seal.previous != previous or seal.first_id != last_id + 1:
            return Fault("unlinked", seal.id, seal.first_id, seal.last_id)
        previous, last_id = seal.digest, seal.last_id
    return None


def _newest(seals: Sequence[Row[Any]]) -> list[Row[Any]]:
    taken: list[Row[Any]] = []
    rows = 0
    for seal in reversed(seals):
        if rows + seal.rows > NEWEST_ROWS and taken:
            break
        taken.append(seal)
        rows += seal.rows
    return taken[::-1]


def _pages(seals: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    """Seals that are checked together: few enough rows, at least one seal."""
    pages: list[list[Row[Any]]] = []
    rows = AT_ONCE
    for seal in seals:
        if rows + seal.rows > AT_ONCE:
            pages.append([])
            rows = 0
        pages[-1].append(seal)
        rows += seal.rows
    return pages


def _check_page(session: Session, *, seals: Sequence[Row[Any]], last_id: int) -> Fault | None:
    between = journal.c.id.between(seals[0].first_id, seals[-1].last_id)
    rows = session.all(ROW.where(between).order_by(journal.c.id))
    at = 0
    for seal in seals:
        end = at
        while end < len(rows) and rows[end].id <= seal.last_id:
            end += 1
        mine = rows[at:end]
        if len(mine) != seal.rows or digest_of(seal.previous, mine) != seal.digest:
            below = select(func.max(journal.c.id)).where(journal.c.id <= last_id)
            return _fault(seal, mine, highest=session.value(below) or 0)
        at = end
    return None


def _fault(seal: Row[Any], rows: Sequence[Row[Any]], *, highest: int) -> Fault:
    there = {row.id for row in rows}
    missing = (one for one in range(seal.first_id, seal.last_id + 1) if one not in there)
    named = tuple(one for one, _ in zip(missing, range(5), strict=False))
    if len(rows) > seal.rows:
        kind, named = "added", ()
    elif len(rows) == seal.rows:
        kind, named = "changed", ()
    elif highest < seal.last_id:
        # From here on nothing of what was sealed is there.
        kind = "cut_off"
    else:
        kind = "removed"
    return Fault(kind, seal.id, seal.first_id, seal.last_id, named)
