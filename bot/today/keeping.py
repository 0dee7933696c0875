"""The file with today's list: written anew every few minutes, readable by its owner alone.

It is not sealed, for it must be readable when all else is down; so it is off unless the setting
says otherwise, and switching it off deletes it.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.today.text import as_text
from messages.render import Wording
from storage.database import Database
from storage.today import Ground, read_today
from storage.vault import VaultError

NAME = "today.txt"
SCRATCH = "today.txt.new"
EVERY_SECONDS = 300.0

log = logging.getLogger(__name__)


def write_private(path: Path, text: str) -> None:
    """Put the text there whole or not at all; nobody else may read it at any moment."""
    scratch = path.with_name(SCRATCH)
    scratch.unlink(missing_ok=True)
    # Made anew: somebody else's file, or a link to one, is not written into.
    with open(
        os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def remove_list(folder: Path) -> bool:
    """Delete the list and what a killed process left of it; returns whether there was one."""
    (folder / SCRATCH).unlink(missing_ok=True)
    try:
        (folder / NAME).unlink()
    except FileNotFoundError:
        return False
    return True


class TodayFile:
    """Keeps the file up to date while the program runs."""

    def __init__(
        self,
        folder: Path,
        *,
        database: Database,
        wording: Wording,
        now: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._database = database
        self._wording = wording
        self._now = now
        self._noted: set[int] = set()
        self._day: date | None = None

    async def run(self) -> None:
        """Write until cancelled; a disk or a database that fails is tried again."""
        while True:
            try:
                await asyncio.to_thread(self.write)
            except (OSError, SQLAlchemyError, VaultError) as error:
                log.error("today's list cannot be written: %s", type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    def write(self) -> None:
        """Write the list as it is now; each person on it is noted in the journal once a day."""
        now = self._now()
        house = self._database.house
        day = house.local(now).date()
        if day != self._day:
            self._day, self._noted = day, set()
        today = self._database.do(read_today, now=now, ground=Ground.FILE, known=self._noted)
        self._noted |= {one.person_id for one in today.lines if one.person_id is not None}
        text = as_text(today, wording=self._wording, language=house.language, local=house.local)
        write_private(self._folder / NAME, text)
