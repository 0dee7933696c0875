"""What every test may ask for: a database of its own, the present, and the house."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from storage import database as database_room
from storage.database import Database
from storage.house import House
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.vault import Vault
from tests.blank import lay_tables
from tests.disk import WITHOUT_WAITING

# Neither luck nor a busy machine decides a run; with JIAI_PROOF chance searches further.
settings.register_profile("house", deadline=None, derandomize="JIAI_PROOF" not in os.environ)
settings.load_profile("house")

database_room.PRAGMAS = WITHOUT_WAITING


@pytest.fixture
def now() -> datetime:
    """Wednesday 2026-11-25, ten in the morning in Shanghai."""
    return datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    return House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh")


@pytest.fixture
def database(tmp_path: Path, house: House) -> Iterator[Database]:
    """A SQLite file of the test's own, with every table."""
    vault = Vault(keys={1: bytes(32)}, index_key=bytes(32))
    made = Database(lay_tables(tmp_path / "test.sqlite3"), vault=vault, house=house)
    yield made
    made.close()
