"""The town in which rounds are opened."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.town import Town, a_town


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    return a_town(database, now)
