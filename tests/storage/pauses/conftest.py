"""The street that tests of pauses play in."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.storage.calls.street import Street


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    made = Street(database, now)
    made.settle()
    return made
