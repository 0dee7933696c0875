"""Keeps the sandbox's records in one SQLite file, written behind in batches."""

import asyncio
import errno
import sqlite3
from pathlib import Path
from typing import Final, Protocol

WRITE_BEHIND_SECONDS: Final = 0.05
# Enough for the sandbox of a killed bot to notice and to go.
LONGEST_WAIT_FOR_FOLDER: Final = 3.0
# A kill between two reservations wastes at most this many ids, and reuses none.
RESERVED_AT_ONCE: Final = 1000


class FolderInUseError(OSError):
    """Another sandbox is running on the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(errno.EBUSY, "another sandbox is running on this folder", str(folder))


class Storable(Protocol):
    """Anything that can say itself as one row."""

    def as_row(self) -> str: ...


class Store:
    """A write-behind table of rows and a set of counters that never repeat."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _opened(path)
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS rows (kind TEXT, key TEXT, body TEXT NOT NULL,"
            " PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, reserved INTEGER NOT NULL)"
        )
        self._changed: dict[tuple[str, str], Storable | None] = {}
        self._timer: asyncio.TimerHandle | None = None
        reserved = self._connection.execute("SELECT name, reserved FROM counters").fetchall()
        self._last: dict[str, int] = dict(reserved)
        self._reserved = dict(self._last)

    def load(self, kind: str) -> list[str]:
        found = self._connection.execute("SELECT body FROM rows WHERE kind = ?", (kind,))
        return [body for (body,) in found]

    def put(self, kind: str, key: int | str, record: Storable) -> None:
        """Remember to write the record. It is read when written, so many changes cost one."""
        self._change(kind, key, record)

    def drop(self, kind: str, key: int | str) -> None:
        self._change(kind, key, None)

    def next_id(self, name: str, *, first: int = 1) -> int:
        number = self._last.get(name, first - 1) + 1
        if number > self._reserved.get(name, first - 1):
            self._reserve(name, number + RESERVED_AT_ONCE)
        self._last[name] = number
        return number

    def flush(self) -> None:
        """Write everything that waits, in one short transaction."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        changed, self._changed = self._changed, {}
        kept = [(k, key, row.as_row()) for (k, key), row in changed.items() if row is not None]
        gone = [kind_and_key for kind_and_key, row in changed.items() if row is None]
        if not changed:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", kept)
        self._connection.executemany("DELETE FROM rows WHERE kind = ? AND key = ?", gone)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """A clean stop: write what waits and give unused ids back."""
        self.flush()
        for name, number in self._last.items():
            self._reserve(name, number)
        self._connection.close()

    def _change(self, kind: str, key: int | str, record: Storable | None) -> None:
        self._changed[kind, str(key)] = record
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WRITE_BEHIND_SECONDS, self.flush)

    def _reserve(self, name: str, number: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (name, number))
        self._reserved[name] = number


def _opened(path: Path) -> sqlite3.Connection:
    """A connection of our own: two sandboxes on one file would give the same ids twice."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=LONGEST_WAIT_FOR_FOLDER)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        raise FolderInUseError(path.parent) from None
    return connection
