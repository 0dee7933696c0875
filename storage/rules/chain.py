"""The chain over the journal: each digest covers its rows and, through the one before, all others.

Whoever changes a row, takes one out or puts one in would have to make every later digest anew, and
the head of the chain is written down by people each day.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

START = "0" * 64
# So much of a digest is written down and compared by people.
SHOWN = 12
# The head is told to the office at this hour of the programme's day.
POSTED_AT = time(9)

Cell = str | int | datetime | None


def canonical(row: Sequence[Cell]) -> bytes:
    """One row of the journal as bytes, the same whatever the database."""
    cells = [
        cell.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(cell, datetime)
        else cell
        for cell in row
    ]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def digest_of(previous: str, rows: Iterable[Sequence[Cell]]) -> str:
    """Return the digest (64 hex characters) over the digest before and these rows."""
    made = sha256(previous.encode())
    for row in rows:
        made.update(canonical(row))
    return made.hexdigest()


def next_post_at(sealed: datetime, last: datetime | None) -> datetime:
    """Return when a head sealed at ``sealed`` is told; ``last``: when one was told before.

    Both are the programme's local time: at nine, once a day.
    """
    day = sealed.date() if sealed.time() <= POSTED_AT else sealed.date() + timedelta(days=1)
    if last is not None:
        day = max(day, last.date() + timedelta(days=1))
    return datetime.combine(day, POSTED_AT, tzinfo=sealed.tzinfo)
