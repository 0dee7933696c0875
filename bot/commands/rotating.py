"""rotate-key: a new sealing key, everything sealed anew with it, and the old ones retired."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event

from storage.database import Database, Session
from storage.journal import note
from storage.key_file import add_key, read_keys
from storage.rotation import Progress, find_older, reseal, retire

# Between two batches the bot gets the database for itself.
PAUSE_SECONDS = 0.02

Announce = Callable[[str], None]


def rotate(
    database: Database, *, key_file: Path, now: datetime, retiring: bool, announce: Announce
) -> None:
    """Rotate, or go on where an interrupted rotation stopped; raises VaultError, StillInUse."""
    if database.do(find_older):
        announce(f"Going on with the rotation to key {database.vault.newest}.")
    elif retiring and len(read_keys(key_file).sealing) > 1:
        announce("No new key is made: the last rotation only has to be finished.")
    else:
        announce(f"Key {_begin(database, key_file, now)} is added and seals from now on.")
        announce("Copy the key file to where its copy is kept, and keep the old copy as well.")
    count = reseal(
        database,
        told=lambda progress: announce(_line(progress)),
        pause=_rest,
    )
    database.do(_end, now=now, count=count)
    left = sum(database.do(find_older).values())
    announce(f"{count} values are sealed anew with key {database.vault.newest}.")
    if left:
        announce(f"{left} values are still sealed by an older key; that key is kept.")
    if retiring:
        _retire(database, key_file, now, announce)


def _begin(database: Database, key_file: Path, now: datetime) -> int:
    added = add_key(key_file)
    database.do(_note, now=now, what="key_added", detail=str(added))
    return added


def _end(session: Session, *, now: datetime, count: int) -> None:
    if count:
        _note(session, now=now, what="key_rotated", detail=f"{session.vault.newest} {count}")


def _note(session: Session, *, now: datetime, what: str, detail: str) -> None:
    note(session, now=now, what=what, actor_id=None, detail=detail)


def _retire(database: Database, key_file: Path, now: datetime, announce: Announce) -> None:
    gone = database.do(retire, now=now, key_file=key_file)
    if gone:
        announce(f"Dropped from the key file: {', '.join(f'key {one}' for one in gone)}.")
        announce("Backups made before today open only with the old copy of the key file.")
    else:
        announce("There is no key to drop.")


def _line(progress: Progress) -> str:
    damaged = f", {progress.damaged} do not open" if progress.damaged else ""
    return f"{progress.column}: {progress.resealed}{damaged}"


def _rest() -> None:
    Event().wait(PAUSE_SECONDS)
