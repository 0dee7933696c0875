"""purge: what is over its time, counted by class, and wiped as far as the office allowed it."""

from collections.abc import Callable
from datetime import datetime

from storage.database import Database
from storage.retention import count_due, purge_now

Announce = Callable[[str], None]


def carry_out(database: Database, *, now: datetime, dry_run: bool, announce: Announce) -> None:
    """Print the counts; without ``dry_run`` wipe what is allowed."""
    for one in database.do(count_due, now=now):
        waits = "" if one.allowed else "; waits for the office's yes"
        announce(f"{one.key}: {one.count} to {one.act} (kept {one.days} days{waits})")
    if dry_run:
        announce("Nothing was changed.")
        return
    done = purge_now(database, now=now)
    for key, count in done.items():
        announce(f"{key}: {count} gone")
    if not done:
        announce("There was nothing to wipe that the office has allowed.")
