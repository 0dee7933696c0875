"""What every test may ask for: a database of its own, the present, and the house."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage import database as database_room
from storage.database import Database
from storage.house import House
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.vault import Vault
from tests.blank import lay_tables
from tests.disk import WITHOUT_WAITING

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
