"""The sandbox in this process, and a post office on it."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.office import Office, an_office
from tests.sandbox.room import Room, opened


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path / "sandbox") as room:
        yield room


@pytest.fixture
async def office(room: Room, database: Database, now: datetime) -> AsyncIterator[Office]:
    async with an_office(room, database, now) as office:
        yield office
