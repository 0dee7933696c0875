"""The village that tests of needs play in."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.needs.village import Village


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    made = Village(database, now)
    made.settle()
    return made
