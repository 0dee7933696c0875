"""The lane that tests of pairs play in."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.pairs.lane import Lane, a_lane


@pytest.fixture
def lane(database: Database, now: datetime) -> Lane:
    return a_lane(database, now)
